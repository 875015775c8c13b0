"""The plan as management and a discipline officer read it: figures, moves chain by chain, and what is left undone."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from desk.access.pseudonym import pseudonym
from desk.management.flow import drawn
from desk.management.move import moves_of
from desk.management.words import ASKED_RULES, RULES
from desk.published.night import current
from tests.desk.management.bureau import NAMES
from tests.desk.management.planned import SECRET_REASON, moves, planned, summary
from tests.desk.management.test_rotation import rows_of
from tests.desk.small_night import write_night
from tests.desk.test_look import faults

pytestmark = pytest.mark.django_db
HERE = "/management/rotation/"


def told(client, address: str = HERE, language: str = "en") -> str:
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def found(client, **asked) -> list[str]:
    """Officers of the list, in its order."""
    return [row["officer_id"] for row in client.get(HERE, asked).context["listed"].found]


def test_what_is_proven_of_the_plan_is_told_in_plain_words(plan, client_of):
    client = client_of("management")
    assert "no plan that keeps the rules can be better by more than 1.2 %" in told(client)
    text = told(client, language="zh-hans")
    assert "没有任何方案能比本方案好出 1.2 % 以上" in text and "25.0 % → 12.5 %" in text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"is_optimal": True, "gap_share": 0.0}, "no plan that keeps the rules is better"),
        ({"gap_share": None, "bound": None}, "was not proven"),
        ({"due_officer_count": 0, "overdue_officer_count": 0}, "there is nothing to plan"),
        ({"load_spread_after": None}, "not computable"),
    ],
)
def test_what_was_not_computed_is_not_told_as_a_figure(home, client_of, row, words):
    write_night(home, planned(rotation_summary=[summary(**row)]))
    assert words in told(client_of("management"))


def test_chains_stand_together_who_is_due_first_and_behind_him_who_takes_his_place(plan, client_of):
    client = client_of("management")
    assert found(client) == ["OF001", "OF003", "OF002", "OF004"]
    rows = rows_of(client.get(HERE))
    assert "东所 · 办案" in rows[0] and "西所 · 办案" in rows[0] and "王三" in rows[0] and "OF001的其他安排" in rows[0]
    assert "赵四" in rows[2] and "12.3" in rows[2] and "南所 · 巡查 · G31" in rows[2]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"quarter": "2027 Q1"}, ["OF002", "OF004"]),
        ({"role": "due"}, ["OF001", "OF002"]),
        ({"from_institution_id": "S3"}, ["OF004"]),
        ({"to_institution_id": "S2"}, ["OF001", "OF004"]),
        ({"q": "林一"}, ["OF001", "OF003"]),
        ({"state": "4"}, []),
        ({"sort": "-chain"}, ["OF002", "OF004", "OF001", "OF003"]),
    ],
)
def test_moves_are_filtered_sorted_and_searched(plan, client_of, asked, expected):
    assert found(client_of("management"), **asked) == expected


def test_the_workbook_holds_unit_post_and_grid_apart_and_the_same_filters(plan, client_of):
    answer = client_of("management").get("/management/rotation/export/", {"quarter": "2027 Q1"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    head, first, _second = book.get_sheet_by_index(1).to_python()
    row = dict(zip(head, first, strict=True))
    assert (row["拟任职单位"], row["拟任职岗位"], row["拟任网格"]) == ("南所", "巡查", "G31") and row["接替"] == "赵四"


def test_a_discipline_officer_reads_pseudonyms_of_moves_from_or_to_his_area_and_decides_nothing(plan, client_of):
    client = client_of("discipline_officer", area=["S3"])
    assert sorted(found(client)) == ["OF002", "OF004"]
    text = told(client)
    assert not [
        word for word in (*NAMES, *NAMES.values(), "why OF", "what else", "The plan in figures") if word in text
    ]
    assert "/accept/" not in text and "Management decides on these moves" in text


def test_beside_a_pseudonym_stand_unit_and_kind_of_post_and_neither_grid_nor_chain_nor_whom_he_succeeds(
    plan, client_of
):
    client = client_of("discipline_officer", area=["B", "S1", "S2", "S3"])
    client.cookies["django_language"] = "en"
    answer = client.get(HERE)
    assert len(rows_of(answer)) == 4 and "南所 · patrol" in "".join(rows_of(answer))
    sheet = client.get(HERE + "export/")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(sheet.streaming_content))).get_sheet_by_index(1).to_python()
    )
    heads = {str(column.label) for column in answer.context["listed"].listing.columns} | set(rows[0])
    assert not [head for head in heads if re.search("[Gg]rid|Chain|Takes the place|Changing|Kilometres", head)]
    for text in ("".join(rows_of(answer)), str(rows[1:])):
        assert "G31" not in text and "12.3" not in text
        assert all(text.count(pseudonym(name, current())) == 1 for name in ("OF001", "OF002", "OF003", "OF004"))
    # nor does the order tell a chain
    rows = client.get(HERE, {"sort": "chain"}).context["listed"].found
    order = [(row["move_on"], row["officer"]) for row in rows]
    assert order == sorted(order) and "one chain stand together" not in told(client)


def test_the_years_are_said_to_be_the_bureaus_own(plan, client_of):
    assert "年限为本局暂定,国家无统一规定" in told(client_of("management"), language="zh-hans")


def test_what_the_plan_leaves_undone_is_told_once_for_each_officer_with_its_rule_in_words(plan, client_of):
    client = client_of("management")
    assert found(client, show="left") == ["OF005", "OF006"]
    first, second = rows_of(client.get(HERE, {"show": "left"}))
    assert "另有不宜安排的情形" in first and "专项审计" in first and "9.2" in first
    assert "留待以后" in second and "与其他安排冲突,本期排不下" in second
    assert found(client, show="left", barring_rule="capacity") == ["OF006"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_of_an_interest_nothing_is_told_and_it_is_not_told_from_what_does_not_suit(home, client_of, language):
    rows = planned()["rotation_plan"]
    rows[-1] |= {"barring_rule": "unsuitable"}
    write_night(home, planned(rotation_plan=rows))
    client = client_of("management")
    client.cookies["django_language"] = language
    text = told(client, HERE + "?show=left", language)
    assert SECRET_REASON not in text and "not for the list" not in text
    assert not re.search("亲属|relative|回避|recus|经营主体编号|M9", text[text.index('id="list"') :])
    assert 'value="interest"' not in text and found(client, show="left", barring_rule="unsuitable") == [
        "OF005",
        "OF006",
    ]
    answer = client.get(HERE + "export/", {"show": "left"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    head, first, second = book.get_sheet_by_index(1).to_python()
    (place,) = [number for number, name in enumerate(head) if name in ("Rule that stands in the way", "限制规则")]
    assert first[place] == second[place] and not re.search("回避|recus", str([head, first, second]))
    assert len(set(map(str, ASKED_RULES.values()))) == len(ASKED_RULES) and RULES["interest"] == RULES["unsuitable"]


def test_reminders_stay_and_say_what_the_plan_makes_of_each(plan, client_of):
    client = client_of("management")
    rows = rows_of(client.get(HERE, {"show": "reminders"}))
    assert len(rows) == 6 and "拟轮岗" in [row for row in rows if "OF001" in row][0]
    assert found(client, show="reminders", outcome="barred") == ["OF005", "OF005"]


@pytest.mark.parametrize("show", ["moves", "left", "reminders"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_of_the_plan_are_whole_in_both_languages(plan, client_of, show, language):
    for role in ("management", "discipline_officer"):
        text = told(client_of(role, area=["B"], username=role), f"{HERE}?show={show}", language)
        assert faults(text) == [], faults(text)


def test_lines_lead_from_the_unit_left_to_the_unit_gone_to_in_the_column_of_their_quarter(plan):
    picture = drawn(moves_of(current()), {"S1": "东所"})
    heights = dict(picture.units)
    assert list(heights) == ["东所", "S2", "S3"] and len(picture.columns) == 2
    assert [(row.from_unit, row.to_unit, row.count) for row in picture.rows] == [
        ("东所", "S2", 1),
        ("S2", "东所", 1),
        ("东所", "S3", 1),
        ("S3", "S2", 1),
    ]
    left, right, _middle, _day = picture.columns[0]
    first = picture.lines[0]
    assert first.path.startswith(f"M{left},{heights['东所']} ") and first.path.endswith(f" {right},{heights['S2']}")
    assert first.css == "flow-due" and picture.lines[1].css == "flow-other"


def test_a_move_inside_a_unit_is_a_ring_and_several_officers_one_thicker_line(home, client_of):
    row = moves()[1] | {"to_institution_id": "S1", "to_post": "patrol"}
    rows = [row | {"officer_id": f"OF00{number}", "succeeds_officer_id": None} for number in (1, 2)]
    write_night(home, planned(rotation_move=rows))
    (line,) = drawn(moves_of(current()), {}).lines
    assert line.is_inside and line.width > 2 and "<circle" in told(client_of("management"))


def test_a_night_that_proposes_nobody_has_no_picture_and_says_so(home, client_of):
    write_night(home, planned(rotation_move=[]))
    text = told(client_of("management"))
    assert "This night proposes no move." in text and "<figure" not in text
