"""Leniency to a few, told of the handler: several of his merchants, or one again and again, are let off beside the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Flag, Night
from models.leniency_record import lowest_decisions
from models.permutation import said
from models.shrinkage import INTERVAL_DEVIATIONS, benjamini_hochberg
from models.strength import CLEAR_Q

FEWEST_MERCHANTS = 2
MANY_DECISIONS = 6
"""One merchant alone is a matter of the handler only from this many decisions on."""


def few_flags(
    night: Night,
    family: str,
    cases: pd.DataFrame,
    table: pd.DataFrame,
    pairs: Mapping[str, Flag],
    window_days: int,
    share: float,
) -> list[Flag]:
    """Hints about handlers, from the pairs that stand as hints themselves (`pair_flags`).

    cases, table : as `pair_table` gives them. A handler's p-value is Simes' over all his pairs that can be judged; q is
    Benjamini-Hochberg of p / share over handlers, share being what this may spend of the family's error rate. At least
    FEWEST_MERCHANTS merchants, or one with MANY_DECISIONS decisions.
    Source: Simes, "An improved Bonferroni procedure", Biometrika 73 (1986).
    """
    if table.empty:
        return []
    p_value = table.groupby("officer_id")["p_value"].apply(_simes)
    weighed = np.minimum(p_value.to_numpy() / share, 1.0)
    q_value = pd.Series(benjamini_hochberg(weighed), index=p_value.index)
    standing = table.loc[table.index.isin(list(pairs))]
    found = []
    for officer_id, own in standing.groupby("officer_id"):
        enough = len(own) >= FEWEST_MERCHANTS or own["decision_count"].max() >= MANY_DECISIONS
        if enough and q_value[officer_id] <= night.policy.flags.false_discovery_rate:
            found.append(
                _flag(
                    night, family, cases, table, own, float(p_value[officer_id]), float(q_value[officer_id]),
                    [pairs[name] for name in own.index], window_days,
                )
            )  # fmt: skip
    return found


def _simes(p_value: pd.Series) -> float:
    ordered = np.sort(p_value.to_numpy())
    return float(min(1.0, (ordered * len(ordered) / np.arange(1, len(ordered) + 1)).min()))


def _flag(
    night: Night,
    family: str,
    cases: pd.DataFrame,
    table: pd.DataFrame,
    own: pd.DataFrame,
    p_value: float,
    q_value: float,
    pairs: list[Flag],
    window_days: int,
) -> Flag:
    policy = night.policy.flags
    officer_id = str(own["officer_id"].iloc[0])
    weight = own["decision_count"] / own["decision_count"].sum()
    effect, gap, observed = (float((weight * own[name]).sum()) for name in ("effect", "gap", "observed"))
    deviation = float(np.sqrt((weight**2 * own["deviation"] ** 2).sum()))
    low, high = (effect + side * INTERVAL_DEVIATIONS * deviation for side in (-1, 1))
    clear = sum(pair.strength == "moderate" for pair in pairs)
    count, merchants = int(own["decision_count"].sum()), len(own)
    others = int((cases["lead_officer_id"] == officer_id).sum()) - count
    decided = cases[cases["pair"].isin(own.index)]
    expected = observed - gap
    peers = table[table["officer_id"] != officer_id].groupby("officer_id")["effect"].min()
    return Flag(
        subject_kind="officer",
        subject_id=officer_id,
        family=family,
        strength="moderate" if q_value <= CLEAR_Q or clear >= FEWEST_MERCHANTS else "weak",
        window_start_on=night.as_of - timedelta(days=window_days - 1),
        window_end_on=night.as_of,
        statistic_name="position_effect",
        statistic=effect,
        observed=observed,
        expected=expected,
        interval_low=low,
        interval_high=high,
        exposure_count=count,
        exposure_unit="decision",
        peer_group="handlers with merchants that they decided about repeatedly",
        peer_count=len(peers),
        peer_median=float(peers.median()) if len(peers) else None,
        p_value=p_value,
        q_value=q_value,
        summary_zh=f"风险提示:近24个月对{merchants}户主体的{count}件决定,处罚幅度(法定下限=0,上限=1)平均{observed:.2f},"
        f"按案情与其对其他主体{others}件的惯例预期{expected:.2f},相差{gap:+.2f};收缩估计{effect:+.2f}"
        f"(95%可信区间{low:+.2f}至{high:+.2f});从宽只见于个别主体",
        summary_en=f"Risk hint: {count} decisions about {merchants} merchants in 24 months lie at {observed:.2f} of the "
        f"statutory range (minimum 0, maximum 1) on average, where their facts and his practice in {others} other cases "
        f"lead to expect {expected:.2f}, a gap of {gap:+.2f}; shrunk {effect:+.2f} (95 % credible interval {low:+.2f} to "
        f"{high:+.2f}); the leniency is with a few merchants only",
        rule_trace=f"{merchants} merchants stand as hints of their own ({FEWEST_MERCHANTS} are needed, or one with "
        f"{MANY_DECISIONS} decisions); Simes over all his merchants with enough decisions: {said('p', p_value, p_value)}; "
        f"{said('q', q_value, p_value)}, at most {policy.false_discovery_rate} allowed; moderate from q <= {CLEAR_Q} on, "
        f"or where {FEWEST_MERCHANTS} of the merchants are moderate hints of their own ({clear} are)",
        facts=("few_merchants",),
        evidence=lowest_decisions(
            decided, expected - float(decided["expected_position"].mean()), policy.evidence_limit
        ),
        counter_evidence=_joined(pairs),
    )


def _joined(pairs: list[Flag]) -> tuple[CounterEvidence, ...]:
    """What was tested of each merchant, told once; a hint with a supported explanation is none of the pairs."""
    joined = []
    for item in pairs[0].counter_evidence:
        same = [other for pair in pairs for other in pair.counter_evidence if other.code == item.code]
        settled = [other for other in same if other.verdict == "not_supported"]
        verdict = "not_supported" if len(settled) == len(same) else "unknown"
        zh = "；".join(dict.fromkeys(other.detail_zh for other in same))
        en = "; ".join(dict.fromkeys(other.detail_en for other in same))
        joined.append(CounterEvidence(item.code, verdict, zh, en))
    return tuple(joined)
