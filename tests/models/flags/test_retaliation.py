from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.after_complaint import after_complaints, officer_acts, refuse_note
from models.flags import retaliation
from tests.models.flags.visiting_bureau import (
    ODD,
    OFFICERS,
    RULES,
    TONIGHT,
    delivery,
    judged,
    of_officers,
    officers,
    postings,
    verdict,
)

GOLDEN = Path(__file__).with_name("golden")
NO_CASES = pd.DataFrame(
    {name: pd.Series(dtype=object) for name in ("case_id", "merchant_id", "lead_officer_id", "source")}
    | {"filed_on": pd.Series(dtype="datetime64[us]")}
)
COMPLAINED = 12
"""Merchants that complained about each officer within the two years."""


def merchants() -> pd.DataFrame:
    """Ten merchants of one industry in each of twelve grids of every officer."""
    places = [(name, grid, number) for name in OFFICERS for grid in range(COMPLAINED) for number in range(10)]
    rows = [(f"{name}-{grid}-{number}", f"G{name}{grid}", "5211") for name, grid, number in places]
    return pd.DataFrame(rows, columns=["merchant_id", "grid_id", "industry_code"])


def complaints(officer_count: int = len(OFFICERS), per_officer: int = COMPLAINED) -> pd.DataFrame:
    """One merchant of each grid complained about the officer who goes there, over the year before last autumn."""
    rows = [
        (f"K-{name}-{grid}", pd.Timestamp("2025-09-20") + pd.Timedelta(days=15 * grid), f"{name}-{grid}-0", name)
        for name in OFFICERS[:officer_count]
        for grid in range(per_officer)
    ]
    frame = pd.DataFrame(rows, columns=["complaint_id", "received_on", "merchant_id", "officer_id"])
    return frame.assign(kind="handling_complaint", is_duplicate=False)


def acts(
    said: pd.DataFrame,
    share: float,
    his: float,
    kind: str = "targeted",
    filed_before: bool = False,
    swept: bool = False,
) -> pd.DataFrame:
    """feature.visit_record: a visit 30 days after a share of the complaints, of ODD's a share `his`."""
    random = np.random.default_rng(4)
    came = random.random(len(said)) < np.where(said["officer_id"] == ODD, his, share)
    chosen = said[came]
    if swept:
        chosen = pd.concat(
            [chosen.assign(merchant_id=chosen["merchant_id"].str[:-1] + str(number)) for number in range(10)]
        )
    day = chosen["received_on"] + pd.Timedelta(days=30)
    return pd.DataFrame(
        {
            "patrol_id": [f"V{number:05d}" for number in range(len(chosen))],
            "lead_officer_id": chosen["officer_id"].to_numpy(),
            "co_officer_id": None,
            "merchant_id": chosen["merchant_id"].to_numpy(),
            "visited_on": day.to_numpy(),
            "visit_kind": kind,
            "filing_lag_minutes": -1440.0 * (40 if filed_before else 1),
        }
    )


SAID = complaints()


def night(visits: pd.DataFrame, said: pd.DataFrame = SAID, **given) -> dict[str, pd.DataFrame]:
    return {
        "core.delivery": delivery(),
        "core.complaint": said,
        "core.merchant": merchants(),
        "core.penalty": NO_CASES,
        "feature.officer": officers(),
        "feature.officer_posting": postings(),
        "feature.visit_record": visits,
    } | given


def everything_told(judgement) -> str:
    """All that a reader may see of the hints and gaps, as one text."""
    told = [asdict(flag) | {"facts": ()} for flag in judgement.flags]
    return repr(told) + repr(judgement.not_computable)


def test_nobody_is_named_where_all_come_to_complaining_merchants_alike():
    assert of_officers(judged(retaliation, night(acts(SAID, 0.2, 0.2)))) == {}


def test_an_officer_who_comes_to_most_merchants_that_complained_is_named_alone():
    flag = of_officers(judged(retaliation, night(acts(SAID, 0.12, 1.0))))
    assert list(flag) == [ODD] and flag[ODD].strength == "moderate"
    assert flag[ODD].observed >= 5 and flag[ODD].exposure_count >= 5
    assert verdict(flag[ODD], "scheduled") == verdict(flag[ODD], "grid_sweep") == "not_supported"
    assert verdict(flag[ODD], "ordered_by_superior") == "unknown"
    # a complaint about handling is often a consumer's: the merchant concerned did not speak
    assert verdict(flag[ODD], "who_spoke") == "unknown"
    assert "反映所涉主体" in flag[ODD].summary_zh and "complained" not in flag[ODD].summary_en


def test_no_record_no_merchant_and_no_complaint_is_told():
    judgement = judged(retaliation, night(acts(SAID, 0.12, 1.0)))
    told = everything_told(judgement)
    assert ODD in told
    assert all(
        name not in told for name in (*SAID["complaint_id"], *SAID["merchant_id"], *SAID["merchant_id"].str[:-2])
    )
    assert all(flag.evidence == () for flag in judgement.flags)
    assert all(window.observed == 0 or window.observed >= 5 for flag in judgement.flags for window in flag.windows)
    # fewer than five colleagues are compared: each of them would be known by his ratio
    assert all(flag.peers == () and flag.peer_count < 5 for flag in judgement.flags)
    with pytest.raises(PermissionError, match="never told"):
        refuse_note(pd.Series(dtype=object))


def test_under_five_complaining_merchants_nothing_is_computed_and_the_number_is_not_told():
    few = complaints(per_officer=4)
    judgement = judged(retaliation, night(acts(few, 0.1, 1.0), few))
    assert judgement.flags == () and len(judgement.not_computable) == len(OFFICERS)
    assert {gap.reason_en for gap in judgement.not_computable} == {
        "fewer than 5 merchants that complaints about him concerned in 730 days; at least 5 are needed"
    }
    assert all("不足5户" in gap.reason_zh for gap in judgement.not_computable)


def test_four_merchants_visited_of_many_that_complained_are_no_hint():
    chosen = SAID[SAID["officer_id"] == ODD].head(4)
    assert of_officers(judged(retaliation, night(acts(chosen, 1.0, 1.0)))) == {}


def test_one_merchant_that_complains_again_and_again_is_one_merchant():
    again = pd.concat([SAID[SAID["officer_id"] == ODD].head(1)] * 8).assign(complaint_id=[f"A{n}" for n in range(8)])
    said = pd.concat([SAID[SAID["officer_id"] != ODD], again], ignore_index=True)
    assert ODD in {gap.subject_id for gap in judged(retaliation, night(acts(said, 0.1, 1.0), said)).not_computable}


@pytest.mark.parametrize("kind", ["complaint", "recheck", "random"])
def test_the_legal_response_and_the_lot_are_no_reprisal(kind):
    assert of_officers(judged(retaliation, night(acts(SAID, 0.12, 1.0, kind=kind)))) == {}


def test_cases_that_he_opens_count_and_cases_from_reports_do_not():
    his = SAID[SAID["officer_id"] == ODD]
    cases = pd.DataFrame(
        {
            "case_id": [f"C{number}" for number in range(len(his))],
            "merchant_id": his["merchant_id"].to_numpy(),
            "lead_officer_id": ODD,
            "source": "patrol",
            "filed_on": (his["received_on"] + pd.Timedelta(days=20)).to_numpy(),
        }
    )
    quiet = acts(SAID, 0.12, 0.0)
    assert list(of_officers(judged(retaliation, night(quiet, **{"core.penalty": cases})))) == [ODD]
    reported = cases.assign(source="report")
    assert of_officers(judged(retaliation, night(quiet, **{"core.penalty": reported}))) == {}


@pytest.mark.parametrize("given", [{"filed_before": True}, {"kind": "special"}])
def test_visits_planned_before_the_complaint_or_in_a_campaign_are_explained(given):
    planned = acts(SAID[SAID["officer_id"] == ODD], 1.0, 1.0, **given)
    others = acts(SAID[SAID["officer_id"] != ODD], 0.12, 0.12)
    both = pd.concat([planned, others.assign(patrol_id="W" + others["patrol_id"])], ignore_index=True)
    flag = of_officers(judged(retaliation, night(both))).get(ODD)
    assert flag is None or (flag.strength, verdict(flag, "scheduled")) == ("weak", "supported")


def test_looking_again_after_a_complaint_about_handling_is_compared_with_its_like():
    """Everybody looks again after complaints about handling; whoever has only those does what others do after them."""
    kinds = np.where(
        (SAID["officer_id"] == ODD) | (np.arange(len(SAID)) % 5 < 2), "handling_complaint", "officer_feedback"
    )
    said = SAID.assign(kind=kinds)
    again = acts(said[kinds == "handling_complaint"], 0.9, 1.0)
    assert of_officers(judged(retaliation, night(again, said))) == {}
    alike = said.assign(kind="officer_feedback")
    assert list(of_officers(judged(retaliation, night(again, alike)))) == [ODD]


def test_a_visit_filed_on_the_day_of_the_complaint_counts_as_planned():
    one = SAID[SAID["officer_id"] == ODD].head(1)
    free = []
    for days in (29, 30, 31):
        visits = acts(one, 1.0, 1.0).assign(filing_lag_minutes=-1440.0 * days)
        free += after_complaints(one, officer_acts(visits, NO_CASES), merchants(), postings(), RULES.flags)[
            "free_count"
        ].tolist()
    assert free == [1, 0, 0]


def test_a_sweep_through_the_grid_is_explained_by_the_matched_merchants():
    swept = acts(SAID[SAID["officer_id"] == ODD], 1.0, 1.0, swept=True)
    others = acts(SAID[SAID["officer_id"] != ODD], 0.12, 0.12)
    both = pd.concat([swept, others.assign(patrol_id="W" + others["patrol_id"])], ignore_index=True)
    flag = of_officers(judged(retaliation, night(both))).get(ODD)
    assert flag is None or (flag.strength, verdict(flag, "grid_sweep")) == ("weak", "supported")


def test_a_complaint_speaks_from_the_end_of_the_month_in_which_its_days_are_over():
    visits = acts(SAID, 0.2, 0.2)
    records = after_complaints(SAID, officer_acts(visits, NO_CASES), merchants(), postings(), RULES.flags)
    over = records["received_on"] + pd.Timedelta(days=RULES.flags.retaliation_days)
    assert (records["known_on"] > over).all()
    assert records["known_on"].dt.is_month_end.all()


def test_a_complaint_whose_days_are_not_over_changes_nothing_tonight():
    visits = acts(SAID, 0.12, 1.0)
    young = SAID[SAID["officer_id"] == "S1O1"].assign(
        complaint_id=lambda frame: "Y" + frame["complaint_id"],
        merchant_id=lambda frame: frame["merchant_id"].str[:-1] + "9",
        received_on=pd.Timestamp(TONIGHT) - pd.Timedelta(days=60),
    )
    later = acts(young, 1.0, 1.0).assign(patrol_id=lambda frame: "Y" + frame["patrol_id"])
    first = judged(retaliation, night(visits))
    second = judged(
        retaliation, night(pd.concat([visits, later], ignore_index=True), pd.concat([SAID, young], ignore_index=True))
    )
    assert [flag.subject_id for flag in first.flags] == [flag.subject_id for flag in second.flags] == [ODD]
    assert set(second.indicator["officer_id"]) == set(first.indicator["officer_id"])


def test_before_after_and_matched_are_counted_as_by_hand():
    """Golden: M1 complained on 2026-01-10; M2 to M6 share its grid and industry, M6 complained as well."""
    visits = pd.read_csv(GOLDEN / "retaliation_visits.csv", parse_dates=["visited_on"])
    said = pd.read_csv(GOLDEN / "retaliation_complaints.csv", parse_dates=["received_on"])
    shops = pd.DataFrame(
        {"merchant_id": [f"M{n}" for n in range(1, 8)], "grid_id": ["G1"] * 6 + ["G2"], "industry_code": "5211"}
    )
    serving = postings(("O1", "O2"), "S1")
    found = after_complaints(said, officer_acts(visits, NO_CASES), shops, serving, RULES.flags)
    row = found[found["record_id"] == "K1"].iloc[0]
    assert (row["before_count"], row["after_count"], row["free_count"]) == (1, 3, 1)
    assert bool(row["is_hit"]) and not bool(row["was_planned"])
    # of M2 to M5, only M2 saw more of him: a quarter lies between 0.2 and 0.4
    assert (row["matched_level"], row["was_swept"]) == (4, True)
    assert found["record_id"].tolist() == ["K1", "K2"]


def test_without_filings_what_was_planned_is_unknown():
    given = {"core.delivery": delivery(has_visit_filing=False)}
    unfiled = acts(SAID, 0.12, 1.0).assign(filing_lag_minutes=np.nan)
    assert verdict(of_officers(judged(retaliation, night(unfiled, **given)))[ODD], "scheduled") == "unknown"


@pytest.mark.parametrize("column", ["has_complaint_officer", "has_complaint_merchant", "has_patrol"])
def test_what_was_not_delivered_is_told(column):
    judgement = judged(retaliation, night(acts(SAID, 0.1, 1.0), **{"core.delivery": delivery(**{column: False})}))
    assert judgement.flags == () and [gap.subject_kind for gap in judgement.not_computable] == ["bureau"]


def test_without_cases_visits_alone_are_counted_and_that_is_told():
    judgement = judged(retaliation, night(acts(SAID, 0.12, 1.0), **{"core.delivery": delivery(has_penalty=False)}))
    assert judgement.not_computable[0].reason_en == "no cases were delivered: only visits are counted"
    assert list(of_officers(judgement)) == [ODD]
