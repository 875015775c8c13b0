"""Retaliation after feedback (打击报复): more visits and cases at merchants that complaints about an officer concern.

What. Merchants that complaints about an officer concern (feedback on service, complaint about handling): where he came
more often in the 90 days after than in the 90 days before (visits that he led or joined, cases that he led), too often.
Formula: true odds of that against those expected of like complaints about other officers (feedback or handling, for after
the latter anybody may have to look again; how often he had come before; how many matched merchants of the same grid and
industry, without a complaint in these days, saw more of him as well), shrunk, his station's habit taken off first
(models/hint/rate.py): a difference in differences, against merchants and against officers.

Example. At all of 13 such merchants he came more often after, where 0.6 are expected: shrunk 17.24 times the
expected share (95 % credible interval 11.89 to 20.54), exact chance below 0.0001 in 24 months.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it; strong only together with another kind of record
(models/hint/answer.py, models/strength.py).

Why it matters. Who complains and is punished for it teaches all others to be silent (打击报复: DOMAIN.md 3.12). Who
complained is not told: at least five merchants and five of them hit, or nothing; no record is shown; records are settled at
the end of a month; counts under five are in no sentence (models/complaint_cell.py).
Innocent explanations, each tested: visits that were planned by the day of the complaint or belong to a campaign, a sweep
through the grid (the matched saw more of him too), few records, the same month elsewhere, station practice. Not on file,
so unknown: whether the merchant spoke or a consumer did, orders of a superior, a matter of its own. Excluded: visits
because of a complaint, rechecks after an order, visits by lot, cases from a complaint, a report, a transfer or the lot:
the scheduled or legal response is no reprisal.

Unit: ratio of shares, 1 = as expected, higher is worse. Source: Jones and Spiegelhalter 2011; DOMAIN.md 3.12.
"""

from __future__ import annotations

from dataclasses import replace

from models.after_complaint import after_complaints, officer_acts, refuse_note
from models.complaint_cell import SMALLEST
from models.flags import Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown

FAMILY = "retaliation"
RECORD_KIND = "visits"
NEEDS = {
    "core.delivery": (),
    "core.complaint": ("complaint_id", "received_on", "kind", "merchant_id", "officer_id", "is_duplicate"),
    "core.merchant": ("merchant_id", "grid_id", "industry_code"),
    "core.penalty": ("case_id", "merchant_id", "lead_officer_id", "source", "filed_on"),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.officer_posting": ("posting_id", "clock", "officer_id", "unit_id", "started_on", "ended_on"),
    "feature.visit_record": (
        "patrol_id",
        "lead_officer_id",
        "co_officer_id",
        "merchant_id",
        "visited_on",
        "visit_kind",
        "filing_lag_minutes",
    ),
}

FACTS = ("is_about_handling", "before_level", "matched_level")
PLANNED = Explanation(
    "scheduled",
    "反映当日或之前已报备,或属专项检查",
    "merchants where he came only as filed by the day of the complaint, or in a campaign",
    lambda records: records["was_planned"].astype("boolean"),
)
SWEPT = Explanation(
    "grid_sweep",
    "同网格同行业其他主体同期亦增加检查",
    "merchants of grids and industries where he came more often to others as well",
    lambda records: records["was_swept"],
)
ORDERED = Unknown(
    "ordered_by_superior",
    "是否系上级交办、另有线索或依法应作的后续处置,记录未载明,请核对",
    "whether a superior ordered it, or another matter or the law asked for it, is not on file; to be checked",
)
SPEAKER = Unknown(
    "who_spoke",
    "反映系该主体自己提出,还是消费者等他人就该主体提出,记录未载明;系他人提出的,其后检查可能正是应作的处置",
    "whether the merchant spoke, or a consumer about it, is not on file; after the latter a visit may be what was called for",
)
WANTED = {
    "has_complaint_officer": ("投诉举报未载明被反映人", "complaints were delivered without the officer concerned"),
    "has_complaint_merchant": ("投诉举报未载明主体", "complaints were delivered without the merchant concerned"),
    "has_patrol": ("未交付巡查记录", "no visits were delivered"),
}


def judge(night: Night) -> Judgement:
    """Hints about officers who came more often to merchants that complaints about them concern, who cannot be measured, the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    for column, (zh, en) in WANTED.items():
        if not delivery[column]:
            return Judgement(not_computable=(NotComputable("bureau", "all", FAMILY, zh, en),))
    question = Question(
        FAMILY,
        "more_after_complaint",
        "complaint",
        ("户反映所涉主体", "merchants that complaints about him concerned"),
        ("其到场检查或立案增多", "saw more visits and cases of his in the 90 days after"),
        FACTS,
        night.policy.flags.min_complaining_merchants,
        refuse_note,
        explanations=(PLANNED, SWEPT),
        unknowns=(SPEAKER, ORDERED),
        fewest_hits=SMALLEST,
        is_confidential=True,
    )
    acts = officer_acts(night.frames["feature.visit_record"], night.frames["core.penalty"])
    records = after_complaints(
        night.frames["core.complaint"],
        acts,
        night.frames["core.merchant"],
        night.frames["feature.officer_posting"],
        night.policy.flags,
    )
    if not delivery["has_visit_filing"]:
        # what was filed by the day of the complaint is not on file: only campaigns are known to have been planned
        planned = records["was_planned"].astype("boolean")
        records = records.assign(was_planned=planned.mask(~planned))
    judgement = answer(night, FAMILY, [Asked(question, records)])
    if delivery["has_penalty"]:
        return judgement
    gap = NotComputable(
        "bureau", "all", FAMILY, "未交付案件,只计检查", "no cases were delivered: only visits are counted"
    )
    return replace(judgement, not_computable=(gap, *judgement.not_computable))
