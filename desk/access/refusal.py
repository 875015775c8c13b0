"""A refusal that says why."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class Refused(PermissionDenied):
    """Somebody may not see or do this; `why` is told to him in his language, and `code` goes into the log."""

    def __init__(self, code: str, why) -> None:
        super().__init__(code)
        self.code = code
        self.why = why
