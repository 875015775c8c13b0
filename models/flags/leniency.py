"""Unusual leniency (异常从宽): a handler's decisions lie lower in the statutory range than like cases do.

What. Formula: for every decided case with a statutory range (fined, warned, no penalty),
position = (fine - min) / (max - min).
Trees learn the usual position from the facts of the case (violation, amount, priors, party, mitigating facts,
exemption list, month), never from who handled it or where, and judge each case by trees that saw none of its handler's.
What is left (residual) is split by empirical Bayes into the station's part and the handler's own part beside it.

Fires where P(own effect < -leniency_margin) >= posterior_confidence and, after Benjamini-Hochberg over all handlers
with at least min_decisions decisions in the window, q <= false_discovery_rate. The p-value is a permutation of
residuals within the station: how often would dealing the station's cases out anew give him a sum as low.
He must also lie below the bureau's level by the margin: strict colleagues make nobody lenient.
A station whose habit is lenient as a whole becomes a hint about the institution, not about its officers. A merchant to
whom a handler is far more lenient than to all others becomes a weak hint about the pair.

Example. A handler decided 40 cases; like cases lie at 0.42, his at 0.15. His station shares -0.02, so -0.24 is his own
(95 % interval -0.30 to -0.18), and 2 of 20,000 deals were as low: p = 0.00015.

Strength. weak; moderate where the hint also stood one window earlier or q <= 0.01, and no tested explanation takes it.
Where an explanation that is supported leaves no gap beyond the margin, no hint is raised at all; where it only takes
the certainty, the hint is weak.

Why it matters. 人情案、关系案 show as decisions lower than the law's range and the peers' practice would lead to expect
(DOMAIN.md 3.1). Innocent explanations, each tested: exemption list, statutory mitigation, first offence, prompt
correction, collective discussion (not counted at all), legal review, station practice, rule change, individual party,
case mix, few cases. Blind to: an exemption code given where it does not fit, and leniency that a whole bureau shares.

Unit: share of the statutory range; negative is lenient. Source: 行政处罚法 Art 32-34; 国市监法规〔2022〕2号;
Phipson and Smyth 2010; DerSimonian and Laird 1986. Excluded: pending, withdrawn, terminated and transferred cases
(family case_dropped), cases without a statutory maximum.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Flag, Judgement, Night, NotComputable
from models.leniency import TooFewCases, crosses, known_by, lenient_effects, measurable, vintages
from models.leniency_counter import counter_evidence, explained_away
from models.leniency_pair import pair_flags
from models.leniency_record import concentration, lowest_decisions
from models.leniency_station import station_flags
from models.permutation import low_tail
from models.shrinkage import INTERVAL_DEVIATIONS, benjamini_hochberg
from models.strength import CLEAR_Q, crossing_before

FAMILY = "leniency"
NEEDS = ("core.delivery", "feature.officer", "feature.officer_case")

PAIR_WINDOWS = 2
"""Pairs have few cases: they are looked for in this many windows together."""


def judge(night: Night) -> Judgement:
    """Hints about handlers and stations, who cannot be measured, and each officer-night's leniency index."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not (delivery["has_penalty"] and delivery["has_fine"]):
        return _not_computable_at_all(
            "未交付案件,或案件未载罚款与法定幅度", "no cases were delivered, or none with a fine and a statutory range"
        )
    cases = measurable(night.frames["feature.officer_case"])
    spine = night.frames["feature.officer"][["officer_id", "as_of_on"]]
    nights = [moment.date() for moment in pd.to_datetime(spine["as_of_on"]).drop_duplicates()]
    try:
        learned = vintages(cases, nights, night.policy)
    except TooFewCases as reason:
        return _not_computable_at_all(
            f"已决案件不足以说明通常幅度({reason})", f"what is usual cannot be said: {reason}"
        )
    days = night.policy.flags.window_days
    windows = {moment: _window(night, cases, learned, moment, days) for moment in nights if moment >= min(learned)}
    indicator = _indicator(windows, spine, night)
    counted, collective = windows[night.as_of]
    measured = lenient_effects(counted, night.policy)
    enough = measured[measured["decision_count"] >= night.policy.flags.min_decisions]
    residual = (counted["position"] - counted["expected_position"]).to_numpy()
    tail = low_tail(
        residual - residual.mean(),
        counted["lead_officer_id"].to_numpy(dtype=str),
        counted["institution_id"].to_numpy(dtype=str),
        counted["case_id"].to_numpy(dtype=str),
    )
    enough = enough.assign(p_value=[tail[officer] for officer in enough.index])
    enough = enough.assign(q_value=benjamini_hochberg(enough["p_value"].to_numpy()))
    flags = _officer_flags(night, counted, collective, measured, enough, indicator)
    flags += station_flags(night, FAMILY, counted, measured)
    pair_days = PAIR_WINDOWS * night.policy.flags.window_days
    flags += pair_flags(night, FAMILY, _window(night, cases, learned, night.as_of, pair_days)[0], pair_days)
    serving = sorted(spine.loc[pd.to_datetime(spine["as_of_on"]) == pd.Timestamp(night.as_of), "officer_id"])
    missing = [
        _too_few(officer, int(measured["decision_count"].get(officer, 0)), night)
        for officer in serving
        if officer not in enough.index
    ]
    return Judgement(tuple(flags), tuple(missing), indicator)


def _window(
    night: Night, cases: pd.DataFrame, learned: dict, moment: date, days: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases of one night's window with their expectation: counted ones, and those the heads decided together."""
    vintage = max(learned_on for learned_on in learned if learned_on <= moment)
    inside = known_by(cases, moment, days)
    inside = inside.assign(expected_position=learned[vintage].predict(inside) if len(inside) else np.empty(0))
    together = inside["was_collectively_discussed"].fillna(False).astype(bool)
    return inside[~together], inside[together]


def _indicator(windows: dict, spine: pd.DataFrame, night: Night) -> pd.DataFrame:
    """leniency_index (own effect, positive = lenient), probability and crossing of each officer-night measured."""
    parts = []
    for moment, (counted, _) in sorted(windows.items()):
        measured = lenient_effects(counted, night.policy) if len(counted) else pd.DataFrame({"decision_count": []})
        measured = measured[measured["decision_count"] >= night.policy.flags.min_decisions]
        if len(measured):
            parts.append(
                pd.DataFrame(
                    {
                        "officer_id": measured.index,
                        "as_of_on": pd.Timestamp(moment),
                        "leniency_index": -measured["effect"].to_numpy(),
                        "leniency_probability": measured["probability"].to_numpy(),
                        "leniency_crosses": crosses(measured, night.policy.flags).to_numpy(),
                    }
                )
            )
    if not parts:
        return pd.DataFrame({"officer_id": [], "as_of_on": []})
    found = pd.concat(parts, ignore_index=True)
    spine = spine.assign(as_of_on=pd.to_datetime(spine["as_of_on"]).astype(found["as_of_on"].dtype))
    return spine.merge(found, on=["officer_id", "as_of_on"]).sort_values(["as_of_on", "officer_id"], ignore_index=True)


def _officer_flags(
    night: Night,
    counted: pd.DataFrame,
    collective: pd.DataFrame,
    measured: pd.DataFrame,
    enough: pd.DataFrame,
    indicator: pd.DataFrame,
) -> list[Flag]:
    policy = night.policy.flags
    fired = enough[crosses(enough, policy) & (enough["q_value"] <= policy.false_discovery_rate)]
    lasting = (
        crossing_before(indicator, "leniency_crosses", night.as_of, policy.window_days) if len(indicator) else set()
    )
    flags = []
    for officer_id, row in fired.iterrows():
        counter = counter_evidence(counted, collective, measured, officer_id, night.as_of, night.policy)
        explained = explained_away(counter, -policy.leniency_margin)
        if explained == "wholly":
            continue
        is_clear = officer_id in lasting or row["q_value"] <= CLEAR_Q
        strength = "moderate" if is_clear and explained == "not" else "weak"
        flags.append(_officer_flag(night, counted, measured, officer_id, row, counter, strength, officer_id in lasting))
    return flags


def _officer_flag(
    night: Night,
    counted: pd.DataFrame,
    measured: pd.DataFrame,
    officer_id: str,
    row: pd.Series,
    counter: tuple[CounterEvidence, ...],
    strength: str,
    is_lasting: bool,
) -> Flag:
    policy = night.policy.flags
    own = counted[counted["lead_officer_id"] == officer_id]
    peers = measured[(measured["institution_id"] == row["institution_id"]) & (measured.index != officer_id)]
    usual = row["observed"] - row["raw_gap"] + row["centre"] + row["colleague_effect"]
    low = row["effect"] - INTERVAL_DEVIATIONS * row["effect_deviation"]
    high = row["effect"] + INTERVAL_DEVIATIONS * row["effect_deviation"]
    count = int(row["decision_count"])
    again_zh = ",上一统计期亦如此" if is_lasting else ""
    again_en = ", as in the window before" if is_lasting else ""
    return Flag(
        subject_kind="officer",
        subject_id=str(officer_id),
        family=FAMILY,
        strength=strength,
        window_start_on=night.as_of - timedelta(days=policy.window_days - 1),
        window_end_on=night.as_of,
        statistic_name="position_effect",
        statistic=float(row["effect"]),
        observed=float(row["observed"]),
        expected=float(usual),
        interval_low=float(low),
        interval_high=float(high),
        exposure_count=count,
        exposure_unit="decision",
        peer_group=str(row["institution_id"]),
        peer_count=len(peers),
        peer_median=float(peers["effect"].median()) if len(peers) else None,
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        summary_zh=f"风险提示:近12个月主办{count}件决定,处罚位置平均{row['observed']:.2f},按案情与本机构惯例预期{usual:.2f},"
        f"本人偏低{-row['effect']:.2f}(95%区间{-high:.2f}至{-low:.2f}),本机构同行{len(peers)}人{again_zh}",
        summary_en=f"Risk hint: {count} decisions led in 12 months lie at {row['observed']:.2f} of the statutory range on "
        f"average, where their facts and the station's practice lead to expect {usual:.2f}; {-row['effect']:.2f} lower on "
        f"his own account (95 % interval {-high:.2f} to {-low:.2f}), {len(peers)} peers in the institution{again_en}",
        rule_trace=f"P(effect < -{policy.leniency_margin}) = {row['probability']:.4f} >= {policy.posterior_confidence}; "
        f"gap to the bureau {row['bureau_gap']:+.3f} <= -{policy.leniency_margin}; "
        f"q = {row['q_value']:.4f} <= {policy.false_discovery_rate}; decisions {count} >= {policy.min_decisions}; "
        f"previous window: {'crosses' if is_lasting else 'does not cross'}; "
        f"spread among handlers {np.sqrt(row['member_variance']):.3f}, among stations {np.sqrt(row['group_variance']):.3f}; "
        f"three merchants with the largest shortfall hold {concentration(own):.0%} of it",
        facts=("handler_beside_station",),
        evidence=lowest_decisions(own, policy.evidence_limit),
        counter_evidence=counter,
    )


def _not_computable_at_all(reason_zh: str, reason_en: str) -> Judgement:
    return Judgement(not_computable=(NotComputable("bureau", "all", FAMILY, reason_zh, reason_en),))


def _too_few(officer_id: str, count: int, night: Night) -> NotComputable:
    least = night.policy.flags.min_decisions
    return NotComputable(
        "officer",
        officer_id,
        FAMILY,
        f"近12个月有法定幅度的本人决定{count}件,至少需要{least}件",
        f"{count} decisions with a statutory range in 12 months; at least {least} are needed",
    )
