"""The synthetic bureau as a whole: the same to the byte, at the levels of the real ones, its truth outside the delivery."""

import csv
import hashlib
import re

import pytest

from pipelines.contract import delivered_tables
from pipelines.sample import make_bureau, write_bureau


def _digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.csv"))}


def test_the_same_arguments_make_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        write_bureau(make_bureau(merchants=300, years=2, seed=seed), tmp_path / name / "delivery")
    one, two, other = (_digests(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two and len(one) > 18
    same = {name for name in one if one[name] == other[name]}
    assert same <= {"grid.csv", "institution.csv"}


def test_the_delivery_holds_one_file_per_table_and_the_truth_lies_beside_it(bureau, tmp_path):
    out = tmp_path / "delivery"
    write_bureau(bureau, out)
    assert {path.name for path in out.iterdir()} == {*(f"{name}.csv" for name in bureau.tables), "synthetic.sha256"}
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["delivery.truth.csv"]
    with (out / "penalty.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == delivered_tables()["penalty"].column_names
    with (out / "patrol.csv").open(encoding="utf-8", newline="") as file:
        started_at = next(csv.DictReader(file))["started_at"]
    assert re.fullmatch(r"2023-07-\d\d \d\d:\d\d:\d\d", started_at)


def test_nothing_looks_like_a_telephone_or_an_identity_card_number(bureau, database):
    for name, rows in bureau.tables.items():
        for column in delivered_tables()[name].columns:
            if column.engine_type == "VARCHAR" and column.type != "hash":
                number = r"(^|\D)(1[3-9]\d{9}|\d{15}|\d{17}[\dXx])(\D|$)"
                query = f'select count(*) from "{name}" where regexp_matches("{column.name}", $number)'
                assert database.execute(query, {"number": number}).fetchall() == [(0,)], column.name
        assert rows.num_rows


@pytest.mark.parametrize(("merchants", "years"), [(99, 3), (1000, 0)])
def test_too_small_a_bureau_is_refused_and_says_what_to_ask_for(merchants, years):
    with pytest.raises(ValueError, match="at least 100 merchants and 1 year; found"):
        make_bureau(merchants=merchants, years=years)


@pytest.fixture(scope="module")
def one(database):
    def asked(query):
        return database.execute(query).fetchall()[0]

    return asked


def test_visits_and_findings_are_at_their_levels(one):
    per_year, severe, closed = one(
        """select count(*) / 3.0 / (select count(*) from merchant), avg((severe_finding_count > 0)::int),
            avg((result = 'closed_on_arrival')::int) from patrol"""
    )
    assert per_year == pytest.approx(3.03, abs=0.15)
    assert severe == pytest.approx(0.057, abs=0.007)
    assert 0.005 < closed < 0.03


def test_fines_are_at_their_levels(one):
    mean, major, closing = one(
        """select avg(fine_yuan + confiscated_yuan), avg((fine_yuan + confiscated_yuan >= 3000)::int),
            avg((closed_on is not null)::int) filter (where filed_on < '2026-01-01') from penalty
            where outcome in ('fined', 'warned', 'no_penalty') or decided_on is null"""
    )
    assert mean == pytest.approx(1178, rel=0.1)
    assert major == pytest.approx(0.064, abs=0.015)
    assert closing > 0.96


def test_four_merchants_in_five_have_neither_a_punished_case_nor_a_late_report_in_two_years(one):
    (share,) = one(
        """
        select avg((merchant_id not in (select merchant_id from penalty
                where outcome in ('fined', 'warned') and decided_on > '2024-06-30')
            and merchant_id not in (select merchant_id from filing where kind = 'annual_report'
                and status <> 'on_time' and due_on > '2024-06-30')
            and status = 'active')::int) from merchant where status <> 'closed'"""
    )
    assert share == pytest.approx(0.779, abs=0.04)


def test_staff_grids_and_licences_are_at_their_levels(one):
    officers, stations, grids, unlicensed, small = one(
        """
        select (select count(*) from officer where left_on is null), count(*),
            (select count(*) from grid), (select avg((kind = 'unlicensed')::int) from merchant),
            (select min(n) from (select count(*) as n from officer where left_on is null
             and institution_id like 'S%' group by institution_id))
        from institution where kind = 'station' and institution_id in (select institution_id from officer)"""
    )
    assert (officers, stations, grids, small) == (7 * 9 + 2 + 2, 8, 50, 2)
    assert 0.0033 < unlicensed < 0.0155


def test_every_visit_is_filed_but_few_and_appraisals_are_full_of_praise(one):
    filed, before, score = one(
        """
        select avg((visit_filing_id is not null)::int), avg((filed_at < started_at)::int),
            (select avg(score) from appraisal where delegate_class = 'market')
        from patrol left join filing on filing_id = visit_filing_id"""
    )
    assert filed > 0.93 and before > 0.97 and score == pytest.approx(97, abs=1)


def test_exemptions_begin_in_2025_and_complaints_rise_with_the_rule_of_2026(one):
    early, late, before, after = one(
        """
        select count(*) filter (where decided_on < '2025-01-01'), count(*) filter (where decided_on >= '2025-01-01'),
            (select count(*) / 75.0 from complaint where officer_id is null
             and received_at::date between '2026-01-30' and '2026-04-14'),
            (select count(*) / 75.0 from complaint where officer_id is null
             and received_at::date between '2026-04-15' and '2026-06-28')
        from penalty where exemption_code is not null"""
    )
    assert early == 0 and late > 30 and after > 1.05 * before


def test_risk_can_be_seen_from_a_merchants_past(one):
    """The odds of a severe finding where one was found in the year before, against where none was."""
    after_finding, after_none = one(
        """
        select avg(found) filter (where before > 0), avg(found) filter (where before = 0) from (
            select (severe_finding_count > 0)::int as found, sum((severe_finding_count > 0)::int) over (
                partition by merchant_id order by started_at
                range between interval 365 days preceding and interval 1 second preceding) as before
            from patrol)"""
    )
    assert 1.8 < after_finding / after_none < 4


def test_what_is_not_decided_yet_has_no_outcome(one):
    pending, known = one(
        """select count(*), count(decided_on) + count(fine_yuan) + count(discretion_tier) + count(exemption_code)
        from penalty where outcome = 'pending'"""
    )
    assert pending > 20 and known == 0
    unresolved, known = one("select count(*), count(resolved_at) from complaint where outcome = 'pending'")
    assert unresolved > 20 and known == 0


def test_a_bureau_in_which_nothing_is_planted_has_no_truth_and_no_look_alike(tmp_path):
    quiet = make_bureau(merchants=1500, years=2, officers=100, planted="none")
    write_bureau(quiet, tmp_path / "delivery")
    assert (tmp_path / "delivery.truth.csv").read_text(encoding="utf-8").count("\n") == 1
    complaint = quiet.tables["complaint"].to_pandas()
    about_officers = complaint[complaint["officer_id"].notna()]
    assert about_officers["complainant_hash"].value_counts().iloc[0] < 6
    assert about_officers.groupby("officer_id").size().max() < 40
    stations = quiet.tables["officer"].to_pandas().query("left_on.isna()").groupby("institution_id").size()
    assert stations[stations.index.str.startswith("S")].min() == 9
    filed = quiet.tables["patrol"].to_pandas().groupby("lead_officer_id")["visit_filing_id"].agg(["count", "size"])
    assert (filed["count"] / filed["size"])[filed["size"] > 60].min() > 0.8
    outcome = quiet.tables["penalty"].to_pandas()
    dropped = outcome["outcome"].isin(["withdrawn", "terminated"]).groupby(outcome["lead_officer_id"])
    assert dropped.mean()[dropped.size() >= 20].max() < 0.3


@pytest.mark.parametrize("officers", [40, 150, 320])
def test_a_bureau_has_about_as_many_officers_as_are_asked_for_whatever_its_merchants(officers):
    made = make_bureau(merchants=1500, years=1, officers=officers)
    serving = made.tables["officer"].to_pandas()["left_on"].isna().sum()
    assert abs(serving - officers) <= 5 and made.tables["merchant"].num_rows == 1500


def test_only_the_behaviours_that_are_named_are_planted():
    made = make_bureau(merchants=1500, years=1, officers=100, planted=("tip_off", "lenient_station"))
    assert set(made.truth["behaviour"].to_pylist()) == {"tip_off", "lenient_station"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"officers": 19}, "at least 20 officers, and 4 merchants for each; found 19 officers and 1500"),
        ({"officers": 400}, "found 400 officers and 1500 merchants; ask for more"),
        ({"planted": ("tip_of",)}, "no behaviour is called 'tip_of'; choose all, none, or from general_leniency"),
        ({"planted": "nothing"}, "no behaviour is called 'nothing'"),
    ],
)
def test_a_bureau_that_cannot_be_made_is_refused_and_says_what_to_ask_for(given, message):
    with pytest.raises(ValueError, match=message):
        make_bureau(merchants=1500, years=1, **given)
