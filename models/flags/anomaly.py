"""Unlike all peers (与同类整体偏离): an officer's measures together lie apart from his peers', in no pattern with a name.

What. Measures of visits, complaints and cases of 12 months (models/peer_measure.py), as robust deviations from the median
of the same post and kind of station (of the post alone where those are too few), all at once in an isolation forest.
What is better than usual counts as usual.
Formula: score = isolation score; chance = share of rows made by shuffling every measure among the peers that reach it.
Raised at a chance of anomaly_tail or less, for anomaly_share of the officers who can be measured at most.

Example. A case handler of a synthetic bureau sets 0.31 of his fines below the minimum where the median of 42 peers is 0.01,
0.30 of his decisions no fine where it is 0.14, and has 3.2 deviations more complainants: score 0.65 where the median is
0.44, chance 0.0013.

Strength. weak, always: it says that somebody should look, and not at what. It crosses like others and agrees with none.

Why it matters. Patterns that nobody has named yet (DOMAIN.md 3.0). Innocent explanations, each tested: new on the post,
where he is sent (without the measures of exposure), what his station shares, few peers of the same kind of station. Not on
file, so unknown: special tasks; another hint that tells the same.

Unit: isolation score, 0 to 1, higher lies further apart. Source: Liu, Ting and Zhou 2008. Excluded: officers with fewer
than min_anomaly_peers peers. A gap takes the peers' middle and adds nothing.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Evidence, Flag, Judgement, Night, NotComputable, indicator_frame
from models.hint.window import years
from models.peer_forest import SHUFFLES, PeerForest
from models.peer_measure import CONFIDENTIAL, IS_EXPOSURE, MEASURES, Peers, peers_of
from models.shrinkage import benjamini_hochberg, probability_words

FAMILY = "anomaly"
RECORD_KIND = None
NEEDS = {
    "feature.officer": (
        "officer_id", "as_of_on", "post", "unit_id", "station_kind", "post_tenure_years",
        "visits_per_service_day_12m", "market_visit_share_12m", "special_visit_share_12m",
        "key_industry_visit_share_12m", "finding_ratio_12m", "severe_ratio_12m", "complainant_count_12m",
        "expected_complainant_count_12m", "no_penalty_share_12m", "below_minimum_share_12m", "led_case_count_12m",
        "dropped_case_count_12m", "open_case_count", "old_open_case_count",
    ),
}  # fmt: skip

NEW_YEARS = 1.0
"""Who has held a post for less than this is still learning it."""
TOP_MEASURES = 4


HALF = 0.5


def judge(night: Night) -> Judgement:
    """Weak hints about the few who lie furthest apart, who has too few peers, and the score of every officer-night."""
    officers = night.frames["feature.officer"]
    policy = night.policy.flags
    peers = {
        moment: found
        for moment, serving in officers.groupby("as_of_on")
        for found in [peers_of(serving, policy.min_anomaly_peers)]
        if len(found.officers)
    }
    tonight = PeerForest.of(peers[pd.Timestamp(night.as_of)]) if pd.Timestamp(night.as_of) in peers else None
    parts = [
        pd.DataFrame(
            {"officer_id": found.officers, "as_of_on": moment, "index": score, "crosses": chance <= policy.anomaly_tail}
        )
        for moment, (found, score, chance) in _scored(peers, tonight).items()
    ]
    serving = officers[pd.to_datetime(officers["as_of_on"]) == pd.Timestamp(night.as_of)].set_index("officer_id")
    flags, cleared = _hints(night, tonight, serving) if tonight else ([], set())
    measured = set(tonight.peers.officers) if tonight else set()
    missing = [_too_few(str(officer), serving, night) for officer in sorted(set(serving.index) - measured)]
    table = pd.concat(parts, ignore_index=True) if parts else indicator_frame()
    is_cleared = table["officer_id"].isin(cleared)
    crosses = table["crosses"].astype("boolean").mask(is_cleared)
    table = indicator_frame(table.assign(index=table["index"].mask(is_cleared), crosses=crosses))
    return Judgement(tuple(flags), tuple(missing), table)


def _scored(peers: dict[pd.Timestamp, Peers], tonight: PeerForest | None) -> dict[pd.Timestamp, tuple]:
    """Peers, scores and chances of every night: tonight by its own forest, the past by one forest a year.

    The oldest night of a year is what all nights of that year may know.
    """
    scored = {}
    past = sorted(peers, reverse=True)
    if tonight is not None:
        scored[past[0]] = (tonight.peers, tonight.score, tonight.chance)
        past = past[1:]
    for year in years(past):
        forest = PeerForest.of(peers[year[-1]])
        scored |= {moment: (peers[moment], *forest.rescored(peers[moment].deviation)) for moment in year}
    return scored


def _hints(night: Night, forest: PeerForest, serving: pd.DataFrame) -> tuple[list[Flag], set[str]]:
    """The hints, and whom an explanation clears."""
    policy, officers = night.policy.flags, forest.peers.officers
    q_value = benjamini_hochberg(forest.chance)
    order = np.lexsort((officers.astype(str), -forest.score, forest.chance))
    most = int(policy.anomaly_share * len(officers))
    flags, cleared = [], set()
    for place in order[forest.chance[order] <= policy.anomaly_tail]:
        officer = str(officers[place])
        counter = _counter(forest, place, serving.loc[officer], policy.anomaly_tail)
        if any(item.verdict == "supported" and item.code != "few_peers" for item in counter):
            cleared.add(officer)
        elif len(flags) < most:
            flags.append(_flag(night, forest, place, float(q_value[place]), counter))
    return flags, cleared


def _counter(forest: PeerForest, place: int, row: pd.Series, tail: float) -> tuple[CounterEvidence, ...]:
    """Each explanation: supported where without it the score is no longer rare and at least half of its excess is gone."""
    peers = forest.peers
    own = peers.deviation[place]
    beside = (peers.units == peers.units[place]) & (peers.group == peers.group[place])
    beside[place] = False
    shared = np.median(peers.deviation[beside], axis=0) if beside.any() else np.zeros(len(own))
    left = np.where(np.sign(own) == np.sign(own - shared), own - shared, 0.0)
    score, chance = forest.rescored(np.vstack([np.where(IS_EXPOSURE, 0.0, own), left]))
    middle = np.median(forest.score)
    explains = (chance > tail) & (score - middle <= HALF * (forest.score[place] - middle))
    years, count = float(row["post_tenure_years"]), int(peers.peer_count[place])
    is_of_kind = bool(peers.is_of_kind[place])
    station = "unknown" if not beside.any() else "supported" if explains[1] else "not_supported"
    return (
        CounterEvidence(
            "new_on_post",
            "supported" if years < NEW_YEARS else "not_supported",
            f"任本岗位{years:.1f}年",
            f"{years:.1f} years on the post",
        ),
        CounterEvidence(
            "role_exposure",
            "supported" if explains[0] else "not_supported",
            f"不计巡查次数与去向:偏离分{score[0]:.2f}",
            f"without how often and where he is sent: score {score[0]:.2f}",
            float(score[0]),
        ),
        CounterEvidence(
            "station_practice",
            station,
            f"扣除本机构{int(beside.sum())}名同岗同事共有的偏离:偏离分{score[1]:.2f}",
            f"without what {int(beside.sum())} colleagues on the post share: score {score[1]:.2f}",
            float(score[1]) if beside.any() else None,
        ),
        CounterEvidence(
            "few_peers",
            "not_supported" if is_of_kind else "supported",
            f"同类{count}人" + ("" if is_of_kind else ",同类机构人数不足,与同岗位全体比较"),
            f"{count} peers" + ("" if is_of_kind else ", of all kinds of station, for those of his own are too few"),
        ),
        CounterEvidence(
            "special_task",
            "unknown",
            "专班、借调等特殊任务未载入记录;若另有疑点已述同一事项,以其为准",
            "special tasks are not on file; where another hint tells the same, that one counts",
        ),
    )


def _flag(night: Night, forest: PeerForest, place: int, q_value: float, counter: tuple[CounterEvidence, ...]) -> Flag:
    peers, policy, names = forest.peers, night.policy.flags, list(MEASURES)
    added = forest.contributions(place)
    order = np.argsort(-added, kind="stable")
    top = [number for number in order[:TOP_MEASURES] if added[number] > 0]
    inside = peers.group == peers.group[place]
    inside[place] = False
    middle, count = float(np.median(forest.score[inside])), int(peers.peer_count[place])
    score, chance = float(forest.score[place]), float(forest.chance[place])
    signs = [f"{peers.deviation[place, number]:+.1f}" for number in top]
    told_zh = "、".join(f"{MEASURES[names[number]][0]}({sign})" for number, sign in zip(top, signs, strict=True))
    told_en = ", ".join(f"{MEASURES[names[number]][1]} ({sign})" for number, sign in zip(top, signs, strict=True))
    known = int((~np.isnan(peers.value[place]) & ~np.isnan(peers.middle[place])).sum())
    return Flag(
        subject_kind="officer",
        subject_id=str(peers.officers[place]),
        family=FAMILY,
        strength="weak",
        window_start_on=night.as_of - timedelta(days=policy.window_days - 1),
        window_end_on=night.as_of,
        statistic_name="isolation_score",
        statistic=score,
        observed=score,
        expected=middle,
        interval_low=None,
        interval_high=None,
        exposure_count=known,
        exposure_unit="measure",
        peer_group=str(peers.group[place]),
        peer_count=count,
        peer_median=middle,
        p_value=chance,
        q_value=q_value,
        summary_zh=f"风险提示:近12个月{known}项指标整体与{count}名同类不同,偏离分{score:.2f}(同类中位{middle:.2f}),"
        f"主要在{told_zh};未见具名疑点模式,仅提示查看",
        summary_en=f"Risk hint: {known} measures of 12 months together are unlike those of {count} peers, score {score:.2f} "
        f"(peers' median {middle:.2f}), mostly {told_en}, in robust deviations; no pattern with a name, only a reason to look",
        rule_trace=f"isolation forest, group {peers.group[place]}; {probability_words('chance', chance)} by "
        f"{SHUFFLES} shuffled rows an officer, at most {policy.anomaly_tail} allowed, for {policy.anomaly_share:.0%} of the "
        "officers at most; added to the score: "
        + ", ".join(f"{names[number]} {added[number]:+.3f}" for number in order if added[number] != 0),
        facts=("unlike_peers",),
        evidence=_evidence(forest, place, top, added),
        counter_evidence=counter,
    )


def _evidence(forest: PeerForest, place: int, top: list[int], added: np.ndarray) -> tuple[Evidence, ...]:
    """The measures that speak loudest, with the officer's own figure beside the peers' middle."""
    peers = forest.peers
    rows = []
    for number in top:
        name = list(MEASURES)[number]
        zh, en, _ = MEASURES[name]
        away = peers.deviation[place, number]
        value, middle = peers.value[place, number], peers.middle[place, number]
        is_told = name not in CONFIDENTIAL
        said_zh = f"{zh}:{value:.2f},同类中位{middle:.2f},偏离{away:+.1f}" if is_told else f"{zh}:偏离{away:+.1f}"
        said_en = f"{en}: {value:.2f}, the peers' median {middle:.2f}, " if is_told else f"{en}: "
        weight = float(added[number] / added[top].sum())
        rows.append(
            Evidence("officer", str(peers.officers[place]), weight, said_zh, f"{said_en}{away:+.1f} deviations")
        )
    return tuple(rows)


def _too_few(officer: str, serving: pd.DataFrame, night: Night) -> NotComputable:
    post = serving.loc[officer, "post"]
    count = int((serving["post"] == post).sum()) - 1
    least = night.policy.flags.min_anomaly_peers
    return NotComputable(
        "officer",
        officer,
        FAMILY,
        f"同岗位可比{count}人,至少需要{least}人",
        f"{count} peers on the post; {least} are needed",
    )
