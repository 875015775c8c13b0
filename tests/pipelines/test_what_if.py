"""Another policy of rotation may be asked about, and a wrong question is answered with what to do."""

from datetime import date

import pytest

from models import policy
from pipelines.places import Places
from pipelines.what_if import NotAnswerable, asked_policy, compared

IN_FORCE = policy.on(date(2026, 6, 30)).rotation


def test_settings_are_given_as_in_the_policys_file_and_all_others_stay():
    asked = asked_policy(IN_FORCE, ["due_years=4", "post_risk.patrol = 2.5", 'movable_posts=["sampling"]'])
    assert (asked.due_years, asked.post_risk["patrol"], asked.movable_posts) == (4.0, 2.5, ("sampling",))
    assert asked.post_risk["permit"] == IN_FORCE.post_risk["permit"]
    assert asked.model_dump(exclude={"due_years", "post_risk", "movable_posts"}) == IN_FORCE.model_dump(
        exclude={"due_years", "post_risk", "movable_posts"}
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("due_yeers=4", "due_yeers is no setting"),
        ("due_years", "write SETTING=VALUE"),
        ("due_years=soon", "write SETTING=VALUE"),
        ("due_years=40", "must rise"),
        ("station_move_share=1.5", "station_move_share"),
        ('hot_posts=["patrol"]', "run the night"),
    ],
)
def test_a_question_that_cannot_be_put_is_refused_with_the_reason(asked, said):
    with pytest.raises(NotAnswerable, match=said):
        asked_policy(IN_FORCE, [asked])


def test_a_home_without_a_night_says_so(tmp_path):
    with pytest.raises(NotAnswerable, match="run `mingjian night`"):
        compared(Places(home=tmp_path), ["due_years=4"])
    assert not (tmp_path / "warehouse.duckdb").exists()
