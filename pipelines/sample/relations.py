"""People behind merchants, declared relatives of officers, and recusals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.sample.calendar import Calendar
from pipelines.sample.columns import NONE, Columns, days, digests, identifiers, stack, table, words
from pipelines.sample.merchants import BRANCH, Merchants
from pipelines.sample.places import Places
from pipelines.sample.planted import Planted
from pipelines.sample.staff import Staff

RELATIONS = ("legal_representative", "shareholder", "manager", "agent")
LEGAL, SHAREHOLDER, MANAGER, AGENT = range(4)
KINSHIPS = ("spouse", "parent", "child", "sibling", "spouse_of_child")
KIN_FIRMS = 3
"""Firms of kin that the planted officer visits without recusal."""

AGENT_CLIENTS_SHARE = 0.45
"""Share of the merchants of his grid that the spared agent serves."""


@dataclass(frozen=True)
class Relations:
    """Who stands behind which merchant, and what follows for the officers. Persons are numbers, owners first."""

    behind: Columns
    declared: Columns
    recused: Columns
    kin_officer: np.ndarray
    kin_merchant: np.ndarray
    spared_merchant: np.ndarray
    """Merchants whose findings the officer with selective enforcement does not refer."""

    def is_recused(self, officer: np.ndarray, merchant: np.ndarray) -> np.ndarray:
        """True where that officer has to keep away from that merchant."""
        if not len(self.recused["officer"]):
            return np.zeros(len(officer), dtype=bool)
        size = 1 << 32
        return np.isin(officer * size + merchant, self.recused["officer"] * size + self.recused["merchant"])


def make_relations(
    merchants: Merchants,
    places: Places,
    staff: Staff,
    calendar: Calendar,
    planted: Planted,
    random: np.random.Generator,
) -> Relations:
    """Owners, shareholders and agents; relatives of four officers in ten; a few of those own a firm."""
    count = merchants.count
    everyone = np.arange(count)
    holders = everyone[merchants.is_legal & (merchants.kind != BRANCH)]
    kin = planted.officers["relative_firm"]
    officers = np.arange(staff.officer_count)
    declaring = np.union1d(officers[random.random(len(officers)) < 0.4], kin)
    relative = count * 2 + np.arange(len(declaring))

    kin_officer, kin_merchant = _in_own_grid(merchants, places, kin, KIN_FIRMS, random)
    honest = np.setdiff1d(declaring, kin)[: max(1, len(declaring) // 8)]
    recused_merchant = random.choice(np.setdiff1d(everyone, kin_merchant), len(honest), replace=False)
    agent_first = count * 2 + len(declaring)
    agents = max(3, count // 60)
    agent = agent_first + random.integers(0, agents, count)
    has_agent = random.random(count) < 0.12
    spared_officer, spared = _in_own_grid(merchants, places, planted.officers["selective_enforcement"], None, random)
    kept = random.random(len(spared)) < AGENT_CLIENTS_SHARE
    spared, spared_officer = spared[kept], spared_officer[kept]
    has_agent[spared] = True
    agent[spared] = agent_first + agents + spared_officer

    owner = merchants.owner.copy()
    position = np.searchsorted(declaring, kin_officer)
    owner[kin_merchant] = relative[position]
    owner[recused_merchant] = relative[np.searchsorted(declaring, honest)]
    behind = stack(
        {"merchant": everyone, "person": owner, "relation": np.full(count, LEGAL), "from": merchants.registered},
        {
            "merchant": holders,
            "person": count + holders,
            "relation": np.full(len(holders), SHAREHOLDER),
            "from": merchants.registered[holders],
        },
        {
            "merchant": everyone[has_agent],
            "person": agent[has_agent],
            "relation": np.full(int(has_agent.sum()), AGENT),
            "from": np.maximum(merchants.registered[has_agent], calendar.first),
        },
    )
    joined_before = calendar.first - random.integers(30, 900, len(declaring))
    declared = {
        "officer": declaring,
        "person": relative,
        "kinship": random.integers(0, len(KINSHIPS), len(declaring)),
        "day": joined_before,
    }
    recused = {
        "officer": honest,
        "merchant": recused_merchant,
        "day": calendar.first - random.integers(1, 300, len(honest)),
    }
    return Relations(behind, declared, recused, kin_officer, kin_merchant, spared)


def _in_own_grid(
    merchants: Merchants, places: Places, officers: np.ndarray, at_most: int | None, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Officer and merchant for merchants of each officer's own grid that exist throughout, the riskiest first."""
    found = []
    for officer in officers:
        inside = np.flatnonzero((merchants.grid == places.slot_grid[officer]) & (merchants.closed == NONE))
        inside = inside[np.argsort(-merchants.risk_class[inside], kind="stable")]
        found.append(inside if at_most is None else inside[:at_most])
    sizes = [len(inside) for inside in found]
    return np.repeat(officers, sizes), np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def merchant_relation_table(relations: Relations, seed: int) -> pa.Table:
    """The contract's table of people behind merchants."""
    behind = relations.behind
    return table(
        "merchant_relation",
        {
            "merchant_id": identifiers("M", behind["merchant"], 7),
            "person_hash": digests(seed, "person", behind["person"]),
            "relation": words(RELATIONS, behind["relation"]),
            "from_on": days(behind["from"]),
        },
    )


def declared_relative_table(relations: Relations, seed: int) -> pa.Table:
    """The contract's table of declared relatives."""
    return table(
        "declared_relative",
        {
            "officer_id": identifiers("R", relations.declared["officer"], 4),
            "person_hash": digests(seed, "person", relations.declared["person"]),
            "relation": words(KINSHIPS, relations.declared["kinship"]),
            "declared_on": days(relations.declared["day"]),
        },
    )


def recusal_table(relations: Relations) -> pa.Table:
    """The contract's table of recusals."""
    return table(
        "recusal",
        {
            "recusal_id": identifiers("H", np.arange(len(relations.recused["officer"])), 4),
            "officer_id": identifiers("R", relations.recused["officer"], 4),
            "merchant_id": identifiers("M", relations.recused["merchant"], 7),
            "approved_on": days(relations.recused["day"]),
        },
    )
