"""What supervision itself records: outcomes of inquiries, appraisals and random draws."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipelines.sample.behaviours import BEHAVIOURS
from pipelines.sample.calendar import day_in_year
from pipelines.sample.columns import Columns, amounts, answers, days, digests, identifiers, table, words
from pipelines.sample.ground import Ground
from pipelines.sample.places import DESK, HEAD, REVIEWER
from pipelines.sample.visits import RANDOM

MEASURES = ("reminder_talk", "admonition", "discipline", "sanction", "criminal_transfer")
RESULTS = ("substantiated", "unfounded", "exonerated")
DISCOVERED_SHARE = 0.5
"""Of the planted officers; the others have not been found out."""

UNFOUNDED_RATE = 0.012
"""Inquiries per honest officer and year that come to nothing."""

DELEGATES = (("market", 25, 97.2), ("consumer", 2, 96.5), ("discipline", 2, 96.0), ("deputy", 4, 96.8))
"""Class, ballots and usual score of the delegates who assess: 97 % satisfied, so the score says little."""

UNIT_INDEXES = ("lawful_duty", "service", "conduct_of_unit")
PERSON_INDEXES = ("duty", "standard", "attitude", "efficiency", "achievement", "integrity")


def integrity_outcome_table(ground: Ground, random: np.random.Generator) -> pa.Table:
    """The contract's outcomes, opened and closed months after what they are about began; only closed ones."""
    planted, calendar = ground.planted, ground.calendar
    officers, starts, results, categories = [], [], [], []
    for behaviour in BEHAVIOURS:
        for number in planted.officers[behaviour.name]:
            if behaviour.role != DESK and random.random() < (0.25 if behaviour.is_confounder else DISCOVERED_SHARE):
                officers.append(int(number))
                starts.append(planted.started[behaviour.name, int(number)] + int(random.integers(120, 500)))
                results.append(2 if behaviour.is_confounder else 0)
                categories.append(behaviour.family)
    count = random.poisson(UNFOUNDED_RATE * calendar.years * len(ground.places.slot_role))
    suspected = np.concatenate(
        [np.concatenate(list(planted.officers.values())), np.flatnonzero(ground.places.slot_role == HEAD)]
    )
    honest = np.setdiff1d(np.arange(len(ground.places.slot_role)), suspected)
    officer = np.concatenate([np.array(officers, dtype=np.int64), random.choice(honest, count)])
    opened = np.concatenate([np.array(starts, dtype=np.int64), random.integers(calendar.first, calendar.last, count)])
    result = np.concatenate([np.array(results, dtype=np.int64), random.choice((1, 2), count, p=(0.7, 0.3))])
    category = np.array(categories + ["service"] * count)
    closed = opened + random.integers(60, 240, len(opened))
    kept = np.flatnonzero(closed <= calendar.last)
    kept = kept[np.argsort(closed[kept], kind="stable")]
    measure = np.where(result == 0, random.choice(5, len(result), p=(0.45, 0.28, 0.18, 0.08, 0.01)), -1)
    return table(
        "integrity_outcome",
        {
            "outcome_id": identifiers("O", np.arange(len(kept)), 5),
            "officer_id": identifiers("R", officer[kept], 4),
            "opened_on": days(opened[kept]),
            "closed_on": days(closed[kept]),
            "result": words(RESULTS, result[kept]),
            "measure": words(MEASURES, measure[kept]),
            "category": pa.array(category[kept], pa.string()),
        },
    )


def appraisal_table(ground: Ground, random: np.random.Generator) -> pa.Table:
    """The contract's appraisals: each December every station, and every officer who serves in one, by four classes."""
    places, calendar = ground.places, ground.calendar
    held = day_in_year(np.arange(1990, 2100), 12, 10)
    held = held[(held >= calendar.first) & (held <= calendar.last)]
    stations = np.arange(places.station_count)
    officers = np.flatnonzero(places.slot_role != REVIEWER)
    kinds = ((0, stations, UNIT_INDEXES), (1, officers, PERSON_INDEXES))
    parts = []
    for kind, subjects, indexes in kinds:
        shape = (len(held), len(subjects), len(DELEGATES), len(indexes))
        session, subject, delegate, index = (axis.ravel() for axis in np.indices(shape))
        parts.append((np.full(len(session), kind), session, subjects[subject], delegate, index))
    kind, session, subject, delegate, index = (np.concatenate(each) for each in zip(*parts, strict=True))
    usual = np.array([each[2] for each in DELEGATES])[delegate]
    score = np.clip(usual + random.normal(0, 1.6, len(kind)), 60, 100).round(1)
    officer_name = identifiers("R", np.where(kind == 1, subject, -1), 4)
    unit_name = words(list(places.institution_names), np.where(kind == 0, subject, -1))
    station = np.where(kind == 0, subject, places.slot_station[np.where(kind == 1, subject, 0)])
    return table(
        "appraisal",
        {
            "session_id": identifiers("J", station * 1000 + session, 6),
            "subject_kind": words(("institution", "officer"), kind),
            "subject_id": pa.compute.coalesce(officer_name, unit_name),
            "delegate_class": words([each[0] for each in DELEGATES], delegate),
            "index_code": words(UNIT_INDEXES + PERSON_INDEXES, index + len(UNIT_INDEXES) * (kind == 1)),
            "held_on": days(held[session]),
            "score": amounts(score),
            "ballot_count": pa.array(np.array([each[1] for each in DELEGATES])[delegate]),
        },
    )


def random_draw_table(visits: Columns, ground: Ground, random: np.random.Generator) -> pa.Table:
    """The contract's draws: one a month, before the random visits that come of it; a few officers are substituted."""
    chosen = np.flatnonzero((visits["kind"] == RANDOM) & ~visits["is_padded"])
    merchant, officer, day = visits["merchant"][chosen], visits["lead"][chosen], visits["day"][chosen]
    month = day.astype("datetime64[D]").astype("datetime64[M]")
    number = month.astype(np.int64)
    drawn = np.maximum(month.astype("datetime64[D]").astype(np.int64) - 3, ground.calendar.first - 31)
    _, first = np.unique(np.stack([number, merchant, officer]), axis=1, return_index=True)
    first = np.sort(first)
    return table(
        "random_draw",
        {
            "draw_id": identifiers("DR", number[first], 4),
            "merchant_id": identifiers("M", merchant[first], 7),
            "officer_id": identifiers("R", officer[first], 4),
            "drawn_on": days(drawn[first]),
            "seed": pa.compute.utf8_slice_codeunits(digests(ground.seed, "draw", number[first]), 0, 8),
            "is_substituted": answers((random.random(len(first)) < 0.03).astype(int)),
        },
    )
