"""Conclusions of the desk: exoneration is remembered, explanations weaken, transfers teach what they are worth."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import policy
from models.decision import is_renewed, remembered, standing
from models.decision_label import reviewer_records, settled_transfers, with_decisions
from models.flags import Evidence, Judgement, indicator_frame
from models.officer_label import Labels
from tests.models.test_strength import FLAG

TONIGHT = date(2026, 6, 30)
DECIDED = date(2026, 3, 1)
RULES = policy.on(TONIGHT)
KNOWN = {("penalty", f"C{number}"): date(2026, 1, 1) + timedelta(days=number) for number in range(180)}


def flag(*numbers: int, **changes):
    evidence = tuple(Evidence("penalty", f"C{number}", 1.0, "件", "case") for number in numbers)
    return replace(FLAG, evidence=evidence, **changes)


def decision(outcome: str, number: int = 1, of=FLAG, **changes) -> dict:
    made = {
        "decision_id": f"D{number}",
        "flag_key": of.flag_key,
        "subject_kind": of.subject_kind,
        "subject_id": of.subject_id,
        "family": of.family,
        "outcome": outcome,
        "decided_on": DECIDED,
        "reviewer_hash": "reviewer-1",
        "is_superseded": False,
    } | changes
    return {"decided_at": pd.Timestamp(made["decided_on"])} | made


def indicator(*nights: date) -> pd.DataFrame:
    rows = [(officer, night, 0.3, True) for officer in ("R1", "R2") for night in nights]
    return indicator_frame(pd.DataFrame(rows, columns=["officer_id", "as_of_on", "index", "crosses"]))


def after(raised, *decisions: dict, nights=(TONIGHT,), as_of=TONIGHT) -> Judgement:
    judged = {"leniency": Judgement((raised,), (), indicator(*nights))}
    return remembered(judged, pd.DataFrame(decisions), KNOWN, as_of, RULES)["leniency"]


OLD, NEW = range(0, 20), range(100, 120)


def test_what_was_exonerated_is_not_raised_again_by_the_same_records_and_nobody_is_named():
    found = after(flag(*OLD), decision("exonerated"))
    assert found.flags == ()
    assert [(gap.subject_kind, gap.subject_id) for gap in found.not_computable] == [("bureau", "all")]
    assert "1条提示已经澄清" in found.not_computable[0].reason_zh


def test_it_comes_back_once_enough_of_its_records_are_new():
    assert len(after(flag(*NEW), decision("exonerated")).flags) == 1
    assert after(flag(*OLD, *NEW[:9]), decision("exonerated")).flags == ()


def test_a_few_new_records_are_not_enough_even_where_they_are_most_of_it():
    assert after(flag(1, *NEW[:9]), decision("exonerated")).flags == ()
    assert len(after(flag(*NEW[:3]), decision("exonerated")).flags) == 1


def test_a_record_of_unknown_day_is_not_new():
    unknown = replace(FLAG, evidence=(Evidence("penalty", "C999", 1.0, "件", "case"),))
    assert not is_renewed(unknown, pd.Timestamp(DECIDED), KNOWN, RULES.decision)


@pytest.mark.parametrize("evidence", [(), (Evidence("measure", "visits", 1.0, "项", "measure"),)])
def test_a_hint_without_dated_records_comes_back_once_its_window_begins_after_the_conclusion(evidence):
    """Confidential hints show no record and measures have no day: neither may be silenced for ever."""
    for start_on, is_back in ((DECIDED, False), (DECIDED + timedelta(days=1), True)):
        raised = replace(FLAG, evidence=evidence, window_start_on=start_on)
        assert (after(raised, decision("exonerated")).flags != ()) == is_back


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(0, 59), min_size=1, max_size=30),
    st.lists(st.floats(0.01, 1), min_size=30, max_size=30),
    st.integers(0, 365),
)
def test_an_exonerated_key_never_appears_again_from_the_same_facts(numbers, weights, later_days):
    records = tuple(
        Evidence("penalty", f"C{number}", weight, "件", "case")
        for number, weight in zip(sorted(numbers), weights, strict=False)
    )
    night = DECIDED + timedelta(days=later_days)
    raised = replace(FLAG, evidence=records)
    assert all(KNOWN[("penalty", item.record_id)] <= DECIDED for item in records)
    assert after(raised, decision("exonerated"), as_of=night).flags == ()


def test_other_facts_of_the_same_officer_are_another_hint():
    other = flag(*OLD, facts=("pair_effect",))
    assert after(other, decision("exonerated")).flags == (other,)


def test_the_latest_conclusion_counts_and_a_superseded_one_does_not():
    first, second = decision("exonerated", 1), decision("needs_information", 2, decided_on=date(2026, 3, 2))
    assert len(after(flag(*OLD), first, second).flags) == 1
    withdrawn = decision("exonerated", 3, decided_on=date(2026, 4, 1), is_superseded=True)
    assert standing(pd.DataFrame([first, second, withdrawn]), TONIGHT)["decision_id"].tolist() == ["D2"]
    assert standing(pd.DataFrame([first, second]), DECIDED)["decision_id"].tolist() == ["D1"]


@pytest.mark.parametrize(("first_hour", "second_hour", "stands"), [(9, 17, "D2"), (17, 9, "D1"), (0, 0, "D2")])
def test_of_two_conclusions_of_one_day_the_later_stands_whatever_it_is_called(first_hour, second_hour, stands):
    """Where a delivery tells days alone, the later identifier stands."""
    day = pd.Timestamp(DECIDED)
    rows = [
        decision("exonerated", 1, decided_at=day + pd.Timedelta(hours=first_hour)),
        decision("explained", 2, decided_at=day + pd.Timedelta(hours=second_hour)),
    ]
    for told in (rows, rows[::-1]):
        assert standing(pd.DataFrame(told), DECIDED)["decision_id"].tolist() == [stands]


def test_what_was_explained_stays_weak_until_its_records_are_new():
    strong = {"strength": "strong"}
    assert [item.strength for item in after(flag(*OLD, **strong), decision("explained")).flags] == ["weak"]
    assert [item.strength for item in after(flag(*NEW, **strong), decision("explained")).flags] == ["strong"]
    reminder = flag(*OLD, strength="reminder")
    assert after(reminder, decision("explained")).flags == (reminder,)


def erased(judgement: Judgement) -> set[tuple[str, date]]:
    rows = judgement.indicator
    empty = rows[rows["index"].isna() & rows["crosses"].isna()]
    return set(zip(empty["officer_id"], empty["as_of_on"].dt.date, strict=True))


def test_the_nights_that_rest_on_what_was_exonerated_have_neither_index_nor_crossing():
    past, overlap, beyond = date(2025, 1, 1), TONIGHT, DECIDED + timedelta(days=365)
    nights = (past, DECIDED, overlap, beyond)
    assert erased(after(flag(*OLD), decision("exonerated"), nights=nights, as_of=beyond)) == {
        ("R1", past),
        ("R1", DECIDED),
        ("R1", overlap),
    }
    renewed = after(flag(*NEW), decision("exonerated"), nights=nights, as_of=beyond)
    assert erased(renewed) == {("R1", past), ("R1", DECIDED)}
    assert erased(after(flag(*OLD), decision("explained"), nights=nights)) == set()


def test_an_exonerated_pair_leaves_the_officers_own_measure():
    pair = flag(*OLD, subject_kind="pair", subject_id="R1|M1")
    found = after(pair, decision("exonerated", of=pair))
    assert found.flags == () and erased(found) == set()


def transfers(reviewer: str, *results: str | None, start: int = 0) -> tuple[list[dict], list[dict]]:
    """Transfers of one reviewer, one officer each, and what came of those that are settled."""
    made, outcomes = [], []
    for number, result in enumerate(results, start):
        officer = f"{reviewer}-{number}"
        of = replace(FLAG, subject_id=officer)
        made.append(
            decision(
                "transferred_to_lead", f"{reviewer}{number}", of, reviewer_hash=reviewer, decided_on=date(2025, 9, 1)
            )
        )
        if result:
            outcomes.append(
                {
                    "officer_id": officer,
                    "opened_on": date(2025, 10, 1),
                    "closed_on": date(2025, 12, 1),
                    "result": result,
                }
            )
    return made, outcomes


def test_a_reviewers_record_is_the_share_of_his_transfers_that_were_found_shrunk_to_all():
    good, found = transfers("good", *["substantiated"] * 18, *["unfounded"] * 2)
    poor, cleared = transfers("poor", *["substantiated"] * 2, *["unfounded"] * 18)
    few, once = transfers("few", "substantiated")
    settled = settled_transfers(pd.DataFrame(good + poor + few), pd.DataFrame(found + cleared + once), TONIGHT, 365)
    record, mean = reviewer_records(settled)
    assert mean == pytest.approx(21.5 / 42)
    assert 0.8 < record["good"] < 0.9 and 0.1 < record["poor"] < 0.2
    assert mean < record["few"] < record["good"]


def test_without_a_record_a_transfer_is_worth_one_half():
    made, _ = transfers("new", None)
    nothing = pd.DataFrame({"officer_id": [], "opened_on": [], "closed_on": [], "result": []})
    record, mean = reviewer_records(settled_transfers(pd.DataFrame(made), nothing, TONIGHT, 365))
    assert record.empty and mean == 0.5


PANEL = pd.DataFrame(
    [
        (officer, pd.Timestamp(night))
        for officer in ("new-0", "X")
        for night in (date(2024, 8, 1), date(2025, 3, 1), date(2025, 9, 1))
    ],
    columns=["officer_id", "as_of_on"],
)


def taught(decisions: list[dict], outcomes: list[dict], label: float = 0.1) -> list[float]:
    labels = Labels(pd.Series(label, PANEL.index), pd.Series(0.0, PANEL.index), "weak")
    known = pd.DataFrame(outcomes, columns=["officer_id", "opened_on", "closed_on", "result"])
    return with_decisions(labels, PANEL, pd.DataFrame(decisions), known, TONIGHT, RULES).label.tolist()


def test_a_transfer_raises_the_nights_of_the_year_before_it_and_nobody_elses():
    assert taught(transfers("new", None)[0], []) == pytest.approx([0.1, 0.55, 0.1, 0.1, 0.1, 0.1])


def test_a_settled_transfer_is_worth_what_came_of_it():
    assert taught(*transfers("new", "unfounded")) == pytest.approx([0.1] * 6)
    assert taught(*transfers("new", "substantiated"))[1] == pytest.approx(1.0)


def test_a_correction_of_process_is_worth_a_part_of_a_transfer():
    corrected = decision("process_correction", of=replace(FLAG, subject_id="new-0"), decided_on=date(2025, 9, 1))
    expected = 1 - 0.9 * (1 - 0.5 * RULES.decision.correction_weight)
    assert taught([corrected], [])[1] == pytest.approx(expected)


@pytest.mark.parametrize("outcome", ["needs_information", "explained", "exonerated"])
def test_no_other_conclusion_is_a_label(outcome):
    """That somebody was flagged, and looked at, says nothing of him."""
    of = replace(FLAG, subject_id="new-0")
    assert taught([decision(outcome, of=of, decided_on=date(2025, 9, 1))], []) == pytest.approx([0.1] * 6)
