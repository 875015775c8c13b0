"""What of the lists cannot be told tonight for want of records, and why: a column that is empty is never silently so."""

from __future__ import annotations

from collections.abc import Mapping

from models.flags import NotComputable

NEEDED = {
    "has_unlicensed_event": (
        ("unlicensed_register.stage", "unlicensed_register.is_repeat_refuser", "unlicensed_bulletin"),
        "没有交付无照经营环节(unlicensed_event),台账只列无照主体,无法判断环节、期限和屡次不改,也没有月通报",
        "stages of unlicensed operation (unlicensed_event) were not delivered: the register lists the merchants alone, without"
        " stage, deadline or who keeps coming back, and there is no monthly bulletin",
    ),
    "has_patrol": (
        ("key_industry_coverage", "hot_industry_coverage"),
        "没有交付巡查记录",
        "no visits were delivered",
    ),
    "has_co_officer": (
        ("officer_month.assisted_visit_count",),
        "检查记录没有协检人员",
        "visits do not name the second officer",
    ),
    "has_leave": (("officer_month.leave_day_count",), "没有交付休假培训", "leave was not delivered"),
    "has_entered_at": (
        ("officer_month.same_day_share",),
        "检查记录没有录入时间",
        "visits do not bear the time of entry",
    ),
    "has_visit_filing": (
        ("officer_month.approved_before_share",),
        "没有交付入企检查报备",
        "no filings of visits were delivered",
    ),
    "has_handler": (
        ("officer_month.resolved_matter_count",),
        "投诉举报没有承办人",
        "complaints do not name who handles them",
    ),
    "has_complaint_outcome": (
        ("officer_month.matter_in_time_share",),
        "投诉举报没有结果或办结时间",
        "complaints bear neither an outcome nor the time of it",
    ),
    "has_outcome_date": (
        ("officer_month.case_in_time_share",),
        "案件没有决定日期或结案日期",
        "cases bear neither the day of the decision nor that of the closing",
    ),
    "has_review_result": (
        ("officer_month.returned_share",),
        "案件没有法制审核结果",
        "cases do not bear the result of the legal review",
    ),
}
"""What the delivery must hold (core.delivery), what cannot be told without it, and the reason in both languages."""


def list_gaps(holds: Mapping[str, bool]) -> list[NotComputable]:
    """One row per list, or column of one, that cannot be told tonight; `holds` is the row of core.delivery."""
    return [
        NotComputable("bureau", "all", what, zh, en)
        for question, (told, zh, en) in NEEDED.items()
        if not holds[question]
        for what in told
    ]
