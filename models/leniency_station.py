"""A station whose decisions as a whole lie low: a hint about the institution, never about those who work there."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Flag, Night, NotComputable
from models.leniency import lenient_effects
from models.leniency_explanation import not_on_file
from models.leniency_record import lowest_decisions
from models.peer import told_peers
from models.permutation import low_tail, said
from models.policy import FlagPolicy
from models.shrinkage import INTERVAL_DEVIATIONS, benjamini_hochberg, probability_below
from models.strength import CLEAR_Q

FEWEST_STATIONS = 4
FEWEST_HANDLERS = 2


def speaking_handlers(measured: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """The handlers of `lenient_effects` with enough cases to say what is usual: a quarter of min_decisions."""
    return measured[measured["decision_count"] >= policy.min_decisions / 4]


def station_flags(
    night: Night, family: str, counted: pd.DataFrame, measured: pd.DataFrame
) -> tuple[list[Flag], list[NotComputable]]:
    """Hints about institutions, and the institutions with decided cases that cannot be judged, each with its numbers.

    A hint is P(shared effect < -margin) and a permutation of handlers among institutions. counted : the cases of the
    window with position and expected_position. measured : `lenient_effects` of them. At least FEWEST_HANDLERS handlers
    must speak for an institution, and at least FEWEST_STATIONS institutions be compared.
    """
    policy = night.policy.flags
    speaking = speaking_handlers(measured, policy)
    handlers = speaking.groupby("institution_id").size()
    speaking = speaking[speaking["institution_id"].map(handlers) >= FEWEST_HANDLERS]
    heard = set(speaking["institution_id"])
    compared = heard if len(heard) >= FEWEST_STATIONS else set()
    decided = counted.groupby("unit_id").size()
    missing = [
        _cannot_judge(family, str(name), int(count), int(handlers.get(name, 0)), len(heard), policy)
        for name, count in decided.items()
        if name not in compared
    ]
    if not compared:
        return [], missing
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
    return [_flag(night, family, counted, measured, station, name, row) for name, row in fired.iterrows()], missing


def _cannot_judge(
    family: str, institution_id: str, count: int, handlers: int, heard: int, policy: FlagPolicy
) -> NotComputable:
    least = math.ceil(policy.min_decisions / 4)
    return NotComputable(
        "institution",
        institution_id,
        family,
        f"近12个月有法定幅度的决定{count}件,满{least}件的承办人{handlers}名(至少{FEWEST_HANDLERS}名);"
        f"可比机构{heard}个(至少{FEWEST_STATIONS}个),无法判断机构惯例",
        f"{count} decisions with a statutory range in 12 months, {handlers} handlers with at least {least} of them "
        f"({FEWEST_HANDLERS} are needed), {heard} institutions that can be compared ({FEWEST_STATIONS} are needed)",
    )


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
    own = counted[counted["unit_id"] == institution_id]
    level = float(measured["station_level"].iloc[0])
    observed, expected = float(own["position"].mean()), float(own["expected_position"].mean()) + level
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
        summary_zh=f"风险提示(机构):近12个月{len(own)}件决定,处罚幅度(法定下限=0,上限=1)平均{observed:.2f},"
        f"按案情与全局惯例预期{expected:.2f},相差{observed - expected:+.2f};{int(row['handler_count'])}名承办人共有部分的"
        f"收缩估计{row['effect']:+.2f}(95%可信区间{low:+.2f}至{high:+.2f}),同类机构{len(others)}个;"
        "属机构惯例,不指向个人",
        summary_en=f"Risk hint (institution): {len(own)} decisions in 12 months lie at {observed:.2f} of the statutory "
        f"range (minimum 0, maximum 1) on average, where their facts and the bureau's practice lead to expect "
        f"{expected:.2f}, a gap of {observed - expected:+.2f}; what {int(row['handler_count'])} handlers share is, shrunk, "
        f"{row['effect']:+.2f} (95 % credible interval {low:+.2f} to {high:+.2f}), {len(others)} other institutions. "
        "A habit of the institution, not of a person",
        rule_trace=f"P(shared effect < -{policy.leniency_margin}) = {row['probability']:.4f} >= "
        f"{policy.posterior_confidence}; {said('p', row['p_value'], row['p_value'])}; "
        f"{said('q', row['q_value'], row['p_value'])}, at most {policy.false_discovery_rate} allowed",
        facts=("institution_practice",),
        evidence=lowest_decisions(own, level, policy.evidence_limit),
        counter_evidence=counter,
        peers=told_peers(_effects(counted, station, level), institution_id),
    )


def _effects(counted: pd.DataFrame, station: pd.DataFrame, level: float) -> pd.DataFrame:
    """The institutions that were compared, as they stand beside each other in a hint."""
    reach = INTERVAL_DEVIATIONS * station["deviation"]
    decided = counted.groupby("unit_id")[["position", "expected_position"]].mean().reindex(station.index)
    return pd.DataFrame(
        {
            "exposure_count": counted.groupby("unit_id").size().reindex(station.index),
            "observed": decided["position"],
            "expected": decided["expected_position"] + level,
            "statistic": station["effect"],
            "interval_low": station["effect"] - reach,
            "interval_high": station["effect"] + reach,
        }
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
    if counted["has_exemption"].isna().all():
        tested.append(not_on_file("exemption_list", "免罚清单事项", "entries of the exemption list"))
    else:
        exempted = counted["has_exemption"].fillna(False).astype(bool)
        share = exempted[counted["unit_id"] == institution_id].mean()
        tested.append(
            _without(
                night,
                counted[~exempted],
                institution_id,
                "exemption_list",
                f"除去免罚清单事项(本机构{share:.0%})",
                f"without entries of the exemption list ({share:.0%} of its cases)",
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
        f"{zh}后共有部分的收缩估计为{row['station_effect']:+.2f}",
        f"{en} the shared effect is, shrunk, {row['station_effect']:+.2f}",
        float(row["station_effect"]),
    )
