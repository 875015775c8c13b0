"""How strong a hint may be called once all families have spoken.

No statistic alone is strong: two kinds of record (cases, complaints, visits ...: RECORD_KIND of the families, or what the
hint itself names) must agree on the same officer, and the pattern of each must have crossed its threshold in two windows
that share no record. Tenure never counts: it is a management matter (轮岗提醒), whose reminders are never moderate and
which crosses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from models.flags import Flag, Judgement, families

CLEAR_Q = 0.01
"""Up to this adjusted p-value a single family's hint is moderate even where it has no past."""


def single_strength(q_value: float, is_lasting: bool, explained: str, *, is_shared: bool = False) -> str:
    """moderate or weak: how strong one family's hint about one subject is.

    Moderate where it is clear (q <= CLEAR_Q) or lasting and no supported explanation takes from it (`explained` is "not").
    is_shared : the same is told of his institution as a whole. What is usual there is then less certain, and it is looked
    at first: his own hint must be clear and lasting.
    """
    is_clear = q_value <= CLEAR_Q
    stands = (is_clear and is_lasting) if is_shared else (is_clear or is_lasting)
    return "moderate" if stands and explained == "not" else "weak"


def strengthen(judgements: Mapping[str, Judgement]) -> dict[str, Judgement]:
    """The judgements by family, officers' moderate hints made strong where two kinds of record agree and last.

    A hint that is weak (an innocent explanation is supported, or it is neither clear nor lasting) stays weak and does
    not help another to be strong; nor does one whose own pattern is new, whatever else its family found before.
    """
    kinds: dict[str, set[str]] = {}
    for judgement in judgements.values():
        for flag in judgement.flags:
            if _can_agree(flag):
                kinds.setdefault(flag.subject_id, set()).add(_kind(flag))
    agreed = {officer for officer, found in kinds.items() if len(found) >= 2}
    return {
        family: replace(
            judgement,
            flags=tuple(
                replace(flag, strength="strong") if _can_agree(flag) and flag.subject_id in agreed else flag
                for flag in judgement.flags
            ),
        )
        for family, judgement in judgements.items()
    }


def _kind(flag: Flag) -> str | None:
    """The kind of record a hint rests on; None where it rests on several."""
    return flag.record_kind or families()[flag.family].RECORD_KIND


def _can_agree(flag: Flag) -> bool:
    return (
        flag.subject_kind == "officer"
        and flag.strength in ("moderate", "strong")
        and flag.is_lasting
        and _kind(flag) is not None
    )


def crossing_on(indicator: pd.DataFrame, night: date) -> set[str]:
    """Officers whose indicator crosses its threshold on that night; one whose crossing is explained (NA) does not."""
    is_crossing = indicator["crosses"].fillna(False).astype(bool)
    rows = indicator[(indicator["as_of_on"] == pd.Timestamp(night)) & is_crossing]
    return set(rows["officer_id"])


def crossing_before(indicator: pd.DataFrame, spine: pd.DataFrame, as_of: date, window_days: int) -> set[str]:
    """Officers whose indicator crossed on the latest night of the panel at least a window before: no case counts twice.

    spine : officer-nights of the panel (as_of_on). Where nobody could be measured on that very night nobody crossed; an
    older one is never asked, for whether there is one depends on whether tonight trains.
    """
    nights = pd.to_datetime(spine["as_of_on"])
    nights = nights[nights <= pd.Timestamp(as_of - timedelta(days=window_days))]
    return crossing_on(indicator, nights.max().date()) if len(nights) else set()
