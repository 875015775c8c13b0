"""The synthetic bureau keeps the contract at every size: types, keys, references, words, bounds, rules, dates."""

from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contract import Column, Table, delivered_tables
from pipelines.sample import Bureau, make_bureau

LEFT_OUT = {"patrol_item", "decision", "rotation_decision", "draw_substitution", "draw_commit"}


def _checks_of_column(table: Table, column: Column, until: date) -> dict[str, str]:
    name = f'"{column.name}"'
    checks = {}
    if column.must_be_present:
        checks["missing"] = f"{name} is null"
    if column.values:
        words = ", ".join(f"'{word}'" for word in column.values)
        checks["enum"] = f"{name} not in ({words})"
    if column.minimum is not None:
        checks["range"] = f"not ({name} between {column.minimum} and {column.maximum})"
    if column.type == "month":
        checks["month"] = rf"not regexp_full_match({name}, '\d{{4}}-(0[1-9]|1[0-2])')"
    if column.type == "hash":
        checks["hash"] = f"not regexp_full_match({name}, '[0-9a-f]{{32}}')"
    if column.type in ("date", "timestamp") and not column.may_be_later:
        checks["later"] = f"cast({name} as date) > date '{until}'"
    if column.references:
        parent = delivered_tables()[column.references]
        checks["reference"] = f'{name} not in (select "{parent.key[0]}" from "{parent.name}")'
    return {f"{table.name}.{column.name} {rule}": check for rule, check in checks.items()}


def broken_rules(bureau: Bureau, until: date) -> dict[str, int]:
    """Rows that break the contract, by rule."""
    connection = duckdb.connect()
    for name, rows in bureau.tables.items():
        connection.register(name, rows)
    counts = {}
    for name in bureau.tables:
        table = delivered_tables()[name]
        checks = {f"{name} {rule.code}": f"not ({rule.check})" for rule in table.rules}
        for column in table.columns:
            checks |= _checks_of_column(table, column, until)
        sums = ", ".join(f"count(*) filter (where {check})" for check in checks.values())
        found = connection.execute(f'select {sums} from "{name}"').fetchall()[0]
        counts |= dict(zip(checks, found, strict=True))
        key = ", ".join(f'"{column}"' for column in table.key)
        distinct = connection.execute(f'select count(*) from (select distinct {key} from "{name}")').fetchall()[0][0]
        counts[f"{name} key"] = bureau.tables[name].num_rows - distinct
    return {rule: count for rule, count in counts.items() if count}


def test_every_table_but_the_left_out_ones_is_there_typed_and_in_the_contracts_order(bureau):
    contract = delivered_tables()
    assert set(contract) - set(bureau.tables) == LEFT_OUT
    connection = duckdb.connect()
    for name, rows in bureau.tables.items():
        connection.register(name, rows)
        described = connection.execute(f'describe "{name}"').fetchall()
        assert [(row[0], row[1]) for row in described] == [(c.name, c.engine_type) for c in contract[name].columns]
        assert rows.num_rows > 0, name


def test_no_row_breaks_the_contract(bureau):
    assert broken_rules(bureau, date(2026, 6, 30)) == {}


def test_a_visit_names_its_filing_and_a_case_its_visit(bureau, database):
    dangling = database.execute(
        """
        select
            (select count(*) from patrol where visit_filing_id not in (select filing_id from filing)),
            (select count(*) from penalty where patrol_id not in (select patrol_id from patrol)),
            (select count(*) from penalty join patrol using (patrol_id) where penalty.merchant_id <> patrol.merchant_id),
            (select count(*) from patrol join filing on filing_id = visit_filing_id
             where filing.merchant_id <> patrol.merchant_id or filing.kind <> 'visit' or filing.status <> 'approved')
        """
    ).fetchall()[0]
    assert dangling == (0, 0, 0, 0)


@pytest.mark.parametrize("until", [date(2026, 6, 30), date(2024, 2, 29), date(2025, 12, 31)])
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(merchants=st.integers(100, 600), years=st.integers(1, 3), seed=st.integers(0, 2**31))
def test_bureaus_of_any_small_size_keep_the_contract(until, merchants, years, seed):
    made = make_bureau(merchants=merchants, years=years, seed=seed, until=until)
    assert broken_rules(made, until) == {}
    assert made.truth.num_rows > 0
