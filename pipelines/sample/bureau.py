"""A synthetic bureau of any size: typed tables by the contract, and beside them what was planted.

Levels follow DOMAIN.md 3.24. Nobody in it exists, and the place lies in the open sea.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pyarrow as pa

from pipelines.contract import delivered_tables
from pipelines.sample import (
    cases,
    complaints,
    filings,
    findings,
    fines,
    grievances,
    hours,
    merchants,
    places,
    postings,
    relations,
    self_reports,
    staff,
    stages,
    supervision,
    unlicensed,
    visits,
)
from pipelines.sample.behaviours import wanted_behaviours
from pipelines.sample.columns import Columns, stack, stream
from pipelines.sample.ground import Ground, make_ground
from pipelines.sample.planted import truth_table

FEWEST_MERCHANTS = 100
FEWEST_OFFICERS = 20
FEWEST_MERCHANTS_EACH = 4
"""Merchants per officer, where the number of officers is given: below it grids would be empty."""


@dataclass(frozen=True)
class Bureau:
    """The tables of a delivery by their contract name, and the planted truth, which is no part of it."""

    tables: Mapping[str, pa.Table]
    truth: pa.Table


def make_bureau(
    *,
    merchants: int = 6000,
    years: int = 3,
    seed: int = 20260630,
    until: date = date(2026, 6, 30),
    officers: int | None = None,
    planted: str | tuple[str, ...] = "all",
) -> Bureau:
    """A bureau of that many merchants, whose records of that many years end on that day.

    officers : about so many serve, whatever the merchants; None gives as many as usual for them. planted : "all", "none"
    (no look-alike either), or names of behaviours. The same arguments make the same bureau to the byte. ValueError below
    100 merchants, one year, 20 officers or 4 merchants an officer, and for an unknown behaviour.
    """
    if merchants < FEWEST_MERCHANTS or years < 1:
        raise ValueError(
            f"sample: a bureau has at least {FEWEST_MERCHANTS} merchants and 1 year; found {merchants} and {years};"
            " ask for more"
        )
    if officers is not None and (officers < FEWEST_OFFICERS or merchants < FEWEST_MERCHANTS_EACH * officers):
        raise ValueError(
            f"sample: a bureau has at least {FEWEST_OFFICERS} officers, and {FEWEST_MERCHANTS_EACH} merchants for each;"
            f" found {officers} officers and {merchants} merchants; ask for more officers or more merchants"
        )
    ground = make_ground(merchants, officers, years, seed, until, wanted_behaviours(planted))
    made = {**_people_and_places(ground), **_records(ground)}
    tables = {name: made[name] for name in delivered_tables() if name in made}
    return Bureau(MappingProxyType(tables), truth_table(ground.planted, ground.places, ground.calendar))


def _people_and_places(ground: Ground) -> dict[str, pa.Table]:
    seed, where = ground.seed, ground.places
    history = postings.make_postings(ground.staff, where, ground.calendar, ground.planted, stream(seed, "postings"))
    return {
        "institution": places.institution_table(where, postings.renamed_station(where, ground.planted)),
        "grid": places.grid_table(where),
        "officer": staff.officer_table(ground.staff, where, ground.calendar, stream(seed, "officers")),
        "posting": postings.posting_table(history, where),
        "leave": staff.leave_table(ground.staff),
        "merchant": merchants.merchant_table(ground.merchants, where, stream(seed, "merchant table")),
        "merchant_relation": relations.merchant_relation_table(ground.relations, seed),
        "declared_relative": relations.declared_relative_table(ground.relations, seed),
        "recusal": relations.recusal_table(ground.relations),
        "integrity_outcome": supervision.integrity_outcome_table(ground, stream(seed, "outcomes")),
        "appraisal": supervision.appraisal_table(ground, stream(seed, "appraisals")),
        "rectification": self_reports.rectification_table(ground, stream(seed, "rectification")),
        "unlicensed_event": unlicensed.unlicensed_event_table(ground, stream(seed, "unlicensed")),
    }


def _records(ground: Ground) -> dict[str, pa.Table]:
    seed = ground.seed
    about_merchants = complaints.about_merchants(ground, stream(seed, "complaints"))
    visited, about_officers = _visits(about_merchants, ground)
    visit_filings, filing_of_visit = filings.file_visits(visited, ground, stream(seed, "visit filings"))
    others = stream(seed, "other filings")
    made = {
        "patrol": hours.patrol_table(visited, filing_of_visit, ground, stream(seed, "patrol table")),
        "filing": filings.filing_table(
            stack(
                visit_filings,
                filings.annual_reports(ground, others),
                filings.permits(ground, others),
                filings.meals_and_conflicts(ground, others),
            )
        ),
        "random_draw": supervision.random_draw_table(visited, ground, stream(seed, "draws")),
    }
    handled = fines.decide(cases.open_cases(visited, ground, stream(seed, "cases")), ground, stream(seed, "fines"))
    known = stages.as_known(stages.run_stages(handled, ground, stream(seed, "stages")), ground)
    abuse = stream(seed, "abuse")
    all_complaints = grievances.together(
        about_merchants,
        about_officers,
        grievances.from_one_abusive_person(ground, abuse),
        grievances.from_the_fined(known, ground, abuse),
    )
    received = complaints.run_course(all_complaints, ground, stream(seed, "courses"))
    return {
        **made,
        "penalty": stages.penalty_table(known, ground),
        "complaint": complaints.complaint_table(received, ground),
        "self_check": self_reports.self_check_table(received, ground, stream(seed, "self-checks")),
    }


def _visits(about_merchants: Columns, ground: Ground) -> tuple[Columns, Columns]:
    """All visits with findings and hours, in order of time, and the complaints about officers that they led to."""
    random = stream(ground.seed, "visits")
    usual = stack(
        visits.planned_visits(ground, random),
        visits.complaint_visits(about_merchants, ground, random),
        visits.padded_visits(ground, random),
    )
    usual = visits.send_officers(usual, ground, random)
    about_officers = grievances.about_officers(usual, ground, stream(ground.seed, "grievances"))
    retaliatory = visits.send_officers(visits.retaliatory_visits(about_officers, ground, random), ground, random)
    first = stack(usual, retaliatory)
    eyes = findings.make_eyes(first, cases.referrals_needed(ground), ground, random)
    first = findings.find(first, eyes, ground, random)
    again = visits.send_officers(visits.rechecks(first, ground, random), ground, random)
    found = stack(first, findings.find(again, eyes, ground, random))
    return hours.keep_hours(found, ground, random), about_officers
