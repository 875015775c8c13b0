"""How visits were written down: signs against them in words, notes that many share, and records entered late together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.hint.question import Words
from models.policy import FlagPolicy
from models.visit_record import padding_signs, visit_note

TEMPLATE_OFFICERS = 3
"""A note that so many officers use is a template of the office, not one man's copy."""
FEWEST_LATE_OFFICERS = 2
"""So many colleagues at least entered late the visits of the same day where a network failed."""
LATE_SHARE = 0.5
"""And they are this share of the colleagues who made visits that day."""
SIGNS = {
    "is_too_short": ("时长过短", "too short"),
    "is_too_far": ("与前一检查距离不可达", "too far from the one before"),
    "is_same_note": ("文书与他户相同", "same note as elsewhere"),
    "is_during_leave": ("休假培训期间", "during leave or training"),
}


def entered_visits(visits: pd.DataFrame, notes: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """Rows of `led_visits` with the signs of `padding_signs` and what else is asked of their entry.

    notes : core.patrol with patrol_id, lead_officer_id and note_hash. Added: has_sign (any sign; NA where none is on
    file), is_only_far (distance is the only sign), is_only_template (the note is the only sign, and at least
    TEMPLATE_OFFICERS officers use it), was_late (entered after the day; NA where not on file), is_shared_delay (late, as
    were most colleagues of the unit on that day).
    """
    signs = padding_signs(visits, policy)
    told = signs.fillna(False).astype(bool)
    count = told.sum(axis=1)
    lag = visits["entry_lag_days"].astype("Float64")
    visits = pd.concat([visits, signs], axis=1).assign(
        has_sign=told.any(axis=1).astype("boolean").mask(signs.isna().all(axis=1)),
        is_only_far=told["is_too_far"] & (count == 1),
        was_late=lag > 0,
    )
    shared = _shared_notes(notes)
    is_shared = visits["record_id"].isin(shared) if len(shared) else pd.Series(False, index=visits.index)
    return visits.assign(
        is_only_template=told["is_same_note"] & (count == 1) & is_shared,
        is_shared_delay=_late_together(visits),
    )


def _shared_notes(notes: pd.DataFrame) -> pd.Series:
    """The visits whose note at least TEMPLATE_OFFICERS officers use."""
    noted = notes[notes["note_hash"].notna()]
    code = pd.factorize(noted["note_hash"])[0]
    repeated = np.bincount(code, minlength=1)[code] >= TEMPLATE_OFFICERS
    noted, code = noted[repeated], code[repeated]
    pairs = pd.DataFrame({"note": code, "officer": noted["lead_officer_id"].to_numpy()}).drop_duplicates()
    users = pairs.groupby("note").size()
    return noted.loc[np.isin(code, users.index[users >= TEMPLATE_OFFICERS].to_numpy()), "patrol_id"]


def _late_together(visits: pd.DataFrame) -> pd.Series:
    """Late visits of days on which at least FEWEST_LATE_OFFICERS and LATE_SHARE of the unit's other officers were late."""
    late = visits["was_late"].fillna(False).to_numpy(dtype=bool)
    unit_day = pd.factorize(
        pd.factorize(visits["unit_id"])[0].astype(np.int64) * (1 << 20)
        + pd.to_datetime(visits["visited_on"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    )[0]
    officer, names = pd.factorize(visits["officer_id"])
    cell, where = np.unique(unit_day.astype(np.int64) * max(1, len(names)) + officer, return_inverse=True)
    was_late = np.bincount(where, weights=late, minlength=len(cell)) > 0
    day = cell // max(1, len(names))
    others = np.bincount(day)[day] - 1
    late_others = np.bincount(day, weights=was_late)[day] - was_late
    together = (late_others >= FEWEST_LATE_OFFICERS) & (late_others >= LATE_SHARE * others)
    shared = pd.Series(late & together[where], index=visits.index, dtype="boolean")
    return shared.mask(visits["was_late"].isna())


def sign_note(row: pd.Series) -> Words:
    """A visit with the signs against it, in words."""
    zh, en = visit_note(row)
    told = [words for name, words in SIGNS.items() if pd.notna(row[name]) and bool(row[name])]
    minutes = row["visit_minutes"]
    length = ("", "") if pd.isna(minutes) else (f",用时{minutes:.0f}分钟", f", {minutes:.0f} minutes")
    return (
        f"{zh}{length[0]};{'、'.join(words[0] for words in told)}",
        f"{en}{length[1]}; {', '.join(words[1] for words in told)}",
    )


def lag_note(row: pd.Series) -> Words:
    """A visit with the days until its record was entered, in words."""
    zh, en = visit_note(row)
    days = int(row["entry_lag_days"])
    return f"{zh};{days}天后录入", f"{en}; entered {days} days later"


def entry_note(row: pd.Series) -> Words:
    """A visit whose record somebody else entered, in words."""
    zh, en = visit_note(row)
    return f"{zh};由未参加检查的人员录入", f"{en}; entered by somebody who did not visit"
