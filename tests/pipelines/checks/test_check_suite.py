"""The suite that follows from a promise: names, severity, sentences, and where it is read from."""

import re
from dataclasses import dataclass, replace

import pytest

from pipelines.checks.limits import RowCountLimits
from pipelines.checks.suite import suite_for
from pipelines.checks.table_spec import ColumnSpec, RuleSpec, TableSpec, contract_spec, header_spec
from pipelines.contract import COLUMN_TYPES, delivered_tables


@dataclass(frozen=True)
class HeaderColumn:
    name: str
    unit: str
    is_nullable: bool = True
    values: tuple[str, ...] | None = None
    zh: str = "列"
    en: str = "column"

    @property
    def engine_type(self):
        return COLUMN_TYPES[self.unit].engine_type


@dataclass(frozen=True)
class Statement:
    schema: str
    name: str
    grain: tuple[str, ...]
    columns: tuple[HeaderColumn, ...]


STATEMENT = Statement(
    "feature",
    "officer",
    ("officer_id", "as_of_on"),
    (
        HeaderColumn("officer_id", "id"),
        HeaderColumn("as_of_on", "date"),
        HeaderColumn("post", "enum", is_nullable=False, values=("patrol", "permit")),
        HeaderColumn("all_normal_share", "share"),
        HeaderColumn("entry_lag_days", "days"),
        HeaderColumn("fine_position", "position"),
        HeaderColumn("visit_rate", "rate"),
    ),
)


def by_name(spec, **night):
    return {expectation.name: expectation for expectation in suite_for(spec, **night)}


def test_a_header_gives_shape_grain_nulls_codes_and_bounds():
    suite = by_name(header_spec(STATEMENT))
    assert list(suite) == [
        "shape",
        "grain",
        "officer_id_not_null",
        "as_of_on_not_null",
        "post_not_null",
        "post_in_set",
        "all_normal_share_in_range",
        "entry_lag_days_in_range",
        "fine_position_in_range",
        "visit_rate_in_range",
    ]
    assert suite["all_normal_share_in_range"].en == "all_normal_share must be from 0 to 1"
    assert suite["visit_rate_in_range"].en == "visit_rate must be a finite number, 0 or more"
    assert suite["fine_position_in_range"].zh == "列（fine_position）应为有限数"
    assert suite["post_in_set"].arguments["value_set"] == ["patrol", "permit"]
    assert all(expectation.is_blocking for expectation in suite.values())


def test_a_unit_without_bounds_is_refused_with_table_and_column():
    odd = replace(STATEMENT, columns=(*STATEMENT.columns, _Furlong("distance", "furlong")))
    with pytest.raises(ValueError, match="feature.officer: column distance has unit 'furlong'"):
        header_spec(odd)


class _Furlong(HeaderColumn):
    engine_type = "DOUBLE"


def test_the_contract_gives_links_rules_and_freshness():
    suite = by_name(contract_spec(delivered_tables()["penalty"]))
    assert suite["merchant_id_in_merchant"].is_blocking
    assert suite["merchant_id_in_merchant"].reads == ("raw", "merchant", "merchant_id")
    assert not suite["co_officer_id_in_officer"].is_blocking
    assert set(suite["rule_decided_before_filed"].columns) == {"case_id", "decided_on", "filed_on"}
    assert suite["fine_yuan_in_range"].en == "fine_yuan must be from 0 to 10,000,000,000"
    assert suite["filed_on_is_fresh"].severity == "warning"


@pytest.mark.parametrize("name", delivered_tables())
def test_names_are_valid_for_dagster_and_the_same_whatever_the_night(name):
    spec = contract_spec(delivered_tables()[name])
    first, later = by_name(spec), by_name(spec, previous_row_count=1000)
    assert list(first) == list(later)
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", check) for check in first)
    assert all(expectation.zh and expectation.en for expectation in later.values())


def test_two_checks_of_one_name_are_refused():
    twice = RuleSpec("same", "true", "同", "same")
    spec = TableSpec("raw", "grid", (), (ColumnSpec("a", "id", "a", "a", "VARCHAR", False),), rules=(twice, twice))
    with pytest.raises(ValueError, match="rule_same names two"):
        suite_for(spec)


def test_the_limits_of_the_row_count_are_arguments():
    spec = contract_spec(delivered_tables()["grid"])
    suite = by_name(spec, previous_row_count=1000, limits=RowCountLimits(0.2, 0.5, 0.9))
    assert suite["row_count_near_previous"].arguments == {"min_value": 800, "max_value": 1500}
    assert suite["row_count_not_collapsed"].arguments["min_value"] == 100


def test_an_expectation_becomes_one_of_great_expectations_with_its_name_and_severity():
    suite = by_name(contract_spec(delivered_tables()["patrol"]))
    made = suite["finding_count_in_range"].as_great_expectation()
    assert (made.expectation_type, made.column, made.severity, made.meta) == (
        "expect_column_values_to_be_between",
        "finding_count",
        "critical",
        {"name": "finding_count_in_range"},
    )
    assert suite["started_at_is_fresh"].as_great_expectation().severity == "warning"


def test_a_table_of_several_nights_is_not_compared_with_the_night_before():
    """It shrinks to one night whenever a night does not train, six nights in seven."""
    assert not [
        name for name in by_name(header_spec(STATEMENT), previous_row_count=600) if name.startswith("row_count")
    ]
