"""How strong a hint may be called once all families have spoken.

No statistic alone is strong: two kinds of record (cases, complaints, visits ...: RECORD_KIND of the families) must agree
on the same officer, and each must have crossed its threshold in two windows, tonight's and the one before. Tenure never
counts: it is a management matter (轮岗提醒), whose reminders are never moderate and which crosses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from models.flags import Flag, Judgement, families

CLEAR_Q = 0.01
"""Up to this adjusted p-value a single family's hint is moderate even where it has no past."""


def strengthen(judgements: Mapping[str, Judgement], as_of: date, window_days: int) -> dict[str, Judgement]:
    """The judgements by family, officers' moderate hints made strong where two kinds of record agree and last.

    A hint that is weak (an innocent explanation is supported, or it is neither clear nor lasting) stays weak and does
    not help another to be strong.
    """
    kind_of = {family: families()[family].RECORD_KIND for family in judgements}
    lasting = {
        family: _lasting(judgements[family].indicator, as_of, window_days)
        for family, kind in kind_of.items()
        if kind is not None
    }
    kinds: dict[str, set[str]] = {}
    for family, officers in lasting.items():
        for flag in judgements[family].flags:
            if _can_agree(flag) and flag.subject_id in officers:
                kinds.setdefault(flag.subject_id, set()).add(kind_of[family])
    agreed = {officer for officer, found in kinds.items() if len(found) >= 2}
    return {
        family: replace(
            judgement,
            flags=tuple(
                replace(flag, strength="strong")
                if family in lasting and _can_agree(flag) and flag.subject_id in agreed & lasting[family]
                else flag
                for flag in judgement.flags
            ),
        )
        for family, judgement in judgements.items()
    }


def _can_agree(flag: Flag) -> bool:
    return flag.subject_kind == "officer" and flag.strength in ("moderate", "strong")


def _lasting(indicator: pd.DataFrame, as_of: date, window_days: int) -> set[str]:
    """Officers who cross tonight and on the latest night of the panel that is a whole window back."""
    return crossing_on(indicator, as_of) & crossing_before(indicator, as_of, window_days)


def crossing_on(indicator: pd.DataFrame, night: date) -> set[str]:
    """Officers whose indicator crosses its threshold on that night; one whose crossing is explained (NA) does not."""
    is_crossing = indicator["crosses"].fillna(False).astype(bool)
    rows = indicator[(indicator["as_of_on"] == pd.Timestamp(night)) & is_crossing]
    return set(rows["officer_id"])


def crossing_before(indicator: pd.DataFrame, as_of: date, window_days: int) -> set[str]:
    """Officers whose indicator crossed on the latest night of the panel at least a window before: no case counts twice."""
    nights = indicator.loc[indicator["as_of_on"] <= pd.Timestamp(as_of - timedelta(days=window_days)), "as_of_on"]
    return crossing_on(indicator, nights.max().date()) if len(nights) else set()
