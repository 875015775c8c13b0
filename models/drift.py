"""Drift: whether the rows a model meets tonight are still like those it was trained with.

Two populations, never mixed, because who is visited is chosen and differs from who is not:

- visited: recent visits, described on the day before each, against the older visits of the training window.
- all_merchants: tonight's open merchants against those of an earlier training night.

Measures: the population stability index of the known values, and the share missing. The index is
sum over bins of (p - q) ln(p / q), p and q the shares of a bin then and now (Siddiqi 2006, Credit Risk Scorecards, ch. 9;
the symmetric divergence of Jeffreys); here p = (count + 1/2) / (rows + bins/2), so that an empty bin is no infinity.
Higher is worse. No quarter is quite like three years, nor a night like one three months before it (seasons, slow series,
shares of a few grids or industries): `usual` is how far like samples of the training window usually lay apart at most, and
only what lies beyond a multiple of that counts as shifted; what does not is to be watched. Rows described from records
younger than the two years that features count back are no reference: a bureau's own beginning is not usual.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.policy import DriftPolicy
from models.reference import LOOK_BACK_DAYS, Distribution, Reference, counted, psi

POPULATIONS = {"all_merchants": ("主体", "merchants"), "visited": ("受检主体", "visited merchants")}


def stability(
    reference: Reference, current: pd.DataFrame, start_on: date, end_on: date, policy: DriftPolicy
) -> pd.DataFrame:
    """How far each feature of the reference has moved: two rows a feature, measures psi and missing_share.

    `current` has the rows of today with its days; a column that it lacks is missing in every row. The columns of the
    result are those of the published table drift from population on. psi: value is the index, reference_value and
    current_value the means; missing_share: value is the change of the share, the others are the shares.
    """
    window = {
        "population": reference.population,
        "reference_row_count": reference.row_count,
        "current_row_count": len(current),
        "reference_start_on": reference.start_on,
        "reference_end_on": reference.end_on,
        "current_start_on": start_on,
        "current_end_on": end_on,
    }
    few = _too_few(reference, len(current), policy)
    rows = []
    for name, then in reference.features.items():
        now = current[name].to_numpy(dtype=float) if name in current else np.full(len(current), np.nan)
        measured = (_moved(then, now, few, policy), _missing(then, reference.row_count, now, few, policy))
        rows += [{**window, "feature": name, **row} for row in measured]
    if (reference.start_on, reference.end_on) == (start_on, end_on):
        rows = [
            {
                **row,
                "reason_zh": f"参照即今晚;{row['reason_zh']}",
                "reason_en": f"the reference is tonight itself; {row['reason_en']}",
            }
            for row in rows
        ]
    return pd.DataFrame(rows)


def _moved(then: Distribution, now: np.ndarray, few: tuple[str, str] | None, policy: DriftPolicy) -> dict[str, Any]:
    known = now[~np.isnan(now)]
    means = {
        "measure": "psi",
        "reference_value": then.mean,
        "current_value": float(known.mean()) if len(known) else None,
        "reference_median": then.median,
        "current_median": float(np.median(known)) if len(known) else None,
    }
    if few is None and not (then.counts and len(known)):
        few = ("两边之一没有已知值", "one of the two has no known value")
    if few is not None:
        return means | _not_computable(few)
    value = psi(np.asarray(then.counts), counted(then.edges, known))
    return means | _judged("PSI", value, then.usual_psi, policy.watch_psi, policy.shifted_psi, policy)


def _missing(
    then: Distribution, rows: int, now: np.ndarray, few: tuple[str, str] | None, policy: DriftPolicy
) -> dict[str, Any]:
    if few is not None:
        return {"measure": "missing_share"} | _not_computable(few)
    was, share = then.missing_count / rows, float(np.isnan(now).mean())
    lines = policy.watch_missing_share, policy.shifted_missing_share
    return {"measure": "missing_share", "reference_value": was, "current_value": share} | _judged(
        "缺失占比变化|change of the share missing", abs(share - was), then.usual_missing_share, *lines, policy
    )


def _judged(
    what: str, value: float, usual: float | None, watch: float, shifted: float, policy: DriftPolicy
) -> dict[str, Any]:
    """Value, usual value, status and reason: shifted where it reaches that line and the multiple of what was usual."""
    zh, _, en = what.partition("|")
    within = usual is not None and value <= policy.usual_multiple * usual
    status = "stable" if value < watch else "shifted" if value >= shifted and not within else "watch"
    line_zh = {"stable": f"低于关注线{watch:g}", "watch": f"达到关注线{watch:g}", "shifted": f"达到预警线{shifted:g}"}
    line_en = {
        "stable": f"below the line of {watch:g}",
        "watch": f"at or above the line of {watch:g} for a look",
        "shifted": f"at or above the line of {shifted:g} for a warning",
    }
    reason_zh, reason_en = f"{zh} {value:.3f},{line_zh[status]}", f"{en or zh} {value:.3f}, {line_en[status]}"
    if usual is not None and status != "stable":
        reason_zh += f";训练窗口内同类比较通常不超过{usual:.3f},超过其{policy.usual_multiple:g}倍才预警"
        reason_en += (
            f"; like comparisons within the training window usually stay within {usual:.3f}, and a warning waits for"
            f" {policy.usual_multiple:g} times that"
        )
    return {
        "value": value,
        "usual_value": usual,
        "status": status,
        "reason_zh": reason_zh,
        "reason_en": reason_en,
    }


def _not_computable(why: tuple[str, str]) -> dict[str, Any]:
    return {"value": None, "status": "not_computable", "reason_zh": why[0], "reason_en": why[1]}


def _too_few(reference: Reference, rows: int, policy: DriftPolicy) -> tuple[str, str] | None:
    if min(reference.row_count, rows) >= policy.min_rows:
        return None
    zh, en = POPULATIONS[reference.population]
    return (
        f"{zh}参照{reference.row_count}行(只取检查记录满{LOOK_BACK_DAYS}天以后的,受检主体至少两个季度)、当前{rows}行;两边各至少需要{policy.min_rows}行",
        f"{reference.row_count} rows of {en} in the reference (only such as were described when visits had been recorded for"
        f" {LOOK_BACK_DAYS} days, and of visits two quarters or more) and {rows} now; at least {policy.min_rows} are needed of each",
    )
