"""Driven fines: told of a station first, of an officer only beyond his own station, and never for being strict."""

import numpy as np
import pandas as pd
import pytest

from models.flags import fine_driven
from tests.models.flags.docket import NIGHT, docket, hints, night_of, some_of, verdicts, visits

STATION = ("R08", "R09", "R10", "R11")


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    """Honest cases; petty ones of traders are fined half of the time."""
    cases = docket()
    random = np.random.default_rng(9)
    petty = random.random(len(cases)) < 0.4
    cases.loc[petty, "statutory_max_yuan"] = 500.0
    cases.loc[petty & cases["outcome"].eq("fined").to_numpy() & (random.random(len(cases)) < 0.5), "outcome"] = "warned"
    return cases


def of_station(cases: pd.DataFrame, share: float, since: str = "2023-01-01") -> np.ndarray:
    chosen = np.zeros(len(cases), dtype=bool)
    for officer in STATION:
        chosen |= some_of(cases, officer, share, since)
    return chosen


def at_month_end(cases: pd.DataFrame, chosen: np.ndarray) -> pd.DataFrame:
    """The cases, those chosen and decided at the end of that month, or not moved where that lies ahead."""
    hurried = cases.copy()
    chosen = chosen & cases["decided_on"].notna().to_numpy()
    end = cases["decided_on"] + pd.offsets.MonthEnd(0)
    for name in ("decided_on", "outcome_known_on"):
        hurried.loc[chosen, name] = end[chosen].where(end[chosen] <= pd.Timestamp(NIGHT), cases["decided_on"][chosen])
    return hurried


def told(judgement, kind: str = "institution") -> dict[tuple[str, str], str]:
    return {(flag.subject_id, flag.facts[0]): flag.strength for flag in judgement.flags if flag.subject_kind == kind}


def test_honest_stations_raise_no_hint(honest):
    assert fine_driven.judge(night_of(honest)).flags == ()


def test_a_station_that_decides_at_the_months_end_is_told_and_nobody_there(honest):
    judged = fine_driven.judge(night_of(at_month_end(honest, of_station(honest, 0.6))))
    assert told(judged) == {("S2", "month_end"): "moderate"}
    assert hints(judged) == {}
    flag = hints(judged, "institution")["S2"]
    assert "不指向个人" in flag.summary_zh and verdicts(flag)["one_officer"] == "not_supported"
    assert verdicts(flag)["meeting_days"] == "unknown"


def test_one_officer_is_told_beyond_his_station_and_the_station_is_not(honest):
    judged = fine_driven.judge(night_of(at_month_end(honest, some_of(honest, "R09", 0.9))))
    assert set(hints(judged)) == {"R09"} and hints(judged)["R09"].strength == "moderate"
    assert {strength for strength in told(judged).values()} <= {"weak"}


def test_a_month_in_which_the_whole_bureau_hurried_is_nobodys(honest):
    """A campaign or a close of books: everybody decides at the end of those months."""
    months = honest["decided_on"].dt.month.isin([5, 6, 11, 12]).to_numpy()
    assert fine_driven.judge(night_of(at_month_end(honest, months))).flags == ()


def test_cases_of_an_ordered_campaign_explain_an_officer(honest):
    cases = at_month_end(honest, some_of(honest, "R09", 0.7))
    hurried = cases["lead_officer_id"].eq("R09") & (cases["decided_on"].dt.day > 25)
    cases.loc[hurried, "patrol_id"] = "P" + cases.loc[hurried, "case_id"]
    special = visits([{"patrol_id": name, "visit_kind": "special"} for name in cases.loc[hurried, "patrol_id"]])
    plain = special.assign(visit_kind="routine")
    usual = hints(fine_driven.judge(night_of(cases, **{"feature.visit_record": plain})))["R09"]
    assert verdicts(usual)["campaign_ordered"] == "not_supported" and usual.strength == "moderate"
    found = hints(fine_driven.judge(night_of(cases, **{"feature.visit_record": special})))
    assert "R09" not in found or found["R09"].strength == "weak"


def test_a_strict_station_is_told_weakly_and_a_strict_officer_not_at_all(honest):
    chosen = of_station(honest, 0.9)
    strict = honest.copy()
    strict.loc[chosen, ["fine_yuan", "total_yuan"]] *= 2
    judged = fine_driven.judge(night_of(strict))
    assert told(judged) == {("S2", "high_fine"): "weak"} and hints(judged) == {}
    one = honest.copy()
    one.loc[some_of(honest, "R09", 1.0), ["fine_yuan", "total_yuan"]] *= 2
    assert hints(fine_driven.judge(night_of(one))) == {}


def test_high_fines_beside_a_rush_at_the_months_end_are_more_than_weak(honest):
    cases = at_month_end(honest, of_station(honest, 0.6))
    cases.loc[of_station(honest, 0.9), ["fine_yuan", "total_yuan"]] *= 2
    judged = told(fine_driven.judge(night_of(cases)))
    assert judged == {("S2", "month_end"): "moderate", ("S2", "high_fine"): "moderate"}


def test_a_station_that_fines_where_others_warn_is_told(honest):
    cases = honest.copy()
    cases.loc[of_station(honest, 1.0) & cases["outcome"].eq("warned").to_numpy(), "outcome"] = "fined"
    assert told(fine_driven.judge(night_of(cases))) == {("S2", "petty_fine"): "weak"}


def test_a_lenient_station_is_not_petty(honest):
    """Low fines make no more of them."""
    cases = honest.copy()
    cases.loc[of_station(honest, 1.0), ["fine_yuan", "total_yuan"]] *= 0.2
    assert told(fine_driven.judge(night_of(cases))) == {}


def test_a_past_night_knows_nothing_of_later_rushes(honest):
    cases = at_month_end(honest, some_of(honest, "R09", 1.0, since="2025-07-01"))
    rows = fine_driven.judge(night_of(cases)).indicator.query("officer_id == 'R09'").set_index("as_of_on")
    assert rows["crosses"].to_dict() == {pd.Timestamp("2025-06-30"): False, pd.Timestamp(NIGHT): True}


def test_without_fines_nothing_can_be_told(honest):
    judged = fine_driven.judge(night_of(honest, without=("has_fine",)))
    assert judged.flags == () and judged.not_computable[0].subject_kind == "bureau"
