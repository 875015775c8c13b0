"""Windows and past nights: what is counted where, and that no later record reaches an earlier night."""

from datetime import timedelta

import pandas as pd
import pytest

from models import policy
from models.hint.ledger import Ledger
from models.hint.window import VINTAGE_DAYS, indicator, measured, window_weights
from tests.models.hint.honest_bureau import NIGHT, asked, days_before, records, with_share

HONEST = records(3)
POLICY = policy.on(NIGHT)


def nights(count: int = 6) -> list:
    return [days_before(91 * step) for step in range(1, count + 1)]


def later(frame: pd.DataFrame) -> pd.DataFrame:
    """The same records once more, all hits, known after the night."""
    known = pd.Timestamp(NIGHT) + pd.to_timedelta(frame.index % 90 + 1, unit="D")
    return frame.assign(record_id="L" + frame["record_id"], known_on=known, is_hit=True)


def test_the_weights_of_the_windows_add_up_to_one_and_stand_from_the_shortest_on():
    weights = window_weights(POLICY.flags)
    assert sum(weights.values()) == pytest.approx(1) and list(weights) == sorted(weights) and min(weights.values()) > 0


def test_each_window_counts_its_own_records():
    found = measured(asked(HONEST, least_exposure=1), NIGHT, POLICY)
    age = (pd.Timestamp(NIGHT) - HONEST["known_on"]).dt.days
    for days, rates in found.rates.items():
        counts = HONEST[age < days].groupby("officer_id").size()
        assert rates["exposure_count"].to_dict() == counts.to_dict()


def test_the_year_before_shares_no_record_with_the_year():
    found = measured(asked(HONEST, least_exposure=1), NIGHT, POLICY)
    age = (pd.Timestamp(NIGHT) - HONEST["known_on"]).dt.days
    counts = HONEST[age.between(365, 729)].groupby("officer_id").size()
    assert found.before["exposure_count"].to_dict() == counts.to_dict()


def test_nothing_after_the_night_matters_tonight():
    alone = measured(asked(HONEST), NIGHT, POLICY)
    more = measured(asked(pd.concat([HONEST, later(HONEST.head(900))], ignore_index=True)), NIGHT, POLICY)
    for days, rates in alone.rates.items():
        pd.testing.assert_frame_equal(more.rates[days], rates)
    pd.testing.assert_frame_equal(more.before, alone.before)


def test_nothing_after_a_past_night_matters_there():
    past = nights()
    young = pd.to_datetime(HONEST["known_on"]) > pd.Timestamp(past[0])
    changed = HONEST.assign(is_hit=HONEST["is_hit"] ^ young)
    pd.testing.assert_frame_equal(
        indicator(asked(HONEST), Ledger.of(asked(HONEST)), past, POLICY),
        indicator(asked(changed), Ledger.of(asked(changed)), past, POLICY),
    )


def test_the_indicator_of_a_past_night_is_what_that_night_would_have_measured():
    past = days_before(VINTAGE_DAYS - 1)
    table = indicator(asked(HONEST), Ledger.of(asked(HONEST)), [past], POLICY).set_index("officer_id")
    known = HONEST[pd.to_datetime(HONEST["known_on"]) <= pd.Timestamp(past)].reset_index(drop=True)
    rates = measured(asked(known), past, POLICY).rates[POLICY.flags.window_days]
    pd.testing.assert_series_equal(table["index"], rates["log_odds_ratio"], check_names=False, rtol=1e-9)


def test_who_stands_out_crosses_in_his_windows_and_hardly_anybody_else_does():
    chosen = HONEST["officer_id"] == "R011"
    found = measured(asked(with_share(HONEST, chosen, 0.75)), NIGHT, POLICY)
    crosses = found.crosses(365, POLICY.flags.posterior_confidence)
    assert crosses["R011"] and crosses.sum() <= 2
    assert [window.window_days for window in found.windows_of("R011")] == [365, 730]
    assert found.windows_of("R999") == ()


def test_an_officer_below_the_least_exposure_is_in_no_window():
    few = HONEST[(HONEST["officer_id"] != "R000") | (HONEST.index < 5)]
    found = measured(asked(few), NIGHT, POLICY)
    assert not any("R000" in rates.index for rates in found.rates.values())


def test_no_night_without_records_has_an_indicator():
    early = days_before(5000)
    assert indicator(asked(HONEST), Ledger.of(asked(HONEST)), [early, early - timedelta(days=91)], POLICY).empty
