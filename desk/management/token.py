"""What stands for an officer's move in addresses and in the log: nobody without the desk's secret can tell whose it is."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

LENGTH = 32
"""Hexadecimal digits: 128 bits, so that no address is guessed and no two officers share one."""


def move_token(officer_id: str) -> str:
    """The token of an officer's moves; the same as long as the desk keeps its secret."""
    said = f"move\x1f{officer_id}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:LENGTH]


def officer_of(token: str, officer_ids: Iterable[str]) -> str | None:
    """Whose token it is, of these officers; None where it is nobody's of them."""
    return next((officer_id for officer_id in officer_ids if hmac.compare_digest(move_token(officer_id), token)), None)
