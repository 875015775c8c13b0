"""A world: a bureau's records made by other assumptions than the synthetic bureau that is shipped, and what is true of it.

It shares no code with pipelines/sample: what finds the patterns there by knowing how they were made fails here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipelines.contract import delivered_tables
from tests.world import (
    cases,
    complaints,
    decisions,
    filings,
    findings,
    hours,
    oversight,
    postings,
    stages,
    tables,
    visits,
)
from tests.world.ground import Ground, make_ground
from tests.world.planted import PATTERNS, truth_frame
from tests.world.stream import stream

UNTIL = date(2026, 6, 30)


@dataclass(frozen=True)
class World:
    """Frames by contract table, and the truth: subject_kind, subject_id, family, behaviour, is_confounder, started_on."""

    tables: dict[str, pd.DataFrame]
    truth: pd.DataFrame


def make_world(
    seed: int,
    *,
    officers: int = 150,
    merchants: int = 9000,
    years: int = 3,
    planted: tuple[str, ...] = tuple(PATTERNS),
    confounders: bool = True,
    intensity: float = 1.0,
    without: tuple[str, ...] = (),
    until: date = UNTIL,
) -> World:
    """A world; the same arguments make the same one.

    planted : patterns, two officers each. intensity : 1 as described in the patterns' files, below it weaker.
    without : columns as "patrol.note_hash", or whole tables as "leave", that this bureau does not deliver; ValueError
    where the contract does not allow that.
    """
    ground = make_ground(seed, officers, merchants, years, until, planted, confounders, intensity)
    made = _records(ground)
    truth = truth_frame(
        ground.planted,
        ground.seats,
        made["officer"]["officer_id"].to_numpy(),
        tables.institution_ids(ground),
        ground.calendar.first,
    )
    return World(_left_out(made, without), truth)


def _records(ground: Ground) -> dict[str, pd.DataFrame]:
    def draw(noun: str):
        return stream(ground.seed, noun)

    made = findings.find(visits.led_visits(ground, draw("visits")), ground, draw("findings"))
    made = hours.keep_hours(made, ground, draw("hours"))
    made["is_filed"] = filings.file_visits(made, ground, draw("filed"))
    handled = decisions.decide(cases.open_cases(made, ground, draw("cases")), ground, draw("decisions"))
    received = pd.concat(
        [
            complaints.about_officers(made, ground, draw("about officers")),
            complaints.about_merchants(ground, draw("about merchants")),
        ],
        ignore_index=True,
    )
    return {
        **tables.places_and_people(ground, postings.make_postings(ground, draw("postings")), draw("people")),
        "patrol": tables.patrol(made, ground),
        "filing": tables.filing(filings.all_filings(made, ground, draw("filings"))),
        "penalty": tables.penalty(stages.run_stages(handled, ground, draw("stages")), ground),
        "complaint": tables.complaint(complaints.run_course(received, ground, draw("courses")), ground),
        **oversight.oversight_tables(made, ground, draw("oversight")),
    }


def _left_out(made: dict[str, pd.DataFrame], without: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    kept = dict(made)
    for name in without:
        table, _, column = name.partition(".")
        if table not in made or (column and column not in made[table]):
            raise ValueError(f"world: {name!r} is not in a world; leave out a table or a table.column of it")
        contract = delivered_tables()[table]
        if contract.column(column).must_be_present if column else contract.is_required:
            raise ValueError(f"world: the contract requires {name!r}; it cannot be left out")
        if column:
            kept[table] = kept[table].drop(columns=column)
        else:
            del kept[table]
    return kept
