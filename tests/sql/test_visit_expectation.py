"""What a visit would have found at an average merchant, on two officers, two kinds of visit and two industries.

golden/visit_expectation.csv is to be read: R1 is strict, R2 lenient. Its last three columns are what the table says of each
visit to the half of the merchants that its own merchant is in, to six places.
"""

import csv
from datetime import date
from math import log
from pathlib import Path

import pytest

from models import policy
from pipelines.nights import bound_values
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records

GOLDEN = Path(__file__).parent / "golden" / "visit_expectation.csv"
AS_OF = date(2026, 6, 30)
SAID = ("expected_severe_share", "severe_excess", "finding_excess")


def golden() -> list[dict]:
    with GOLDEN.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    whole = ("finding_count", "severe_finding_count")
    return [row | {name: int(row[name]) for name in whole} | {name: float(row[name]) for name in SAID} for row in rows]


def told(visits: list[dict], table: str = "feature.visit_expectation") -> list[dict]:
    """The rows of that table on these visits."""
    merchants = {visit["merchant_id"]: visit["industry_code"] for visit in visits}
    names = ("patrol_id", "merchant_id", "lead_officer_id", "visit_kind", "finding_count", "severe_finding_count")
    fixed = {"institution_id": "S1", "result": "normal"}
    tables = {
        "institution": [{"institution_id": "S1", "kind": "station"}],
        "grid": [{"grid_id": "G1", "institution_id": "S1", "kind": "street"}],
        "merchant": [
            {
                "merchant_id": merchant,
                "kind": "company",
                "industry_code": industry,
                "institution_id": "S1",
                "grid_id": "G1",
                "registered_on": "2020-01-01",
                "status": "active",
            }
            for merchant, industry in merchants.items()
        ],
        "patrol": [
            {name: visit[name] for name in names} | {"started_at": f"{visit['visited_on']} 10:00:00"} | fixed
            for visit in visits
        ],
    }
    connection = raw_records(tables, threads=1)
    values = bound_values(AS_OF, policy.on(AS_OF), is_training=True)
    for name, statement in statements().items():
        build(connection, statement, values)
        if name == table:
            break
    return connection.execute(f"from {table} order by all").df().to_dict("records")


def own(visits: list[dict], said: list[dict]) -> dict[str, dict]:
    """What is said of each visit to the half that its merchant is in, by visit."""
    half = {visit["patrol_id"]: visit["merchant_half"] for visit in visits}
    return {row["patrol_id"]: row for row in said if row["half"] == half[row["patrol_id"]]}


def by_hand(visits: list[dict], of: dict, half: str) -> tuple[float, float]:
    """Expected share and expected findings of a visit, said to a half: word by word what the table's comment says."""
    days = {visit["patrol_id"]: date.fromisoformat(visit["visited_on"]) for visit in visits}

    def before(one: dict) -> list[dict]:
        ago = {visit["patrol_id"]: (days[one["patrol_id"]] - days[visit["patrol_id"]]).days for visit in visits}
        return [v for v in visits if v["merchant_half"] != half and 1 <= ago[v["patrol_id"]] <= 730]

    def rates(one: dict, name: str, first: int) -> tuple[float, float, float]:
        past = before(one)
        kind = [visit for visit in past if visit["visit_kind"] == one["visit_kind"]]
        cell = [visit for visit in kind if visit["industry_code"] == one["industry_code"]]
        rate = (sum(visit[name] for visit in past) + first) / (len(past) + 20)
        of_bureau = rate
        of_kind = rate = (sum(visit[name] for visit in kind) + 20 * rate) / (len(kind) + 20)
        return of_bureau, of_kind, (sum(visit[name] for visit in cell) + 20 * rate) / (len(cell) + 20)

    def expected(name: str, first: int) -> float:
        of_bureau, of_kind, _ = rates(of, name, first)
        led = [
            visit
            for visit in before(of)
            if visit["lead_officer_id"] == of["lead_officer_id"] and visit["merchant_id"] != of["merchant_id"]
        ]
        found = sum(visit[name] for visit in led)
        usual = sum(rates(visit, name, first)[2] for visit in led)
        return of_kind * (found + 20 * of_bureau) / (usual + 20 * of_bureau)

    return min(expected("severe_finding_count", 1), 0.95), expected("finding_count", 20)


def changed(visits: list[dict], patrol_id: str, **given) -> list[dict]:
    return [visit | given if visit["patrol_id"] == patrol_id else visit for visit in visits]


@pytest.fixture(scope="module")
def visits() -> list[dict]:
    return golden()


@pytest.fixture(scope="module")
def said(visits) -> list[dict]:
    return told(visits)


def test_it_is_what_stands_in_the_golden_file(visits, said):
    assert 20 <= len(visits) <= 50
    found = own(visits, said)
    for visit in visits:
        for name in SAID:
            assert found[visit["patrol_id"]][name] == pytest.approx(visit[name], abs=1e-6), visit["patrol_id"]


def test_it_is_what_its_own_words_say_counted_visit_by_visit_for_both_halves(visits, said):
    given = {visit["patrol_id"]: visit for visit in visits}
    assert len(said) == 2 * len(visits)
    for row in said:
        visit = given[row["patrol_id"]]
        share, findings = by_hand(visits, visit, row["half"])
        assert row["expected_severe_share"] == pytest.approx(share, abs=1e-5)
        assert row["severe_excess"] == pytest.approx(visit["severe_finding_count"] - share, abs=1e-5)
        assert row["finding_excess"] == pytest.approx(log((visit["finding_count"] + 1) / (findings + 1)), abs=1e-5)


def test_the_first_visits_expect_one_in_twenty_because_there_is_no_past(visits, said):
    first = own(visits, said)["P01"]
    assert first["expected_severe_share"] == pytest.approx(1 / 20)
    assert first["finding_excess"] == pytest.approx(log((3 + 1) / (1 + 1)))


def test_the_same_findings_on_the_same_day_count_for_less_where_the_strict_officer_made_them(visits, said):
    """P23 and P24: one merchant, one kind of visit, the same findings."""
    strict, lenient = own(visits, said)["P23"], own(visits, said)["P24"]
    assert 0 < strict["severe_excess"] < lenient["severe_excess"]
    assert strict["finding_excess"] < lenient["finding_excess"]
    assert strict["expected_severe_share"] > 1.5 * lenient["expected_severe_share"]


@pytest.mark.parametrize("patrol_id", ["P01", "P08", "P17", "P24"])
def test_what_a_visit_found_changes_its_excess_and_no_expectation_said_to_its_half(visits, said, patrol_id):
    """Neither its own, nor that of the same merchant's later visits, by the same officer or another, nor around it."""
    visit = next(visit for visit in visits if visit["patrol_id"] == patrol_id)
    severe = 1 - visit["severe_finding_count"]
    other = told(changed(visits, patrol_id, severe_finding_count=severe, finding_count=visit["finding_count"] + 3))
    for before, after in zip(said, other, strict=True):
        if after["half"] != visit["merchant_half"]:
            continue
        assert after["expected_severe_share"] == before["expected_severe_share"]
        if after["patrol_id"] == patrol_id:
            assert after["severe_excess"] == pytest.approx(before["severe_excess"] + 2 * severe - 1)
            assert after["finding_excess"] > before["finding_excess"]
        else:
            assert after == before


def test_it_raises_what_is_expected_later_at_the_other_half(visits, said):
    before, after = own(visits, said), own(visits, told(changed(visits, "P07", severe_finding_count=1)))
    later = [v["patrol_id"] for v in visits if v["visited_on"] > "2025-02-03" and v["merchant_half"] == "a"]
    assert len(later) >= 8
    for patrol_id in later:
        assert after[patrol_id]["expected_severe_share"] > before[patrol_id]["expected_severe_share"]


def test_neither_the_same_day_nor_any_later_one_is_looked_at(visits, said):
    """A visit of a day must not be measured by another of that day: which came first is not in the records."""
    given = {visit["patrol_id"]: visit for visit in visits}
    other = told(changed(visits, "P21", severe_finding_count=0, finding_count=0))
    assert given["P21"]["visited_on"] == given["P24"]["visited_on"]
    for before, after in zip(said, other, strict=True):
        if after["patrol_id"] != "P21":
            assert after == before


@pytest.mark.parametrize(("later_on", "is_seen"), [("2024-06-02", True), ("2026-06-01", True), ("2026-06-02", False)])
def test_a_visit_counts_from_the_day_after_it_was_known_and_for_two_years(visits, later_on, is_seen):
    """P02 was at a merchant of the other half; it is moved to the first of June 2024 and has found something severe."""
    past = visits[1] | {"visited_on": "2024-06-01", "severe_finding_count": 1, "finding_count": 2}
    later = visits[0] | {"visited_on": later_on}
    found = own([past, later], told([past, later]))["P01"]["expected_severe_share"]
    assert (found > 0.06) == is_seen and (found == 0.05) == (not is_seen)


def test_what_the_others_of_its_industry_found_does_not_move_with_its_own_visits(visits):
    """The last visit of M1 and one in its past; M2 of the other industry and M3 of the same see what is theirs to see."""

    def industry(rows: list[dict]) -> dict[str, tuple]:
        tonight = [row for row in told(rows, "feature.merchant") if row["as_of_on"].date() == AS_OF]
        return {
            row["merchant_id"]: (row["industry_severe_excess_730"], row["industry_finding_excess_730"])
            for row in tonight
        }

    before = industry(visits)
    for patrol_id in ("P10", "P17"):
        after = industry(changed(visits, patrol_id, severe_finding_count=1, finding_count=9))
        assert after["M1"] == before["M1"]
        assert after["M3"][0] > before["M3"][0] and after["M3"][1] > before["M3"][1]
