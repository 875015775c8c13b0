"""Fine-driven enforcement (趋利性执法): a station's fines gather at the month's end, lie above like ones, or are many and petty.

What. Three patterns, the station first. month_end: fined cases decided in the last five days of a month (a quarter's last
month among them). high_fine: fined cases whose fine exceeds four in five like cases of other stations in the year before.
petty_fine: decisions on individual traders in petty matters (statutory maximum up to the petty amount) that are a fine,
where others warn or leave it at that.
Officers are told only of month_end, and only beyond what their own station does.
Formula: expected = sum of the shares that trees expect of like records; the odds that all officers of a station share
against those, shrunk; for an officer, his own odds beyond his colleagues' (models/hint/rate.py).

Example. A station decides 186 of 283 fines in 12 months in the last five days of a month, where like ones lead to expect
56.6: its shared odds are 12.8 times the bureau's (95 % credible interval 9.6 to 16.9).

Strength. month_end: weak; moderate where q <= 0.01, or for an officer the year before crosses as well, and no tested
explanation takes from it. The other two: weak; moderate as well only beside a hint of month_end, for a station may be
strict without any quota.

Why it matters. Fines must not be tied to appraisal (行政处罚法 Art 74); quotas show at the month's end (DOMAIN.md 1.5, 3.15).
No amount here is ever to anybody's credit. Innocent explanations, each tested: one officer alone makes the station's
figure, cases of a campaign that was ordered, and for an officer few records, the same month elsewhere, station practice.
Not on file, so unknown: orders from above, seasonal goods, arrears paid, days on which the heads meet.

Unit: ratio of shares, 1 = as expected, higher is worse. Source: 行政处罚法 Art 74; 行政执法监督条例; DOMAIN.md 3.15. Excluded: cases
without a fine (but for petty_fine), for high_fine the first year on record.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from models.case_record import CASE_COLUMNS, CASE_FACTS, DECIDED, NO_DECIDED_ON, case_note, led_cases, party_amount
from models.flags import Flag, Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown, Words
from models.rank_among_others import share_below

FAMILY = "fine_driven"
RECORD_KIND = "cases"
NEEDS = {
    "core.delivery": (),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.case_record": (*CASE_COLUMNS, "patrol_id", "fine_yuan", "statutory_max_yuan", "is_individual_merchant"),
    "feature.visit_record": ("patrol_id", "visit_kind"),
}

LAST_DAYS = 5
"""Days at the end of a month: one working week, whatever the weekday it ends on."""
HIGH_SHARE = 0.8
FINE_FACTS = ("violation_number", "is_natural_person", "amount_level", "prior_level", "is_first_offence")

CAMPAIGN = Explanation(
    "campaign_ordered",
    "专项检查发现的案件",
    "cases found in an ordered campaign",
    lambda cases: cases["is_campaign"],
)
UNKNOWNS = (
    Unknown(
        "ordered_or_seasonal",
        "上级部署、季节性商品、新职能或补缴罚款未交付,请核对",
        "orders from above, seasonal goods, new duties or arrears paid were not delivered; to be checked",
    ),
    Unknown(
        "meeting_days",
        "集体讨论或签批固定在月末进行的,请核对",
        "the heads may meet or sign at the month's end by rule; to be checked",
    ),
)


def judge(night: Night) -> Judgement:
    """Hints about stations, and officers within them, whose fines look driven; who cannot be measured; the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not (delivery["has_penalty"] and delivery["has_fine"]):
        why = NotComputable("bureau", "all", FAMILY, "未交付罚款金额", "no fines were delivered")
        return Judgement(not_computable=(why,))
    if not delivery["has_decided_on"]:
        return Judgement(not_computable=(NotComputable("bureau", "all", FAMILY, *NO_DECIDED_ON),))
    cases = _decided(night)
    fined = cases[cases["outcome"] == "fined"]
    question = _question(night, "month_end", ("件罚款案件", "fined cases"),
                         ("在当月最后五天决定", "were decided in the last five days of a month"), CASE_FACTS)  # fmt: skip
    day = fined["decided_on"].dt
    is_last = day.day > day.days_in_month - LAST_DAYS
    month_end = Asked(question, fined.assign(is_hit=is_last))
    # a strict officer is no quota, so nobody is told of his fines
    of_stations, gaps = [_high(night, fined)], ()
    if delivery["has_statutory_maximum"]:
        of_stations.append(_petty(night, cases))
    else:
        gaps = (
            NotComputable(
                "bureau", "all", FAMILY, "未交付法定上限,无法判断轻微违法是否一律罚款",
                "no statutory maximum was delivered: whether petty matters are fined cannot be told",
            ),
        )  # fmt: skip
    found = answer(night, FAMILY, [month_end], station_only=of_stations)
    return replace(found, flags=_strict_alone_is_weak(found.flags), not_computable=(*gaps, *found.not_computable))


def _strict_alone_is_weak(flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    """High or petty fines of a station stay weak where it does not decide at the month's end as well: that is no quota."""
    at_month_end = {
        flag.subject_id for flag in flags if flag.subject_kind == "institution" and "month_end" in flag.facts
    }
    return tuple(
        flag if "month_end" in flag.facts or flag.subject_id in at_month_end else replace(flag, strength="weak")
        for flag in flags
    )


def _question(night: Night, pattern: str, record: Words, hit: Words, facts: tuple[str, ...]) -> Question:
    return Question(
        FAMILY,
        pattern,
        "penalty",
        record,
        hit,
        facts,
        night.policy.flags.min_decisions,
        case_note,
        explanations=(CAMPAIGN,),
        unknowns=UNKNOWNS,
    )


def _decided(night: Night) -> pd.DataFrame:
    """Decided cases, known from the decision on."""
    cases = night.frames["feature.case_record"]
    cases = led_cases(cases[cases["decided_on"].notna() & cases["outcome"].isin(DECIDED)])
    visits = night.frames["feature.visit_record"]
    delivery = night.frames["core.delivery"].iloc[0]
    is_told = bool(delivery["has_case_visit"] and delivery["has_patrol"])
    campaign = visits.loc[visits["visit_kind"] == "special", "patrol_id"]
    return cases.assign(
        known_on=cases["decided_on"],
        is_campaign=cases["patrol_id"].isin(campaign).astype("boolean") if is_told else pd.NA,
    )


def _high(night: Night, fined: pd.DataFrame) -> Asked:
    fined = fined[fined["fine_yuan"].notna()]
    kind = fined["violation_code"].astype(str) + "/" + fined["is_natural_person"].astype("string").fillna("")
    # others are other stations: a whole station may be driven
    rank = share_below(fined["fine_yuan"], kind, fined["unit_id"], fined["known_on"], night.policy.flags.window_days)
    records = fined.assign(is_hit=rank >= HIGH_SHARE)[pd.notna(rank)]
    hit = ("罚款高于其他机构同类八成案件", "were fined more than four in five like cases of other stations")
    return Asked(_question(night, "high_fine", ("件罚款案件", "fined cases"), hit, FINE_FACTS), records)


def _petty(night: Night, cases: pd.DataFrame) -> Asked:
    limit = party_amount(cases, lambda rule: rule.petty_yuan, lambda rule: rule.petty_yuan)
    is_petty = (cases["statutory_max_yuan"] <= limit) & cases["is_individual_merchant"].astype("boolean").fillna(False)
    petty = cases[is_petty.to_numpy(dtype=bool)]
    record = ("件对个体工商户轻微违法的决定", "decisions on petty matters of individual traders")
    question = _question(night, "petty_fine", record, ("为罚款", "are a fine"), FINE_FACTS)
    return Asked(question, petty.assign(is_hit=petty["outcome"] == "fined"))
