"""What reviewers concluded, brought to the judgements of a night: read from core, applied by models.decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from models.decision import remembered
from models.flags import Judgement
from models.policy import Policy

if TYPE_CHECKING:
    import duckdb

DECISIONS = """
select decision_id, flag_key, subject_kind, subject_id, family, outcome, cast(decided_at as date) as decided_on,
    decided_at, reviewer_hash, is_superseded
from core.decision
order by decision_id
"""

KNOWN_BY = {
    "complaint": ("complaint_id", "received_on"),
    "filing": ("filing_id", "known_on"),
    "integrity_outcome": ("outcome_id", "closed_on"),
    "patrol": ("patrol_id", "known_on"),
    "penalty": ("case_id", "coalesce(outcome_known_on, filed_on)"),
    "posting": ("posting_id", "started_on"),
    "rectification": ("item_id", "closed_on"),
    "recusal": ("recusal_id", "approved_on"),
    "self_check": ("institution_id || '|' || month", "reported_on"),
}
"""Of each table that evidence names: its key, and the day from which a record of it can be used. A record of any other
table counts as known before every conclusion. A self-check is named by institution and month."""

DECISION_TABLES = ("core.decision", *(f"core.{table}" for table in sorted(KNOWN_BY)))
"""What the memory of reviewers' conclusions reads: they, and the days on which the records behind a hint became known."""


def decisions_of(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The conclusions known that night, as `models.decision` reads them."""
    return connection.execute(DECISIONS).df()


def decided(
    connection: duckdb.DuckDBPyConnection, judgements: Mapping[str, Judgement], as_of: date, policy: Policy
) -> dict[str, Judgement]:
    """The judgements by family as they stand after what reviewers concluded."""
    decisions = decisions_of(connection)
    return remembered(judgements, decisions, _known(connection, judgements, set(decisions["flag_key"])), as_of, policy)


def _known(
    connection: duckdb.DuckDBPyConnection, judgements: Mapping[str, Judgement], flag_keys: set[str]
) -> dict[tuple[str, str], date]:
    """The day on which the records behind the hints of these keys became known."""
    wanted: dict[str, set[str]] = {}
    for judgement in judgements.values():
        for flag in judgement.flags:
            if flag.flag_key in flag_keys:
                for item in flag.evidence:
                    wanted.setdefault(item.table, set()).add(item.record_id)
    found = {}
    for table in sorted(set(wanted) & set(KNOWN_BY)):
        key, known_on = KNOWN_BY[table]
        rows = connection.execute(
            f"select {key}, {known_on} from core.{table} where list_contains($records, {key}) and {known_on} is not null",
            {"records": sorted(wanted[table])},
        ).fetchall()
        found |= {(table, record): known for record, known in rows}
    return found
