"""`python -m desk verify`: hold the log against itself, every head that was told, and all decisions against the log."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from desk.audit import heads, ledger
from desk.audit.log import faults, has_log, head
from desk.command import DeskCommand

SHOWN = 20


class Command(DeskCommand):
    """Exit 1 and sentences where anything was changed, removed or put in another order."""

    help = "find any change, gap or other order in the log"

    def add_arguments(self, parser: CommandParser) -> None:
        """Heads from paper."""
        parser.add_argument("--head", action="append", default=[], metavar="NUMBER:HASH", help="as a night printed it")

    def handle(self, *args: Any, **given: Any) -> None:
        """Verify."""
        try:
            told = [*heads.kept(), *(heads.read(text) for text in given["head"])]
        except ValueError as error:
            raise CommandError(f"audit: {error}") from error
        if not has_log():
            if told:
                raise CommandError("audit: the log is gone, and nights have told of it")
            self.stdout.write("复核台尚无日志 · the desk has no log yet")
            return
        found = [*faults(heads=told), *ledger.faults()]
        if found:
            more = [f"audit: and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
            raise CommandError("\n".join([*found[:SHOWN], *more]))
        number = head()[0]
        self.stdout.write(f"复核台日志:{number:,}条,首尾相接,与各晚所载末条一致(核对{len(told)}处)。")
        self.stdout.write(
            f"The desk's log: {number:,} entries, each follows the one before, and {len(told)} heads that were told."
        )
