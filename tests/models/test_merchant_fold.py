"""Out of time: what is chosen never looks at the last quarter, and what judges a quarter knew nothing of it."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from models import merchant_fold, policy
from models.merchant_fold import FOLD_DAYS, out_of_time
from models.merchant_setting import DEFAULT, TRIED, Setting
from tests.models.visit_history import AS_OF, history

RULES = policy.on(AS_OF).training
LAST = pd.Timestamp(AS_OF - timedelta(days=FOLD_DAYS))


class Noted:
    """A score that knows which setting it has and which visits it was taught, and ranks by one column of its setting."""

    def __init__(self, taught: pd.DataFrame, setting: Setting):
        self.taught = taught
        self.setting = setting

    def raw_score(self, frame: pd.DataFrame) -> np.ndarray:
        # the more leaves, the better it ranks
        noise = np.random.default_rng(len(frame)).normal(size=len(frame))
        return frame["severe_excess_730"].to_numpy() + noise * 10 / (1 + self.setting.rounds * self.setting.leaves)


class Taught:
    """Stands where the regression would: what it was given is kept, and grows into `Noted`."""

    given: list[pd.DataFrame] = []

    def __init__(self, visits: pd.DataFrame):
        self.visits = visits
        Taught.given.append(visits)

    def grown(self, setting: Setting) -> Noted:
        return Noted(self.visits, setting)


@pytest.fixture(autouse=True)
def nothing_given():
    Taught.given = []


@pytest.fixture(scope="module")
def visits() -> pd.DataFrame:
    return history(rows=3000, seed=12)


def test_four_quarters_end_on_the_night_each_judged_by_what_was_known_before_it_began(visits):
    tried = out_of_time(visits, AS_OF, RULES, Taught)
    assert [fold.last_on for fold in tried.folds] == [AS_OF - timedelta(days=FOLD_DAYS * back) for back in (3, 2, 1, 0)]
    for fold, taught in zip(tried.folds, Taught.given, strict=True):
        assert (fold.last_on - fold.first_on).days == FOLD_DAYS - 1
        begin = pd.Timestamp(fold.first_on)
        assert taught["visited_on"].max() < begin and taught["known_on"].max() < begin
        inside = (visits["visited_on"] >= begin) & (visits["visited_on"] <= pd.Timestamp(fold.last_on))
        assert fold.label.tolist() == visits.loc[inside, "is_severe"].astype(float).tolist()
        assert fold.officer.tolist() == visits.loc[inside, "lead_officer_id"].tolist()
        assert fold.merchant.tolist() == visits.loc[inside, "merchant_id"].tolist()


def test_a_visit_that_became_known_only_in_the_quarter_teaches_nothing_about_it(visits):
    late = visits.assign(known_on=visits["known_on"].where(visits.index != 0, pd.Timestamp(AS_OF)))
    out_of_time(late, AS_OF, RULES, Taught)
    assert all(0 not in taught.index for taught in Taught.given)


def test_the_setting_is_that_of_the_least_loss_and_every_one_tried_is_told(visits):
    tried = out_of_time(visits, AS_OF, RULES, Taught)
    losses = [row["log_loss"] for row in tried.search]
    assert len(losses) == len(TRIED) and [row["is_chosen"] for row in tried.search].count(True) == 1
    assert tried.search[int(np.argmin(losses))]["is_chosen"]
    assert tried.setting == max(TRIED, key=lambda setting: setting.rounds * setting.leaves)
    assert len(set(losses)) == len(TRIED)


def scrambled(visits: pd.DataFrame, inside: pd.Series) -> pd.DataFrame:
    """The same visits, whose findings inside have changed places."""
    found = visits["is_severe"].to_numpy().copy()
    found[inside] = np.random.default_rng(1).permutation(found[inside])
    return visits.assign(is_severe=found)


def test_what_the_last_quarter_found_has_no_say_in_the_choice(visits):
    """A setting chosen on the quarter by which it is judged would look better than it is."""
    last = visits["visited_on"] > LAST
    one_earlier = (visits["visited_on"] > LAST - pd.Timedelta(days=FOLD_DAYS)) & ~last
    before, after, other = (
        out_of_time(rows, AS_OF, RULES, Taught)
        for rows in (visits, scrambled(visits, last), scrambled(visits, one_earlier))
    )
    assert after.search == before.search and after.setting == before.setting
    assert not np.array_equal(after.folds[-1].label, before.folds[-1].label)
    assert other.search != before.search


def test_the_blind_twin_is_of_the_chosen_setting_and_was_taught_nothing_of_the_last_quarter(visits):
    tried = out_of_time(visits, AS_OF, RULES, Taught)
    assert tried.blind.setting == tried.setting
    assert tried.blind.taught["visited_on"].max() <= LAST and tried.blind.taught["known_on"].max() <= LAST
    assert len(tried.blind.taught) == (visits["known_on"] <= LAST).sum()


def test_without_visits_in_the_last_quarter_there_is_no_twin(visits):
    tried = out_of_time(visits[visits["visited_on"] <= LAST].reset_index(drop=True), AS_OF, RULES, Taught)
    assert tried.blind is None and [fold.last_on for fold in tried.folds][-1] == LAST.date()


def test_of_two_quarters_the_first_alone_chooses_and_one_quarter_chooses_nothing(visits):
    second = LAST - pd.Timedelta(days=FOLD_DAYS)
    short = visits[visits["visited_on"] > second - pd.Timedelta(days=FOLD_DAYS)]
    few = RULES.model_copy(update={"min_rows": 100, "min_positives": 10})
    two = out_of_time(short.reset_index(drop=True), AS_OF, few, Taught)
    assert len(two.folds) == 2 and len(two.search) == len(TRIED)
    one = out_of_time(visits[visits["visited_on"] > second].reset_index(drop=True), AS_OF, few, Taught)
    assert len(one.folds) == 1 and one.search == [] and one.setting == DEFAULT
    none = out_of_time(visits[visits["visited_on"] > LAST].reset_index(drop=True), AS_OF, few, Taught)
    assert none.folds == () and none.blind is None and none.setting == DEFAULT
    assert len(none.raw_score) == len(none.label) == 0


def test_of_more_visits_than_the_limit_every_so_many_th_by_day_teaches(visits, monkeypatch):
    """A cut at one end would leave out a season; the last visits and the first ones both teach."""
    monkeypatch.setattr(merchant_fold, "TAUGHT_LIMIT", 200)
    tried = out_of_time(visits, AS_OF, RULES, Taught)
    for fold, taught in zip(tried.folds, Taught.given, strict=True):
        whole = visits.index[visits["known_on"] < pd.Timestamp(fold.first_on)]
        rows = taught.index.to_numpy()
        assert len(rows) == 200 and (np.diff(rows) > 0).all()
        assert (rows[0], rows[-1]) == (whole[0], whole[-1])
        steps = np.diff(np.searchsorted(whole, rows))
        assert steps.max() - steps.min() <= 1


def test_at_the_limit_all_teach(visits, monkeypatch):
    whole = (visits["known_on"] <= LAST).sum()
    monkeypatch.setattr(merchant_fold, "TAUGHT_LIMIT", int(whole))
    assert len(out_of_time(visits, AS_OF, RULES, Taught).blind.taught) == whole
