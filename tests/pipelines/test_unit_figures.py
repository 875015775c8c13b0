"""The figures of a night from its warehouse: a bureau of nobody, and one of ten, end to end without a night."""

from datetime import date

import pandas as pd
import pytest

from models import policy
from models.flags import Judgement, families
from pipelines.contract import published_tables
from pipelines.nights import bound_values
from pipelines.temporary_warehouse import needed_for
from pipelines.unit_figures import READS, figures_of
from pipelines.warehouse.build import build
from pipelines.warehouse.frames import write_frame
from tests.records import raw_records
from tests.sql.test_directory import INSTITUTIONS, officer

NIGHT = date(2026, 6, 30)
NO_JUDGEMENT = {name: Judgement() for name in families()}


def figures(count: int):
    people = [f"R{number}" for number in range(count)]
    records = {
        "institution": INSTITUTIONS,
        "officer": [officer(name) for name in people],
        "posting": [
            {
                "posting_id": name,
                "officer_id": name,
                "institution_id": "S1",
                "post": "patrol",
                "started_on": "2020-01-01",
            }
            for name in people
        ],
    }
    connection = raw_records(records, threads=1)
    for statement in needed_for(*READS):
        build(connection, statement, bound_values(NIGHT, policy.on(NIGHT), is_training=False))
    return connection, figures_of(connection, policy.on(NIGHT).aggregate, NIGHT)


@pytest.mark.parametrize(("count", "quarters"), [(0, 0), (4, 0), (5, 12), (10, 12)])
def test_what_is_told_of_a_bureau_of_so_many_and_written_as_the_contract_says(count, quarters):
    connection, found = figures(count)
    rotation = pd.DataFrame({"officer_id": ["R0"], "status": ["overdue"]})
    flags = pd.DataFrame({"subject_kind": [], "subject_id": [], "family": [], "strength": []}, dtype="str")
    assert write_frame(connection, "flag", "unit_aggregate", found.units(rotation)) == quarters
    assert write_frame(connection, "flag", "hint_aggregate", found.hints(flags, NO_JUDGEMENT)) > 0
    shares = connection.execute("select rotation_overdue_share from flag.unit_aggregate order by quarter_start_on desc")
    assert shares.fetchall() == [(0.1 if count == 10 else None,)] * min(quarters, 1) + [(None,)] * (quarters - 1)
    said = {(gap.subject_id, gap.family) for gap in found.gaps() if gap.subject_kind == "institution"}
    assert said == ({("S1", "unit_aggregate")} if count == 4 else set())


def test_nobody_is_named_in_what_management_reads():
    """A figure of a unit and a number of hints have no column that could hold a person."""
    for name in ("unit_aggregate", "hint_aggregate"):
        columns = set(published_tables()[name].column_names)
        assert not columns & {"officer_id", "subject_id", "flag_id", "record_id", "name", "summary_zh"}, name
    assert not [name for name in published_tables()["unit_aggregate"].column_names if "hint" in name or "flag" in name]
