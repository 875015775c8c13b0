"""Who is to be visited, why, and how pressing it is: one visit per merchant, tasks first, the cap kept."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models import policy
from models.demand import visit_demand

NIGHT = date(2026, 6, 30)
POLICY = policy.on(NIGHT)
PLACE_COLUMNS = ["merchant_id", "latitude", "longitude", "last_lead_officer_id", "last_co_officer_id"]
TASK_COLUMNS = [
    *("merchant_id", "record_id", "kind", "due_on", "needs_visit", "visit_kind", "is_cap_exempt"),
    *("reason_zh", "reason_en"),
]


def day(offset: int) -> pd.Timestamp:
    return pd.Timestamp(NIGHT + timedelta(days=offset))


def merchant(name: str, due: int | None, **given) -> dict:
    usual = {
        "merchant_id": name,
        "institution_id": "S1",
        "grid_id": "G1",
        "industry_code": "5211",
        "patrol_tier": "A",
        "required_visits_per_year": 2,
        "required_visits_rule": "tier",
        "capped_visits_per_year": 2,
        "probability": 0.1,
        "next_due_on": pd.NaT if due is None else day(due),
        "capped_visits_left_this_year": 1,
    }
    return {**usual, **given}


def task(
    name: str,
    due: int,
    kind: str = "recheck",
    *,
    of: str = "post_penalty_revisit",
    needs_visit: bool = True,
    is_cap_exempt: bool | None = None,
) -> dict:
    if is_cap_exempt is None:
        is_cap_exempt = kind in POLICY.tiers.cap_exempt_visit_kinds
    values = [name, f"K{name}", of, day(due), needs_visit, kind, is_cap_exempt, f"{kind}到期", f"{kind} is due"]
    return dict(zip(TASK_COLUMNS, values, strict=True))


def demand(merchants: list[dict], tasks: list[dict] = (), night: date = NIGHT) -> pd.DataFrame:
    risk = pd.DataFrame(merchants)
    places = pd.DataFrame({"merchant_id": risk["merchant_id"]}).reindex(columns=PLACE_COLUMNS)
    found = visit_demand(risk, pd.DataFrame(tasks, columns=TASK_COLUMNS), places, night, POLICY)
    return found.set_index("merchant_id")


def test_what_is_due_within_the_horizon_is_wanted_and_nothing_later():
    found = demand([merchant("M1", 30), merchant("M2", 31), merchant("M3", None), merchant("M4", -90)])
    assert list(found.index) == ["M4", "M1"]


def test_who_waited_long_and_is_likely_to_need_it_comes_first_and_a_due_task_before_all():
    found = demand(
        [
            merchant("likely", -100, probability=0.4),
            merchant("long", -200, probability=0.1),
            merchant("new", 20),
            merchant("task", None, probability=0.01),
        ],
        [task("task", 29)],
    )
    assert list(found.index) == ["task", "likely", "long", "new"]
    assert found.loc["likely", "priority"] == 0.4 * 131 / 365
    assert found.loc["task", "priority"] == 1 + 2 / 365


def test_several_reasons_are_one_joint_visit_of_the_exempt_kind_by_the_earliest_date():
    """综合查一次: nobody is visited twice in a month because two lists name him."""
    found = demand([merchant("M1", -40)], [task("M1", 5, "special"), task("M1", 9, "complaint"), task("M1", 7)])
    assert len(found) == 1
    row = found.loc["M1"]
    assert (row["visit_kind"], row["due_on"]) == ("complaint", day(-40))
    assert row["reason_zh"].startswith("complaint到期;recheck到期;special到期;规则分类A类")
    assert row["reason_en"].count("; ") == 3


def test_the_cap_stops_routine_visits_and_never_a_recheck():
    """国办发〔2024〕54号: complaints and rechecks do not count; all else ends at the cap, and is told."""
    used_up = {"capped_visits_left_this_year": 0}
    found = demand(
        [merchant("M1", -9, **used_up), merchant("M2", -9, **used_up), merchant("M3", None, **used_up)],
        [task("M2", 3), task("M3", 3, "special")],
    )
    assert found["is_capped_out"].to_dict() == {"M1": True, "M2": False, "M3": True}


def test_a_task_that_needs_no_visit_or_concerns_no_open_merchant_wants_none():
    found = demand([merchant("M1", None)], [task("M1", 3, needs_visit=False), task("closed", 3)])
    assert found.empty


def test_without_a_model_the_tier_takes_the_place_of_the_probability_and_no_percentage_is_told():
    """What is not computed is not 0: a merchant without a probability must not sink to the end of the list."""
    found = demand([merchant("M1", -9, probability=np.nan, patrol_tier="D")])
    assert found.loc["M1", "priority"] == 1.0 * 40 / 365
    assert "概率" not in found.loc["M1", "reason_zh"] and "probability" not in found.loc["M1", "reason_en"]


def test_the_reason_says_tier_date_delay_and_probability_in_both_languages():
    row = demand([merchant("M1", -9)]).loc["M1"]
    assert row["reason_zh"] == "规则分类A类应查2次/年,应于2026-06-21前检查,已逾期9天,严重问题概率10.0%"
    assert row["reason_en"] == (
        "tier A by rule asks for 2 visits a year, due on 2026-06-21, 9 days overdue, "
        "probability of a severe finding 10.0%"
    )


def test_the_reason_says_what_is_asked_for_and_what_the_cap_leaves_of_it_and_whose_rule_it_is():
    """A reader who is told that tier D asks for 2 visits does not know what the cap has taken away."""
    capped = {"required_visits_per_year": 24, "patrol_tier": "D"}
    told = demand(
        [
            merchant("D", 5, **capped),
            merchant(
                "repair", 5, **{**capped, "required_visits_per_year": 52, "required_visits_rule": "vehicle_repair"}
            ),
            merchant(
                "key", 5, required_visits_per_year=1, capped_visits_per_year=1, required_visits_rule="key_industry"
            ),
        ]
    )
    assert told.loc["D", "reason_zh"].startswith("规则分类D类应查24次/年,频次上限内2次,应于")
    assert told.loc["D", "reason_en"].startswith("tier D by rule asks for 24 visits a year, 2 within the cap, due on")
    assert told.loc["repair", "reason_zh"].startswith("行业规则(机动车维修)应查52次/年,频次上限内2次")
    assert told.loc["repair", "reason_en"].startswith("the rule for vehicle repair asks for 52 visits a year, 2 within")
    assert told.loc["key", "reason_zh"].startswith("行业规则(重点行业)应查1次/年,应于")


def test_at_the_turn_of_the_year_a_visit_beyond_this_years_cap_waits_for_new_years_day():
    """From 2 December on the horizon holds days of a year whose cap nobody has touched."""
    used_up = merchant("M1", (date(2027, 1, 1) - NIGHT).days, capped_visits_left_this_year=0)
    row = demand([used_up], night=date(2026, 12, 2)).loc["M1"]
    assert (row["is_capped_out"], row["earliest_on"]) == (False, pd.Timestamp("2027-01-01"))
    due = task("M1", (date(2026, 12, 10) - NIGHT).days, "special")
    assert demand([used_up], [due], night=date(2026, 12, 1)).loc["M1", "is_capped_out"]


def test_a_recheck_waits_for_the_end_of_the_term_that_was_set_to_correct():
    """Who comes a week early finds what he was told to expect: nothing corrected yet."""
    found = demand(
        [merchant("M1", -40), merchant("M2", None), merchant("M3", None)],
        [
            task("M1", 9, of="rectification_due"),
            task("M2", 9),
            task("M3", 9, of="rectification_due"),
            task("M3", 5, "complaint", of="complaint_to_verify"),
        ],
    )
    assert found.loc["M1", "earliest_on"] == day(9)
    assert found["earliest_on"].isna().to_dict() == {"M1": False, "M2": True, "M3": True}
    assert found.loc["M3", "reason_zh"] == "complaint到期"


def test_several_complaints_are_one_need_due_with_the_first_of_them():
    tasks = [task("M1", due, "complaint", of="complaint_to_verify") for due in (9, 5, 7)]
    told = [{**row, "reason_en": f"a matter is due by {number}"} for number, row in enumerate(tasks)]
    found = demand([merchant("M1", None)], told)
    assert (found.loc["M1", "reason_en"], found.loc["M1", "due_on"]) == ("a matter is due by 1", day(5))
    assert found.loc["M1", "priority"] == demand([merchant("M1", None)], told[1:2]).loc["M1", "priority"]


def test_a_task_whose_rule_is_exempt_is_visited_though_the_cap_is_used_up():
    """To verify a permit is exempt, though a targeted visit for another reason is not (DOMAIN.md 2.14)."""
    full = {"capped_visits_left_this_year": 0}
    found = demand(
        [merchant("permit", None, **full), merchant("other", None, **full)],
        [task("permit", -3, "targeted", is_cap_exempt=True), task("other", -3, "targeted")],
    )
    assert found["is_capped_out"].to_dict() == {"permit": False, "other": True}
