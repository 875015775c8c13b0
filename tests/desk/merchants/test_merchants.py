"""Pages of merchants: whose they are, both tiers with their reasons, and what leaves the desk in a workbook."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.utils.timezone import now
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from desk.access.pseudonym import pseudonym
from desk.audit.models import Entry
from desk.merchants.plan import called, roster
from desk.merchants.reason import SHOWN, SMALL_CELL, drawn
from desk.merchants.words import DIRECTIONS, TASK_KINDS, TASK_STATUSES, TIERS, UNITS, UNPLACED, VISIT_KINDS
from desk.published.night import current
from desk.review.models import Unmasking
from pipelines.contract import COLUMN_TYPES, published_tables
from tests.desk.merchants.bureau import planned, reasons, risk, tables
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(home):
    write_night(home, tables())


def shown(client, address: str, language: str = "en") -> str:
    client.cookies["django_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def workbook(response) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_an_area_sees_its_own_merchants_and_management_all(night, client_of):
    own = shown(client_of("supervision_specialist", area=["S1"]), "/merchants/")
    assert "M1" in own and "M2" in own and "M3" not in own
    assert "M3" in shown(client_of("management"), "/merchants/")
    assert "No merchant lies in your area" in shown(client_of("discipline_officer", area=["S9"]), "/merchants/")


def test_no_query_leads_out_of_an_area(night, client_of):
    client = client_of("supervision_specialist", area=["S1"])
    for query in ("q=M3", "institution_id=S2", "institution_id=S2&q=M3", "sort=merchant_id&q=' or 'a'='a"):
        assert "/merchants/merchant/M3/" not in shown(client, f"/merchants/?{query}")
        assert "/merchants/merchant/M3/" not in shown(client, f"/merchants/plan/?show=left_out&{query}")
    client.cookies["django_language"] = "en"
    assert len(workbook(client.get("/merchants/export/?q=M3"))["Merchants"]) == 1
    assert "M3" not in str(workbook(client.get("/merchants/plan/export/")))


def test_a_merchant_outside_the_area_is_refused_with_its_reason_and_none_is_not_found(night, client_of):
    client = client_of("supervision_specialist", area=["S1"])
    client.cookies["django_language"] = "en"
    response = client.get("/merchants/merchant/M3/")
    assert response.status_code == 403 and "does not lie in your area" in response.content.decode()
    assert Entry.objects.filter(action="view").count() == 0
    assert client.get("/merchants/merchant/M9/").status_code == 404
    assert client.get("/merchants/merchant/..%2F..%2Fetc/").status_code == 404


def test_a_merchant_shows_both_tiers_their_reasons_its_visits_and_tasks(night, client_of):
    client = client_of("supervision_specialist", area=["S1"])
    text = shown(client, "/merchants/merchant/M1/")
    for words in ("D (closest)", "B (middle)", "no bad record of two years", "rule says worse", "tier D by rule"):
        assert words in text
    for words in ("2026-06-21", "9 days overdue", "its rectification is due", "2026-07-01", "2025-05-01"):
        assert words in text
    told = shown(client, "/merchants/merchant/M1/", "zh-hans")
    assert "规则判为D类" in told and "逾期 9 天" in told and "责令改正已到期" in told
    entry = Entry.objects.filter(action="view").first()
    assert (entry.subject_kind, entry.subject) == ("merchant", "M1")


def test_what_is_not_computable_is_told_and_never_a_zero(night, client_of):
    text = shown(client_of("management"), "/merchants/merchant/M2/")
    assert "not computable this night" in text and "0.0 %" not in text
    listed = shown(client_of("management"), "/merchants/?model_risk_tier=none")
    assert "M2" in listed and "/merchants/merchant/M1/" not in listed


def test_filters_of_the_list_find_disagreement_and_overdue_visits(night, client_of):
    client = client_of("management")
    for query in ("direction=rule_higher", "is_overdue=yes", "patrol_tier=D", "percentile_from=80"):
        text = shown(client, f"/merchants/?{query}")
        assert "/merchants/merchant/M1/" in text and "/merchants/merchant/M3/" not in text


def test_the_waterfall_adds_up_and_small_counts_of_complaints_are_not_told():
    card = {
        "complaint_count_365": {"unit": "count", "zh": "投诉", "en": "complaints"},
        "days_since_visit": {"unit": "days", "zh": "天数", "en": "days since"},
        "is_individual": {"unit": "boolean", "zh": "个体", "en": "individual"},
    }
    rows = [{**row, "current_median": None} for row in reasons("M1")]
    fall = drawn(rows, card)
    assert [step.contribution for step in fall.steps] == [0.7, 0.5, -0.2]
    assert fall.steps[0].start == fall.base_value == -3 and fall.steps[-1].end == pytest.approx(fall.raw_score)
    assert "2" not in fall.steps[0].value and "5" in fall.steps[0].value
    assert fall.steps[1].value.startswith("400") and fall.steps[2].is_up is False
    # the bar from -3 to -2.3 begins where the base lies, on a scale from -3 to -1.8
    assert fall.steps[0].x == fall.base_x == 0 and fall.steps[0].width == pytest.approx(0.7 / 1.2 * fall.width)
    rows[0]["value"] = 7.0
    assert drawn(rows, card).steps[0].value == "7"


@pytest.mark.parametrize("count", range(SMALL_CELL))
def test_that_nobody_complained_is_told_no_more_than_that_somebody_did(count):
    named = {"complaint_count_365": {"unit": "count", "zh": "投诉", "en": "complaints"}}
    rows = [{**reasons("M1")[0], "value": float(count), "current_median": None}]
    with override("en"):
        assert drawn(rows, named).steps[0].value == f"fewer than {SMALL_CELL}"


def complaint_task(record_id: str, day: date) -> dict:
    told = {"kind": "complaint_to_verify", "record_id": record_id, "due_on": day, "visit_kind": "complaint"}
    words = {"reason_zh": f"有事项应于{day}前办理", "reason_en": f"a matter is due by {day}"}
    return {**tables()["due_task"][0], **told, **words}


def test_tasks_and_plan_do_not_tell_that_somebody_complained_or_how_often(home, client_of):
    rows = tables()
    rows["due_task"] = [complaint_task("T-second", date(2026, 7, 5)), complaint_task("T-first", date(2026, 7, 3))]
    rows["patrol_plan"] = [{**row, "visit_kind": "complaint"} for row in rows["patrol_plan"]]
    rows["unplaced_visit"][0]["visit_kind"] = "complaint"
    write_night(home, rows)
    client = client_of("management")
    text = shown(client, "/merchants/merchant/M1/")
    assert "a matter is due by 2026-07-03" in text and "2026-07-05" not in text and "matter due" in text
    listed = {row["merchant_id"]: row for row in client.get("/merchants/").context["listed"].found}
    assert listed["M1"]["open_task_count"] == 1
    for show in ({}, {"show": "left_out"}):
        text = client.get("/merchants/plan/", {"visit_kind": "targeted", **show}).content.decode()
        assert "targeted" in text and "complain" not in text
        assert client.get("/merchants/plan/", {"visit_kind": "targeted", **show}).context["listed"].count == 1


def test_reasons_that_are_not_told_one_by_one_stand_together():
    rows = [
        {
            "feature": f"f{number}",
            "value": 1.0,
            "contribution": 0.1,
            "base_value": 0.0,
            "raw_score": 2.0,
            "current_median": 3.0,
        }
        for number in range(20)
    ]
    fall = drawn(rows, {})
    assert len(fall.steps) == SHOWN + 1
    assert fall.steps[-1].contribution == pytest.approx(0.1 * (20 - SHOWN)) and fall.steps[-1].end == pytest.approx(2)


def test_the_plan_of_a_station_counts_visits_by_officer_and_day(home, client_of):
    days = [
        *planned("M1", date(2026, 7, 1), 1),
        *planned("M2", date(2026, 7, 1), 2),
        *planned("M4", date(2026, 7, 2), 1),
    ]
    people = [
        {"officer_id": "R1", "name": "王甲", "institution_id": "S1"},
        {"officer_id": "R2", "institution_id": "S1"},
    ]
    merchants = [*tables()["merchant_risk"], risk("M4", "S1")]
    write_night(home, {**tables(), "merchant_risk": merchants, "patrol_plan": days, "officer": people})
    plan = roster(current(), "S1", called(current(), client_of("management").user))
    assert plan.officers == ["R2", "王甲"]
    assert plan.days == [(date(2026, 7, 1), [2, 2], 2), (date(2026, 7, 2), [1, 1], 1)]
    text = shown(client_of("management"), "/merchants/plan/?institution_id=S1")
    assert "王甲" in text and "it is due" in text
    assert Entry.objects.filter(subject_kind="patrol_plan").count() == 1


@pytest.mark.parametrize("role", ["discipline_officer", "supervision_specialist"])
def test_who_reads_single_hints_reads_no_name_in_the_plan_that_he_has_not_opened(home, client_of, role):
    people = [
        {"officer_id": name, "name": title, "is_serving": True} for name, title in (("R1", "王甲"), ("R2", "李乙"))
    ]
    write_night(home, {**tables(), "officer": people})
    client = client_of(role, area=["S1"])
    Unmasking.objects.create(
        reader=client.user,
        officer_id="R2",
        flag_id="f",
        flag_key="f",
        as_of="2026-06-30",
        reason="w",
        unmasked_at=now(),
    )
    for address in ("/merchants/plan/", "/merchants/plan/?institution_id=S1"):
        text = shown(client, address)
        assert "王甲" not in text and pseudonym("R1") in text and "李乙" in text
        assert "under a pseudonym" in text
    sheets = str(workbook(client.get("/merchants/plan/export/")))
    assert "王甲" not in sheets and "R1" not in sheets and "李乙" in sheets
    assert client.get("/merchants/plan/", {"q": "王甲"}).context["listed"].count == 0
    named = shown(client_of("management"), "/merchants/plan/")
    assert "王甲" in named and "under a pseudonym" not in named


def test_the_plan_as_a_workbook_has_a_sheet_for_each_station_and_one_for_what_is_left_out(night, client_of):
    client = client_of("management")
    client.cookies["django_language"] = "en"
    sheets = workbook(client.get("/merchants/plan/export/"))
    assert list(sheets) == ["About this export", "S1 S1", "S2 S2", "Visits left out"]
    assert "M1" in sheets["S1 S1"][1] and len(sheets["S2 S2"]) == 1 and "M3" in sheets["Visits left out"][1]
    assert json.loads(Entry.objects.get(action="export").detail)["row_count"] == 2


def test_the_export_of_the_list_holds_the_rows_that_are_asked_for(night, client_of):
    client = client_of("supervision_specialist", area=["S1"])
    client.cookies["django_language"] = "en"
    sheets = workbook(client.get("/merchants/export/?patrol_tier=D"))
    assert [row[0] for row in sheets["Merchants"]] == ["Number", "M1"]


def test_hostile_text_of_records_is_shown_as_text(home, client_of):
    evil = "<script>alert(1)</script>'\"&{{ 7 }}{% now %}"
    rows = tables()
    rows["merchant_risk"][0] |= {"patrol_tier_reason_zh": evil, "patrol_tier_reason_en": evil, "grid_id": evil}
    rows["tier_disagreement"][0] |= {"reason_en": evil}
    rows["due_task"][0] |= {"reason_en": evil}
    rows["merchant"] = [{"merchant_id": "M1", "name": evil, "institution_id": "S1"}]
    write_night(home, rows)
    client = client_of("management")
    for address in ("/merchants/", "/merchants/merchant/M1/", "/merchants/plan/", f"/merchants/?q={evil}"):
        text = shown(client, address)
        assert "<script" not in text and "&lt;script&gt;" in text and "{{ 7 }}" in text


def test_a_night_without_names_or_without_a_table_says_so(home, client_of):
    write_night(home, tables(), absent={"merchant", "officer", "institution"})
    client = client_of("management")
    assert "does not publish the names of merchants" in shown(client, "/merchants/")
    assert "not published by this night" in shown(client, "/merchants/merchant/M1/")
    assert "does not publish the names of officers" in shown(client, "/merchants/plan/")
    write_night(home, tables(), absent={"merchant_risk"})
    response = client.get("/merchants/")
    assert response.status_code == 503 and "Not published by this night" in response.content.decode()


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("merchant_risk", "patrol_tier", TIERS),
        ("tier_disagreement", "direction", DIRECTIONS),
        ("patrol_plan", "visit_kind", VISIT_KINDS),
        ("due_task", "kind", TASK_KINDS),
        ("due_task", "status", TASK_STATUSES),
        ("unplaced_visit", "code", UNPLACED),
    ],
)
def test_every_code_that_nights_publish_has_words(table, column, words):
    assert set(published_tables()[table].column(column).values) <= set(words)


def test_every_unit_of_a_feature_has_words():
    assert {"days", "yuan", "count", "years", "rate", "number", "share", "boolean"} == set(UNITS) <= set(COLUMN_TYPES)
