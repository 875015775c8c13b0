"""A family's questions answered for a night: hints, what cannot be computed, and the indicator of every past night.

An officer has one p-value a pattern, of its windows together (Cauchy combination), and 1 where he lies beyond the margin in
none of them; of a family, the smallest over its patterns, each divided by its weight (weighted Bonferroni). Benjamini-Hochberg
over all officers who can be measured.
One hint an officer: the pattern and window that weigh most, of those that no explanation takes away.

Strength: weak; moderate where q <= 0.01 or two windows that share no record cross (both, where the same is told
of his institution), and no supported explanation takes from it (models/strength.py).
Where an explanation takes all of it, that pattern raises no hint, and is left out of his indicator on all nights.

Sources: Genovese, Roeder and Wasserman, "False discovery control with p-value weighting", Biometrika 93 (2006); Liu and
Xie, "Cauchy combination test", JASA 115 (2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.flags import Flag, Judgement, Night, indicator_frame
from models.hint.counter import Counter, explained_away
from models.hint.gap import too_few
from models.hint.institution import institution_hints
from models.hint.question import Asked
from models.hint.told import officer_hint
from models.hint.window import Measured, indicator, indicator_rows, measured
from models.shrinkage import benjamini_hochberg, probability_words
from models.strength import single_strength


@dataclass(frozen=True)
class _Cell:
    """One officer in one pattern, in the window that weighs most there."""

    pattern: int
    days: int
    weighed_p: float


def answer(
    night: Night,
    family: str,
    asked: Sequence[Asked],
    share: float = 1.0,
    station_only: Sequence[Asked] = (),
    *,
    tells_stations: bool = True,
) -> Judgement:
    """What the records of one or several questions of a family say of a night.

    share : of the family's error rate that these questions may spend, where the family has tests of its own beside them.
    station_only : further questions of which only stations are told, never an officer. tells_stations : False where the
    family asks its institutions apart (models/hint/unit_answer.py), so that none is told twice.
    The frames of the night must hold feature.officer: who serves, and the nights of the panel.
    """
    spine = night.frames["feature.officer"][["officer_id", "as_of_on"]]
    moments = sorted({moment.date() for moment in pd.to_datetime(spine["as_of_on"])})
    patterns = [measured(each.known_by(night.as_of), night.as_of, night.policy) for each in asked]
    of_stations = [measured(each.known_by(night.as_of), night.as_of, night.policy) for each in station_only]
    cells = _cells(patterns, night, share)
    asked_of_stations = [*patterns, *of_stations] if tells_stations else []
    stations = institution_hints(asked_of_stations, night.as_of, night.policy, share)
    hints, cleared = _officer_hints(patterns, cells, {(flag.subject_id, flag.facts[0]) for flag in stations}, night)
    hints += stations
    past = [moment for moment in moments if moment != night.as_of]
    table = _indicator([_every_night(each, past, night) for each in patterns], spine, cleared)
    serving = spine.loc[pd.to_datetime(spine["as_of_on"]) == pd.Timestamp(night.as_of), "officer_id"]
    unmeasured = sorted(set(serving) - set(cells))
    missing = too_few("officer", unmeasured, family, patterns, night)
    return Judgement(tuple(hints), tuple(missing), table)


def _cells(patterns: Sequence[Measured], night: Night, share: float) -> dict[str, list[_Cell]]:
    """Of every officer who can be measured, his patterns, the weightiest first, each in its weightiest window.

    A pattern has one window a night: where an explanation takes it away there, another window of fewer records, in which
    the explanation is harder to show, must not bring it back.
    """
    whole = sum(pattern.asked.question.weight for pattern in patterns)
    cells: dict[str, list[_Cell]] = {}
    for number, pattern in enumerate(patterns):
        weight = share * pattern.asked.question.weight / whole
        for found in pattern.over_windows(night.policy.flags).itertuples():
            weighed = min(1.0, found.p_value / weight)
            cells.setdefault(str(found.Index), []).append(_Cell(number, int(found.days), weighed))
    return {
        officer_id: sorted(own, key=lambda cell: (cell.weighed_p, cell.pattern))
        for officer_id, own in sorted(cells.items())
    }


def _officer_hints(
    patterns: Sequence[Measured], cells: dict[str, list[_Cell]], stations: set[tuple[str, ...]], night: Night
) -> tuple[list[Flag], dict[int, set[str]]]:
    """The hints, and by pattern the officers of whom an explanation takes all of it away.

    Where it does, the officer is judged anew by his next pattern, until one stands or none is left.
    stations : institutions of whom the same is told, each with the pattern.
    """
    policy = night.policy
    weighed = np.array([own[0].weighed_p for own in cells.values()])
    counters: dict[tuple[int, int], Counter] = {}
    hints, cleared = [], {}
    for place, (officer_id, own) in enumerate(cells.items()):
        for cell in own:
            q = 1.0 if cell.weighed_p >= 1 else _adjusted(weighed, place, cell.weighed_p)
            if cell.weighed_p >= 1 or q > policy.flags.false_discovery_rate:
                break
            pattern = patterns[cell.pattern]
            window = pattern.ledger.inside(night.as_of, cell.days)
            counter = counters.setdefault((cell.pattern, cell.days), Counter(pattern, cell.days, policy, window)).of(
                officer_id
            )
            is_fewer_worse = pattern.asked.question.is_fewer_worse
            explained = explained_away(counter, float(np.log(policy.flags.odds_ratio)), is_fewer_worse)
            if explained == "wholly":
                cleared.setdefault(cell.pattern, set()).add(officer_id)
                continue
            is_lasting = pattern.lasts(officer_id, cell.days, policy.flags)
            unit = str(pattern.rates[cell.days].loc[officer_id, "unit_id"])
            is_shared = (unit, pattern.asked.question.pattern) in stations
            strength = single_strength(q, is_lasting, explained, is_shared=is_shared)
            hint = officer_hint(
                pattern, cell.days, officer_id, q, cell.weighed_p, counter, strength, is_lasting, policy
            )
            also = _also(patterns, own, cell, {number for number, gone in cleared.items() if officer_id in gone})
            hints.append(replace(hint, rule_trace=hint.rule_trace + also))
            break
    return hints, cleared


def _adjusted(weighed: np.ndarray, place: int, p_value: float) -> float:
    """The Benjamini-Hochberg q of an officer with this p, the others with theirs."""
    judged = weighed.copy()
    judged[place] = p_value
    return float(benjamini_hochberg(judged)[place])


def _also(patterns: Sequence[Measured], own: Sequence[_Cell], told: _Cell, explained: set[int]) -> str:
    """His other patterns beyond the margin, for the trace."""
    others = [
        f"{patterns[cell.pattern].asked.question.pattern} ({probability_words('p', cell.weighed_p)}, "
        + ("explained away)" if cell.pattern in explained else "its explanations not tested)")
        for cell in own
        if cell != told and cell.weighed_p < 1
    ]
    return f"; other patterns beyond the margin: {', '.join(others)}" if others else ""


def _every_night(pattern: Measured, past: Sequence, night: Night) -> pd.DataFrame:
    """The indicator of a pattern on past nights, and tonight's as it was just measured."""
    tonight = indicator_rows(pattern.rates[night.policy.flags.window_days], night.as_of, night.policy)
    return pd.concat([indicator(pattern.asked, pattern.ledger, past, night.policy), tonight], ignore_index=True)


def _indicator(parts: Sequence[pd.DataFrame], spine: pd.DataFrame, cleared: dict[int, set[str]]) -> pd.DataFrame:
    """The worst pattern of each officer-night that serves, those that are explained away left out on all nights.

    A row stays where all are: index and crosses are empty then.
    """
    left = []
    for number, part in enumerate(parts):
        is_gone = part["officer_id"].isin(cleared.get(number, set()))
        index, crosses = part["index"].astype(float), part["crosses"].astype("boolean")
        left.append(part.assign(index=index.mask(is_gone), crosses=crosses.mask(is_gone)))
    every = pd.concat(left, ignore_index=True).astype({"officer_id": object})
    every["as_of_on"] = pd.to_datetime(every["as_of_on"]).astype("datetime64[us]")
    worst = every.groupby(["as_of_on", "officer_id"], as_index=False).agg({"index": "max", "crosses": "max"})
    serves = spine.assign(as_of_on=pd.to_datetime(spine["as_of_on"]).astype("datetime64[us]"))
    return indicator_frame(serves.merge(worst, on=["officer_id", "as_of_on"]))
