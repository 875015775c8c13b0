"""The draw is a function of a frozen pool and a public number that anybody can repeat, and it is fair."""

import hashlib
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from models.draw.lot import (
    NO_CREW,
    SAME_CREW,
    draw,
    drawn_count,
    drawn_objects,
    drawn_text,
    number_form,
    read_drawn,
    seed_of,
)
from models.draw.pool import COMMITTED, HEADER, DrawPool, PoolUnreadable, canonical, read_pool, sha256
from tests.models.draw.golden_draw import GOLDEN, NUMBER, VALID, pools, repeated

SEED = "98a02cf615494e134545a7371b7b63aa448041390dfb3e05a095f22f996e6085"


def test_the_example_can_be_repeated_with_sha256sum_alone():
    """By hand, in the folder tests/models/draw/golden:

    sha256sum draw_pool.csv                                         857358e4...  pool_sha256
    printf '%s' '857358e4...:01 02 03 04 05' | sha256sum            98a02cf6...  seed
    printf '%s' '98a02cf6...:object:M1' | sha256sum                 01312f3b...  and 95c5af5b of M2, cf17cd31 of M3
    printf '%s' '98a02cf6...:object:M4' | sha256sum                 30dd1711...  and 370cadb6 of M5, 591a7ad7 of M6
    printf '%s' '98a02cf6...:officer:M1:R1' | sha256sum             5b58c930...  and cbfe9016 of R2, b12b4fd7 of R3

    Class A: three objects at 2500 of 10000 are 0.75, rounded up one: M1. Class D: three at 5000 are two: M4 and M5. M1 gets
    R1 and R3, the two smallest; M4, from which R1 is recused, R3 and R2; M5 nobody, the one who is certified being one.
    """
    pool_sha256 = "857358e40ac82c69c9b0513203502b6384ab1009db9be4f5a8b40745ce822924"
    assert hashlib.sha256(GOLDEN.encode()).hexdigest() == sha256(GOLDEN) == pool_sha256
    assert seed_of(pool_sha256, NUMBER) == SEED
    assert drawn_text(draw(read_pool(GOLDEN), SEED)) == (
        "position,stratum,merchant_id,ticket,officer_ids,reason\n"
        "1,A,M1,01312f3b09b05ef530308f591ca945dfc7de35a843ed44fc7a1246937803aa87,R1;R3,\n"
        "2,D,M4,30dd1711102249692e13f6e5fe14e8c6bdcb0dab128291282c1376e806763d89,R3;R2,\n"
        f"3,D,M5,370cadb6d201a7ef48322fe8e5a56a3c6837eed80b1070d6098e402ef6d3c551,,{NO_CREW}\n"
    )


@settings(max_examples=25, deadline=None)
@given(
    pools(), st.text("0123456789 ,-+\uff10\uff18\u3000\u2463", min_size=1).filter(lambda text: re.search("[0-9]", text))
)
def test_another_program_written_from_the_page_alone_draws_the_same(pool, number):
    text = pool.text()
    drawn = draw(pool, seed_of(sha256(text), number))
    assert [(each.merchant_id, list(each.officer_ids)) for each in drawn] == repeated(text, number)


@settings(max_examples=25, deadline=None)
@given(pools(), st.integers(0, 999))
def test_nobody_recused_or_without_certificate_is_drawn_and_no_crew_goes_twice_in_a_row(pool, number):
    before: dict[str, set] = {}
    for each in draw(pool, seed_of(sha256(pool.text()), str(number))):
        crew, place = set(each.officer_ids), pool.objects[each.merchant_id][1]
        able = {officer for officer, at in pool.serves if at == place and pool.officers[officer] == VALID}
        able -= {officer for merchant, officer in pool.recusals if merchant == each.merchant_id}
        assert crew <= able and len(each.officer_ids) == len(crew) and len(crew) in (0, 2)
        if crew:
            assert crew != before.get(place) and crew != pool.last_crews.get(each.merchant_id)
            before[place] = crew
        else:
            # dropped silently by nobody: either too few are left, or the only two would go twice in a row
            assert each.reason == (NO_CREW if len(able) < 2 else SAME_CREW) and len(able) < 3


@settings(max_examples=25, deadline=None)
@given(pools(), st.randoms(use_true_random=False), st.integers(0, 99))
def test_the_order_of_rows_has_no_say(pool, random, number):
    """Neither where the pool comes from nor in which order its lines were found changes a byte."""

    def shuffled(mapping):
        return dict(random.sample(list(mapping.items()), len(mapping)))

    other = replace(
        pool, objects=shuffled(pool.objects), officers=shuffled(pool.officers), strata=shuffled(pool.strata)
    )
    assert other.text() == pool.text() and read_pool(pool.text()) == pool
    seed = seed_of(sha256(pool.text()), str(number))
    assert drawn_text(draw(other, seed)) == drawn_text(draw(pool, seed))


@settings(max_examples=25, deadline=None)
@given(pools(), st.integers(0, 99))
def test_so_many_of_each_stratum_are_drawn_never_below_its_share(pool, number):
    drawn = Counter(each.stratum for each in draw(pool, seed_of(sha256(pool.text()), str(number))))
    for name, share in pool.strata.items():
        count = sum(stratum == name for stratum, _place in pool.objects.values())
        assert drawn[name] == drawn_count(count, share)
        assert 0 <= drawn[name] * 10_000 - count * share < 10_000


@pytest.mark.parametrize(
    ("count", "share", "drawn"), [(0, 5000, 0), (1, 1, 1), (30, 1000, 3), (31, 1000, 4), (7, 10_000, 7)]
)
def test_the_share_is_rounded_up_without_fractions(count, share, drawn):
    """0.1 x 30 is 3.0000000000000004 to a machine; four would be drawn."""
    assert drawn_count(count, share) == drawn


@pytest.mark.parametrize(
    "changed",
    [
        lambda pool: replace(pool, officers={**pool.officers, "R9": ""}),
        lambda pool: replace(pool, objects={**pool.objects, "M9": ("A", "S1")}),
        lambda pool: replace(pool, recusals=pool.recusals | {("M1", "R2")}),
        lambda pool: replace(pool, strata={**pool.strata, "A": 2501}),
        lambda pool: replace(pool, last_crews={}),
        lambda pool: replace(pool, certificate_valid_on="2026-07-01"),
        *(lambda pool, name=name: replace(pool, committed={name: "x"}) for name in COMMITTED),
    ],
)
def test_whatever_the_draw_depends_on_changes_the_hash(changed):
    pool = read_pool(GOLDEN)
    assert sha256(changed(pool).text()) != sha256(GOLDEN)


@pytest.mark.parametrize("written", ["08 15 23", " 08,15,23\n", "08-15+23", "\uff10\uff18\u300015 23", "08/15/23."])
def test_however_a_number_is_written_down_it_gives_one_seed(written):
    """Else whoever draws has as many numbers to choose from as there are ways to write one."""
    assert seed_of("0" * 64, written) == hashlib.sha256(("0" * 64 + ":08 15 23").encode()).hexdigest()
    assert number_form(written) == "00 00 00" not in {number_form(other) for other in ("8 15 23", "081523")}


def simulated(draws: int) -> tuple[DrawPool, np.ndarray, np.ndarray]:
    """How often each object and each officer of one unit is drawn, over so many public numbers."""
    strata = {"A": 1000, "B": 2500, "D": 5000}
    objects = {f"M{number:02}": ("AABD"[number % 4], "S1") for number in range(40)}
    officers = {f"R{number}": VALID for number in range(6)}
    pool = DrawPool(2, "2026-06-30", strata, objects, officers, frozenset((name, "S1") for name in officers))
    digest = sha256(pool.text())
    of_objects, of_officers = Counter(), Counter()
    for number in range(draws):
        seed = seed_of(digest, str(number))
        of_objects.update(merchant for _stratum, _ticket, merchant in drawn_objects(pool, seed))
        if number % 10 == 0:
            of_officers.update(officer for each in draw(pool, seed) for officer in each.officer_ids)
    return pool, np.array([of_objects[name] for name in objects]), np.array([of_officers[name] for name in officers])


def test_ten_thousand_draws_match_the_ratios_and_take_every_object_of_a_class_equally_often():
    draws = 10_000
    pool, objects, officers = simulated(draws)
    stratum = np.array([name for name, _place in pool.objects.values()])
    for name, share in pool.strata.items():
        counts = objects[stratum == name]
        taken = drawn_count(len(counts), share)
        assert counts.sum() == draws * taken
        expected, chance = draws * taken / len(counts), taken / len(counts)
        # without replacement counts vary less than Poisson, by 1 - k/n, and add up: n - 1 degrees of freedom
        statistic = ((counts - expected) ** 2 / expected).sum() / (1 - chance) * (len(counts) - 1) / len(counts)
        assert 0.001 < chi2.sf(statistic, len(counts) - 1) < 0.999
    assert abs(officers / officers.mean() - 1).max() < 0.05


def test_a_blank_number_and_an_identifier_that_parts_fields_are_refused():
    with pytest.raises(ValueError, match="blank"):
        seed_of("0" * 64, "  ")
    pool = replace(read_pool(GOLDEN), officers={"R:1": VALID}, serves=frozenset())
    with pytest.raises(ValueError, match="'R:1'"):
        pool.text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOLDEN.replace("\n", "\r\n"), "canonical form"),
        (GOLDEN.replace(HEADER, "kind"), "canonical form"),
        ("\n".join([HEADER, *reversed(GOLDEN.split("\n")[1:-1])]) + "\n", "canonical form"),
        (canonical([*GOLDEN.split("\n")[1:-1], "object,A,M1,,S2,"]), "M1 twice"),
        (canonical([*GOLDEN.split("\n")[1:-1], "object,C,M7,,S2,"]), "stratum without a share"),
        (canonical([*GOLDEN.split("\n")[1:-1], "serves,,,R9,S2,"]), "no officer line of R9"),
        (canonical([*GOLDEN.split("\n")[1:-1], "recusal,,M1,,,"]), "is none: recusal"),
        (canonical([*GOLDEN.split("\n")[1:-1], "rule,favourite,,,,M1"]), "no draw knows: favourite"),
        (canonical(line for line in GOLDEN.split("\n")[1:-1] if "officers_per" not in line), "lacks or repeats"),
    ],
)
def test_a_text_that_is_no_pool_is_refused_with_what_is_wrong(text, said):
    with pytest.raises(PoolUnreadable, match=said):
        read_pool(text)


def test_what_was_written_of_a_draw_is_what_is_read():
    drawn = draw(read_pool(GOLDEN), SEED)
    assert read_drawn(drawn_text(drawn)) == drawn
    with pytest.raises(ValueError, match="line 2 is none"):
        read_drawn(drawn_text(drawn).replace("1,A,", "one,A,"))
