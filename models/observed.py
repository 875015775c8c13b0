"""What visits found against what was published before them: are the probabilities right in the large?

The probability of a visit is the one published on the last night before it: what people could see when they decided to
go. A probability made today for a visit of the past would have learned from it.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from models.policy import DriftPolicy


def calibration(published: pd.DataFrame, start_on: date, end_on: date, policy: DriftPolicy) -> pd.DataFrame:
    """Observed less predicted share of severe findings, one row in the columns of the published table drift.

    `published` has one row per visit from `start_on` to `end_on`: probability (0..1, published before the visit, with the
    correction by random draws undone), published_on, is_severe. reference_value is the mean probability, current_value the
    share observed with its Wilson interval (Wilson 1927) at the policy's confidence. Shifted, or to be watched, where the
    mean probability lies outside the interval and the observed share is off by the policy's part of it, either way. Too
    few visits: not computable.
    """
    from scipy.stats import binomtest

    row = {
        "population": "visited",
        "measure": "calibration",
        "feature": "probability",
        "reference_row_count": len(published),
        "current_row_count": len(published),
        "current_start_on": start_on,
        "current_end_on": end_on,
    }
    if len(published) < policy.min_rows:
        why = {
            "status": "not_computable",
            "reason_zh": f"近{policy.recent_days}天内检查前已发布概率的检查{len(published)}次,至少需要{policy.min_rows}次",
            "reason_en": f"{len(published)} visits of the last {policy.recent_days} days had a probability published "
            f"before them; at least {policy.min_rows} are needed",
        }
        return pd.DataFrame([row | why])
    severe = published["is_severe"].to_numpy(dtype=bool)
    predicted, observed = float(published["probability"].mean()), float(severe.mean())
    interval = binomtest(int(severe.sum()), len(severe)).proportion_ci(policy.confidence, method="wilson")
    off = abs(observed / predicted - 1)
    is_within = interval.low <= predicted <= interval.high
    status = (
        "stable"
        if is_within or off < policy.watch_calibration
        else "shifted"
        if off >= policy.shifted_calibration
        else "watch"
    )
    side_zh, side_en = ("之内", "within") if is_within else ("之外", "outside")
    days = published["published_on"]
    judged = {
        "value": observed - predicted,
        "reference_value": predicted,
        "current_value": observed,
        "interval_low": float(interval.low),
        "interval_high": float(interval.high),
        "reference_start_on": days.min(),
        "reference_end_on": days.max(),
        "status": status,
        "reason_zh": f"检查前发布的概率(随机抽查校正之前)平均{predicted:.1%},实际有严重问题{observed:.1%};平均概率在其区间"
        f"{interval.low:.1%}–{interval.high:.1%}{side_zh}",
        "reason_en": f"the probabilities published before the visits, less the correction by random draws, average "
        f"{predicted:.1%}, {observed:.1%} had a severe finding; the average lies {side_en} the interval "
        f"{interval.low:.1%} to {interval.high:.1%}",
    }
    return pd.DataFrame([row | judged])
