"""What of a sentence stays where it names an officer by his number, whatever numbers are made of."""

import pytest
from django.utils import timezone

from desk.published.night import current
from desk.review.models import Unmasking
from desk.review.naming import Naming
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def naming_of(user_of, home):
    """What a reader is told in a night of these officers: `naming_of("R1", opened=...)`."""

    def make(*officers: str, opened: tuple[str, ...] = ()) -> Naming:
        write_night(home, {"officer": [{"officer_id": name, "is_serving": True} for name in officers]})
        user = user_of("discipline_officer", area=["B00"])
        for officer_id in opened:
            Unmasking.objects.create(
                reader=user,
                officer_id=officer_id,
                flag_id="f1",
                flag_key="k1",
                as_of=current().as_of,
                reason="why",
                unmasked_at=timezone.now(),
            )
        return Naming(user, current())

    return make


def test_a_number_of_figures_alone_is_taken_out_of_a_sentence_like_any_other(naming_of):
    naming = naming_of("10023", "R1")
    told = naming.masked("人员10023与R1同组, 110023 and R12 are others")
    assert "人员10023" not in told and "R1同" not in told
    assert "110023 and R12 are others" in told
    assert naming.officer("10023") in told and naming.officer("R1") in told


@pytest.mark.parametrize("text", ["7 cases by 7", "人员7的案件", "led by 42, 3 visits"])
def test_a_text_whose_figure_could_be_a_short_number_of_an_officer_is_not_shown_and_says_so(naming_of, text):
    naming = naming_of("7", "42", "R1")
    told = naming.masked(text)
    assert "7" not in told and "42" not in told and told != ""
    assert naming.masked("70 cases of 427") == "70 cases of 427"


def test_whose_name_is_open_may_be_read_by_his_short_number_too(naming_of):
    assert "7" in naming_of("7", opened=("7",)).masked("officer 7 led")
