"""A hint about complaints in full: of a level over the whole window, or of a burst within the densest days of it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from models.complaint_cell import count_words
from models.complaint_record import loudest_complaints
from models.complaint_setting import Setting
from models.complaints import INTERVAL
from models.flags import CounterEvidence, Flag
from models.peer import told_peers
from models.shrinkage import probability_words, rate_posterior

FAMILY = "clustered_complaints"
UNITS = {"visit": ("次巡查", "visits"), "service_day": ("个在岗日", "days of service")}


def level_hint(
    setting: Setting,
    officer_id: str,
    row: pd.Series,
    counter: tuple[CounterEvidence, ...],
    strength: str,
    is_lasting: bool,
) -> Flag:
    """The hint that an officer's rate over the whole window lies above that of his peers.

    row : his row of `setting.measured`, with burst, level_p, burst_p, noise_shape, p_value and q_value.
    """
    policy = setting.policy
    own = setting.rows.loc[officer_id]
    peers = setting.rows.index[(setting.rows["peer_group"] == own["peer_group"]) & (setting.rows.index != officer_id)]
    ratios = setting.measured["ratio"].reindex(peers).dropna()
    who_zh, who_en = _counted(setting, officer_id)
    unit_zh, unit_en = UNITS[own["exposure_unit"]]
    most_zh, most_en = count_words(row["burst"])
    ratio_zh, ratio_en = _ratio_words(
        row["observed"], row["expected"], row["ratio"], row["ratio_low"], row["ratio_high"]
    )
    again_zh = ",上一统计期亦如此" if is_lasting else ""
    again_en = ", as in the window before" if is_lasting else ""
    return Flag(
        **_subject(setting, officer_id, counter, strength),
        statistic_name="complaint_rate_ratio",
        statistic=float(row["ratio"]),
        observed=float(row["observed"]),
        expected=float(row["expected"]),
        interval_low=float(row["ratio_low"]),
        interval_high=float(row["ratio_high"]),
        exposure_count=int(own["exposure"]),
        exposure_unit=str(own["exposure_unit"]),
        peer_group=str(own["peer_group"]),
        peer_count=int(row["peer_count"]),
        peer_median=float(ratios.median()) if len(ratios) else None,
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        summary_zh=f"风险提示:近12个月{own['exposure']:.0f}{unit_zh},{row['observed']:.0f}{who_zh}反映,同类预期"
        f"{row['expected']:.1f},{ratio_zh},同类{row['peer_count']:.0f}人;{policy.scan_window_days}日内最多{most_zh}"
        f"{who_zh}{again_zh}",
        summary_en=f"Risk hint: {row['observed']:.0f} {who_en} at {own['exposure']:.0f} {unit_en} in 12 months where "
        f"{row['expected']:.1f} are expected; {ratio_en}, {row['peer_count']:.0f} peers; at most {most_en} within "
        f"{policy.scan_window_days} days{again_en}",
        rule_trace="level: "
        + probability_words(f"P(rate > {policy.complaint_rate_ratio} x expected)", row["probability"])
        + f" (at least {policy.posterior_confidence}); "
        + probability_words("q", row["q_value"])
        + f" (at most {policy.false_discovery_rate}); "
        + f"{probability_words('count tail p', row['level_p'])}, {probability_words('burst p', row['burst_p'])}; "
        f"gamma shape among peers {row['gamma_shape']:.2f}, from year to year {row['noise_shape']:.2f}; "
        f"previous window: {'crosses' if is_lasting else 'does not cross'}",
        facts=("rate_above_peers",),
        is_lasting=is_lasting,
        # of complaints only the rate ratio: a count of few, or an interval by which it could be found, tells who spoke
        peers=told_peers(
            pd.DataFrame({"statistic": setting.measured["ratio"].loc[[officer_id, *ratios.index]]}), officer_id
        ),
    )


def burst_hint(
    setting: Setting,
    officer_id: str,
    row: pd.Series,
    counter: tuple[CounterEvidence, ...],
    strength: str,
    is_lasting: bool,
) -> Flag:
    """The hint that an officer's complainants came within few days, whatever the level of the whole window.

    row : as for `level_hint`, with burst and burst_expected, the count within the densest days and its expectation
    there. Everything published is of those days: the ratio is shrunk as the level is, p is the scan's. Only q is of
    the count and the scan together, as they were tested. A level that lasts is no matter of a burst.
    """
    policy = setting.policy
    days = policy.scan_window_days
    own = setting.rows.loc[officer_id]
    observed, expected = float(row["burst"]), float(row["burst_expected"])
    inside = setting.rows["peer_group"].reindex(setting.measured.index) == own["peer_group"]
    beside = setting.measured[inside]
    bursts = rate_posterior(
        beside["burst"].to_numpy(dtype=float),
        beside["burst_expected"].to_numpy(dtype=float),
        float(row["gamma_shape"]),
        INTERVAL,
    )
    ratio, low, high = (float(value[beside.index.get_loc(officer_id)]) for value in bursts)
    who_zh, who_en = _counted(setting, officer_id)
    most_zh, most_en = count_words(observed)
    ratio_zh, ratio_en = _ratio_words(observed, expected, ratio, low, high)
    return Flag(
        **_subject(setting, officer_id, counter, strength, is_burst=True),
        statistic_name="burst_rate_ratio",
        statistic=ratio,
        observed=observed,
        expected=expected,
        interval_low=low,
        interval_high=high,
        exposure_count=int(min(days, own["service_day_count_12m"])),
        exposure_unit="service_day",
        peer_group=str(own["peer_group"]),
        peer_count=int(row["peer_count"]),
        peer_median=None,
        p_value=float(row["burst_p"]),
        q_value=float(row["q_value"]),
        summary_zh=f"风险提示:近12个月最密集的{days}日内{most_zh}{who_zh}反映,同类预期{expected:.1f},{ratio_zh},"
        f"同类{row['peer_count']:.0f}人;全年水平未达提示界限",
        summary_en=f"Risk hint: {most_en} {who_en} within the densest {days} days of 12 months where {expected:.1f} are "
        f"expected; {ratio_en}, {row['peer_count']:.0f} peers; the level of the year does not reach the threshold",
        rule_trace="burst: "
        + probability_words(
            f"P(rate in the densest {days} days > {policy.complaint_rate_ratio} x expected)", row["burst_probability"]
        )
        + f" (at least {policy.posterior_confidence}); {probability_words('scan p', row['burst_p'])}; "
        + probability_words("q of count and scan together", row["q_value"])
        + f" (at most {policy.false_discovery_rate}); gamma shape among peers {row['gamma_shape']:.2f}",
        facts=("burst",),
        peers=told_peers(pd.DataFrame({"statistic": bursts[0]}, index=beside.index), officer_id),
    )


def _subject(
    setting: Setting, officer_id: str, counter: tuple[CounterEvidence, ...], strength: str, *, is_burst: bool = False
) -> dict:
    complaints = setting.complaints[setting.complaints["officer_id"] == officer_id]
    if is_burst:
        complaints = complaints[_in_densest(complaints["received_on"], setting.policy.scan_window_days)]
    return {
        "subject_kind": "officer",
        "subject_id": str(officer_id),
        "family": FAMILY,
        "strength": strength,
        "window_start_on": setting.as_of - timedelta(days=setting.policy.window_days - 1),
        "window_end_on": setting.as_of,
        "evidence": loudest_complaints(complaints, setting.policy.evidence_limit),
        "counter_evidence": counter,
    }


def _in_densest(received_on: pd.Series, window_days: int) -> np.ndarray:
    """Which complaints lie in the densest span of so many days, the earliest one where several are as dense."""
    day = received_on.to_numpy(dtype="datetime64[D]").astype(np.int64)
    ordered = np.sort(day)
    reach = np.searchsorted(ordered, ordered + window_days, side="left") - np.arange(len(ordered))
    begun = ordered[int(reach.argmax())]
    return (day >= begun) & (day < begun + window_days)


def _counted(setting: Setting, officer_id: str) -> tuple[str, str]:
    """What is counted of him: people, or events where not every complainant is known."""
    own = setting.complaints["officer_id"] == officer_id
    if setting.complaints.loc[own, "has_complainant"].all():
        return "人", "distinct complainants"
    return "起事件", "distinct events"


def _ratio_words(observed: float, expected: float, ratio: float, low: float, high: float) -> tuple[str, str]:
    """The raw ratio and, named as such, the shrunk one with its interval."""
    raw = f"{observed:.0f}/{expected:.1f}={observed / expected:.1f}"
    return (
        f"原始{raw}倍,收缩估计为同类的{ratio:.1f}倍({INTERVAL:.0%}可信区间{low:.1f}至{high:.1f})",
        f"raw {raw} times, shrunk {ratio:.1f} times the peers' rate ({INTERVAL:.0%} credible interval {low:.1f} to "
        f"{high:.1f})",
    )
