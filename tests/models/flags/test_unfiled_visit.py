from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.case_meal import case_meals, meal_hints
from models.flags import unfiled_visit
from models.visit_filing import awaited_note, awaited_visits, filed_visits, outside_note, unfiled_note
from models.visit_record import led_visits
from tests.models.flags.visiting_bureau import (
    ODD,
    RULES,
    TONIGHT,
    bent,
    delivery,
    judged,
    of_officers,
    officers,
    postings,
    some,
    verdict,
    visits,
)

GOLDEN = Path(__file__).with_name("golden")
MEALS = pd.read_csv(GOLDEN / "unfiled_visit_meals.csv", parse_dates=["filed_on", "event_at"])
CASES = pd.read_csv(GOLDEN / "unfiled_visit_cases.csv", parse_dates=["discovered_on", "filed_on", "outcome_known_on"])
NO_MEALS, NO_CASES = MEALS.iloc[:0], CASES.iloc[:0]


def filings(frame: pd.DataFrame) -> pd.DataFrame:
    """A filing of every visit that was filed."""
    filed = frame[frame["was_filed"].fillna(False).astype(bool)]
    return pd.DataFrame(
        {
            "filing_id": "F" + filed["patrol_id"].str[1:],
            "officer_id": filed["lead_officer_id"],
            "merchant_id": filed["merchant_id"],
            "filed_on": filed["visited_on"],
            "event_on": filed["visited_on"],
            "status": "approved",
            "was_visited": True,
            "known_on": filed["visited_on"] + pd.Timedelta(days=1),
        }
    ).reset_index(drop=True)


def night(frame: pd.DataFrame, filed: pd.DataFrame | None = None, **given) -> dict[str, pd.DataFrame]:
    return {
        "core.delivery": delivery(),
        "core.filing": NO_MEALS,
        "core.penalty": NO_CASES,
        "feature.officer": officers(),
        "feature.officer_posting": postings(),
        "feature.visit_filing": filings(frame) if filed is None else filed,
        "feature.visit_record": frame,
    } | given


HONEST = visits()
UNFILED = bent(HONEST, some(HONEST, 0.5), was_filed=False, filing_lag_minutes=np.nan)


def test_nobody_is_named_where_everybody_files_alike():
    judgement = judged(unfiled_visit, night(HONEST))
    assert of_officers(judgement) == {}
    assert not judgement.indicator["crosses"].fillna(False).any()


def test_an_officer_who_files_half_of_his_visits_is_named_alone_and_told_with_his_records():
    named = of_officers(judged(unfiled_visit, night(UNFILED)))
    assert list(named) == [ODD]
    flag = named[ODD]
    assert (flag.facts, flag.strength) == (("no_filing",), "moderate")
    assert flag.observed > 4 * flag.expected
    assert {item.table for item in flag.evidence} == {"patrol"}
    assert "无报备" in flag.evidence[0].note_zh and "no filing" in flag.evidence[0].note_en
    assert verdict(flag, "urgent_check") == verdict(flag, "doubtful_visit") == "not_supported"


def test_unfiled_visits_that_are_urgent_are_explained_and_raise_no_moderate_hint():
    where = some(HONEST, 0.5)
    urgent = bent(HONEST, where, was_filed=False, filing_lag_minutes=np.nan, visit_kind="targeted")
    # of all officers' targeted visits a part is unfiled, so that the kind explains
    others = (urgent["visit_kind"] == "targeted") & (urgent["lead_officer_id"] != ODD)
    urgent = bent(urgent, others, was_filed=False, filing_lag_minutes=np.nan)
    named = of_officers(judged(unfiled_visit, night(urgent)))
    assert all(flag.strength == "weak" for flag in named.values())


def test_unfiled_visits_that_padding_doubts_are_not_blamed_twice():
    padded = bent(UNFILED, ~UNFILED["was_filed"].astype(bool) & (UNFILED["lead_officer_id"] == ODD), visit_minutes=1.0)
    assert of_officers(judged(unfiled_visit, night(padded))) == {}


def test_a_filing_by_a_colleague_for_the_same_merchant_that_week_explains():
    missed = UNFILED[~UNFILED["was_filed"].astype(bool) & (UNFILED["lead_officer_id"] == ODD)]
    nearby = filings(missed.assign(was_filed=True)).assign(
        officer_id="S2O1", was_visited=False, event_on=missed["visited_on"].to_numpy() + np.timedelta64(3, "D")
    )
    both = pd.concat([filings(UNFILED), nearby], ignore_index=True)
    assert ODD not in of_officers(judged(unfiled_visit, night(UNFILED, both)), "no_filing")


def test_filings_that_come_after_the_visit_are_told_as_late_unless_a_clock_explains_them():
    where = some(HONEST, 0.4) & HONEST["was_filed"].astype(bool)
    late = of_officers(judged(unfiled_visit, night(bent(HONEST, where, filing_lag_minutes=2000.0))))
    assert late[ODD].facts == ("filed_late",) and late[ODD].strength == "moderate"
    assert verdict(late[ODD], "clock_error") == "not_supported"
    assert of_officers(judged(unfiled_visit, night(bent(HONEST, where, filing_lag_minutes=6.0)))) == {}


def test_urgent_checks_that_are_supplemented_in_time_are_explained():
    urgent = HONEST["visit_kind"].isin(["complaint", "targeted"]) & HONEST["was_filed"].astype(bool)
    his = urgent & (HONEST["lead_officer_id"] == ODD)
    assert his.sum() > 25
    assert of_officers(judged(unfiled_visit, night(bent(HONEST, his, filing_lag_minutes=3000.0)))) == {}


def test_a_supplement_later_than_the_term_is_as_good_as_none():
    rows = led_visits(HONEST.head(4)).assign(
        was_filed=pd.array([True, True, True, False], dtype="boolean"),
        filing_lag_minutes=[-5.0, 9 * 1440.0, 11 * 1440.0, np.nan],
    )
    found = filed_visits(rows, filings(HONEST.head(0)), RULES.flags)
    assert found["is_unfiled"].tolist() == [False, False, True, True]
    assert found["is_late"].tolist() == [False, True, True, pd.NA]
    assert found["is_supplement"].tolist()[:3] == [False, True, False]


def test_a_visit_speaks_only_when_its_supplement_can_no_longer_come():
    rows = filed_visits(led_visits(HONEST), filings(HONEST), RULES.flags)
    assert (rows["known_on"] >= rows["visited_on"] + pd.Timedelta(days=RULES.flags.supplement_days)).all()


def test_what_becomes_known_tomorrow_changes_nothing_tonight():
    recent = UNFILED["visited_on"] > pd.Timestamp(TONIGHT) - pd.Timedelta(days=RULES.flags.supplement_days)
    missed = bent(UNFILED, recent & (UNFILED["lead_officer_id"] == "S1O1"), was_filed=False, filing_lag_minutes=np.nan)
    first, second = (judged(unfiled_visit, night(frame, filings(UNFILED))) for frame in (UNFILED, missed))
    assert first.flags == second.flags
    pd.testing.assert_frame_equal(first.indicator, second.indicator)


def test_filings_without_a_visit_are_told_and_a_visit_of_that_week_explains_them():
    filed = filings(HONEST)
    random = np.random.default_rng(3)
    empty = (filed["officer_id"] == ODD) & (random.random(len(filed)) < 0.3)
    gone = filed.assign(was_visited=~empty, merchant_id=filed["merchant_id"].mask(empty, "M-never"))
    flag = of_officers(judged(unfiled_visit, night(HONEST, gone)))[ODD]
    assert flag.facts == ("filing_without_visit",) and flag.strength == "moderate"
    assert {item.table for item in flag.evidence} == {"filing"}
    visited = filed.assign(was_visited=~empty)
    assert ODD not in of_officers(judged(unfiled_visit, night(HONEST, visited)), "filing_without_visit")


def test_a_rejected_filing_awaits_no_visit():
    filed = filings(HONEST).head(3).assign(status=["rejected", "missing", "approved"], was_visited=False)
    awaited = awaited_visits(filed, HONEST, postings(), RULES.flags)
    assert awaited["status"].tolist() == ["approved"]
    assert awaited["unit_id"].tolist() == ["S1"]


def test_visits_at_odd_hours_that_were_filed_beforehand_are_explained():
    odd = bent(HONEST, some(HONEST, 0.25), is_outside_hours=True, was_filed=True, filing_lag_minutes=-600.0)
    assert ODD not in of_officers(judged(unfiled_visit, night(odd)))


def test_without_filings_that_is_told_and_odd_hours_are_still_looked_at():
    frame = bent(HONEST, some(HONEST, 0.25), is_outside_hours=True, start_minute_of_day=1290.0)
    frame = frame.assign(was_filed=pd.array([pd.NA] * len(frame), dtype="boolean"), filing_lag_minutes=np.nan)
    judgement = judged(
        unfiled_visit, night(frame, filings(frame), **{"core.delivery": delivery(has_visit_filing=False)})
    )
    assert ("bureau", "no filings of visits were delivered") in {
        (gap.subject_kind, gap.reason_en) for gap in judgement.not_computable
    }
    flag = of_officers(judgement)[ODD]
    assert flag.facts == ("outside_hours",)
    assert flag.strength == "moderate" and verdict(flag, "filed_beforehand") == "unknown"
    assert any("21:30" in item.note_en for item in flag.evidence)


@pytest.mark.parametrize(
    ("missing", "reason"),
    [("has_patrol", "no visits were delivered"), ("has_penalty", "no cases were delivered")],
)
def test_a_table_that_was_not_delivered_is_told_with_its_reason(missing, reason):
    judgement = judged(unfiled_visit, night(HONEST, **{"core.delivery": delivery(**{missing: False})}))
    assert any(reason in gap.reason_en for gap in judgement.not_computable)


def test_an_officer_with_few_visits_is_not_computable_and_no_one_else():
    few = HONEST[(HONEST["lead_officer_id"] != "S6O5") | (HONEST["patrol_id"].str[-2:] == "00")]
    gaps = judged(unfiled_visit, night(few)).not_computable
    assert [gap.subject_id for gap in gaps] == ["S6O5"]
    assert "at least 30 are needed" in gaps[0].reason_en


def test_meals_with_the_party_to_an_open_case_are_told_and_others_are_not():
    """Golden: M1's case was discovered on 2026-01-05 and ended on 03-10; M3's, filed on 01-10, names no discovery."""
    met = case_meals(MEALS, CASES, TONIGHT, RULES.flags)
    assert met["filing_id"].tolist() == ["F01", "F02", "F03", "F06"]
    assert met["case_id"].tolist() == ["C1", "C1", "C1", "C1"]
    assert met["filed_meal_count"].tolist() == [6, 6, 6, 3]


def test_meals_weigh_by_how_many_were_rejected_late_or_missing():
    found = case_meals(MEALS, CASES, TONIGHT, RULES.flags)
    hints = {flag.subject_id: flag for flag in meal_hints(found, "unfiled_visit", TONIGHT, RULES.flags)}
    assert {name: flag.strength for name, flag in hints.items()} == {"O1": "moderate", "O2": "weak"}
    assert [item.record_id for item in hints["O1"].evidence] == ["F01", "F02", "F03"]
    assert hints["O1"].statistic == 3 and hints["O1"].q_value is None and hints["O1"].exposure_count == 6
    assert verdict(hints["O1"], "approved_beforehand") == "not_supported"
    assert verdict(hints["O2"], "few_records") == "supported"
    assert "1 of them were approved or on time, 2 rejected, late or missing" in hints["O1"].summary_en
    assert hints["O1"].window_start_on == TONIGHT - timedelta(days=RULES.flags.long_days - 1)


def one_meal_hint(**changed):
    found = case_meals(MEALS.assign(**changed), CASES, TONIGHT, RULES.flags)
    (flag,) = (flag for flag in meal_hints(found, "unfiled_visit", TONIGHT, RULES.flags) if flag.subject_id == "O1")
    return flag


def test_a_filing_without_a_state_is_not_taken_for_one_that_was_refused():
    flag = one_meal_hint(status=None)
    assert flag.strength == "weak" and verdict(flag, "approved_beforehand") == "unknown"
    assert "of 3 the state is not on file" in flag.summary_en


@pytest.mark.parametrize(("status", "strength"), [("approved", "weak"), ("on_time", "weak"), ("late", "moderate")])
def test_only_what_was_found_wanting_makes_a_hint_moderate(status, strength):
    flag = one_meal_hint(status=status)
    assert flag.strength == strength
    assert verdict(flag, "approved_beforehand") == ("not_supported" if status == "late" else "supported")


def test_who_filed_his_meals_openly_has_that_said_for_him():
    assert verdict(one_meal_hint(status=None), "filed_openly") == "supported"
    assert verdict(one_meal_hint(status="rejected"), "filed_openly") == "not_supported"
    later = one_meal_hint(status="approved", filed_on=MEALS["event_at"] + pd.Timedelta(days=3))
    assert verdict(later, "filed_openly") == "not_supported"
    assert verdict(one_meal_hint(filed_on=pd.NaT), "filed_openly") == "unknown"


def test_a_meal_of_tomorrow_is_no_fact_tonight():
    before = case_meals(MEALS, CASES, pd.Timestamp("2026-02-14").date(), RULES.flags)
    assert before["filing_id"].tolist() == ["F01", "F06"]


def test_meals_reach_the_judgement_beside_the_other_patterns():
    judgement = judged(unfiled_visit, night(HONEST, **{"core.filing": MEALS, "core.penalty": CASES}))
    assert {flag.subject_id for flag in judgement.flags} == {"O1", "O2"}


def test_notes_say_what_is_on_file_of_the_filing():
    row = filed_visits(led_visits(HONEST.head(1)), filings(HONEST.head(0)), RULES.flags).iloc[0]
    assert "filed before it" in unfiled_note(row)[1]
    assert "2.0 days" in unfiled_note(pd.Series({**row, "filing_lag_minutes": 2880.0}))[1]
    assert "30 minutes" in unfiled_note(pd.Series({**row, "filing_lag_minutes": 30.0}))[1]
    assert "rejected" in unfiled_note(pd.Series({**row, "is_unfiled": True, "was_filing_rejected": True}))[1]
    assert outside_note(pd.Series({**row, "start_minute_of_day": 365.0}))[0].startswith(
        f"{row['visited_on']:%Y-%m-%d} 06:05"
    )
    assert "none on record" in awaited_note(pd.Series({"event_on": pd.Timestamp("2026-01-05")}))[1]
