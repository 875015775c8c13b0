"""The pictures of the desk in the README: `python -m tests.desk.pictures --home HOME`, a home with a published synthetic night.

The desk shows them as it shows that night the morning after, in Chinese, over a database that is thrown away.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from unittest import mock
from wsgiref.simple_server import WSGIRequestHandler, make_server

from tests.desk.browser.chromium import opened

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
MOST_BYTES = 250_000
SECRET = "pictures-only-" + "0" * 50
"""The same for every run: pseudonyms follow from it."""
WIDTH = 1280
MORNING = time(8, 30)

CHOSEN = """
select red_flag.flag_id from red_flag left join comparable_case using (flag_id)
where subject_kind = 'officer' and strength in ('strong', 'moderate')
group by red_flag.flag_id, strength
order by strength = 'strong' desc, count(compared_case_id) desc, red_flag.flag_id limit 1
"""
"""The hint of the picture: one that rests on decisions with like cases beside them, where the night has such a one."""


def prepared(home: Path, scratch: Path) -> None:
    """Django over a database of its own in `scratch`, reading the nights of `home`."""
    (scratch / "published").symlink_to((home / "published").resolve())
    os.environ.update(
        {
            "MINGJIAN_HOME": str(scratch),
            "MINGJIAN_DESK_SECRET": SECRET,
            "MINGJIAN_DESK_BLIND_SHARE": "0",
            "DJANGO_SETTINGS_MODULE": "desk.settings",
            # the browser's driver runs an event loop in the thread that asks the database
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        }
    )
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    (scratch / "desk").mkdir(exist_ok=True)
    call_command("migrate", verbosity=0)


@contextmanager
def served() -> Iterator[str]:
    """The desk at an address of its own, in a thread."""
    from desk.wsgi import application

    class Silent(WSGIRequestHandler):
        def log_message(self, *_arguments) -> None:
            return

    server = make_server("127.0.0.1", 0, application, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def session_of(role: str, area: list[str]) -> str:
    """The session of somebody of this role, who is made for it."""
    from django.conf import settings
    from django.test import Client

    from desk.accounts.models import User

    client = Client()
    client.force_login(User.objects.create_user(role, role=role, area=area, must_change_password=False))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def draw(address: str) -> None:
    """Write the four pictures. ValueError where one is too large for a repository."""
    from django.conf import settings
    from django.urls import reverse

    from desk.published.night import current

    night = current()
    whole = [
        row["institution_id"] for row in night.rows("select institution_id from institution where parent_id is null")
    ]
    sessions = {role: session_of(role, whole) for role in ("discipline_officer", "management")}
    wanted = (
        ("desk_today", "discipline_officer", "/", 700),
        ("desk_dossier", "discipline_officer", reverse("dossier", args=[night.value(CHOSEN)]), 840),
        ("desk_rotation", "management", "/management/rotation/", 900),
        ("desk_merchants", "management", "/merchants/", 800),
    )
    with opened() as browser:
        for name, role, path, height in wanted:
            context = browser.new_context(viewport={"width": WIDTH, "height": height}, locale="zh-CN")
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": sessions[role], "url": address}
            context.add_cookies([cookie])
            page = context.new_page()
            answer = page.goto(address + path)
            if answer.status != 200:
                raise ValueError(f"{path} answered {answer.status}")
            place = SAMPLES / f"{name}.png"
            page.screenshot(path=place)
            context.close()
            size = place.stat().st_size
            if size > MOST_BYTES:
                raise ValueError(f"{place.name} has {size:,} bytes, more than {MOST_BYTES:,}; make its window lower")
            print(f"{place.name}: {size:,} bytes")


def main() -> None:
    """Draw the pictures of a home's current night."""
    parser = argparse.ArgumentParser(prog="python -m tests.desk.pictures", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    home = parser.parse_args().home
    with tempfile.TemporaryDirectory() as scratch:
        prepared(home, Path(scratch))
        from django.utils import timezone

        from desk.published.night import current

        after = datetime.combine(current().as_of + timedelta(days=1), MORNING, timezone.get_default_timezone())
        with mock.patch("django.utils.timezone.now", lambda: after), served() as address:
            draw(address)


if __name__ == "__main__":
    main()
