"""What the delivery of a night lacks for due-date tasks; the tasks themselves are made in sql/feature/due_task.sql."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.due_task import due_task_gaps
from models.flags import NotComputable
from models.policy import Policy

if TYPE_CHECKING:
    import duckdb

HOLDS = """
select
    has_patrol,
    has_penalty,
    has_permit,
    has_complaint_merchant and has_complaint_outcome as has_complaint_state,
    exists (
        select 1
        from core.filing
        where kind = 'annual_report' and filed_on is not null and coalesce(due_on, filed_on) >= $year_start_on
    ) as has_annual_report_of_year
from core.delivery
"""


def gaps_of_due_tasks(connection: duckdb.DuckDBPyConnection, in_force: Policy, night: date) -> list[NotComputable]:
    """Why kinds of due-date task are not listed that night; a kind that is listed has no row."""
    year_start_on = in_force.due_tasks.annual_report_due_on(night).replace(month=1, day=1)
    asked = connection.execute(HOLDS, {"year_start_on": year_start_on})
    names = [column[0] for column in asked.description]
    return due_task_gaps(in_force.due_tasks, dict(zip(names, asked.fetchall()[0], strict=True)))
