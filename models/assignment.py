"""The cheapest assignment of things to places, exactly: OR-Tools' minimum-cost flow on one thread."""

from __future__ import annotations

import numpy as np


def assign(cost: np.ndarray, is_allowed: np.ndarray, room: np.ndarray) -> np.ndarray:
    """The place of each thing: as many as possible find one, and of all such ways the cheapest.

    Parameters
    ----------
    cost : int64 of shape (things, places), 0 or more.
    is_allowed : booleans of the same shape.
    room : how many things each place holds.

    Returns place numbers of shape (things,), −1 where a thing found none. The same input gives the same answer.
    """
    from ortools.graph.python import min_cost_flow

    things, places = cost.shape
    thing, place = np.nonzero(is_allowed)
    if not len(thing):
        return np.full(things, -1, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    sink = things + places
    one = np.ones(len(thing), dtype=np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        thing.astype(np.int32), (things + place).astype(np.int32), one, cost[thing, place].astype(np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(things, sink, dtype=np.int32),
        np.full(places, sink, dtype=np.int32),
        room.astype(np.int64),
        np.zeros(places, dtype=np.int64),
    )
    flow.set_nodes_supplies(np.arange(things, dtype=np.int32), np.ones(things, dtype=np.int64))
    flow.set_node_supply(sink, -things)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"assignment of {things} to {places}: the solver ended with {status.name}")
    chosen = flow.flows(arcs) > 0
    found = np.full(things, -1, dtype=np.int64)
    found[thing[chosen]] = place[chosen]
    return found
