"""Handlers whose decisions lie low: whom the threshold, the permutation and the explanations leave as a hint."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Flag, Night
from models.hint.told import window_words
from models.leniency import crosses
from models.leniency_counter import counter_evidence, explained_away
from models.leniency_record import concentration, lowest_decisions
from models.leniency_station import speaking_handlers
from models.peer import effects_of_peers, told_peers
from models.permutation import low_tail, said
from models.policy import FlagPolicy
from models.shrinkage import INTERVAL_DEVIATIONS, benjamini_hochberg
from models.strength import single_strength

FEWEST_OTHERS = 2
"""A station's cases are dealt out anew among the handler and at least this many others with enough cases."""


def with_tail(counted: pd.DataFrame, measured: pd.DataFrame, policy: FlagPolicy, share: float) -> pd.DataFrame:
    """The handlers of `lenient_effects` with at least min_decisions decisions, with the chance of a sum as low.

    share : of the family's error rate that this window may spend; q_value is Benjamini-Hochberg of p_value / share over
    them all. Other columns added: p_value (1 for who does not cross); other_count, the other handlers of his station who have enough cases;
    is_bureau_wide, where those are fewer than FEWEST_OTHERS and the cases of the whole bureau are dealt out instead of
    his station's, for a station of one or two cannot tell chance from habit.
    """
    enough = measured[measured["decision_count"] >= policy.min_decisions]
    speaking = speaking_handlers(measured, policy)
    # of nobody, the map of text is text
    others = enough["institution_id"].map(speaking.groupby("institution_id").size()).astype(float) - 1
    enough = enough.assign(other_count=others.astype(int), is_bureau_wide=others < FEWEST_OTHERS)
    # who does not lie beyond the margin is no hint whatever chance says: for him, 1 is said without dealing
    beyond = enough[crosses(enough, policy)]

    def tail(officers: pd.Index, stratum: pd.Series) -> dict[str, float]:
        asked = stratum.isin(stratum[counted["lead_officer_id"].isin(officers)])
        residual = (counted["position"] - counted["expected_position"])[asked]
        member, order = (counted.loc[asked, name].to_numpy(dtype=str) for name in ("lead_officer_id", "case_id"))
        return low_tail((residual - residual.mean()).to_numpy(), member, stratum[asked].to_numpy(dtype=str), order)

    chance = pd.Series(1.0, enough.index)
    for is_wide, stratum in ((False, counted["unit_id"]), (True, pd.Series("bureau", counted.index))):
        officers = beyond.index[beyond["is_bureau_wide"] == is_wide]
        if len(officers):
            dealt = tail(officers, stratum)
            chance[officers] = [dealt[officer] for officer in officers]
    weighed = np.minimum(chance.to_numpy() / share, 1.0)
    return enough.assign(p_value=chance, q_value=benjamini_hochberg(weighed))


def officer_flags(
    night: Night,
    family: str,
    counted: pd.DataFrame,
    collective: pd.DataFrame,
    measured: pd.DataFrame,
    enough: pd.DataFrame,
    lasting: set[str],
    days: int,
    stations: set[str],
    clear_probability: float = 0.0,
) -> tuple[list[Flag], set[str]]:
    """Hints about handlers, and the handlers who reach the threshold but whose hint an explanation takes away wholly.

    counted, collective : the cases of the window that count, and those that the heads decided. measured :
    `lenient_effects(counted)`; enough : `with_tail` of it. lasting : officers who crossed in a window that shares no case
    with this one, of `days` days. stations : institutions whose own habit is told. clear_probability : what the
    probability must reach at least for more than a weak hint.
    """
    policy = night.policy.flags
    fired = enough[crosses(enough, policy) & (enough["q_value"] <= policy.false_discovery_rate)]
    flags, explained = [], set()
    for officer_id, row in fired.iterrows():
        counter = counter_evidence(counted, collective, measured, officer_id, night.as_of, night.policy)
        how_far = explained_away(counter, -policy.leniency_margin)
        if how_far == "wholly":
            explained.add(officer_id)
            continue
        is_shared = row["institution_id"] in stations
        strength = single_strength(row["q_value"], officer_id in lasting, how_far, is_shared=is_shared)
        if row["probability"] < clear_probability:
            strength = "weak"
        flags.append(
            _flag(night, family, counted, measured, officer_id, row, counter, strength, officer_id in lasting, days)
        )
    return flags, explained


def _flag(
    night: Night,
    family: str,
    counted: pd.DataFrame,
    measured: pd.DataFrame,
    officer_id: str,
    row: pd.Series,
    counter: tuple[CounterEvidence, ...],
    strength: str,
    is_lasting: bool,
    days: int,
) -> Flag:
    policy = night.policy.flags
    own = counted[counted["lead_officer_id"] == officer_id]
    peers = measured[(measured["institution_id"] == row["institution_id"]) & (measured.index != officer_id)]
    observed, gap, effect = float(row["observed"]), float(row["gap"]), float(row["effect"])
    usual = observed - gap
    low = effect - INTERVAL_DEVIATIONS * row["effect_deviation"]
    high = effect + INTERVAL_DEVIATIONS * row["effect_deviation"]
    count = int(row["decision_count"])
    again_zh = ",前一统计期(不重叠)亦如此" if is_lasting else ""
    again_en = ", as in an earlier window that shares no case with this one" if is_lasting else ""
    span_zh, span_en = window_words(days)
    practice_zh = "全局" if row["is_bureau_nearer"] else "本机构"
    practice_en = "bureau" if row["is_bureau_nearer"] else "station"
    dealt = "bureau" if row["is_bureau_wide"] else "station"
    beside = measured.loc[[officer_id, *peers.index]]
    return Flag(
        subject_kind="officer",
        subject_id=str(officer_id),
        family=family,
        strength=strength,
        window_start_on=night.as_of - timedelta(days=days - 1),
        window_end_on=night.as_of,
        statistic_name="position_effect",
        statistic=effect,
        observed=observed,
        expected=usual,
        interval_low=float(low),
        interval_high=float(high),
        exposure_count=count,
        exposure_unit="decision",
        peer_group=str(row["institution_id"]),
        peer_count=len(peers),
        peer_median=float(peers["effect"].median()) if len(peers) else None,
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        summary_zh=f"风险提示:近{span_zh}主办{count}件决定,处罚幅度(法定下限=0,上限=1)平均{observed:.2f},"
        f"按案情与{practice_zh}惯例预期{usual:.2f},相差{gap:+.2f};收缩估计{effect:+.2f}"
        f"(95%可信区间{low:+.2f}至{high:+.2f}),本机构同行{len(peers)}人{again_zh}",
        summary_en=f"Risk hint: {count} decisions led in {span_en} lie at {observed:.2f} of the statutory range (minimum "
        f"0, maximum 1) on average, where their facts and the {practice_en}'s practice lead to expect {usual:.2f}, a gap "
        f"of {gap:+.2f}; shrunk {effect:+.2f} (95 % credible interval {low:+.2f} to {high:+.2f}), {len(peers)} peers in "
        f"the institution{again_en}",
        rule_trace=f"P(effect < -{policy.leniency_margin}) = {row['probability']:.4f} >= {policy.posterior_confidence}; "
        f"gap beside colleagues {row['colleague_gap']:+.3f}, against the bureau {row['bureau_gap']:+.3f}, the smaller "
        f"counts; {said('p', row['p_value'], row['p_value'])}, cases dealt out within the {dealt} "
        f"({row['other_count']} other handlers with enough cases at the station, {FEWEST_OTHERS} needed to deal there); "
        f"{said('q', row['q_value'], row['p_value'])}, at most {policy.false_discovery_rate} allowed; "
        f"decisions {count} >= {policy.min_decisions}; "
        f"window before: {'crosses' if is_lasting else 'does not cross'}; "
        f"spread among handlers {np.sqrt(row['member_variance']):.3f}, among stations {np.sqrt(row['group_variance']):.3f}; "
        f"three merchants with the largest shortfall hold {concentration(own, float(row['level'])):.0%} of it",
        facts=("handler_beside_station",),
        evidence=lowest_decisions(own, float(row["level"]), policy.evidence_limit),
        counter_evidence=counter,
        is_lasting=is_lasting,
        peers=told_peers(effects_of_peers(beside, beside["effect_deviation"]), officer_id),
    )
