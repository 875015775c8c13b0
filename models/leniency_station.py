"""A station whose decisions as a whole lie low: a hint about the institution, never about those who work there."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Flag, Night
from models.leniency import lenient_effects
from models.leniency_record import lowest_decisions
from models.permutation import low_tail
from models.shrinkage import INTERVAL_DEVIATIONS, benjamini_hochberg, probability_below
from models.strength import CLEAR_Q

FEWEST_STATIONS = 4
FEWEST_HANDLERS = 2


def station_flags(night: Night, family: str, counted: pd.DataFrame, measured: pd.DataFrame) -> list[Flag]:
    """Hints about institutions: P(shared effect < -margin) and a permutation of handlers among institutions.

    counted : the cases of the window with position and expected_position. measured : `lenient_effects` of them.
    Handlers with at least a quarter of min_decisions speak for their institution, and at least FEWEST_HANDLERS of them.
    """
    policy = night.policy.flags
    speaking = measured[measured["decision_count"] >= policy.min_decisions / 4]
    handlers = speaking.groupby("institution_id").size()
    speaking = speaking[speaking["institution_id"].map(handlers) >= FEWEST_HANDLERS]
    if speaking["institution_id"].nunique() < FEWEST_STATIONS:
        return []
    tail = low_tail(
        (speaking["raw_gap"] - speaking["raw_gap"].mean()).to_numpy(),
        speaking["institution_id"].to_numpy(dtype=str),
        np.full(len(speaking), "bureau"),
        speaking.index.to_numpy(dtype=str),
    )
    station = speaking.groupby("institution_id").agg(
        effect=("station_effect", "first"), deviation=("station_deviation", "first"), handler_count=("effect", "size")
    )
    station["probability"] = probability_below(station["effect"], station["deviation"], -policy.leniency_margin)
    station["p_value"] = [tail[name] for name in station.index]
    station["q_value"] = benjamini_hochberg(station["p_value"].to_numpy())
    fired = station[
        (station["probability"] >= policy.posterior_confidence) & (station["q_value"] <= policy.false_discovery_rate)
    ]
    return [_flag(night, family, counted, measured, station, name, row) for name, row in fired.iterrows()]


def _flag(
    night: Night,
    family: str,
    counted: pd.DataFrame,
    measured: pd.DataFrame,
    station: pd.DataFrame,
    institution_id: str,
    row: pd.Series,
) -> Flag:
    policy = night.policy.flags
    own = counted[counted["institution_id"] == institution_id]
    bureau_level = float((counted["position"] - counted["expected_position"]).mean())
    observed, expected = float(own["position"].mean()), float(own["expected_position"].mean()) + bureau_level
    low, high = (row["effect"] + side * INTERVAL_DEVIATIONS * row["deviation"] for side in (-1, 1))
    others = station.drop(index=institution_id)
    counter = _counter_evidence(night, counted, measured, institution_id)
    is_explained = any(item.verdict == "supported" for item in counter)
    return Flag(
        subject_kind="institution",
        subject_id=str(institution_id),
        family=family,
        strength="moderate" if row["q_value"] <= CLEAR_Q and not is_explained else "weak",
        window_start_on=night.as_of - timedelta(days=policy.window_days - 1),
        window_end_on=night.as_of,
        statistic_name="position_effect",
        statistic=float(row["effect"]),
        observed=observed,
        expected=expected,
        interval_low=float(low),
        interval_high=float(high),
        exposure_count=len(own),
        exposure_unit="decision",
        peer_group="institutions",
        peer_count=len(others),
        peer_median=float(others["effect"].median()),
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        summary_zh=f"风险提示(机构):近12个月{len(own)}件决定处罚位置平均{observed:.2f},按案情预期{expected:.2f},"
        f"{int(row['handler_count'])}名承办人共同偏低{-row['effect']:.2f}(95%区间{-high:.2f}至{-low:.2f}),"
        f"同类机构{len(others)}个;属机构惯例,不指向个人",
        summary_en=f"Risk hint (institution): {len(own)} decisions in 12 months lie at {observed:.2f} of the statutory "
        f"range on average, where their facts lead to expect {expected:.2f}; {int(row['handler_count'])} handlers share "
        f"{-row['effect']:.2f} of it (95 % interval {-high:.2f} to {-low:.2f}), {len(others)} other institutions. "
        "A habit of the institution, not of a person",
        rule_trace=f"P(shared effect < -{policy.leniency_margin}) = {row['probability']:.4f} >= "
        f"{policy.posterior_confidence}; q = {row['q_value']:.4f} <= {policy.false_discovery_rate}",
        facts=("institution_practice",),
        evidence=lowest_decisions(own, policy.evidence_limit),
        counter_evidence=counter,
    )


def _counter_evidence(
    night: Night, counted: pd.DataFrame, measured: pd.DataFrame, institution_id: str
) -> tuple[CounterEvidence, ...]:
    """Whether the station's level is one handler's, or lies in exempted cases; local instructions are not on file."""
    inside = measured[measured["institution_id"] == institution_id]
    lowest = inside["raw_gap"].sort_values(kind="stable").index[0]
    tested = [
        _without(
            night,
            counted[counted["lead_officer_id"] != lowest],
            institution_id,
            "one_handler",
            "除去偏离最大的一名承办人",
            "without the handler who deviates most",
        )
    ]
    exempted = counted["has_exemption"].fillna(False).astype(bool)
    tested.append(
        _without(
            night,
            counted[~exempted],
            institution_id,
            "exemption_list",
            f"除去免罚清单事项(本机构{exempted[counted['institution_id'] == institution_id].mean():.0%})",
            f"without entries of the exemption list "
            f"({exempted[counted['institution_id'] == institution_id].mean():.0%} of its cases)",
        )
    )
    tested.append(
        CounterEvidence(
            "local_instruction",
            "unknown",
            "交付记录未载明上级包容审慎等要求,请核对",
            "the records delivered do not hold instructions from above (包容审慎); to be checked",
        )
    )
    return tuple(tested)


def _without(night: Night, cases: pd.DataFrame, institution_id: str, code: str, zh: str, en: str) -> CounterEvidence:
    left = lenient_effects(cases, night.policy) if len(cases) else pd.DataFrame({"institution_id": []})
    left = left[left["institution_id"] == institution_id]
    if left.empty:
        return CounterEvidence(code, "supported", f"{zh}后无案可算", f"{en} no case is left")
    row = left.iloc[0]
    margin, confidence = night.policy.flags.leniency_margin, night.policy.flags.posterior_confidence
    below = probability_below(left["station_effect"], left["station_deviation"], -margin)[0]
    return CounterEvidence(
        code,
        "not_supported" if below >= confidence else "supported",
        f"{zh}后共同偏离为{row['station_effect']:+.2f}",
        f"{en} the shared gap is {row['station_effect']:+.2f}",
        float(row["station_effect"]),
    )
