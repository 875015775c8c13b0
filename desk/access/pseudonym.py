"""Names that hide a person: the same person has the same one, and nobody without the desk's secret can tell whose it is."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from django.conf import settings
from django.utils.translation import gettext as _

from desk.published.night import Night, NoNight, current

if TYPE_CHECKING:
    from desk.accounts.models import User

SHORTEST = 6
"""Hexadecimal digits of a pseudonym, as long as no two persons of a night share them."""

_DIGITS: WeakKeyDictionary[Night, dict[str, str]] = WeakKeyDictionary()


def pseudonym(officer_id: str, night: Night | None = None) -> str:
    """How a person is called whose name is not open to the reader, such as 人员-7F3A2C, in the reader's language.

    The digits are enough to tell him from all others of `night`, by default of the current one.
    """
    return _("Officer-%(digits)s") % {"digits": mark(officer_id, night)}


def mark(officer_id: str, night: Night | None = None) -> str:
    """The digits of his pseudonym: what the log says of him, the same in every language."""
    return _digits_of(night).get(officer_id) or _whole(officer_id)[:SHORTEST]


def shown_name(user: User, officer_id: str, night: Night | None = None) -> str:
    """Name and number of the person where they are open to the reader (unmasked by him, with a reason), else a pseudonym."""
    from desk.review.naming import unmasked

    if officer_id not in unmasked(user):
        return pseudonym(officer_id, night)
    night = night or current()
    asked = "select name from officer where officer_id = $officer_id"
    name = night.value(asked, {"officer_id": officer_id}) if "officer" in night.tables else None
    return f"{name} ({officer_id})" if name else officer_id


def shortened(whole: Mapping[str, str]) -> dict[str, str]:
    """Of each string the shortest beginning of SHORTEST or more characters that no other one has."""
    ordered = sorted(whole.items(), key=lambda item: item[1])
    found = {}
    for place, (key, text) in enumerate(ordered):
        # whoever shares the longest beginning stands beside him
        beside = [ordered[at][1] for at in (place - 1, place + 1) if 0 <= at < len(ordered)]
        length = SHORTEST
        while length < len(text) and any(other[:length] == text[:length] for other in beside):
            length += 1
        found[key] = text[:length]
    return found


def _digits_of(night: Night | None) -> dict[str, str]:
    try:
        night = night or current()
    except NoNight:
        return {}
    if night not in _DIGITS:
        asked = "select officer_id from officer order by 1"
        rows = night.rows(asked) if "officer" in night.tables else []
        _DIGITS[night] = shortened({row["officer_id"]: _whole(row["officer_id"]) for row in rows})
    return _DIGITS[night]


def _whole(officer_id: str) -> str:
    said = f"pseudonym\x1f{officer_id}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest().upper()
