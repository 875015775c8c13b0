"""Substitutions by hand after a draw: a list that only grows, each line chained to the one before.

The chain of substitution.csv (models/draw/chain.py) begins from the hash of drawn.csv. Whoever removes or changes a line breaks
it; of the last line, its hash was printed and random_draw.csv holds the place that was given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.draw.chain import Chain
from models.draw.lot import Drawn
from models.draw.pool import DrawPool


@dataclass(frozen=True)
class Substitution:
    """One officer in place of another; `replaced_officer_id` is empty where an object had none. by : role or staff number."""

    number: int
    merchant_id: str
    replaced_officer_id: str
    officer_id: str
    reason_code: str
    reason: str
    by: str
    substituted_at: str
    previous_sha256: str


SUBSTITUTIONS = Chain("substitution.csv", Substitution, "替换记录", "substitution")


class Refused(ValueError):
    """A substitution that is not allowed; the sentence says why."""


def assigned(drawn: Sequence[Drawn], substitutions: Sequence[Substitution]) -> dict[str, list[str]]:
    """Who goes to each drawn object after the substitutions, by merchant."""
    crews = {each.merchant_id: list(each.officer_ids) for each in drawn}
    for each in substitutions:
        crew = crews.setdefault(each.merchant_id, [])
        if each.replaced_officer_id in crew:
            crew.remove(each.replaced_officer_id)
        crew.append(each.officer_id)
    return crews


def refuse_substitution(each: Substitution, pool: DrawPool, crews: dict[str, list[str]]) -> None:
    """Raise Refused where the law or the draw does not allow this substitution.

    crews : who goes to each drawn object before it. Who comes must serve the object, hold a certificate on the day of the
    substitution and not be recused; the crew must not become the one that went there last; nobody decides on himself.
    """
    crew = crews.get(each.merchant_id)
    if crew is None:
        raise Refused(f"{each.merchant_id} was not drawn; only drawn objects have officers to substitute")
    if each.replaced_officer_id and each.replaced_officer_id not in crew:
        raise Refused(
            f"{each.replaced_officer_id} does not go to {each.merchant_id}; those who do are {', '.join(crew)}"
        )
    if not each.replaced_officer_id and len(crew) >= pool.officers_per_object:
        raise Refused(f"{each.merchant_id} has its officers; say which of {', '.join(crew)} is replaced")
    if each.officer_id in crew:
        raise Refused(f"{each.officer_id} goes to {each.merchant_id} already")
    place = pool.objects[each.merchant_id][1]
    if (each.officer_id, place) not in pool.serves:
        raise Refused(f"{each.officer_id} does not serve {each.merchant_id}: that is for the officers of {place}")
    if (each.merchant_id, each.officer_id) in pool.recusals:
        raise Refused(f"{each.officer_id} is recused from {each.merchant_id}")
    valid_to = pool.officers.get(each.officer_id, "")
    valid_on = max(pool.certificate_valid_on, each.substituted_at[:10])
    if not valid_to or valid_to < valid_on:
        raise Refused(f"{each.officer_id} holds no certificate that is valid on {valid_on}")
    if frozenset(crew) - {each.replaced_officer_id} | {each.officer_id} == pool.last_crews.get(each.merchant_id):
        raise Refused(f"{each.officer_id} would make the crew the one that went to {each.merchant_id} last")
    if not each.reason.strip() or not each.by.strip():
        raise Refused("a substitution needs its reason in words and who made it")
    for name in filter(None, (each.officer_id, each.replaced_officer_id)):
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", each.by):
            raise Refused(f"{name} goes or is replaced himself; somebody else has to decide it")
