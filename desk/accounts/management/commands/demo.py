"""`python -m desk demo`: one account for each role, for the synthetic bureau and no other."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from desk.access.rules import AREA_ROLES, Role
from desk.accounts import account
from desk.accounts.models import User
from desk.command import DeskCommand
from desk.published.night import Night, NoNight, current

NAMES = {
    Role.DISCIPLINE_OFFICER: ("discipline", "纪检人员"),
    Role.SUPERVISION_SPECIALIST: ("specialist", "监督专员"),
    Role.MANAGEMENT: ("management", "管理层"),
    Role.OPERATOR: ("operator", "系统运行人员"),
    Role.AUDITOR: ("auditor", "审计人员"),
}
SECOND_REVIEWER = "discipline2"
"""A lead needs the signature of another person than the first."""


class Command(DeskCommand):
    """Passwords that stand on a screen are for records of nobody."""

    help = "make one account for each role, for the synthetic bureau only"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the desk will listen."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **given: Any) -> None:
        """Make who is missing, give a new password to whoever has not yet changed his, and print them."""
        try:
            night = current()
        except NoNight as error:
            raise CommandError(f"no night is published: {error}; run `make night`") from error
        if not night.manifest.get("is_synthetic"):
            raise CommandError(
                f"the night of {night.as_of} was not made from a synthetic bureau alone; accounts with printed passwords are "
                "for `make night` only. Make accounts with `mingjian desk-user`"
            )
        call_command("migrate", verbosity=0)
        self.stdout.write(
            "复核台演示账号(一次性密码,首次登录须修改)· accounts to try the desk with (one-time passwords):"
        )
        for role, name, title in people():
            self.stdout.write(f"  {name:<14}{_password(name, role, night) or '…':<26}{title} {role}")
        self.stdout.write("  … 本人已修改密码 · he has a password of his own: mingjian desk-user NAME --new-password")
        self.stdout.write(f"运行 make desk,然后打开 · run `make desk`, then open  http://127.0.0.1:{given['port']}/")


def people() -> list[tuple[Role, str, str]]:
    """Role, name and title of each."""
    everybody = [(role, name, title) for role, (name, title) in NAMES.items()]
    return [everybody[0], (Role.DISCIPLINE_OFFICER, SECOND_REVIEWER, NAMES[Role.DISCIPLINE_OFFICER][1]), *everybody[1:]]


def _password(name: str, role: Role, night: Night) -> str | None:
    user = User.objects.filter(username=name).first()
    if user is None:
        return account.make(name, role, area_of(role, night), "", night, is_nobody=True)
    return account.new_password(name) if user.must_change_password else None


def area_of(role: Role, night: Night) -> list[str]:
    """The whole bureau for a discipline officer, the first two stations for a specialist, nothing for others."""
    if role not in AREA_ROLES:
        return []
    if role is Role.DISCIPLINE_OFFICER:
        asked = "select institution_id from institution where parent_id is null order by 1"
    else:
        asked = "select institution_id from institution where kind = 'station' and officer_count > 0 order by 1 limit 2"
    return [row["institution_id"] for row in night.rows(asked)]
