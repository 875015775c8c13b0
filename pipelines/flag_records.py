"""What a reader of a flag needs of the records behind it: read from core and feature by key, never as whole tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from models.comparable_case import comparable_cases
from models.flag_contact import first_day, flag_contacts, met
from models.flag_record import flag_records, told_evidence
from models.policy import FlagPolicy

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

RECORDS = {
    "patrol": """
select patrol.patrol_id as record_id, patrol.visited_on as happened_on, patrol.merchant_id, patrol.institution_id,
    patrol.lead_officer_id as led, patrol.co_officer_id as joined, patrol.visit_kind, patrol.result, patrol.finding_count,
    patrol.severe_finding_count, visit.visit_minutes, visit.was_filed
from core.patrol
inner join wanted on wanted.record_id = patrol.patrol_id
left join feature.visit_record as visit on visit.patrol_id = patrol.patrol_id
order by patrol.patrol_id
""",
    "penalty": """
select penalty.case_id as record_id, coalesce(penalty.outcome_known_on, penalty.filed_on) as happened_on,
    penalty.merchant_id, penalty.institution_id, penalty.lead_officer_id as led, penalty.co_officer_id as joined,
    penalty.reviewer_officer_id as reviewed, penalty.approver_officer_id as approved, penalty.outcome,
    penalty.discretion_tier, penalty.fine_yuan, penalty.proposed_fine_yuan, penalty.statutory_min_yuan,
    penalty.statutory_max_yuan, penalty.amount_involved_yuan, penalty.violation_code, penalty.procedure,
    penalty.is_first_offence, penalty.was_corrected_promptly, penalty.mitigation_codes, penalty.exemption_code,
    penalty.legal_review_result,
    case when delivery.has_collective then penalty.collective_discussed_on is not null end as was_collectively_discussed
from core.penalty
inner join wanted on wanted.record_id = penalty.case_id
cross join core.delivery
order by penalty.case_id
""",
    "filing": """
select filing.filing_id as record_id, coalesce(cast(filing.event_at as date), filing.filed_on, filing.known_on) as happened_on,
    filing.merchant_id, filing.officer_id as filed
from core.filing
inner join wanted on wanted.record_id = filing.filing_id
order by filing.filing_id
""",
    "posting": """
select posting.posting_id as record_id, posting.started_on as happened_on, posting.institution_id, posting.officer_id as held
from core.posting
inner join wanted on wanted.record_id = posting.posting_id
order by posting.posting_id
""",
    "rectification": """
select item.item_id as record_id, coalesce(item.closed_on, item.due_on) as happened_on, item.institution_id,
    item.owner_officer_id as handled
from core.rectification as item
inner join wanted on wanted.record_id = item.item_id
order by item.item_id
""",
    "self_check": """
select wanted.record_id, self_check.reported_on as happened_on, self_check.institution_id
from core.self_check
inner join wanted on wanted.record_id = self_check.institution_id || '|' || self_check.month
order by wanted.record_id
""",
}
"""The records of each table that evidence may name, those in `wanted`, in the columns of `models.flag_record`."""

CASES = """
select case_id, lead_officer_id, co_officer_id, institution_id, unit_id, violation_code, outcome, outcome_known_on,
    discretion_tier, fine_yuan, statutory_min_yuan, statutory_max_yuan, amount_involved_yuan, is_first_offence,
    was_corrected_promptly, is_natural_person, is_simple_procedure, prior_penalty_count_24m, mitigation_count, has_exemption
from feature.case_record
where
    violation_code in (select violation_code from wanted)
    and (case_id in (select record_id from wanted) or date_diff('day', outcome_known_on, $night) < $days)
order by case_id
"""

CONTACTS = """
select wanted.officer_id, wanted.merchant_id, patrol.visited_on as happened_on, 'visit' as kind, 'patrol' as "table",
    patrol.patrol_id as record_id, patrol.lead_officer_id as led, patrol.co_officer_id as joined,
    null as reviewed, null as approved, patrol.visit_kind, patrol.result, patrol.finding_count,
    patrol.severe_finding_count, null as violation_code, null as outcome, null as fine_yuan, null as status
from wanted
inner join core.patrol on patrol.merchant_id = wanted.merchant_id
    and wanted.officer_id in (patrol.lead_officer_id, patrol.co_officer_id)
where patrol.visited_on between $first and $night

union all

select wanted.officer_id, wanted.merchant_id, penalty.filed_on, 'case_filed', 'penalty', penalty.case_id,
    penalty.lead_officer_id, penalty.co_officer_id, null, null, null, null, null, null, penalty.violation_code, null,
    null, null
from wanted
inner join core.penalty on penalty.merchant_id = wanted.merchant_id
    and wanted.officer_id in (penalty.lead_officer_id, penalty.co_officer_id)
where penalty.filed_on between $first and $night

union all

select wanted.officer_id, wanted.merchant_id, penalty.outcome_known_on, 'case_decided', 'penalty', penalty.case_id,
    penalty.lead_officer_id, penalty.co_officer_id, penalty.reviewer_officer_id, penalty.approver_officer_id, null, null,
    null, null, null, penalty.outcome, penalty.fine_yuan, null
from wanted
inner join core.penalty on penalty.merchant_id = wanted.merchant_id
    and wanted.officer_id in (
        penalty.lead_officer_id, penalty.co_officer_id, penalty.reviewer_officer_id, penalty.approver_officer_id
    )
where penalty.outcome_known_on between $first and $night

union all

select wanted.officer_id, wanted.merchant_id, coalesce(cast(filing.event_at as date), filing.filed_on, filing.known_on),
    case filing.kind when 'visit' then 'visit_filing' else 'meal_filing' end, 'filing', filing.filing_id,
    null, null, null, null, null, null, null, null, null, null, null, filing.status
from wanted
inner join core.filing on filing.merchant_id = wanted.merchant_id and filing.officer_id = wanted.officer_id
where
    filing.kind in ('visit', 'meal_activity')
    and coalesce(cast(filing.event_at as date), filing.filed_on, filing.known_on) between $first and $night

union all

select wanted.officer_id, wanted.merchant_id, recusal.approved_on, 'recusal_approved', 'recusal', recusal.recusal_id,
    null, null, null, null, null, null, null, null, null, null, null, null
from wanted
inner join core.recusal on recusal.merchant_id = wanted.merchant_id and recusal.officer_id = wanted.officer_id
where recusal.approved_on between $first and $night
"""
"""Contacts of each officer in `wanted` with his merchant; an officer of a record that is not named is no match."""

RECORD_TABLES = (
    *(f"core.{table}" for table in sorted({*RECORDS, "recusal", "delivery"})),
    "feature.case_record",
    "feature.visit_record",
)
"""The tables that are read here."""


def record_frames(
    connection: duckdb.DuckDBPyConnection,
    flags: pd.DataFrame,
    evidence: pd.DataFrame,
    night: date,
    policy: FlagPolicy,
) -> dict[str, pd.DataFrame]:
    """flag_record, comparable_case and flag_contact of the night, by name; the tables that they are read from are there.

    flags, evidence : red_flag and flag_evidence.
    """
    if flags.empty or evidence.empty:
        return {name: flags.head(0) for name in ("flag_record", "comparable_case", "flag_contact")}
    told = told_evidence(flags, evidence)
    found = {}
    for table, query in RECORDS.items():
        wanted = told.loc[told["table"] == table, ["record_id"]].drop_duplicates()
        if len(wanted):
            found[table] = _asked(connection, query, wanted, {})
    records = flag_records(flags, told, found)
    cases = records.loc[records["table"] == "penalty", ["record_id", "violation_code"]].drop_duplicates()
    days = policy.long_days
    decided = _asked(connection, CASES, cases.astype("str"), {"night": night, "days": days})
    wanted = met(flags, told, records)
    pairs = wanted[["officer_id", "merchant_id"]].drop_duplicates()
    contacts = _asked(connection, CONTACTS, pairs.astype("str"), {"first": first_day(night), "night": night})
    return {
        "flag_record": records,
        "comparable_case": comparable_cases(flags, records, decided, night, days),
        "flag_contact": flag_contacts(wanted, contacts, evidence),
    }


def _asked(
    connection: duckdb.DuckDBPyConnection, query: str, wanted: pd.DataFrame, values: Mapping[str, object]
) -> pd.DataFrame:
    """The answer to a query that reads the frame `wanted`."""
    with _registered(connection, wanted):
        return connection.execute(query, dict(values)).df()


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, wanted: pd.DataFrame) -> Iterator[None]:
    connection.register("wanted", wanted)
    try:
        yield
    finally:
        connection.unregister("wanted")
