"""A draw that was tampered with is found, and each name is told."""

from dataclasses import replace

import pytest

from models.draw.chain import head, line
from models.draw.check import all_places, check_commit, check_draw, check_substitutions, pools_compared
from models.draw.lot import draw, drawn_text, read_drawn, seed_of
from models.draw.pool import COMMITTED, read_pool, sha256
from models.draw.substitution import (
    SUBSTITUTIONS,
    Refused,
    Substitution,
    assigned,
    refuse_substitution,
)
from tests.models.draw.golden_draw import GOLDEN, NUMBER

POOL = read_pool(GOLDEN)
COMMIT = {"pool_sha256": sha256(GOLDEN), "shares_per_10000": dict(POOL.strata), **dict.fromkeys(COMMITTED, "")}
SEED = seed_of(COMMIT["pool_sha256"], NUMBER)
DRAWN = draw(POOL, SEED)
TEXT = drawn_text(DRAWN)
REVEAL = {
    "public_number": NUMBER,
    "source": "lottery",
    "seed": SEED,
    "drawn_sha256": sha256(TEXT),
    "drawn_on": "2026-07-03",
    "revealed_at": "2026-07-03T09:00:00+08:00",
}


def said(drawn: str = TEXT, **changed) -> str:
    """What the check tells, in English."""
    return "\n".join(en for _zh, en in check_draw(GOLDEN, COMMIT, REVEAL | changed, drawn))


def row_of(merchant: str) -> str:
    return next(each for each in TEXT.splitlines(keepends=True) if f",{merchant}," in each)


def test_an_untouched_draw_has_nothing_to_tell():
    assert said() == "" and not list(check_commit(GOLDEN, COMMIT))


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        (TEXT.replace(",M1,", ",M2,"), ["object M2 was added", "object M1 was removed"]),
        (TEXT.replace("R3;R2", "R4;R2"), ["object M4 was drawn with R3, R2, the file has R4, R2"]),
        (TEXT + "4,D,M6,0,R1;R2,\n", ["object M6 was added"]),
        (TEXT.replace(row_of("M5"), ""), ["object M5 was removed"]),
        (TEXT + row_of("M5"), ["stands twice"]),
        (TEXT.replace("1,A,M1", "9,A,M1"), ["ticket of object M1 was changed"]),
        (TEXT.replace("position", "place"), ["does not begin with its header"]),
    ],
)
def test_each_changed_added_or_removed_name_is_told(drawn, told):
    for words in told:
        assert words in said(drawn)
    assert said(drawn).count("\n") == len(told) - 1


def test_the_same_names_in_another_order_of_lines_are_told():
    head, *rows = TEXT.splitlines(keepends=True)
    assert "the order or the form of the lines of drawn.csv was changed" in said(head + "".join(rows[::-1]))


@pytest.mark.parametrize("changed", [{"seed": "0" * 64}, {"public_number": "01 02 03 04 06"}])
def test_a_changed_seed_or_number_is_told(changed):
    assert "the seed or the public number was changed" in said(**changed)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({}, ""),
        ({"number_source": "another"}, "committed to another number: another"),
        ({"number_form": "00 00"}, "the form 00 00 00 00 00, committed was 00 00"),
        ({"announced_on": "2026-07-04"}, "before the number comes out on 2026-07-04"),
    ],
)
def test_a_number_of_another_source_form_or_day_than_committed_to_is_told(rule, told):
    right = {"number_source": "lottery", "number_form": "00 00 00 00 00", "announced_on": "2026-07-03"}
    text = replace(POOL, committed=right | rule).text()
    commit = COMMIT | {"pool_sha256": sha256(text)} | right | rule
    seed = seed_of(commit["pool_sha256"], NUMBER)
    drawn = drawn_text(draw(POOL, seed))
    found = list(check_draw(text, commit, REVEAL | {"seed": seed, "drawn_sha256": sha256(drawn)}, drawn))
    assert len(found) == len(rule) and told in "".join(en for _zh, en in found)
    assert not list(check_commit(text, commit))
    for name in right:
        assert name in next(check_commit(text, commit | {name: "x"}))[1]


def test_a_pool_that_its_night_does_not_give_is_told_line_by_line():
    cooked = GOLDEN.replace("recusal,,M4,R1,,\n", "").replace("A,,,,2500", "A,,,,2600")
    told = "\n".join(en for _zh, en in pools_compared(GOLDEN, cooked))
    assert "lacks 'recusal M4 R1'" in told and "has 'stratum A 2600'" in told and "lacks 'stratum A 2500'" in told
    assert told.count("\n") == 2 and not list(pools_compared(GOLDEN, GOLDEN))


def test_a_number_without_a_digit_and_a_substitution_without_a_moment_are_told():
    assert "has no digit" in said(public_number="none")
    text, found = logged(("M5", "", "R5"))
    one = replace(found[0], substituted_at="soon")
    assert "substitution 1 has no moment" in wrong(SUBSTITUTIONS.header + line(one), [*PLACES[:4], ("M5", "R5", True)])


@pytest.mark.parametrize("changed", [{"revealed_at": "soon"}, {"revealed_at": "2026-07-04T00:00"}])
def test_a_changed_moment_is_told(changed):
    assert "the moment of the reveal" in said(**changed)


def test_number_and_seed_changed_together_are_told_by_the_names_they_would_give():
    """Who picks another number and reckons the seed anew still has the names of the first one to explain."""
    other = next(
        str(number) for number in range(99) if draw(POOL, seed_of(COMMIT["pool_sha256"], str(number))) != DRAWN
    )
    assert "object" in said(public_number=other, seed=seed_of(COMMIT["pool_sha256"], other))


def test_a_pool_changed_after_the_commit_is_told():
    added = POOL.text().replace("officer,,,R6,,\n", "officer,,,R6,,2027-01-01\n")
    assert "changed after the commit" in next(check_commit(added, COMMIT))[1]
    ratios = COMMIT | {"shares_per_10000": {"A": 1}}
    assert "ratios of commit.json" in next(check_commit(GOLDEN, ratios))[1]


def logged(*parts: tuple[str, str, str]) -> tuple[str, list[Substitution]]:
    """substitution.csv of merchant, replaced officer and officer, in turn."""
    text, found = SUBSTITUTIONS.header, []
    for number, (merchant, replaced, officer) in enumerate(parts, start=1):
        before = head(found[-1]) if found else REVEAL["drawn_sha256"]
        when = f"2026-07-0{number}T09:00:00+08:00"
        found.append(
            Substitution(number, merchant, replaced, officer, "leave", "休假,见审批单", "室主任", when, before)
        )
        text += line(found[-1])
    return text, found


THREE, FOUND = logged(("M1", "R1", "R2"), ("M1", "R2", "R1"), ("M5", "", "R5"))
PLACES = all_places(DRAWN, [(each.merchant_id, each.officer_id) for each in FOUND])


def wrong(text: str = THREE, places=PLACES) -> str:
    return "\n".join(en for _zh, en in check_substitutions(POOL, DRAWN, REVEAL["drawn_sha256"], text, places))


def test_an_untouched_list_of_substitutions_has_nothing_to_tell():
    assert wrong() == "" and assigned(DRAWN, FOUND) == {"M1": ["R3", "R1"], "M4": ["R3", "R2"], "M5": ["R5"]}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_substitution_line_that_was_removed_is_found_wherever_it_stood(number):
    """The last one too, which breaks no chain: its place in random_draw.csv is left without ground."""
    lines = THREE.splitlines(keepends=True)
    told = wrong("".join(lines[:number] + lines[number + 1 :]))
    assert "removed" in told and (number < 3 or "random_draw.csv has R5 at M5 (by hand) without ground" in told)


def test_a_substitution_line_that_was_changed_is_found():
    assert "substitution 2 was changed" in wrong(THREE.replace("2026-07-02", "2026-07-03"))


def test_a_place_that_was_added_to_or_taken_from_the_delivered_file_is_found():
    assert "lacks R1 at M1 (by lot)" in wrong(places=[each for each in PLACES if each[:2] != ("M1", "R1")])
    assert "has R4 at M1 (by hand) without ground" in wrong(places=[*PLACES, ("M1", "R4", True)])
    assert "has R1 at M1 (by lot) more than once" in wrong(places=[*PLACES, ("M1", "R1", False)])


def test_who_was_replaced_keeps_his_place_of_the_lot_and_who_came_is_marked():
    """Past draws are held against chance as the lot gave them."""
    assert PLACES[:4] == [("M1", "R1", False), ("M1", "R3", False), ("M4", "R3", False), ("M4", "R2", False)]
    assert set(PLACES[4:]) == {("M1", "R2", True), ("M5", "R5", True)}


@pytest.mark.parametrize(
    ("merchant", "replaced", "officer", "why"),
    [
        ("M2", "", "R1", "M2 was not drawn"),
        ("M1", "R2", "R5", "R2 does not go to M1"),
        ("M1", "", "R2", "has its officers"),
        ("M1", "R1", "R3", "goes to M1 already"),
        ("M4", "R2", "R1", "R1 is recused from M4"),
        ("M1", "R1", "R4", "no certificate that is valid"),
        ("M5", "", "R6", "no certificate that is valid"),
        ("M1", "R1", "R9", "does not serve M1"),
        ("M1", "R1", "R5", "does not serve M1: that is for the officers of S1"),
        ("M1", "R3", "R2", "the crew the one that went to M1 last"),
    ],
)
def test_a_substitution_that_law_or_draw_do_not_allow_is_refused(merchant, replaced, officer, why):
    each = Substitution(1, merchant, replaced, officer, "leave", "休假", "室主任", "", "")
    with pytest.raises(Refused, match=why):
        refuse_substitution(each, POOL, assigned(DRAWN, []))


def test_who_goes_or_is_replaced_does_not_decide_it_and_a_certificate_must_hold_that_day():
    for by, when, why in (
        ("R2", "", "R2 goes or is replaced himself"),
        ("科长R1", "", "R1 goes or is replaced himself"),
        ("R20", "2027-01-02T09:00:00", "valid on 2027-01-02"),
    ):
        with pytest.raises(Refused, match=why):
            refuse_substitution(
                Substitution(1, "M1", "R1", "R2", "leave", "x", by, when, ""), POOL, assigned(DRAWN, [])
            )
    refuse_substitution(
        Substitution(1, "M1", "R1", "R2", "leave", "x", "R20", "2027-01-01T09:00", ""), POOL, assigned(DRAWN, [])
    )


def test_a_substitution_without_reason_or_name_is_refused():
    for reason, by in (("", "室主任"), ("休假", " ")):
        with pytest.raises(Refused, match="needs its reason"):
            refuse_substitution(
                Substitution(1, "M1", "R1", "R2", "leave", reason, by, "", ""), POOL, assigned(DRAWN, [])
            )


def test_a_file_that_is_no_list_of_substitutions_is_told():
    assert SUBSTITUTIONS.read("", "0")[1] and "cannot be read" in wrong(THREE.replace("2,M1,R2", "two,M1,R2"))
    assert read_drawn(TEXT) == DRAWN
