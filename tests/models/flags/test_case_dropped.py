"""Cases that come to nothing: a hint where they are too many for like ones, none where honest reasons stand behind them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from models.flags import case_dropped
from tests.models.flags.docket import NIGHT, case, docket, drop, frame, hints, night_of, some_of, verdicts, visits


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    return docket()


@pytest.fixture(scope="module")
def dropping(honest) -> pd.DataFrame:
    return drop(honest, some_of(honest, "R05", 0.5))


def test_honest_officers_raise_no_hint(honest):
    assert case_dropped.judge(night_of(honest)).flags == ()


def test_an_officer_whose_cases_are_withdrawn_is_told_with_his_records(dropping):
    found = hints(case_dropped.judge(night_of(dropping)))
    assert set(found) == {"R05"}
    flag = found["R05"]
    assert (flag.strength, flag.facts) == ("moderate", ("dropped",))
    assert flag.observed > 3 * flag.expected
    own = dropping.set_index("case_id").loc[[item.record_id for item in flag.evidence]]
    assert set(own["lead_officer_id"]) == {"R05"} and set(own["outcome"]) == {"withdrawn"}


def test_a_past_night_knows_nothing_of_what_was_dropped_since(honest):
    cases = drop(honest, some_of(honest, "R05", 0.8, since="2025-07-01"))
    indicator = case_dropped.judge(night_of(cases)).indicator.query("officer_id == 'R05'").set_index("as_of_on")
    assert indicator["crosses"].to_dict() == {pd.Timestamp("2025-06-30"): False, pd.Timestamp(NIGHT): True}


def test_a_case_that_is_still_open_is_neither_dropped_nor_decided(dropping):
    """What is open tonight may end tomorrow either way."""
    past = date(2026, 3, 31)
    known = dropping[dropping["filed_on"] <= pd.Timestamp(past)].copy()
    ahead = known["outcome_known_on"] > pd.Timestamp(past)
    known.loc[ahead, "outcome"] = "pending"
    known.loc[ahead, ["outcome_known_on", "decided_on"]] = pd.NaT
    flag = hints(case_dropped.judge(night_of(known, as_of=past)))["R05"]
    is_own = known["lead_officer_id"].eq("R05") & (known["outcome_known_on"] >= pd.Timestamp(flag.window_start_on))
    assert (known["outcome"].eq("pending") & known["lead_officer_id"].eq("R05")).any()
    assert flag.exposure_count == is_own[known["outcome"] != "pending"].sum()


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("article_20_grounds", {"mitigation_count": 2.0}),
        ("decided_together", {"collective_discussed_on": pd.Timestamp("2024-01-01")}),
    ],
)
def test_a_ground_on_file_explains_the_drop(honest, code, change):
    chosen = some_of(honest, "R05", 0.5)
    cases = drop(honest, chosen)
    for name, value in change.items():
        cases.loc[chosen, name] = value
    if code == "decided_together":
        cases.loc[~chosen, "legal_review_result"] = None
    judged = case_dropped.judge(night_of(cases))
    # no odds beyond the margin are left without them: nothing is raised, and the pattern's measure is taken back
    assert "R05" not in hints(judged)
    unexplained = case_dropped.judge(night_of(drop(honest, chosen))).indicator
    row, before = (table[table["officer_id"] == "R05"] for table in (judged.indicator, unexplained))
    assert before["crosses"].all() and not row["crosses"].any()
    assert (row["index"].to_numpy() < before["index"].to_numpy() - np.log(2)).all()


def test_a_merchant_that_closed_explains_the_drop(honest):
    chosen = some_of(honest, "R05", 0.5)
    cases = drop(honest, chosen)
    closed = pd.DataFrame({"merchant_id": cases.loc[chosen, "merchant_id"], "closed_on": pd.Timestamp("2023-01-01")})
    assert hints(case_dropped.judge(night_of(cases, **{"core.merchant": closed}))) == {}


def test_a_handler_who_leaves_may_end_what_he_leaves(honest):
    """Twelve cases that he ends together in the week he goes are a hand-over, if anything."""
    chosen = np.zeros(len(honest), dtype=bool)
    chosen[np.flatnonzero((honest["lead_officer_id"] == "R05") & (honest["filed_on"] >= "2025-07-01"))[:12]] = True
    cases = drop(honest, chosen)
    cases.loc[chosen, "outcome_known_on"] = pd.Timestamp("2026-05-20")
    stays = night_of(cases)
    assert set(hints(case_dropped.judge(stays))) == {"R05"}
    left = stays.frames["core.posting"].assign(ended_on=pd.Timestamp("2026-05-25"))
    assert hints(case_dropped.judge(night_of(cases, **{"core.posting": left[left["officer_id"] == "R05"]}))) == {}


def test_explanations_that_do_not_hold_are_told_as_such(dropping):
    told = verdicts(hints(case_dropped.judge(night_of(dropping)))["R05"])
    assert {told[code] for code in ("merchant_closed", "merged_case", "article_20_grounds", "handler_leaving")} == {
        "not_supported"
    }
    assert told["time_not_counted"] == told["evidence_insufficient"] == "unknown"


def test_another_open_case_of_the_merchant_points_at_a_merger(dropping):
    chosen = dropping["outcome"].eq("withdrawn") & dropping["lead_officer_id"].eq("R05")
    twins = dropping[chosen].assign(
        case_id=lambda rows: "T" + rows["case_id"],
        lead_officer_id="R20",
        unit_id="S5",
        outcome="fined",
    )
    cases = pd.concat([dropping, twins], ignore_index=True)
    assert "R05" not in hints(case_dropped.judge(night_of(cases)))


def test_a_case_counts_as_stalled_from_the_day_its_term_is_over():
    """120 days: on the last day it is in time, on the next it is not; what ended before counts as ended."""
    cases = [
        case("A", filed_on="2026-03-02", decided_on=None, outcome_known_on=None, outcome="pending"),
        case("B", filed_on="2026-03-01", decided_on=None, outcome_known_on=None, outcome="pending"),
        case("C", filed_on="2026-01-01", outcome_known_on="2026-02-01"),
        case("D", filed_on="2025-06-01", outcome_known_on="2026-02-01"),
    ]
    reached = case_dropped.deadline_reached(case_dropped.ordinary_cases(night_of(frame(cases))), NIGHT)
    found = reached.set_index("record_id")[["is_hit", "known_on"]].to_dict("index")
    assert set(found) == {"B", "C", "D"}
    assert {name: bool(row["is_hit"]) for name, row in found.items()} == {"B": True, "C": False, "D": True}
    assert found["B"]["known_on"] == pd.Timestamp("2026-06-30") and found["D"]["known_on"] == pd.Timestamp("2025-09-30")


def grave_visits(seed: int = 3) -> pd.DataFrame:
    """60 grave findings of each of 24 officers in two years; half are filed within 60 days, of R07 one in ten."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(24):
        for visit in range(60):
            day = pd.Timestamp("2024-05-01") + pd.Timedelta(days=int(random.integers(0, 700)))
            is_filed = random.random() < (0.1 if number == 7 else 0.5)
            rows.append(
                {
                    "patrol_id": f"P{number:02d}{visit:02d}",
                    "lead_officer_id": f"R{number:02d}",
                    "unit_id": f"S{number // 4}",
                    "merchant_id": f"X{number:02d}{visit:02d}",
                    "visited_on": day,
                    "known_on": day,
                    "referred_on": day + pd.Timedelta(days=10) if is_filed else pd.NaT,
                }
            )
    return visits(rows)


def test_grave_findings_without_a_case_are_told(honest):
    found = hints(case_dropped.judge(night_of(honest, **{"feature.visit_record": grave_visits()})))
    assert set(found) == {"R07"} and found["R07"].facts == ("finding_not_filed",)
    assert found["R07"].strength == "moderate" and found["R07"].exposure_unit == "patrol"


def test_findings_that_others_found_mended_explain_why_nothing_was_filed(honest):
    seen = grave_visits()
    unfiled = np.flatnonzero((seen["lead_officer_id"] == "R07") & seen["referred_on"].isna())
    # without these he filed one in two, like everybody
    seen.loc[unfiled[: len(unfiled) * 7 // 8], "later_other_visit_count"] = 1
    assert hints(case_dropped.judge(night_of(honest, **{"feature.visit_record": seen}))) == {}


def test_a_finding_is_not_unfiled_before_its_sixty_days_are_over(honest):
    recent = grave_visits().assign(visited_on=pd.Timestamp(NIGHT) - pd.Timedelta(days=59))
    assert case_dropped.visits_to_be_filed(night_of(honest, **{"feature.visit_record": recent})).empty


def test_without_cases_nothing_can_be_told(honest):
    judged = case_dropped.judge(night_of(honest, without=("has_penalty",)))
    assert judged.flags == () and [gap.subject_kind for gap in judged.not_computable] == ["bureau"]


def test_without_severity_the_other_patterns_go_on(dropping):
    judged = case_dropped.judge(night_of(dropping, without=("has_finding_severity",)))
    assert set(hints(judged)) == {"R05"}
    assert [gap.reason_en for gap in judged.not_computable if gap.subject_kind == "bureau"] == [
        "visits carry no number of severe findings: whether those were filed cannot be told"
    ]


def test_an_officer_with_too_few_cases_is_no_gap_in_silence(honest):
    few = honest[(honest["lead_officer_id"] != "R03") | honest["case_id"].isin(honest["case_id"].head(2))]
    extra = few[few["lead_officer_id"] == "R02"].head(5).assign(lead_officer_id="R03", case_id=list("abcde"))
    judged = case_dropped.judge(night_of(pd.concat([few, extra], ignore_index=True)))
    told = {gap.subject_id: gap.reason_en for gap in judged.not_computable if gap.subject_kind == "officer"}
    assert "at least 20 are needed" in told["R03"] and "R05" not in told
