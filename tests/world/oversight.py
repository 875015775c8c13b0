"""What the bureau keeps on itself, all of it honest: people behind merchants, relatives, recusals, monthly self-checks,
lists of things to put right, random draws.

Nothing is planted here: these records are the exposure in which families that read them may be wrong.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.ground import Ground
from tests.world.spelling import dated, digested, named
from tests.world.tables import institution_ids

DECLARING_SHARE, KIN_SHARE = 0.35, 0.15
"""Officers who declare a relative; of these, those whose relative has a firm, from which they are recused."""

AGENT_SHARE, CLIENTS_PER_AGENT = 0.2, 40
PROBLEMS_PER_MONTH = 1.3
ITEMS_PER_YEAR = 9


def oversight_tables(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> dict[str, pd.DataFrame]:
    """merchant_relation, declared_relative, recusal, self_check, rectification, random_draw."""
    return {
        **_people(visits, ground, random),
        "self_check": _self_checks(ground, random),
        "rectification": _rectifications(ground, random),
        "random_draw": _draws(visits),
    }


def _people(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Each merchant's legal representative and, of some, an agent; relatives of officers, few of whom own a firm."""
    town, calendar, merchants = ground.town, ground.calendar, len(ground.town.industry)
    owner = np.arange(merchants)
    declaring = np.flatnonzero(random.random(ground.staff.count) < DECLARING_SHARE)
    relative = 10_000_000 + declaring
    with_firm = declaring[random.random(len(declaring)) < KIN_SHARE]
    # a firm of kin lies elsewhere than where the officer ever served, and he has never been there
    with_firm = with_firm[ground.staff.partner[with_firm] == with_firm]
    station = (ground.staff.station[with_firm] + 1) % town.station_count
    firm = town.merchants_in_station(station, random)
    been = {*zip(visits["lead"], visits["merchant"], strict=True), *zip(visits["co"], visits["merchant"], strict=True)}
    is_strange = np.array([pair not in been for pair in zip(with_firm, firm, strict=True)], dtype=bool)
    with_firm, firm = with_firm[is_strange], firm[is_strange]
    owner[firm] = 10_000_000 + with_firm
    has_agent = np.flatnonzero(random.random(merchants) < AGENT_SHARE)
    agent = 20_000_000 + random.integers(0, max(3, len(has_agent) // CLIENTS_PER_AGENT), len(has_agent))
    merchant = np.concatenate([np.arange(merchants), has_agent])
    person = f"person {ground.seed}"
    return {
        "merchant_relation": pd.DataFrame(
            {
                "merchant_id": named("B", merchant, 6),
                "person_hash": digested(person, np.concatenate([owner, agent])),
                "relation": ["legal_representative"] * merchants + ["agent"] * len(has_agent),
                "from_on": dated(town.registered[merchant]),
            }
        ),
        "declared_relative": pd.DataFrame(
            {
                "officer_id": named("W", declaring, 4),
                "person_hash": digested(person, relative),
                "relation": random.choice(["spouse", "child", "parent", "sibling"], len(declaring)),
                "declared_on": dated(calendar.first - random.integers(30, 700, len(declaring))),
            }
        ),
        "recusal": pd.DataFrame(
            {
                "recusal_id": named("H", np.arange(len(with_firm)), 4),
                "officer_id": named("W", with_firm, 4),
                "merchant_id": named("B", firm, 6),
                "approved_on": dated(calendar.first - random.integers(1, 300, len(with_firm))),
            }
        ),
    }


def _self_checks(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """One report of each station for each whole month, in the first days of the next."""
    calendar, stations = ground.calendar, ground.town.station_count
    days = np.arange(calendar.first, calendar.last + 1).astype("datetime64[D]")
    months = np.unique(days.astype("datetime64[M]"))
    reported = (months + 1).astype("datetime64[D]").astype(int)
    months, reported = months[reported + 6 <= calendar.last], reported[reported + 6 <= calendar.last]
    station = np.repeat(np.arange(stations), len(months))
    day = np.tile(reported, stations) + random.integers(0, 6, len(station))
    return pd.DataFrame(
        {
            "institution_id": institution_ids(ground)[station],
            "month": np.tile(months.astype(str), stations),
            "reported_on": dated(day),
            "problem_count": random.poisson(PROBLEMS_PER_MONTH, len(station)),
            "signatory_officer_id": named("W", ground.staff.seat_of(ground.staff.first_seat[station], day), 4),
        }
    )


def _rectifications(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Items put right with evidence, a few late; those of the last weeks still open."""
    calendar, stations = ground.calendar, ground.town.station_count
    station = np.repeat(np.arange(stations), random.poisson(ITEMS_PER_YEAR * calendar.years, stations))
    count = len(station)
    found = random.integers(calendar.first, calendar.last - 5, count)
    due = found + 45
    closed = found + (45 * random.beta(2, 2, count) * np.where(random.random(count) < 0.08, 2.2, 0.95)).astype(int) + 1
    is_open = closed > calendar.last
    status = np.select([is_open & (due < calendar.last), is_open], ["overdue", "open"], "done")
    owner = ground.staff.seat_of(ground.staff.first_seat[station], np.minimum(found, calendar.last))
    evidence = np.where(is_open | (random.random(count) < 0.04), -1, np.arange(count))
    return pd.DataFrame(
        {
            "item_id": named("Y", np.arange(count), 5),
            "institution_id": institution_ids(ground)[station],
            "problem": np.array(["file_incomplete", "late_entry", "no_receipt", "notice_board", "stamp_register"])[
                random.integers(0, 5, count)
            ],
            "measure": "corrected and checked",
            "owner_officer_id": named("W", owner, 4),
            "due_on": dated(due),
            "status": status,
            "closed_on": dated(np.where(is_open, -1, closed)),
            "closed_by": named("W", np.where(is_open, -1, owner), 4),
            "evidence_ref": named("EV", evidence, 5),
        }
    )


def _draws(visits: pd.DataFrame) -> pd.DataFrame:
    """A draw for every random visit, a few days before it, by month; one merchant once in a draw."""
    drawn = visits[visits["kind"] == 3].reset_index(drop=True)
    month = drawn["day"].to_numpy().astype("datetime64[D]").astype("datetime64[M]")
    frame = pd.DataFrame(
        {
            "draw_id": month.astype(str),
            "merchant_id": named("B", drawn["merchant"], 6),
            "officer_id": named("W", drawn["lead"], 4),
            "drawn_on": dated(month.astype("datetime64[D]").astype(int)),
            "is_substituted": False,
        }
    )
    return frame.drop_duplicates(["draw_id", "merchant_id"], ignore_index=True)
