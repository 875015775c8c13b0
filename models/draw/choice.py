"""Who is in the pool of a draw: objects by class or task, the officers that serve them, and who must not meet whom.

All of it from one published night. The class of an object is the first that it has of those the policy names; tasks have
one stratum, of their own name. Source: DOMAIN.md 1.1 (#17, #18), 2.6 (classes are kept apart), 2.7, 2.8 (who may inspect).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from models.draw.pool import DrawPool
from models.policy import DrawPolicy
from models.policy.draws import DrawTask, per_10000

MAY_INSPECT = ("civil_servant", "public_institution")
"""Kinds of employment that may hold a certificate: contract and auxiliary staff never inspect (国办发〔2024〕54号)."""


class NoPool(ValueError):
    """A pool cannot be made; the sentence says why and what to do."""


def object_class(merchants: pd.DataFrame, policy: DrawPolicy) -> pd.Series:
    """The class that counts for each merchant: the first it has of the policy's columns; empty where it has none."""
    columns = [merchants[name].astype(object) for name in policy.class_from]
    found = columns[0]
    for column in columns[1:]:
        found = found.where(found.notna(), column)
    return found.where(found.notna(), None).rename("draw_class")


def make_pool(
    frames: Mapping[str, pd.DataFrame],
    policy: DrawPolicy,
    valid_on: date,
    task: DrawTask | None = None,
    listed: Collection[str] = (),
) -> DrawPool:
    """The pool of one draw. Raises NoPool where nothing could be drawn from it.

    frames : tables of a published night by name: merchant joined with merchant_risk (`merchant`), officer, institution,
    recusal, declared_interest, draw_pair. valid_on : day on which a certificate must still be valid. task : the special
    task, None for the draw by class. listed : merchants that the bureau names, for a task that wants a list.
    """
    merchants = frames["merchant"]
    classes = object_class(merchants, policy)
    is_in = merchants["status"].isin(policy.object_statuses) & classes.notna()
    if task is not None:
        is_in &= _fits(merchants, classes, task, listed)
    chosen = merchants[is_in]
    if chosen.empty:
        raise NoPool("no merchant of the published night is in this pool; look at the task's conditions and the night")
    unit = frames["institution"].set_index("institution_id")["unit_id"]
    officers = _officers(frames["officer"], policy)
    is_valid = pd.to_datetime(officers["certificate_valid_to_on"]) >= pd.Timestamp(valid_on)
    if not is_valid.any():
        raise NoPool(
            f"no officer of the published night has a certificate that is valid on {valid_on}; deliver "
            "officer.certificate_valid_to_on"
        )
    place = chosen["institution_id"].map(unit).fillna(chosen["institution_id"])
    served = serving_groups(sorted(place.unique()), officers, is_valid, frames["institution"], policy.min_certified)
    strata = {task.code: per_10000(task.share)} if task else policy.strata()
    names = [task.code] * len(chosen) if task else classes[is_in]
    objects = {
        merchant: (name, served[unit_id][0])
        for merchant, name, unit_id in zip(chosen["merchant_id"], names, place, strict=True)
    }
    known = officers.set_index("officer_id")
    days = pd.to_datetime(known["certificate_valid_to_on"]).dt.strftime("%Y-%m-%d")
    return DrawPool(
        officers_per_object=policy.officers_per_object,
        certificate_valid_on=valid_on.isoformat(),
        strata=strata,
        objects=objects,
        officers={name: "" if pd.isna(day) else day for name, day in zip(known.index, days, strict=True)},
        serves=frozenset((officer, group) for group, members in served.values() for officer in members),
        recusals=frozenset(
            pair
            for table in ("recusal", "declared_interest")
            for pair in zip(frames[table]["merchant_id"], frames[table]["officer_id"], strict=True)
            if pair[0] in objects and pair[1] in known.index
        ),
        last_crews=_last_crews(frames["draw_pair"], objects),
    )


def serving_groups(
    units: Sequence[str], officers: pd.DataFrame, is_valid: pd.Series, institution: pd.DataFrame, least: int
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Who is drawn for the objects of each unit: the name of the group, and its officers, certified or not.

    The unit's own where `least` of them are certified; else, going up, those of the nearest institution with all below it
    of whom so many are; where there is none, the largest that was met. Fewer are no choice: the same two would always go.
    """
    unit_of = institution.set_index("institution_id")["unit_id"]
    # a renamed institution hangs where its last name hangs
    parent = {unit_of[name]: unit_of.get(above) for name, above in _pairs(institution) if unit_of[name] == name}
    chain = {name: _chain(name, parent) for name in {*parent, *officers["unit_id"], *units}}
    below: dict[str, list[str]] = {}
    for name, ups in chain.items():
        for up in ups:
            below.setdefault(up, []).append(name)
    members = officers.groupby("unit_id")["officer_id"].agg(list).to_dict()
    certified = set(officers.loc[is_valid, "officer_id"])
    found = {}
    for unit in units:
        groups = [(unit, tuple(members.get(unit, ())))]
        groups += [
            (f"{up}+", tuple(officer for name in below[up] for officer in members.get(name, ()))) for up in chain[unit]
        ]
        sizes = [len(certified.intersection(group)) for _name, group in groups]
        enough = [number for number, size in enumerate(sizes) if size >= least]
        found[unit] = groups[enough[0] if enough else sizes.index(max(sizes))]
    return found


def _pairs(institution: pd.DataFrame) -> Iterator[tuple[str, str | None]]:
    yield from zip(institution["institution_id"], institution["parent_id"], strict=True)


def _chain(name: str, parent: Mapping[str, str | None]) -> list[str]:
    """The unit and every one above it, from below; ends in a circle of parents."""
    found: list[str] = []
    while isinstance(name, str) and name not in found:
        found.append(name)
        name = parent.get(name)
    return found


def _fits(merchants: pd.DataFrame, classes: pd.Series, task: DrawTask, listed: Collection[str]) -> pd.Series:
    fits = pd.Series(True, index=merchants.index)
    if task.classes:
        fits &= classes.isin(task.classes)
    if task.industry_prefixes:
        fits &= merchants["industry_code"].astype("str").str.startswith(task.industry_prefixes)
    if task.least_percentile is not None:
        # no percentile: not known to be that high
        fits &= (merchants["percentile"] >= task.least_percentile).fillna(False).astype(bool)
    if task.is_listed:
        unknown = sorted(set(listed) - set(merchants["merchant_id"]))
        if unknown:
            raise NoPool(f"{len(unknown)} merchants of the list are not in the published night (first: {unknown[0]})")
        fits &= merchants["merchant_id"].isin(list(listed))
    return fits


def _officers(officers: pd.DataFrame, policy: DrawPolicy) -> pd.DataFrame:
    """Who serves in a post that goes out and may hold a certificate, whether or not one is known."""
    may = officers["employment_kind"].isin(MAY_INSPECT) & officers["post"].isin(policy.officer_posts)
    return officers[may & officers["is_serving"].astype(bool)]


def _last_crews(pairs: pd.DataFrame, objects: Collection[str]) -> dict[str, frozenset[str]]:
    kept = pairs[pairs["merchant_id"].isin(list(objects))]
    return {merchant: frozenset(officers) for merchant, officers in kept.groupby("merchant_id")["officer_id"]}
