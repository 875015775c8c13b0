"""The list of hints: one row each, as somebody may read it tonight."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.listing.templatetags.desk import said
from desk.published.night import Night
from desk.review.due import due
from desk.review.flag import seen_by
from desk.review.history import first_published_at, history
from desk.review.impression import blind_keys
from desk.review.naming import Naming
from desk.review.scale import Scale
from desk.review.standing import STATE_WORDS, Standing, standings
from desk.review.words import FAMILIES, STRENGTHS, SUBJECT_KINDS

RANKED = {"strong": "3-strong", "moderate": "2-moderate", "weak": "1-weak", "reminder": "0-reminder"}
"""Strengths in an order that a list can sort by."""
TONES = {"3-strong": "bad", "2-moderate": "watch", "1-weak": "quiet", "0-reminder": "quiet"}

TYPES = {
    "flag_id": "varchar",
    "subject": "varchar",
    "subject_kind": "varchar",
    "family": "varchar",
    "strength": "varchar",
    "is_lasting": "boolean",
    "state": "varchar",
    "is_new": "boolean",
    "unit": "varchar",
    "first_told_on": "date",
    "due_on": "date",
    "summary": "varchar",
}
"""Columns of the list and their types."""

HINTS = Listing(
    title=_("Hints of tonight"),
    columns=(
        Column("subject", _("about"), is_searched=True, link=lambda row: reverse("dossier", args=[row["flag_id"]])),
        Column("subject_kind", _("kind"), Kind.CHOICE, Filter.CHOICE, choices=SUBJECT_KINDS, is_shown=False),
        Column("family", _("family"), Kind.CHOICE, Filter.CHOICE, choices=FAMILIES),
        Column(
            "strength",
            _("strength"),
            Kind.CHOICE,
            Filter.CHOICE,
            choices={RANKED[name]: words for name, words in STRENGTHS.items()},
            may_be_empty=True,
            tone=lambda row: TONES.get(row["strength"], ""),
            help=_("Empty where your first impression is wanted before the reasons open."),
        ),
        Column("is_lasting", _("lasting"), Kind.BOOLEAN, Filter.CHOICE, help=_("In two windows that share no record.")),
        Column(
            "state",
            _("state"),
            Kind.CHOICE,
            Filter.CHOICE,
            choices={key.value: value for key, value in STATE_WORDS.items()},
        ),
        Column(
            "is_new", _("new"), Kind.BOOLEAN, Filter.CHOICE, help=_("Since you last marked the list of today as read.")
        ),
        Column("unit", _("institution"), filter=Filter.TEXT, is_searched=True),
        Column("first_told_on", _("first told"), Kind.DATE),
        Column("due_on", _("due"), Kind.DATE, Filter.RANGE),
        Column("summary", _("in one sentence"), is_sortable=False, is_searched=True),
    ),
    key=("flag_id",),
    sort="-strength",
    empty=_("Tonight tells no hint that you may see. That is not the same as clean: see what could not be computed."),
)


@dataclass(frozen=True)
class FamilyBar:
    """How many hints of a family there are, and its bar."""

    label: Any
    count: int
    width: float
    y: float
    url: str

    @property
    def text_y(self) -> float:
        """Where its words stand."""
        return self.y + 12

    @property
    def end_x(self) -> float:
        """Where its number stands."""
        return 286 + self.width


def hint_rows(user, night: Night) -> list[dict[str, Any]]:
    """The rows of the list. A hint whose reasons are shut to the reader has neither strength nor sentence."""
    flags = seen_by(user, night)
    shut = blind_keys(user, night, flags)
    stands = standings(flag["flag_key"] for flag in flags)
    naming, told = Naming(user, night), history()
    units = _units(night)
    rows = []
    for flag in flags:
        key, is_shut = flag["flag_key"], flag["flag_key"] in shut
        first = told[key][0].as_of if key in told else night.as_of
        standing = stands.get(key, Standing())
        waits = due(standing, first, is_reminder=flag["strength"] == "reminder")
        rows.append(
            {
                "flag_id": flag["flag_id"],
                "flag_key": key,
                "subject": naming.subject(flag["subject_kind"], flag["subject_id"]),
                "subject_kind": flag["subject_kind"],
                "family": flag["family"],
                "strength": None if is_shut else RANKED[flag["strength"]],
                "strength_words": "" if is_shut else STRENGTHS[flag["strength"]],
                "tone": "" if is_shut else TONES[RANKED[flag["strength"]]],
                "is_lasting": None if is_shut else flag["is_lasting"],
                "is_blind": is_shut,
                "state": standing.state.value,
                "is_new": is_new(user.seen_until, key, night),
                "unit": naming.institution(units.get(flag["flag_id"])),
                "night_on": night.as_of,
                "first_told_on": first,
                "due_on": waits.due_on if waits else None,
                "summary": None if is_shut else naming.masked(said(flag, "summary")),
            }
        )
    return rows


def is_new(seen_until: datetime | None, flag_key: str, night: Night) -> bool:
    """Whether a hint was first published after somebody last marked his list as read."""
    return seen_until is None or first_published_at(flag_key, night) > seen_until


def source_of(night: Night, rows: list[dict[str, Any]]) -> NightSource:
    """The rows as a source of a list."""
    columns = ", ".join(f"unnest(cast(${name} as {kind}[])) as {name}" for name, kind in TYPES.items())
    return NightSource(night, f"select {columns}", {name: [row[name] for row in rows] for name in TYPES})


def family_picture(rows: list[dict[str, Any]]) -> list[FamilyBar]:
    """Bars of the hints by family, the most first."""
    counted = sorted(Counter(row["family"] for row in rows).items(), key=lambda item: (-item[1], item[0]))
    if not counted:
        return []
    scale = Scale(0, counted[0][1], 0, 300)
    address = reverse("flag_list")
    return [
        FamilyBar(FAMILIES.get(family, family), count, scale.at(count), 4.0 + 20 * place, f"{address}?family={family}")
        for place, (family, count) in enumerate(counted)
    ]


def _units(night: Night) -> dict[str, str]:
    """The institution of each hint's subject; of a case that of its record."""
    asked = ["select flag_id, subject_id as institution_id from red_flag where subject_kind = 'institution'"]
    if "officer" in night.tables:
        asked.append(
            "select flag_id, unit_id from red_flag join officer on officer_id = split_part(subject_id, '|', 1) "
            "where subject_kind in ('officer', 'pair')"
        )
    if "flag_record" in night.tables:
        asked.append(
            "select flag_id, any_value(flag_record.institution_id) from red_flag join flag_record using (flag_id) "
            "where subject_kind = 'case' and record_id = subject_id group by flag_id"
        )
    rows = night.rows(" union all ".join(asked))
    return {row["flag_id"]: row["institution_id"] for row in rows}
