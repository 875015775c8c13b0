"""A command of the desk: what it refuses, it refuses in a plain sentence."""

from __future__ import annotations

import os
import sys

from django.core.management.base import BaseCommand, CommandError, handle_default_options
from django.db import connections


class DeskCommand(BaseCommand):
    """Django's command, but that a refusal is printed as it is, to standard error, with exit code 1."""

    requires_system_checks: list[str] | str = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as `python -m desk NAME ...`."""
        # what the desk keeps is for its own account alone
        os.umask(0o077)
        options = self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
        given = vars(options)
        arguments = given.pop("args", ())
        handle_default_options(options)
        try:
            self.execute(*arguments, **given)
        except CommandError as error:
            if options.traceback:
                raise
            self.stderr.write(str(error))
            sys.exit(error.returncode)
        finally:
            connections.close_all()
