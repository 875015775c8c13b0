"""A draw that was tampered with is found, and each name is told."""

from dataclasses import replace

import pytest

from models.draw.check import all_places, check_commit, check_draw, check_substitutions
from models.draw.lot import draw, drawn_text, read_drawn, seed_of, sha256
from models.draw.pool import fingerprint, read_pool
from models.draw.substitution import (
    HEADER,
    Refused,
    Substitution,
    assigned,
    read_substitutions,
    refuse_substitution,
    substitution_line,
)
from tests.models.draw.golden_draw import GOLDEN, NUMBER

POOL = read_pool(GOLDEN)
COMMIT = {"pool_sha256": fingerprint(GOLDEN), "shares_per_10000": dict(POOL.strata)}
SEED = seed_of(COMMIT["pool_sha256"], NUMBER)
DRAWN = draw(POOL, SEED)
TEXT = drawn_text(DRAWN)
REVEAL = {"public_number": NUMBER, "source": "lottery", "seed": SEED, "drawn_sha256": sha256(TEXT)}


def said(drawn: str = TEXT, **changed) -> str:
    """What the check tells, in English."""
    return "\n".join(en for _zh, en in check_draw(GOLDEN, COMMIT, REVEAL | changed, drawn))


def line(merchant: str) -> str:
    return next(each for each in TEXT.splitlines(keepends=True) if f",{merchant}," in each)


def test_an_untouched_draw_has_nothing_to_tell():
    assert said() == "" and not list(check_commit(GOLDEN, COMMIT))


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        (TEXT.replace(",M1,", ",M2,"), ["object M2 was added", "object M1 was removed"]),
        (TEXT.replace("R3;R2", "R4;R2"), ["object M4 was drawn with R3, R2, the file has R4, R2"]),
        (TEXT + "4,D,M6,0,R1;R2,\n", ["object M6 was added"]),
        (TEXT.replace(line("M5"), ""), ["object M5 was removed"]),
        (TEXT + line("M5"), ["stands twice"]),
        (TEXT.replace("1,A,M1", "9,A,M1"), ["ticket of object M1 was changed"]),
        (TEXT.replace("position", "place"), ["does not begin with its header"]),
    ],
)
def test_each_changed_added_or_removed_name_is_told(drawn, told):
    for words in told:
        assert words in said(drawn)
    assert said(drawn).count("\n") == len(told) - 1


@pytest.mark.parametrize("changed", [{"seed": "0" * 64}, {"public_number": "01 02 03 04 06"}])
def test_a_changed_seed_or_number_is_told(changed):
    assert "the seed or the public number was changed" in said(**changed)


def test_another_source_than_the_one_announced_is_told():
    text = replace(POOL, number_source="lottery of 1 July").text()
    commit = COMMIT | {"pool_sha256": fingerprint(text)}
    seed = seed_of(commit["pool_sha256"], NUMBER)
    drawn = drawn_text(draw(POOL, seed))
    told = REVEAL | {"seed": seed, "drawn_sha256": sha256(drawn)}
    assert not list(check_draw(text, commit, told | {"source": "lottery of 1 July"}, drawn))
    assert "committed was lottery of 1 July" in next(check_draw(text, commit, told, drawn))[1]


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
    text, found = HEADER, []
    for number, (merchant, replaced, officer) in enumerate(parts, start=1):
        before = found[-1].head() if found else REVEAL["drawn_sha256"]
        when = f"2026-07-0{number}T09:00:00+08:00"
        found.append(
            Substitution(number, merchant, replaced, officer, "leave", "休假,见审批单", "室主任", when, before)
        )
        text += substitution_line(found[-1])
    return text, found


THREE, FOUND = logged(("M1", "R3", "R2"), ("M1", "R2", "R3"), ("M5", "", "R2"))
PLACES = all_places(DRAWN, [(each.merchant_id, each.officer_id) for each in FOUND])


def wrong(text: str = THREE, places=PLACES) -> str:
    return "\n".join(en for _zh, en in check_substitutions(POOL, DRAWN, REVEAL["drawn_sha256"], text, places))


def test_an_untouched_list_of_substitutions_has_nothing_to_tell():
    assert wrong() == "" and assigned(DRAWN, FOUND) == {"M1": ["R1", "R3"], "M4": ["R3", "R2"], "M5": ["R2"]}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_substitution_line_that_was_removed_is_found_wherever_it_stood(number):
    """The last one too, which breaks no chain: its place in random_draw.csv is left without ground."""
    lines = THREE.splitlines(keepends=True)
    told = wrong("".join(lines[:number] + lines[number + 1 :]))
    assert "removed" in told and (number < 3 or "random_draw.csv has R2 at M5 (by hand) without ground" in told)


def test_a_substitution_line_that_was_changed_is_found():
    assert "substitution 2 was changed" in wrong(THREE.replace("2026-07-02", "2026-07-03"))


def test_a_place_that_was_added_to_or_taken_from_the_delivered_file_is_found():
    assert "lacks R1 at M1 (by lot)" in wrong(places=[each for each in PLACES if each[:2] != ("M1", "R1")])
    assert "has R4 at M1 (by hand) without ground" in wrong(places=[*PLACES, ("M1", "R4", True)])


def test_who_was_replaced_keeps_his_place_of_the_lot_and_who_came_is_marked():
    """Past draws are held against chance as the lot gave them."""
    assert PLACES[:4] == [("M1", "R1", False), ("M1", "R3", False), ("M4", "R3", False), ("M4", "R2", False)]
    assert set(PLACES[4:]) == {("M1", "R2", True), ("M5", "R2", True)}


@pytest.mark.parametrize(
    ("merchant", "replaced", "officer", "why"),
    [
        ("M2", "", "R1", "M2 was not drawn"),
        ("M1", "R2", "R5", "R2 does not go to M1"),
        ("M1", "", "R2", "has its officers"),
        ("M1", "R1", "R3", "goes to M1 already"),
        ("M4", "R2", "R1", "R1 is recused from M4"),
        ("M1", "R1", "R4", "no certificate that is valid"),
        ("M1", "R1", "R9", "no certificate that is valid"),
    ],
)
def test_a_substitution_that_law_or_draw_do_not_allow_is_refused(merchant, replaced, officer, why):
    each = Substitution(1, merchant, replaced, officer, "leave", "休假", "室主任", "", "")
    with pytest.raises(Refused, match=why):
        refuse_substitution(each, POOL, assigned(DRAWN, []))


def test_a_substitution_without_reason_or_name_is_refused():
    for reason, by in (("", "室主任"), ("休假", " ")):
        with pytest.raises(Refused, match="needs its reason"):
            refuse_substitution(
                Substitution(1, "M1", "R1", "R2", "leave", reason, by, "", ""), POOL, assigned(DRAWN, [])
            )


def test_a_file_that_is_no_list_of_substitutions_is_told():
    assert read_substitutions("", "0")[1] and "cannot be read" in wrong(THREE.replace("2,M1,R2", "two,M1,R2"))
    assert read_drawn(TEXT) == DRAWN
