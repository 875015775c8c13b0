"""Innocent explanations of many complaints, each tested by measuring the whole bureau anew without what it points at.

An explanation is *supported* where (a) its facts are there, and more of them than among the peers, and (b) without them
the rate no longer reaches its threshold and at least half of its excess is gone, which mere loss of records does not
do; *not supported* where the hint stands; *unknown* where the records do not say.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from models.complaint_cell import count_words, share_words
from models.complaint_grid import MORE_THAN_PEERS, at_level, hard_grid, same_grids
from models.complaint_setting import Setting, settled
from models.flags import CounterEvidence

COMPLAINT_RULE_CHANGED_ON = date(2026, 4, 15)
"""市场监督管理投诉举报处理办法 (总局令第121号) in force; counts before and after are not alike (DOMAIN.md 2.5)."""
MOST = 0.5
"""One person brings most complaints from this share on; fewer than this share of what others have upheld is rarely."""
FEWEST_JUDGED = 5
FEWEST_COLLEAGUES = 2
"""One colleague alone is no station."""
DESK_MULTIPLE = 3
DESK_LEAST = 20


def counter_evidence(setting: Setting, officer_id: str) -> tuple[CounterEvidence, ...]:
    """Every explanation of one officer's complaints, tested."""
    own = setting.complaints[setting.complaints["officer_id"] == officer_id]
    return (
        _one_complainant(setting, own, officer_id),
        hard_grid(setting, officer_id),
        same_grids(setting, officer_id),
        _pointed_at(
            setting,
            officer_id,
            "penalised_merchants",
            setting.complaints["was_penalised_before"],
            "被其处罚过的主体反映",
            "complaints of merchants whom he had penalised",
        ),
        _not_upheld(setting, own, officer_id),
        _complaint_desk(setting, officer_id),
        _station_wide(setting, officer_id),
        _rule_change(setting, officer_id),
        _pointed_at(
            setting,
            officer_id,
            "campaign",
            setting.complaints["follows_special_visit"],
            "专项检查后30日内的反映",
            "complaints within 30 days of a campaign visit",
        ),
        CounterEvidence(
            "new_channel_or_media_event",
            "unknown",
            "交付记录未载明新开渠道或媒体事件,请核对",
            "the records delivered do not hold new channels or media events; to be checked",
        ),
    )


def explained_away(counter: tuple[CounterEvidence, ...], threshold: float) -> str:
    """'wholly' where a supported explanation leaves no rate ratio above the threshold, else 'partly' or 'not'."""
    supported = [item for item in counter if item.verdict == "supported"]
    if any(item.score_without is not None and item.score_without <= threshold for item in supported):
        return "wholly"
    return "partly" if supported else "not"


def _one_complainant(setting: Setting, own: pd.DataFrame, officer_id: str) -> CounterEvidence:
    if not setting.complaints["has_complainant"].any():
        return CounterEvidence(
            "one_complainant",
            "unknown",
            "交付记录无投诉人摘要,按事件去重",
            "no digest of the complainant was delivered; distinct events are counted",
        )
    rows = own["complainant_key"].value_counts()
    top = sorted(rows[rows == rows.max()].index)[0]
    people_zh, people_en = count_words(len(rows))
    is_most = rows.max() >= MOST * len(own)
    share_zh, share_en = ("半数及以上", "half or more") if is_most else ("不到半数", "fewer than half")
    left_out = (setting.complaints["officer_id"] == officer_id) & (setting.complaints["complainant_key"] == top)
    return settled(
        setting,
        officer_id,
        "one_complainant",
        is_most,
        setting.without(left_out, officer_id),
        f"{len(own)}件来自{people_zh}人,一人最多占{share_zh}(每人只计一次)",
        f"{len(own)} complaints of {people_en} people, {share_en} of them of one (each person counts once)",
    )


def _pointed_at(setting: Setting, officer_id: str, code: str, pointed: pd.Series, zh: str, en: str) -> CounterEvidence:
    if pointed.isna().all():
        return CounterEvidence(
            code, "unknown", f"反映未载主体,无法判断是否{zh}", f"no merchant is named: cannot tell {en}"
        )
    pointed = pointed.fillna(False).astype(bool)
    own = setting.complaints["officer_id"] == officer_id
    mine = float(pointed[own].mean()) if own.any() else 0.0
    others = float(pointed[~own].mean()) if (~own).any() else 0.0
    mine_zh, mine_en = share_words(pointed[own].sum(), own.sum())
    others_zh, others_en = share_words(pointed[~own].sum(), (~own).sum())
    return settled(
        setting,
        officer_id,
        code,
        mine > 0 and mine >= MORE_THAN_PEERS * others,
        setting.without(pointed, officer_id),
        f"{zh}:本人{mine_zh},他人{others_zh}",
        f"{en}: {mine_en} of his, {others_en} of others'",
    )


def _not_upheld(setting: Setting, own: pd.DataFrame, officer_id: str) -> CounterEvidence:
    judged = setting.complaints[setting.complaints["outcome"].isin(["upheld", "partly_upheld", "not_upheld"])]
    is_upheld = judged["outcome"] != "not_upheld"
    mine = is_upheld[judged["officer_id"] == officer_id]
    others = is_upheld[judged["officer_id"] != officer_id]
    if len(mine) < FEWEST_JUDGED or len(others) < FEWEST_JUDGED:
        return CounterEvidence(
            "not_upheld_on_verification",
            "unknown",
            f"其{len(own)}件中已核实办结的不足{FEWEST_JUDGED}件,或他人的不足{FEWEST_JUDGED}件",
            f"fewer than {FEWEST_JUDGED} of his {len(own)} complaints, or of all others', have a known outcome",
        )
    mine_zh, mine_en = share_words(mine.sum(), len(mine))
    others_zh, others_en = share_words(others.sum(), len(others))
    not_upheld = (setting.complaints["outcome"] == "not_upheld").fillna(False)
    return settled(
        setting,
        officer_id,
        "not_upheld_on_verification",
        bool(mine.mean() < MOST * others.mean()),
        setting.without(not_upheld, officer_id),
        f"已核{len(mine)}件中属实{mine_zh},他人{others_zh}",
        f"{mine_en} of {len(mine)} judged complaints were upheld, {others_en} of others'",
    )


def _complaint_desk(setting: Setting, officer_id: str) -> CounterEvidence:
    handled = setting.rows["handled_complaint_count_12m"].astype("Float64")
    if handled.isna().all():
        return CounterEvidence(
            "complaint_desk", "unknown", "交付记录无承办人", "no handler of complaints was delivered"
        )
    mine, others = float(handled[officer_id]), float(handled.drop(officer_id).mean())
    return settled(
        setting,
        officer_id,
        "complaint_desk",
        mine >= DESK_LEAST and mine >= DESK_MULTIPLE * others,
        setting.without(setting.complaints["kind"] == "handling_complaint", officer_id),
        f"近12个月承办投诉{mine:.0f}件,他人平均{others:.1f}件;除去对办理的不满",
        f"he handled {mine:.0f} complaints in 12 months, others {others:.1f} on average; complaints about handling out",
    )


def _station_wide(setting: Setting, officer_id: str) -> CounterEvidence:
    unit = setting.rows["unit_id"].reindex(setting.measured.index)
    colleagues = setting.measured[(unit == setting.rows.loc[officer_id, "unit_id"]) & (unit.index != officer_id)]
    if len(colleagues) < FEWEST_COLLEAGUES:
        return CounterEvidence(
            "station_wide",
            "unknown",
            f"本机构可比同事{len(colleagues)}人,至少需要{FEWEST_COLLEAGUES}人",
            f"{len(colleagues)} colleagues in the institution can be compared; at least {FEWEST_COLLEAGUES} are needed",
        )
    # the lower median: one who stands out does not speak for the station, and a station at large does
    level = float(colleagues["ratio"].sort_values().iloc[(len(colleagues) - 1) // 2])
    return settled(
        setting,
        officer_id,
        "station_wide",
        level > setting.policy.complaint_rate_ratio,
        at_level(setting, officer_id, level),
        f"本机构其余{len(colleagues)}人收缩估计的中位为同类的{level:.1f}倍",
        f"the median of the other {len(colleagues)} officers of the institution is {level:.1f} times their peers (shrunk)",
    )


def _rule_change(setting: Setting, officer_id: str) -> CounterEvidence:
    if not setting.as_of - timedelta(days=setting.policy.window_days) < COMPLAINT_RULE_CHANGED_ON <= setting.as_of:
        return CounterEvidence(
            "rule_change",
            "not_supported",
            "统计期内投诉举报规则未变",
            "the rules on complaints did not change within the window",
        )
    after = setting.complaints["received_on"] >= pd.Timestamp(COMPLAINT_RULE_CHANGED_ON)
    own = setting.complaints["officer_id"] == officer_id
    mine, others = float(after[own].mean()), float(after[~own].mean()) if (~own).any() else 0.0
    mine_zh, mine_en = share_words(after[own].sum(), own.sum())
    others_zh, others_en = share_words(after[~own].sum(), (~own).sum())
    # it explains only what it did to everybody: others' complaints a day must have risen, too
    share_of_time = ((setting.as_of - COMPLAINT_RULE_CHANGED_ON).days + 1) / setting.policy.window_days
    return settled(
        setting,
        officer_id,
        "rule_change",
        others > MORE_THAN_PEERS * share_of_time and mine > MORE_THAN_PEERS * others,
        setting.without(after, officer_id),
        f"{COMPLAINT_RULE_CHANGED_ON}新规后的反映:本人{mine_zh},他人{others_zh}",
        f"received after the rule of {COMPLAINT_RULE_CHANGED_ON}: {mine_en} of his, {others_en} of others'",
    )
