"""Four clocks of every officer: the hot post, the station, the grid and the area. A management matter (轮岗提醒), never a suspicion.

post    the same hot post, wherever (a leading one: at the same station): watch from watch_years, due from due_years,
        overdue from overdue_years
station the same station in any post: due from station_years, watched and overdue as long before and after as the post's
grid    the same grid, and with it the same merchants: due from grid_years, watched and overdue likewise
area    leading posts in the same area (what lies above the station): due from area_years, likewise

Gaps shorter than merge_gap_days reset no clock, nor does an institution that was only renamed. Years are counted by the
calendar. Where an approval of extension is on file for the current posting, its post clock is watched and no more; the
other clocks run on, for the approval was not given for them. Source: 公务员法 Art 71; 财会〔2012〕21号;
the years are the bureau's own (DOMAIN.md 2.10).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.policy import RotationPolicy

STATUSES = ("watch", "due", "overdue")
CLOCKS = {
    "post": ("热点岗位", "on the hot post"),
    "station": ("本机构", "at the station"),
    "grid": ("本网格", "in charge of the grid"),
    "area": ("本辖区领导岗位", "in leading posts of the area"),
}
"""The clocks, and how each is told: 'N years ...'."""


def calendar_years(began_on: date, until_on: date) -> float:
    """Years from the first day to the last, both counted, as feature.officer_tenure counts them: five full years are 5."""
    after = until_on + timedelta(days=1)
    months = 12 * (after.year - began_on.year) + after.month - began_on.month
    return (months + (after.day - began_on.day) / 31) / 12


def clocks_running(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of feature.officer_tenure on which a clock runs: that of a post only if it is hot."""
    return frame[(frame["clock"] != "post") | frame["is_hot_post"].astype(bool)]


def rotation_status(frame: pd.DataFrame, policy: RotationPolicy) -> pd.DataFrame:
    """Who is to be watched or moved, one row per officer and clock that has run that far.

    frame : rows of feature.officer_tenure, of one night. Columns returned: officer_id, status (watch, due, overdue),
    clock (CLOCKS), years, from_post, from_institution_id, is_extended, key_merchant_count, reason_zh, reason_en; in the
    order of officer_id and clock.
    """
    parts, running = [], clocks_running(frame)
    for clock in CLOCKS:
        rows = running[running["clock"] == clock]
        limits = policy.limits()[clock]
        reached = np.searchsorted([limits[status] for status in STATUSES], rows["merged_years"], side="right")
        rows = rows.assign(limit=limits["due"], reached=reached)[reached > 0]
        parts.append(rows)
    found = pd.concat(parts, ignore_index=True).sort_values(["officer_id", "clock"], ignore_index=True)
    extended = found["has_extension"].astype(bool)
    level = np.where(extended, np.minimum(found["reached"], 1), found["reached"])
    status = np.asarray(STATUSES, dtype=object)[level - 1] if len(found) else np.empty(0, dtype=object)
    return pd.DataFrame(
        {
            "officer_id": found["officer_id"],
            "status": status,
            "clock": found["clock"],
            "years": found["merged_years"].astype(float),
            "from_post": found["post"],
            "from_institution_id": found["institution_id"],
            "is_extended": extended,
            "key_merchant_count": found["key_merchant_count"],
            "reason_zh": [_reason_zh(row) for row in found.itertuples()],
            "reason_en": [_reason_en(row) for row in found.itertuples()],
        }
    )


def _reason_zh(row) -> str:
    said = f"{CLOCKS[row.clock][0]}连续任职{row.merged_years:.1f}年(实际在岗{row.served_years:.1f}年),轮岗年限{row.limit:g}年"
    return said + (f";已批准延期({row.extension_ref})" if row.has_extension else "")


def _reason_en(row) -> str:
    where = CLOCKS[row.clock][1]
    said = f"{row.merged_years:.1f} years {where} ({row.served_years:.1f} served), rotation after {row.limit:g}"
    return said + (f"; extension approved ({row.extension_ref})" if row.has_extension else "")
