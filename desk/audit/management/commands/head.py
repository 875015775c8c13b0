"""`python -m desk head`: number and hash of the log's last entry."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from desk.audit import heads
from desk.audit.log import has_log, head
from desk.command import DeskCommand
from desk.delivery.writer import paths


class Command(DeskCommand):
    """What stands off the box shows what was done to the box."""

    help = "print number and hash of the log's last entry; nothing where there is no log yet"

    def add_arguments(self, parser: CommandParser) -> None:
        """The night that tells it."""
        parser.add_argument("--night", type=date.fromisoformat, help="keep it as told by this night")

    def handle(self, *args: Any, **given: Any) -> None:
        """Print it in both languages."""
        if not has_log():
            if any(path.exists() for path in (heads.path(), *paths())):
                raise CommandError(
                    f"audit: the log is gone, and {settings.DEPLOYMENT.folder} shows that there was one: is DATABASE_URL right?"
                )
            return
        number, last_hash = head()
        if given["night"]:
            heads.keep(given["night"], number, last_hash)
        self.stdout.write(f"复核台日志:共{number:,}条;末条 {number}:{last_hash}(请抄存于本机之外)")
        self.stdout.write(
            f"The desk's log: {number:,} entries; its head is {number}:{last_hash} (keep it off this machine)"
        )
