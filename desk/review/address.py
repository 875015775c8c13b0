"""The part of an address that says which hint: a token outside, the hint's flag_id inside."""

from __future__ import annotations

from desk.review.history import flag_id_of
from desk.review.token import token


class HintConverter:
    """`<hint:flag_id>` in the pattern of an address."""

    regex = "[-a-zA-Z0-9_]+"

    def to_python(self, told: str) -> str:
        """The flag_id; empty for a token of no hint, which the view then refuses like a hint that is not its reader's."""
        return flag_id_of(told) or ""

    def to_url(self, flag_id: str) -> str:
        """The token."""
        return token(flag_id)
