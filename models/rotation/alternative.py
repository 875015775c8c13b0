"""What else was looked at for everybody who moves: the next best places that no rule about him forbids."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.rotation.plan import RotationPlan
from models.rotation.weight import SCALE
from models.rotation.words import place_words

ALTERNATIVES = 2
"""Others that are told for each move."""

LEVEL = 0.05
"""Quarters of waiting within which two places are told as equally good."""


def alternatives(plan: RotationPlan, posts: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    """By officer: alternative_zh and alternative_en, the cheapest other units and posts for him taken alone.

    Taken alone, because what another place would do to everybody else's moves is the solver's whole work: one that would have
    been better for him is told as taken or not to be filled in turn.
    """
    board, program, solution = plan.board, plan.program, plan.solution
    price, names = program.cost[: program.move_count], board.unit_name
    found = {}
    for officer, place, own in zip(solution.officer, solution.place, price[solution.variable], strict=True):
        mine = np.flatnonzero(program.officer == officer)
        seen = {(board.place_unit[place], board.place_post[place])}
        told = []
        for arc in mine[np.lexsort([program.place[mine], price[mine]])]:
            there = program.place[arc]
            spot = (board.place_unit[there], board.place_post[there])
            if spot in seen:
                continue
            seen.add(spot)
            unit = board.unit[spot[0]]
            words = place_words(names[unit], posts[board.post[spot[1]]], None)
            kilometres = board.distance[board.place_unit[officer], spot[0]]
            told.append(_compared(words, kilometres, (price[arc] - own) / SCALE))
            if len(told) == ALTERNATIVES:
                break
        if told:
            found[board.officer[officer]] = {
                "alternative_zh": ";".join(zh for zh, _ in told),
                "alternative_en": "; ".join(en for _, en in told),
            }
    return found


def _compared(words: tuple[str, str], kilometres: float, dearer: float) -> tuple[str, str]:
    """A place, how far it is, and how it compares; dearer in quarters of waiting, below 0 it would be better for him alone."""
    far = ("", "") if np.isnan(kilometres) else (f"({kilometres:.0f}公里)", f" ({kilometres:.0f} km)")
    if dearer > LEVEL:
        verdict = ("综合考虑不如所拟", "not as good all in all")
    elif dearer < -LEVEL:
        verdict = ("单看本人更合适,但另有安排或无人接续", "better for him alone, but taken or not to be followed up")
    else:
        verdict = ("相当,另有安排", "as good, but another has it")
    return f"{words[0]}{far[0]}:{verdict[0]}", f"{words[1]}{far[1]}: {verdict[1]}"
