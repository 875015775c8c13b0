"""The kinds of due-date task that cannot be told tonight, and why: a kind is never silently absent.

The seed speaks of nine categories and names five of them; four are the bureau's to choose (DOMAIN.md 1.1 #10, 1.9).
What can be told is made in sql/feature/due_task.sql.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.flags import NotComputable
from models.policy.due_tasks import RECORDED_KINDS, DueTaskPolicy

FAMILY = "due_task"

NO_RECORD = {
    "business_term_expiry": (
        "经营期限到期:交付内容没有经营期限",
        "end of the business term: no delivered record bears the term",
    ),
    "management_fee": (
        "欠缴管理费:个体工商户管理费已于2008年停止征收,不再列为任务",
        "arrears of the management fee: the fee was abolished in 2008 and is no task any more",
    ),
    "abnormal_list": (
        "列入经营异常名录:交付内容没有异常名录",
        "entry on the list of abnormal operation: no delivered record bears the list",
    ),
}
"""Kinds that no record of the contract can tell, with the reason in Chinese and English."""

NEEDED = {
    "rectification_due": ("has_patrol", "没有交付巡查记录", "no visits were delivered"),
    "post_penalty_revisit": ("has_penalty", "没有交付案件", "no cases were delivered"),
    "first_offence_recheck": ("has_penalty", "没有交付案件", "no cases were delivered"),
    "annual_report": (
        "has_annual_report_of_year",
        "没有交付本期年度报告记录,无法判断谁未报送",
        "no annual report of this term was delivered, so that nobody can be said to be missing",
    ),
    "permit_expiry": ("has_permit", "没有交付许可有效期", "no permits with their end of validity were delivered"),
    "complaint_to_verify": (
        "has_complaint_state",
        "投诉举报未交付被投诉主体、结果或办结时间,无法判断是否办结",
        "complaints lack the merchant, the outcome or the time of it, so that open ones cannot be told",
    ),
}
"""What the delivery must hold for a kind, and the reason where it does not."""


def due_task_gaps(policy: DueTaskPolicy, holds: Mapping[str, bool]) -> list[NotComputable]:
    """One row per kind of task that is not listed tonight; `holds` answers every question of NEEDED."""
    said = dict(NO_RECORD)
    for kind in RECORDED_KINDS:
        question, zh, en = NEEDED[kind]
        if not policy.rules[kind].is_on:
            said[kind] = ("本局政策未启用此类任务", "the bureau's policy does not list this kind of task")
        elif not holds[question]:
            said[kind] = (zh, en)
    return [NotComputable("bureau", "all", f"{FAMILY}.{kind}", zh, en) for kind, (zh, en) in said.items()]
