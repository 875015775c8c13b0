"""What of a row in quarantine may be shown: enough to find and mend it, and no person.

Denied by default: a value is shown where its column is known to hold none and it looks like what that column holds, since
the cells of a bad row may stand one column too far. File and row number say where the whole row is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

PLAIN = re.compile(
    r".*_(on|at|yuan|count|share|days|minutes|score)|(is|was|has)_.*|kind|status|result|outcome|channel|procedure"
    r"|violation_code|discretion_tier|institution_id|parent_id|grid_id|industry_code|rank|period|month"
)
"""Columns that hold no person: days, amounts, counts, truth, codes, and places."""

DIGITS = re.compile(r"[0-9]{7,}")
"""So many digits may be the number of a person, of his telephone or his badge."""

VALUE = re.compile(r"[0-9.,:/ T+-]{1,30}|[A-Za-z]?[0-9]{1,6}[A-Z]?[0-9]{0,3}")
"""Days, amounts and numbers of places; a word may be a name, in whatever letters."""


def shown(row: Mapping[str, Any]) -> str:
    """The cells of a quarantined row (`raw`, JSON by column), those that may hold a person as a word for hidden."""
    cells = json.loads(row["raw"])
    return " · ".join(f"{name}: {_told(name, value)}" for name, value in cells.items() if value not in (None, ""))


def _told(name: str, value: Any) -> str:
    text = str(value)
    if PLAIN.fullmatch(name) and VALUE.fullmatch(text) and not DIGITS.search(text):
        return text
    return _("hidden")
