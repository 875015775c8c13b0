"""Delay and haste: a hint where an officer's own step is slow (or fast) for like cases, none where the cases explain it."""

import numpy as np
import pandas as pd
import pytest

from models.flags import process_delay
from models.rank_among_others import FEWEST_OTHERS, share_below
from tests.models.flags.docket import NIGHT, docket, hints, night_of, some_of, verdicts


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    return docket()


def lasting(cases: pd.DataFrame, chosen: np.ndarray, factor: float) -> pd.DataFrame:
    """The cases, those chosen investigated that many times as long, and all that follows so much later."""
    slower = cases.copy()
    days = (cases["investigation_closed_on"] - cases["filed_on"]).dt.days
    extra = pd.to_timedelta((days * (factor - 1)).round(), unit="D")
    for name in ("investigation_closed_on", "legal_reviewed_on", "decided_on", "outcome_known_on"):
        moved = (cases[name] + extra)[chosen]
        slower.loc[chosen, name] = moved.mask(moved > pd.Timestamp(NIGHT))
    return slower


def test_honest_officers_are_neither_slow_nor_fast(honest):
    judged = process_delay.judge(night_of(honest))
    assert judged.flags == () and not judged.indicator["crosses"].any()


@pytest.mark.parametrize(("factor", "pattern"), [(3.0, "slow"), (0.3, "fast")])
def test_both_tails_are_told_each_by_its_name(honest, factor, pattern):
    found = hints(process_delay.judge(night_of(lasting(honest, some_of(honest, "R09", 1.0), factor))))
    assert set(found) == {"R09"}
    assert (found["R09"].facts, found["R09"].strength) == ((pattern,), "moderate")
    assert "同类" in found["R09"].evidence[0].note_zh


def test_large_cases_take_longer_and_explain_it(honest):
    chosen = some_of(honest, "R09", 0.6)
    cases = lasting(honest, chosen, 4.0)
    cases.loc[chosen, "amount_involved_yuan"] = 500_000.0
    found = hints(process_delay.judge(night_of(cases)))
    assert "R09" not in found or (
        found["R09"].strength == "weak" and verdicts(found["R09"])["large_case"] == "supported"
    )
    plain = hints(process_delay.judge(night_of(lasting(honest, chosen, 4.0))))["R09"]
    assert plain.strength == "moderate" and verdicts(plain)["large_case"] == "not_supported"


def test_cases_the_heads_discussed_explain_it(honest):
    chosen = some_of(honest, "R09", 0.6)
    cases = lasting(honest, chosen, 4.0)
    cases.loc[chosen, "collective_discussed_on"] = pd.Timestamp("2025-01-01")
    found = hints(process_delay.judge(night_of(cases)))
    assert "R09" not in found or verdicts(found["R09"])["decided_together"] == "supported"


def test_being_given_many_cases_at_once_explains_it(honest):
    """Slow cases that came in batches of nine, beside others of the usual length."""
    chosen = some_of(honest, "R09", 0.6)
    cases = lasting(honest, chosen, 3.0)
    plain = hints(process_delay.judge(night_of(cases)))["R09"]
    assert verdicts(plain)["many_cases_at_once"] == "not_supported"
    rows = cases[chosen].sort_values("filed_on").index.to_numpy()
    for batch in np.array_split(rows, 5):
        delay = cases.loc[batch, "filed_on"].min() - cases.loc[batch, "filed_on"]
        for name in ("filed_on", "investigation_closed_on", "decided_on", "outcome_known_on"):
            cases.loc[batch, name] += delay
    found = hints(process_delay.judge(night_of(cases)))
    assert "R09" not in found or verdicts(found["R09"])["many_cases_at_once"] == "supported"


def test_what_the_records_do_not_say_is_unknown(honest):
    cases = lasting(honest, some_of(honest, "R09", 1.0), 3.0)
    told = verdicts(hints(process_delay.judge(night_of(cases, without=("has_collective",))))["R09"])
    assert {told[code] for code in ("decided_together", "time_not_counted", "party_delay")} == {"unknown"}


def test_a_station_that_is_slow_together_is_told_as_a_station(honest):
    chosen = np.zeros(len(honest), dtype=bool)
    for officer in ("R08", "R09", "R10", "R11"):
        chosen |= some_of(honest, officer, 1.0)
    judged = process_delay.judge(night_of(lasting(honest, chosen, 2.5)))
    assert "S2" in hints(judged, "institution") and not [
        flag for flag in hints(judged).values() if flag.strength != "weak"
    ]


def test_a_past_night_knows_nothing_of_later_haste(honest):
    cases = lasting(honest, some_of(honest, "R09", 1.0, since="2025-07-01"), 0.3)
    indicator = process_delay.judge(night_of(cases)).indicator.query("officer_id == 'R09'").set_index("as_of_on")
    assert indicator["crosses"].to_dict() == {pd.Timestamp("2025-06-30"): False, pd.Timestamp(NIGHT): True}


def test_without_the_day_the_investigation_ended_the_whole_case_is_measured(honest):
    cases = lasting(honest, some_of(honest, "R09", 1.0), 3.0)
    flag = hints(process_delay.judge(night_of(cases, without=("has_stage",))))["R09"]
    assert "立案至办结" in flag.summary_zh


def test_without_cases_nothing_can_be_told(honest):
    judged = process_delay.judge(night_of(honest, without=("has_penalty",)))
    assert judged.flags == () and judged.not_computable[0].subject_kind == "bureau"


def test_a_rank_looks_only_at_others_before_and_like():
    """One record of A on the last day against 20 of B before it, 5 of them smaller and 2 equal."""
    size = FEWEST_OTHERS + 1
    value = pd.Series([1.0] * 5 + [2.0] * 2 + [3.0] * (FEWEST_OTHERS - 7) + [2.0])
    officer = pd.Series(["B"] * FEWEST_OTHERS + ["A"])
    day = pd.Series(pd.date_range("2026-01-01", periods=size))
    kind = pd.Series(["V"] * size)
    found = share_below(value, kind, officer, day, 365)
    assert found[-1] == pytest.approx((5 + 1) / FEWEST_OTHERS)
    assert np.isnan(found[:-1]).all()
    # his own, those of the same day, and those too long ago do not count
    assert np.isnan(share_below(value, kind, officer.replace("B", "A"), day, 365)[-1])
    assert np.isnan(share_below(value, kind, officer, pd.Series([pd.Timestamp("2026-01-01")] * size), 365)[-1])
    assert np.isnan(share_below(value, kind, officer, day, 10)[-1])


def test_a_rare_kind_is_ranked_among_all_kinds():
    size = FEWEST_OTHERS + 1
    value = pd.Series([1.0] * FEWEST_OTHERS + [2.0])
    officer = pd.Series(["B"] * FEWEST_OTHERS + ["A"])
    kind = pd.Series(["V"] * FEWEST_OTHERS + ["W"])
    assert share_below(value, kind, officer, pd.Series(pd.date_range("2026-01-01", periods=size)), 365)[-1] == 1.0
