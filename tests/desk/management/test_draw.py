"""Random draws as management and a discipline officer read them."""

import io
from datetime import date

import pytest

from desk.management.draw_picture import drawn
from tests.desk.management.bureau import NAMES, SECRET, tables
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db
PAGE = "/management/draws/"


def audited(test: str, draw_id: str, unit_id: str, is_unusual: bool | None, words: str) -> dict:
    """One row of draw_audit."""
    row = {"test": test, "draw_id": draw_id, "unit_id": unit_id, "exposure_count": 40, "is_unusual": is_unusual}
    days = {"window_start_on": date(2025, 6, 30), "window_end_on": date(2026, 6, 30)}
    told = {} if is_unusual is None else {"observed": 9.0, "expected": 3.0, "p_value": 0.01, "q_value": 0.02}
    return row | days | told | {"summary_zh": words, "summary_en": f"en {words}"}


def counted(unit_id: str, draw_class: str, pool: int, chosen: int, share: float | None = None, seed: str | None = None):
    """One row of draw."""
    row = {"draw_id": "D7", "unit_id": unit_id, "draw_class": draw_class, "drawn_on": date(2026, 6, 1), "seed": seed}
    row |= {"state": "drawn"}
    counts = {"pool_count": pool, "drawn_count": chosen, "place_count": 2 * chosen, "by_hand_count": 0}
    return row | counts | {"drawn_share": chosen / pool, "expected_share": share}


@pytest.fixture
def drawn_night(home):
    rows = {
        "draw_audit": [
            audited("object_class", "D7", "all", None, "words-few"),
            audited("officer_even", "all", "S1", True, "words-east"),
            audited("officer_even", "all", "S2", False, "words-west"),
        ],
        "draw": [
            counted("all", "all", 200, 6, seed="c0ffee"),
            counted("all", "A", 100, 2, 0.01),
            counted("all", "D", 4, 2, 0.5),
            counted("S1", "all", 120, 4),
            counted("S2", "all", 80, 2),
            counted("all", "all", 90, 0) | {"draw_id": "D8", "state": "not_revealed", "drawn_on": None},
        ],
    }
    write_night(home, {**tables(), **rows})
    return home


def test_what_is_unusual_comes_first_and_what_cannot_be_computed_last_with_its_reason(drawn_night, client_of):
    response = client_of("management").get(PAGE)
    assert [row["state"] for row in response.context["listed"].found] == [1, 2, 3]
    text = response.content.decode()
    assert text.index("words-east") < text.index("words-west") < text.index("words-few")
    assert "c0ffee" in text and "en words" not in text
    # a pool that was frozen and is not drawn from stands there too, and 0 of it is no share
    past = {cells[1].text: [cell.text for cell in cells] for cells in response.context["past_rows"]}
    assert "已承诺未揭晓" in past["D8"] and "0.0" not in past["D8"][5] and "已抽签" in past["D7"]


def test_an_area_reads_its_own_units_and_what_concerns_the_whole_draw(drawn_night, client_of):
    response = client_of("discipline_officer", area=["S2"]).get(PAGE)
    text = response.content.decode()
    assert "words-west" in text and "words-few" in text and "words-east" not in text and "东所" not in text
    assert [cells[3].text for cells in response.context["past_rows"]] == ["80"]


def test_the_workbook_holds_the_same_rows(drawn_night, client_of):
    from python_calamine import CalamineWorkbook

    answer = client_of("discipline_officer", area=["S2"]).get(f"{PAGE}export/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    held = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names[1:]]
    assert [len(rows) - 1 for rows in held] == [2, 1]
    assert "words-east" not in str(held)


def test_no_person_stands_on_the_page(drawn_night, client_of):
    for role, more in (("management", {}), ("discipline_officer", {"area": ["B"]})):
        text = client_of(role, **more).get(PAGE).content.decode()
        assert not [word for word in (*NAMES, *NAMES.values(), SECRET["flag"], SECRET["summary"]) if word in text]


def test_a_night_without_draws_says_so(home, client_of):
    write_night(home, tables())
    assert "没有交付随机抽查记录" in client_of("management").get(PAGE).content.decode()
    write_night(home, tables(), absent=("draw", "draw_audit"))
    client = client_of("management")
    assert "没有发布随机抽查情况" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}export/").status_code == 200


def test_bars_and_the_lines_of_the_policy_have_one_scale():
    rows = [
        {"draw_class": "A", "share": 0.02, "target": 0.01},
        {"draw_class": "D", "share": 0.25, "target": 0.5},
        {"draw_class": "C", "share": None, "target": None},
    ]
    low, high, none = drawn(rows).bars
    assert high.width == pytest.approx((high.target_x - drawn(rows).left) / 2)
    assert low.width == pytest.approx(2 * (low.target_x - drawn(rows).left), abs=0.2)
    assert (none.width, none.target_x) == (None, None) and drawn(rows[2:]) is None


def replaced(number: int, unit_id: str, decided_by: str) -> dict:
    """One row of draw_substitution."""
    who = {"replaced_officer_id": "OF001", "officer_id": "OF002", "decided_by": decided_by}
    where = {"draw_id": "D7", "substitution_number": number, "merchant_id": f"M{number}", "unit_id": unit_id}
    return where | who | {"reason_code": "leave", "substituted_on": date(2026, 6, number)}


def test_who_was_substituted_by_whose_word_is_read_by_discipline_officers_of_the_area_under_pseudonyms(home, client_of):
    from desk.audit.models import Entry

    rows = [replaced(1, "S1", "室主任"), replaced(2, "S2", "OF003"), replaced(3, "S2", "局长")]
    write_night(home, {**tables(), "draw_substitution": rows})
    client = client_of("discipline_officer", area=["S2"])
    response = client.get(f"{PAGE}substitutions/")
    text = response.content.decode()
    assert response.context["listed"].count == 2 and "局长" in text and "室主任" not in text and "休假" in text
    assert not [word for word in (*NAMES, *NAMES.values()) if word in text]
    assert [row["substitution_count"] for row in response.context["deciders"]] == [1, 1]
    entry = Entry.objects.get(action="view", subject_kind="draw_substitution")
    assert (entry.actor, entry.subject) == (client.user.username, "2026-06-30") and '"row_count":2' in entry.detail
    for role in ("management", "supervision_specialist"):
        assert client_of(role, area=["S2"]).get(f"{PAGE}substitutions/").status_code == 403
    assert "substitutions/" in client.get(PAGE).content.decode()
    assert "substitutions/" not in client_of("management").get(PAGE).content.decode()


def test_a_night_without_substitutions_says_so(home, client_of):
    write_night(home, tables())
    client = client_of("discipline_officer", area=["B"])
    assert "没有交付替换记录" in client.get(f"{PAGE}substitutions/").content.decode()
    write_night(home, tables(), absent=("draw_substitution",))
    assert "没有发布随机抽查情况" in client.get(f"{PAGE}substitutions/").content.decode()
