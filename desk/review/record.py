"""The records behind a hint: what each says, the statutory range of its fine, and what others decided in like cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from desk.listing.templatetags.desk import said
from desk.published.night import Night
from desk.review.naming import Naming
from desk.review.scale import Scale, over
from desk.review.words import CODES, FACTS, ROLES, TABLES
from models.policy import CONFIDENTIAL_FAMILIES

LEFT, RIGHT = 20.0, 480.0
"""Ends of the statutory range in its picture."""


@dataclass(frozen=True)
class Range:
    """A statutory range with the fine in it, as places in a picture; None where nothing is on file.

    others : places of what other handlers decided in like cases.
    """

    minimum: float
    maximum: float
    low_x: float
    high_x: float
    fine_x: float | None
    proposed_x: float | None
    others: tuple[float, ...]
    ticks: tuple[tuple[float, str], ...]

    @property
    def width(self) -> float:
        """Of the range in the picture."""
        return round(self.high_x - self.low_x, 1)


@dataclass(frozen=True)
class Record:
    """One record. facts : label and words, those that are on file. note : what the family says of it, None before the
    reasons are open. is_told : False where the night publishes nothing of it but its number.
    record_id : empty where it would tell who spoke."""

    table: str
    record_id: str
    weight: float
    happened_on: Any
    merchant: str
    institution: str
    facts: tuple[tuple[str, str], ...]
    note: str | None
    range: Range | None
    comparable: tuple[dict[str, Any], ...]
    is_told: bool


def records(night: Night, flag: dict[str, Any], naming: Naming, *, is_blind: bool) -> list[Record]:
    """The records of a hint, the heaviest first. is_blind : without what the family says of them and their order of weight."""
    own = {"flag_id": flag["flag_id"]}
    evidence = night.rows(
        'select "table", record_id, weight, note_zh, note_en from flag_evidence where flag_id = $flag_id '
        'order by weight desc, "table", record_id',
        own,
    )
    told = {}
    if "flag_record" in night.tables:
        rows = night.rows("select * from flag_record where flag_id = $flag_id", own)
        told = {(row["table"], row["record_id"]): row for row in rows}
    compared: dict[str, list[dict[str, Any]]] = {}
    if "comparable_case" in night.tables:
        asked = "select * from comparable_case where flag_id = $flag_id order by record_id, nearness_rank"
        for row in night.rows(asked, own):
            compared.setdefault(row["record_id"], []).append(_compared(row, naming))
    found = [
        _record(row, told.get((row["table"], row["record_id"])), compared.get(row["record_id"], []), naming, is_blind)
        for row in evidence
    ]
    if flag["family"] in CONFIDENTIAL_FAMILIES:
        # whoever can look the number up knows who spoke
        found = [replace(record, record_id="") for record in found]
    if is_blind:
        found.sort(key=lambda record: (record.happened_on is None, record.happened_on, record.table, record.record_id))
    return found


def _record(
    row: dict[str, Any], fact: dict[str, Any] | None, compared: list[dict[str, Any]], naming: Naming, is_blind: bool
) -> Record:
    fact = fact or {}
    others = compared if row["table"] == "penalty" else []
    return Record(
        str(TABLES.get(row["table"], row["table"])),
        row["record_id"],
        row["weight"],
        fact.get("happened_on"),
        naming.merchant(fact["merchant_id"]) if fact.get("merchant_id") else "",
        naming.institution(fact.get("institution_id")),
        tuple((str(label), _words(name, fact[name])) for name, label in FACTS.items() if fact.get(name) is not None),
        None if is_blind else naming.masked(said(row, "note")),
        _range(fact, others) if fact.get("statutory_max_yuan") is not None else None,
        tuple(others),
        bool(fact),
    )


def _words(name: str, value: Any) -> str:
    """A fact as it is read."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return number_format(value, 0 if value == int(value) else 1, force_grouping=True)
    if name == "role":
        return ", ".join(str(ROLES.get(part.strip(), part.strip())) for part in str(value).split(";"))
    return str(CODES.get(value, value))


def _compared(row: dict[str, Any], naming: Naming) -> dict[str, Any]:
    return {
        **row,
        "institution": naming.institution(row["institution_id"]),
        "outcome_words": CODES.get(row["outcome"], row["outcome"]),
        "tier_words": CODES.get(row["discretion_tier"], row["discretion_tier"]),
    }


def _range(fact: dict[str, Any], compared: list[dict[str, Any]]) -> Range:
    """The statutory range of a case in yuan; what others decided is drawn by its place in its own range."""
    low, high = fact["statutory_min_yuan"] or 0.0, fact["statutory_max_yuan"]
    fine = fact["fine_yuan"] if fact.get("fine_yuan") is not None else None
    if fine is None and fact.get("outcome") in ("no_penalty", "warned"):
        fine = 0.0
    others = [low + row["position"] * (high - low) for row in compared if row["position"] is not None]
    scale: Scale = over([low, high, fine, fact.get("proposed_fine_yuan")], LEFT, RIGHT)
    return Range(
        low,
        high,
        scale.at(low),
        scale.at(high),
        None if fine is None else scale.at(fine),
        None if fact.get("proposed_fine_yuan") is None else scale.at(fact["proposed_fine_yuan"]),
        tuple(scale.at(value) for value in others),
        tuple(scale.ticks(4)),
    )
