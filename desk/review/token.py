"""What stands for a hint in addresses and in the log: nobody without the desk's secret can tell whose hint it is.

The identifiers of a night are digests of who and what a hint is about, and whoever knows both could make them himself.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

LENGTH = 32
"""Hexadecimal digits: 128 bits, so that no address is guessed and no two hints share one."""


def token(identifier: str) -> str:
    """The token of a flag_id or a flag_key; the same for the same identifier as long as the desk keeps its secret."""
    return _keyed(identifier)


def _keyed(identifier: str) -> str:
    said = f"hint\x1f{identifier}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:LENGTH]
