"""`python -m desk COMMAND`: Django's own commands and the desk's, with the desk's settings."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run one command, as Django's manage.py would."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m desk", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()
