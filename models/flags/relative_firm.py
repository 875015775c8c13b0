"""Relatives' firms (亲属主体未回避): an officer acted on a firm of a person he had declared himself, without recusal.

What. Visits and steps in cases (handling, review, approval) on a merchant behind which a person stood that day whom the
officer had declared by then. Where a recusal of his was approved by that day and he is on record as leading, reviewing or
approving all the same, the act counts, too, and is told as one in spite of the recusal.
Formula: observed = acts of 12 months that count (models/kin_contact.py); expected = 0, for the law wants none. No
statistic: the rule is read off the records. Beside it stand, as context only, what his visits there found and what like
visits of others lead to expect, and the same for cases that ended without a fine.

Example. 4 visits led at such a firm without recusal, one finding where like visits lead to expect 1.8; 3 are enough for
moderate: moderate. One visit: weak. One visit and a case that he decided: moderate.

Strength. weak for a single act; moderate from min_kin_acts acts on, or where one of them was a decision in a case. Weak
where his station has two officers: there was nobody to hand over to. Never strong by itself.

Why it matters. Whoever acts on his own family's firm cannot be seen to be impartial (公务员法 Art 76; DOMAIN.md 3.9).
Innocent explanations, each looked up: declared later than the act (the file did not know), a random
draw sent him, he only joined, the heads decided together, a station of two. Acts so explained do not count, and where
none is left no hint is raised. Not on file, so unknown: urgent matters, hand-over by word of mouth, and whether the
record names him though he had handed over; draws and collective decisions, too, where they were not delivered.

Unit: acts. Source: 公务员法 Art 76; 行政处罚法 Art 43; 公务员回避规定. Excluded: firms of persons whom nobody declared. No
text names the person, the kind of tie or any digest: they are 申报的关联 only.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from models.flags import CounterEvidence, Flag, Judgement, Night, NotComputable, indicator_frame
from models.hint.told import window_words
from models.hint.window import window_weights
from models.kin_contact import EXCUSES, kin_acts, kin_evidence, twin_cases, twin_visits, twin_words
from models.policy import FlagPolicy

FAMILY = "relative_firm"
RECORD_KIND = "relations"
NEEDS = {
    "core.delivery": (),
    "core.random_draw": ("merchant_id", "officer_id", "drawn_on", "is_substituted"),
    "feature.officer": ("officer_id", "as_of_on", "station_officer_count"),
    "feature.kin_contact": (
        "record_table", "record_id", "officer_id", "role", "merchant_id", "is_declared_later", "acted_on", "known_on",
        "was_recused", "recusal_approved_on",
    ),
    "feature.case_record": (
        "case_id", "lead_officer_id", "procedure", "violation_code", "collective_discussed_on", "outcome",
        "outcome_known_on",
    ),
    "feature.visit_record": (
        "patrol_id", "lead_officer_id", "visit_kind", "visited_on", "was_inspected", "finding_count",
        "industry_division", "prior_visit_count", "prior_finding_count",
    ),
}  # fmt: skip

SMALL_STATION = 2
EXPLAINED = {
    "is_declared_later": ("declared_later", "申报晚于行为,当时档案不知", "declared later than the act"),
    "is_drawn": ("random_draw", "随机抽取指派", "a random draw sent him"),
    "is_joined": ("joined_only", "仅为协办或协检", "he only joined"),
    "is_collective": ("collective_decision", "集体讨论决定", "the heads decided together"),
}
SOURCES = {"is_drawn": "has_random_draw", "is_collective": "has_collective"}
"""What core.delivery must hold for an explanation to be looked up at all."""


def judge(night: Night) -> Judgement:
    """Hints about officers who acted on firms of persons they declared, and the count of every officer-night."""
    delivery = night.frames["core.delivery"].iloc[0]
    for column, zh, en in (
        (
            "has_relation",
            "未交付亲属申报或主体关联人",
            "declared relatives or persons behind merchants were not delivered",
        ),
        ("has_recusal_record", "未交付回避审批,无从得知是否回避", "recusals were not delivered, so none can be missed"),
    ):
        if not delivery[column]:
            return Judgement(not_computable=(NotComputable("bureau", "all", FAMILY, zh, en),))
    policy = night.policy.flags
    cases = night.frames["feature.case_record"]
    acts = kin_acts(
        night.frames["feature.kin_contact"], cases, night.frames["core.random_draw"], policy.draw_visit_days
    )
    spine = night.frames["feature.officer"]
    tonight = spine[pd.to_datetime(spine["as_of_on"]) == pd.Timestamp(night.as_of)]
    small = set(tonight.loc[tonight["station_officer_count"] <= SMALL_STATION, "officer_id"])
    recent = _known(acts, night.as_of, policy.window_days)
    counted = recent[recent["is_counted"]]
    visits = twin_visits(night.frames["feature.visit_record"], counted) if len(counted) else pd.DataFrame()
    ended = twin_cases(cases, counted) if len(counted) else pd.DataFrame()
    counts = counted.groupby("officer_id").size()
    flags = tuple(
        _flag(night, str(officer), acts, recent, counts, small, (visits, ended)) for officer in sorted(counts.index)
    )
    return Judgement(flags, (), _indicator(acts, spine, policy))


def _known(acts: pd.DataFrame, as_of: date, days: int) -> pd.DataFrame:
    known = pd.to_datetime(acts["known_on"])
    return acts[(known <= pd.Timestamp(as_of)) & (known > pd.Timestamp(as_of - timedelta(days=days)))]


def _strength(counted: pd.DataFrame, as_of: date, policy: FlagPolicy, is_small: bool) -> str:
    """'' where nothing counts, else weak or moderate."""
    if counted.empty:
        return ""
    has_decision = bool((counted["decided_on"] <= pd.Timestamp(as_of)).any())
    is_clear = has_decision or len(counted) >= policy.min_kin_acts
    return "moderate" if is_clear and not is_small else "weak"


def _indicator(acts: pd.DataFrame, spine: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """Acts that count in the window of each officer-night; empty where all of them are explained."""
    parts = []
    for moment, serving in spine.groupby("as_of_on"):
        night = pd.Timestamp(moment).date()
        window = _known(acts, night, policy.window_days)
        counted = window[window["is_counted"]]
        count = counted.groupby("officer_id").size()
        small = set(serving.loc[serving["station_officer_count"] <= SMALL_STATION, "officer_id"])
        crossing = {
            officer
            for officer, own in counted.groupby("officer_id")
            if _strength(own, night, policy, officer in small) == "moderate"
        }
        explained = set(window["officer_id"]) - set(count.index)
        part = serving[["officer_id", "as_of_on"]].drop_duplicates()
        is_explained = part["officer_id"].isin(explained)
        part = part.assign(
            index=part["officer_id"].map(count).fillna(0.0).astype(float).mask(is_explained),
            crosses=part["officer_id"].isin(crossing).astype("boolean").mask(is_explained),
        )
        parts.append(part)
    return indicator_frame(pd.concat(parts)) if parts else indicator_frame()


def _flag(
    night: Night,
    officer: str,
    acts: pd.DataFrame,
    recent: pd.DataFrame,
    counts: pd.Series,
    small: set[str],
    twins: tuple,
) -> Flag:
    policy = night.policy.flags
    contacts = recent[recent["officer_id"] == officer]
    counted = contacts[contacts["is_counted"]]
    strength = _strength(counted, night.as_of, policy, officer in small)
    decisions = int((counted["decided_on"] <= pd.Timestamp(night.as_of)).sum())
    others = counts.drop(index=officer)
    visit_count = int((counted["record_table"] == "patrol").sum())
    case_count = len(counted) - visit_count
    despite = int(counted["acted_despite_recusal"].sum())
    said_zh, said_en = twin_words(officer, *twins)
    span_zh, span_en = window_words(policy.window_days)
    own, spans = acts[acts["officer_id"] == officer], tuple(window_weights(policy))
    return Flag(
        subject_kind="officer",
        subject_id=officer,
        family=FAMILY,
        strength=strength,
        window_start_on=night.as_of - timedelta(days=policy.window_days - 1),
        window_end_on=night.as_of,
        statistic_name="act_count",
        statistic=float(len(counted)),
        observed=float(len(counted)),
        expected=0.0,
        interval_low=None,
        interval_high=None,
        exposure_count=len(contacts),
        exposure_unit="kin_contact",
        peer_group="officers with such acts",
        peer_count=len(others),
        peer_median=float(others.median()) if len(others) else None,
        p_value=None,
        q_value=None,
        summary_zh=f"风险提示:近{span_zh}对存在申报的关联的主体履职{len(counted)}次(检查{visit_count}次,案件环节{case_count}次,"
        f"其中已作决定{decisions}次),其中无此前批准的回避{len(counted) - despite}次,已批准其回避而记录仍列其名{despite}次{said_zh}",
        summary_en=f"Risk hint: {len(counted)} acts in {span_en} on firms of declared persons ({visit_count} visits, "
        f"{case_count} steps in cases, {decisions} of them decided): {len(counted) - despite} with no recusal approved before, "
        f"{despite} on record as his though his recusal had been approved{said_en}",
        rule_trace=f"acts that count {len(counted)}, moderate from {policy.min_kin_acts} or one decision on; decisions "
        f"{decisions}; acts that count in {' / '.join(map(str, spans))} days "
        + " / ".join(str(int(_known(own, night.as_of, days)["is_counted"].sum())) for days in spans)
        + f"; contacts in the window {len(contacts)}; "
        + "; ".join(f"{EXPLAINED[name][0]} {int(contacts[name].sum())}" for name in EXCUSES),
        facts=("acted_without_recusal",) if despite < len(counted) else ("acted_despite_recusal",),
        evidence=kin_evidence(counted, policy.evidence_limit),
        counter_evidence=_counter(contacts, strength, night, officer in small),
    )


def _counter(contacts: pd.DataFrame, strength: str, night: Night, is_small: bool) -> tuple[CounterEvidence, ...]:
    """Each explanation: supported where the hint would be stronger if the acts it points at had counted; unknown where
    what it is looked up in was not delivered."""
    as_of, policy, delivery, found = night.as_of, night.policy.flags, night.frames["core.delivery"].iloc[0], []
    counted = contacts["is_counted"]
    for name in EXCUSES:
        code, zh, en = EXPLAINED[name]
        if name in SOURCES and not delivery[SOURCES[name]]:
            found.append(
                CounterEvidence(code, "unknown", f"{zh}:未交付相应记录,无从核对", f"{en}: not delivered, to be checked")
            )
            continue
        pointed = contacts[name]
        is_lowered = strength == "weak" and (
            _strength(contacts[counted | pointed], as_of, policy, is_small) == "moderate"
        )
        found.append(
            CounterEvidence(
                code,
                "supported" if is_lowered else "not_supported",
                f"{zh}:{int(pointed.sum())}次,未计入;其余{int(counted.sum())}次不在此列",
                f"{en}: {int(pointed.sum())} acts, not counted; the other {int(counted.sum())} are none of these",
                float(counted.sum()),
            )
        )
    despite = counted & contacts["acted_despite_recusal"]
    late = int((counted & ~despite & contacts["recusal_approved_on"].notna()).sum())
    small = CounterEvidence(
        "two_person_station",
        "supported" if is_small else "not_supported",
        "本机构仅两人,本所内无人可接替" if is_small else "本机构不止两人,可由他人接替",
        "a station of two, where nobody could take over" if is_small else "more than two officers serve at the station",
    )
    urgent = CounterEvidence(
        "urgent_or_handed_over",
        "unknown",
        f"紧急处置或口头移交未必留有记录,请核对;事后才批准回避的{late}次",
        f"urgent matters and hand-overs by word of mouth are not on file; a recusal was approved afterwards for {late}",
    )
    if not despite.any():
        return (*found, small, urgent)
    named = CounterEvidence(
        "named_though_handed_over",
        "unknown",
        f"回避批准后记录仍列其名{int(despite.sum())}次,可能已实际移交而记录未改,请核对",
        f"{int(despite.sum())} records name him after his recusal was approved; he may have handed over all the same",
    )
    return (*found, small, urgent, named)
