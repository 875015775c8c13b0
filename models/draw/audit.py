"""Past draws held against chance: were objects and officers drawn at random, and where do substitutions lead.

Tests of draws and of units, never of a person: a unit where fewer than SMALL_CELL officers could be sent has no row about
officers and counts in the bureau's row alone. One Benjamini-Hochberg over all that can be made. Something unusual has
innocent explanations: a special task has its own ratio, an officer was on leave, a unit drew among few. Tests:

object_class    of a draw by class: objects over classes A to D against number of merchants x ratio. observed, expected: objects that
                lie elsewhere than the ratio puts them; expected is what chance leaves.
object_unit     of the period: objects over units, given their classes; observed and expected likewise.
officer_even    of the period, by unit and over all: places over those who were certified there on the day of each draw.
pair_repeat     of the period: merchants to whom the crew of their draw before was sent again; expected by chance.
by_hand_share   of the period, by unit and over all: places given by hand; expected is what the policy calls usual.
by_hand_same    of the period: pairs of places by hand at a unit that went to the same officer.
by_hand_uncertified   of the period: places by hand whose officer had no certificate that day, against all places.
by_hand_low_class     of the period: places by hand at objects of class A or B, against all places.

p-values are one-sided, small where it is further from chance. Where the records do not suffice, the reason is told. Classes
are those of tonight. Source: DOMAIN.md 1.1 (#18); Benjamini and Hochberg (1995), by models.shrinkage.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.draw.audit_words import said
from models.draw.by_hand import by_hand_tests
from models.draw.chance import (
    SIMULATIONS,
    Outcome,
    at_least,
    crews_at_random,
    generator,
    held_against,
    spread,
    strewn,
    upper_tail,
)
from models.draw.past import BUREAU, POOLED, PastDraws, Tested, ratios
from models.policy import TIERS
from models.shrinkage import benjamini_hochberg


def draw_audit(past: PastDraws) -> pd.DataFrame:
    """The rows of the published table `draw_audit` without as_of; none where nothing was drawn in the period."""
    places = past.audited()
    if places.empty:
        return pd.DataFrame()
    tests = [
        *_classes(past),
        _units(past, places),
        *_officers(past, places[~places["is_by_hand"]]),
        _pairs(past),
        *by_hand_tests(past, places),
    ]
    frame = pd.DataFrame(
        {
            "draw_id": [each.draw_id for each in tests],
            "unit_id": [each.unit_id for each in tests],
            "test": [each.test for each in tests],
            "window_start_on": [_first_day(past, each) for each in tests],
            "window_end_on": [_last_day(past, each) for each in tests],
            "exposure_count": [each.count for each in tests],
        }
    )
    for name in ("observed", "expected", "statistic", "p_value"):
        frame[name] = [getattr(each.outcome, name) if each.outcome else np.nan for each in tests]
    is_made = frame["p_value"].notna()
    frame.loc[is_made, "q_value"] = benjamini_hochberg(frame.loc[is_made, "p_value"].to_numpy())
    is_unusual = frame["q_value"] <= past.policy.false_discovery_rate
    frame["is_unusual"] = is_unusual.astype("boolean").mask(~is_made)
    words = [said(each, unusual) for each, unusual in zip(tests, is_unusual, strict=True)]
    return frame.assign(summary_zh=[zh for zh, _ in words], summary_en=[en for _, en in words])


def _first_day(past: PastDraws, each: Tested) -> pd.Timestamp:
    return past.audit_start_on if each.draw_id == POOLED else _day_of(past, each.draw_id)


def _last_day(past: PastDraws, each: Tested) -> pd.Timestamp:
    return pd.Timestamp(past.night) if each.draw_id == POOLED else _day_of(past, each.draw_id)


def _day_of(past: PastDraws, draw_id: str) -> pd.Timestamp:
    return past.places.loc[past.places["draw_id"] == draw_id, "drawn_on"].min()


def _classes(past: PastDraws) -> Iterator[Tested]:
    for draw_id, places in past.audited().groupby("draw_id", sort=True):
        objects = past.objects(places)
        known = objects.loc[objects["draw_class"].isin(TIERS), "draw_class"]
        outcome, lacking = None, "task"
        if places["task"].isna().all():
            outcome, lacking = _class_outcome(past, draw_id, places["drawn_on"].min(), known)
        yield Tested("object_class", draw_id, BUREAU, len(known), outcome, lacking)


def _class_outcome(past: PastDraws, draw_id: str, day: pd.Timestamp, known: pd.Series) -> tuple[Outcome | None, str]:
    if day < past.class_start_on:
        return None, "class"
    if len(known) < past.policy.min_audit_count:
        return None, "few"
    sizes, counts = (
        classes.value_counts().reindex(TIERS, fill_value=0).to_numpy()
        for classes in (past.pool(day)["draw_class"], known)
    )
    weight = sizes * ratios(day)
    if weight.sum() == 0 or (counts[weight == 0] > 0).any():
        return None, "pool"
    share = weight / weight.sum()
    simulated = strewn([len(known)], share[None, :], generator("object_class", draw_id))
    return held_against(counts, len(known) * share, simulated), ""


def _units(past: PastDraws, places: pd.DataFrame) -> Tested:
    # a special task draws from where its merchants are; tonight's class tells what a draw of long ago found, not how it drew
    is_told = places["task"].isna() & (places["drawn_on"] >= past.class_start_on)
    objects = past.objects(places[is_told])
    objects = objects[objects["unit_id"].notna() & objects["draw_class"].isin(TIERS)]
    units = sorted(set(past.merchants["unit_id"]))
    numbers, shares = [], []
    for name in TIERS:
        chosen = objects[objects["draw_class"] == name]
        share = np.zeros(len(units))
        for day, number in chosen["drawn_on"].value_counts().sort_index().items():
            pool = past.pool(day)
            pool = pool[pool["draw_class"] == name]
            if len(pool):
                share += number * pool["unit_id"].value_counts().reindex(units, fill_value=0).to_numpy() / len(pool)
        numbers.append(len(chosen))
        shares.append(share / len(chosen) if len(chosen) else share)
    count = int(sum(numbers))
    if count < past.policy.min_audit_count or len(units) < 2:
        return Tested("object_unit", POOLED, BUREAU, count, None, "few")
    if any(number and not np.isclose(share.sum(), 1) for number, share in zip(numbers, shares, strict=True)):
        return Tested("object_unit", POOLED, BUREAU, count, None, "pool")
    expected = np.array(numbers) @ np.array(shares)
    counts = objects["unit_id"].value_counts().reindex(units, fill_value=0).to_numpy()
    return Tested(
        "object_unit",
        POOLED,
        BUREAU,
        count,
        held_against(counts, expected, strewn(numbers, np.array(shares), generator("object_unit"))),
    )


def _officers(past: PastDraws, lot: pd.DataFrame) -> Iterator[Tested]:
    """By unit, then over all: the sum of the units' statistics against the sum of what chance gives each."""
    able = {
        key: tuple(sorted(rows["officer_id"])) for key, rows in past.able.groupby(["unit_id", "drawn_on"], sort=True)
    }
    told_units = past.told_units()
    totals = np.zeros(4)
    simulated_total, unit_count = np.zeros(()), 0
    for unit_id, places in lot[lot["unit_id"].notna()].groupby("unit_id", sort=True):
        # the same officers, as many for one object: drawn alike, whenever it was
        alike: dict[tuple[tuple[str, ...], int], int] = {}
        counts: dict[str, int] = {}
        for (_draw, day, _merchant), crew in places.groupby(["draw_id", "drawn_on", "merchant_id"], sort=True)[
            "officer_id"
        ]:
            free = able.get((unit_id, day), ())
            inside = [officer for officer in crew if officer in free]
            for officer in inside:
                counts[officer] = counts.get(officer, 0) + 1
            if inside:
                alike[free, len(inside)] = alike.get((free, len(inside)), 0) + 1
        count = sum(counts.values())
        officers = sorted({officer for free, _ in alike for officer in free})
        if 2 * count < len(places):
            if unit_id in told_units:
                yield Tested("officer_even", POOLED, unit_id, len(places), None, "elsewhere")
            continue
        if count < past.policy.min_audit_count or len(officers) < 2:
            if unit_id in told_units:
                yield Tested("officer_even", POOLED, unit_id, count, None, "few")
            continue
        expected, simulated = np.zeros(len(officers)), np.zeros((1, len(officers)))
        random = generator("officer_even", unit_id)
        for (free, crew), objects in sorted(alike.items()):
            seats = [officers.index(officer) for officer in free]
            expected[seats] += objects * crew / len(free)
            part = np.zeros((SIMULATIONS, len(officers)), dtype=np.int64)
            part[:, seats] = crews_at_random(len(free), crew, objects, random)
            simulated = simulated + part
        told = held_against(np.array([counts.get(officer, 0) for officer in officers]), expected, simulated)
        statistics, _moved = spread(simulated, expected)
        simulated_total = simulated_total + statistics
        totals += (count, told.observed, told.expected, told.statistic)
        unit_count += 1
        if unit_id in told_units:
            yield Tested("officer_even", POOLED, unit_id, count, told)
    if not unit_count:
        yield Tested("officer_even", POOLED, BUREAU, len(lot), None, "elsewhere" if len(lot) else "few")
        return
    outcome = Outcome(totals[1], totals[2], totals[3], upper_tail(totals[3], simulated_total))
    yield Tested("officer_even", POOLED, BUREAU, int(totals[0]), outcome)


def _pairs(past: PastDraws) -> Tested:
    lot = past.places[~past.places["is_by_hand"]]
    crews = lot.groupby(["merchant_id", "drawn_on", "draw_id"], sort=True)["officer_id"].agg(frozenset).reset_index()
    is_whole = crews["officer_id"].map(len) >= past.policy.officers_per_object
    crews["before"] = crews.groupby("merchant_id")["officer_id"].shift()
    crews["was_whole"] = is_whole.groupby(crews["merchant_id"]).shift(fill_value=False)
    asked = crews[is_whole & crews["was_whole"].astype(bool) & (crews["drawn_on"] >= past.audit_start_on)]
    if asked.empty:
        return Tested("pair_repeat", POOLED, BUREAU, 0, None, "alone" if not is_whole.any() else "once")
    unit = past.places.drop_duplicates("merchant_id").set_index("merchant_id")["unit_id"]
    sizes = past.able.groupby(["unit_id", "drawn_on"])["officer_id"].size()
    keys = pd.MultiIndex.from_arrays([asked["merchant_id"].map(unit), asked["drawn_on"]])
    # fewer than three to choose from are no choice, and a crew from elsewhere cannot be held against it
    seats = sizes.reindex(keys).fillna(0).to_numpy()
    is_choice = seats > past.policy.officers_per_object
    if not is_choice.any():
        return Tested("pair_repeat", POOLED, BUREAU, len(asked), None, "elsewhere")
    from scipy.special import comb

    chances = 1 / comb(seats[is_choice], past.policy.officers_per_object)
    repeated = int((asked["officer_id"] == asked["before"]).to_numpy()[is_choice].sum())
    return Tested("pair_repeat", POOLED, BUREAU, int(is_choice.sum()), at_least(repeated, chances))
