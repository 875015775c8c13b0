"""A desk that is killed at every statement of a decision in turn, and what it leaves behind.

`python -m tests.desk.review.killed` with MINGJIAN_HOME and, for another database, DATABASE_URL set. It prints, as JSON, one
list for each death: where it died, decisions, log entries and outbox rows about that hint.
"""

from __future__ import annotations

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "desk.settings"
import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from desk.accounts.models import User  # noqa: E402
from desk.audit.models import Entry  # noqa: E402
from desk.review.deciding import decide  # noqa: E402
from desk.review.delivery import deliver, waiting_count  # noqa: E402
from desk.review.models import Decision, Outbox, Outcome  # noqa: E402
from desk.review.token import token  # noqa: E402
from tests.desk.review.bureau import flag  # noqa: E402
from tests.desk.small_night import NIGHT  # noqa: E402

KILLED = 9


def main() -> None:
    """Die a little later each time, until nothing is left to die at."""
    call_command("migrate", verbosity=0)
    User.objects.create_user("first", role="discipline_officer", area=["B00"])
    found = []
    for place in range(1, 200):
        connection.close()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _decide(place, writer)
        os.close(writer)
        with os.fdopen(reader) as said:
            died_at = said.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        found.append([died_at, *_left(place)])
        if status != KILLED:
            break
    deliver()
    lines = (deliver.__globals__["folder"]() / "decision.csv").read_text().splitlines()
    print(json.dumps({"deaths": found, "status": status, "delivered": len(lines) - 1, "waiting": waiting_count()}))


def _decide(place: int, writer: int) -> None:
    """In the child: decide, and die before the statement or the commit of that place."""
    left = place

    def step(name: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.write(writer, name.encode())
            os._exit(KILLED)

    def before(execute, sql, params, many, context):
        step(sql[:60])
        return execute(sql, params, many, context)

    commit = connection._commit

    def before_commit() -> None:
        step("commit")
        commit()

    user = User.objects.get(username="first")
    connection.ensure_connection()
    connection._commit = before_commit
    with connection.execute_wrapper(before):
        decide(
            user,
            flag(f"f{place}", f"key-{place}") | {"as_of": NIGHT},
            Outcome.EXPLAINED,
            "十个字以上的理由在此",
            number=0,
        )
    os._exit(0)


def _left(place: int) -> list[int]:
    decision = Decision.objects.filter(flag_key=f"key-{place}")
    told = [f"decision:{one.pk}" for one in decision]
    return [
        decision.count(),
        Entry.objects.filter(action="decided", subject=token(f"f{place}")).count(),
        Outbox.objects.filter(about__in=told).count() if told else Outbox.objects.count() - Decision.objects.count(),
    ]


if __name__ == "__main__":
    sys.exit(main())
