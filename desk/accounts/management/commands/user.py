"""`python -m desk user NAME ...`: make an account, or change one."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from desk.access.rules import Role
from desk.accounts import account
from desk.command import DeskCommand
from desk.published.night import Night, NoNight, current


class Command(DeskCommand):
    """Accounts are made here and nowhere else."""

    help = "make an account on the desk, or change one"

    def add_arguments(self, parser: CommandParser) -> None:
        """The name, what he is, and what to do instead of making him."""
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--role", default="", help=f"one of {', '.join(Role)}")
        parser.add_argument("--area", nargs="+", default=[], metavar="ID", help="institutions, with all below them")
        parser.add_argument("--officer", default="", metavar="ID", help="who he is in the bureau's own records")
        parser.add_argument("--no-officer", action="store_true", help="he is nobody of the bureau's own records")
        parser.add_argument(
            "--provider", action="store_true", help="he signs in by OpenID Connect and has no password here"
        )
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument("--change", action="store_true", help="give an account this role, area and officer")
        instead.add_argument("--new-password", action="store_true", help="give an account a new one-time password")
        instead.add_argument("--drop-second-factor", action="store_true", help="take a lost second factor away")
        instead.add_argument("--close", action="store_true", help="close an account")
        instead.add_argument("--reopen", action="store_true", help="open a closed account again")

    def handle(self, *args: Any, **given: Any) -> None:
        """Do it, and print a password once where there is one."""
        call_command("migrate", verbosity=0)
        try:
            self._do(given["username"], given)
        except account.NotDone as error:
            raise CommandError(str(error)) from error

    def _do(self, name: str, given: dict[str, Any]) -> None:
        is_described = bool(
            given["role"] or given["area"] or given["officer"] or given["provider"] or given["no_officer"]
        )
        if is_described and (given["new_password"] or given["drop_second_factor"] or given["close"] or given["reopen"]):
            raise CommandError("role, area, officer and provider are for a new account or for --change")
        what = (given["role"], given["area"], given["officer"], tonight())
        if given["new_password"]:
            self._tell(name, account.new_password(name))
        elif given["drop_second_factor"]:
            account.drop_second_factor(name)
            self.stdout.write(f"{name}:第二验证已解除 · {name} has no second factor any more")
        elif given["close"] or given["reopen"]:
            account.set_open(name, given["reopen"])
            said = ("已重新开放", "is open again") if given["reopen"] else ("已关闭", "is closed")
            self.stdout.write(f"{name}:账号{said[0]} · the account of {name} {said[1]}")
        elif given["change"]:
            account.change(name, *what, is_nobody=given["no_officer"])
            self.stdout.write(f"{name}:已变更,下次操作起生效 · {name} is changed, from the next click on")
        else:
            self._tell(name, account.make(name, *what, is_nobody=given["no_officer"], by_provider=given["provider"]))

    def _tell(self, name: str, password: str | None) -> None:
        if password is None:
            self.stdout.write(
                f"{name}:账号已开立,由统一登录服务登录 · {name} has an account and signs in by the provider"
            )
            return
        self.stdout.write(
            f"{name}:一次性密码(仅显示这一次,首次登录须修改)· one-time password (shown this once, to be changed at the "
            f"first sign-in)\n{password}"
        )


def tonight() -> Night | None:
    """The current night, where one can be read."""
    try:
        return current()
    except NoNight:
        return None
