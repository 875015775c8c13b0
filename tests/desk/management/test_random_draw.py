"""What random draws teach, as management reads it: shares with intervals, what is not computable, and no person."""

import pytest

from desk.management.random_draw import WIDTH, arm
from desk.published.night import current
from tests.desk.management.bureau import tables
from tests.desk.small_night import NIGHT, write_night

pytestmark = pytest.mark.django_db
PAGE = "/management/coverage/"


def taught(kind: str, value: str, **more) -> dict:
    row = {"class_kind": kind, "class_value": value, "window_start_on": NIGHT, "window_end_on": NIGHT}
    counts = dict.fromkeys(("merchant_count", "drawn_count", "drawn_severe_count", "chosen_count"), 100)
    return {**row, **counts, "substituted_count": 3, "without_draw_count": 0, "quarter_drawn_count": 0, **more}


WHOLE = {
    "population_share": 0.12,
    "population_low": 0.08,
    "population_high": 0.2,
    "chosen_share": 0.4,
    "ratio": 3.33,
    "ratio_low": 2.1,
    "ratio_high": 5.2,
    "missing_share": 0.05,
    "share_if_none": 0.11,
    "share_if_all": 0.16,
}
FEW = {"drawn_count": 7, "reason_zh": "实际进行的随机抽查7次,至少需要30次", "reason_en": "7 drawn visits took place"}


@pytest.fixture
def night(home):
    write_night(home, {**tables(), "random_arm": [taught("patrol_tier", "D", **FEW), taught("all", "all", **WHOLE)]})
    return home


@pytest.mark.parametrize(
    ("role", "area"), [("management", None), ("discipline_officer", ["S1"]), ("supervision_specialist", ["S2"])]
)
def test_whoever_reads_coverage_reads_what_random_draws_teach_of_the_whole_bureau(night, client_of, role, area):
    page = client_of(role, **({"area": area} if area else {})).get(PAGE).content.decode()
    assert "随机抽查告诉我们什么" in page and "是全体主体的3.33倍(2.10至5.20)" in page
    assert "12.0 % (8.0 % – 20.0 %)" in page and "11.0 %, 16.0 %" in page


def test_a_class_of_too_few_draws_says_why_and_shows_no_share(night, client_of):
    page = client_of("management").get(PAGE).content.decode()
    assert "规则分类 D" in page and "无法计算: 实际进行的随机抽查7次,至少需要30次" in page


def test_the_picture_keeps_to_its_scale_and_the_whole_of_merchants_comes_first(night):
    told = arm(current()).classes
    assert [one.row["class_kind"] for one in told] == ["all", "patrol_tier"]
    # the widest end is what chosen visits found: 0.4
    assert (told[0].low, told[0].span, told[0].middle, told[0].chosen) == pytest.approx(
        (WIDTH * 0.2, WIDTH * 0.3, WIDTH * 0.3, WIDTH)
    )


def test_without_random_draws_the_page_says_so_and_a_night_of_an_older_program_says_nothing(home, client_of):
    nobody = taught("all", "all", drawn_count=0, reason_zh="没有随机抽查", reason_en="there are no random visits")
    write_night(home, {**tables(), "random_arm": [nobody]})
    page = client_of("management").get(PAGE).content.decode()
    assert "无法计算: 没有随机抽查" in page and "<table" in page
    write_night(home, tables(), absent=("random_arm",))
    assert "随机抽查告诉我们什么" not in client_of("management").get(PAGE).content.decode()
