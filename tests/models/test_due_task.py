"""Every one of the nine categories is either listed or told as not computable, with its reason."""

from datetime import date

import pytest

from models import policy
from models.due_task import NEEDED, NO_RECORD, due_task_gaps
from models.policy.due_tasks import RECORDED_KINDS, DueTaskPolicy

POLICY = policy.on(date(2026, 6, 30)).due_tasks
EVERYTHING = {question: True for question, _, _ in NEEDED.values()}


def told(in_force: DueTaskPolicy = POLICY, **holds: bool) -> dict[str, str]:
    gaps = due_task_gaps(in_force, {**EVERYTHING, **holds})
    assert all(gap.reason_zh and gap.reason_en for gap in gaps)
    return {gap.family: gap.reason_en for gap in gaps}


def test_经营期限到期等九类_are_nine_and_those_without_a_record_are_told():
    assert len(RECORDED_KINDS) + len(NO_RECORD) == 9
    assert set(told()) == {f"due_task.{kind}" for kind in ("business_term_expiry", "management_fee", "abnormal_list")}


def test_欠缴管理费_is_told_as_abolished():
    assert "abolished in 2008" in told()["due_task.management_fee"]


@pytest.mark.parametrize("kind", RECORDED_KINDS)
def test_a_kind_whose_records_were_not_delivered_is_told(kind):
    question, _zh, en = NEEDED[kind]
    assert told(**{question: False})[f"due_task.{kind}"] == en


def test_a_kind_that_the_bureau_has_switched_off_is_told():
    off = POLICY.rules["permit_expiry"].model_copy(update={"is_on": False})
    in_force = POLICY.model_copy(update={"rules": {**POLICY.rules, "permit_expiry": off}})
    assert "policy does not list" in told(in_force)["due_task.permit_expiry"]


@pytest.mark.parametrize(
    ("night", "due_on"),
    [
        (date(2026, 5, 31), date(2026, 6, 30)),
        (date(2026, 5, 30), date(2025, 6, 30)),
        (date(2026, 12, 31), date(2026, 6, 30)),
    ],
)
def test_the_annual_report_that_is_listed_is_the_latest_within_the_horizon(night, due_on):
    assert POLICY.annual_report_due_on(night) == due_on


def test_rules_that_do_not_name_every_recorded_kind_are_refused():
    known = POLICY.model_dump()
    del known["rules"]["permit_expiry"]
    with pytest.raises(ValueError, match="rules must name"):
        DueTaskPolicy(**known)


def test_tasks_whose_kind_is_exempt_from_the_cap_are_those_that_call_for_a_visit():
    """Complaints, rechecks of corrections and verification of permits (DOMAIN.md 2.14); a report is no visit at all."""
    exempt = {kind for kind, rule in POLICY.rules.items() if rule.is_cap_exempt}
    assert (
        exempt
        == {kind for kind, rule in POLICY.rules.items() if rule.visit_kind}
        == set(RECORDED_KINDS) - {"annual_report"}
    )
