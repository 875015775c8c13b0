"""Names and pseudonyms: who is called what to whom, in fields and in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.access.pseudonym import pseudonym
from desk.published.night import Night, once_a_night
from desk.review.models import Unmasking

SHORTEST_FIGURE = 3
"""Digits from which an identifier of figures alone is taken out of a sentence; a shorter one is any count or day."""


class Naming:
    """What a reader is told of persons, merchants and institutions of a night.

    An officer has his name where the reader unmasked it within the last desk_unmask_days days, else his pseudonym; his
    identifier is taken out of every sentence likewise.
    """

    def __init__(self, user, night: Night) -> None:
        self.night = night
        self.open = unmasked(user)
        self._pattern, self._figure = _officer_patterns(night)

    def officer(self, officer_id: str) -> str:
        """Name and identifier, or the pseudonym."""
        if officer_id not in self.open:
            return pseudonym(officer_id, self.night)
        return _named(_names(self.night, "officer").get(officer_id), officer_id)

    def merchant(self, merchant_id: str) -> str:
        """The firm's name and identifier; the identifier alone where the night publishes no names."""
        return _named(_names(self.night, "merchant").get(merchant_id), merchant_id)

    def institution(self, institution_id: str | None) -> str:
        """The institution's name, or its identifier."""
        if institution_id is None:
            return ""
        return _names(self.night, "institution").get(institution_id) or institution_id

    def subject(self, kind: str, subject_id: str) -> str:
        """Whom or what a hint is about."""
        if kind == "officer":
            return self.officer(subject_id)
        if kind == "pair":
            officer, _bar, other = subject_id.partition("|")
            return f"{self.officer(officer)} × {self.merchant(other)}" if other else self.officer(officer)
        return self.institution(subject_id) if kind == "institution" else subject_id

    def masked(self, text: str | None) -> str:
        """A sentence without any officer's identifier that is not open to the reader.

        Where it holds a figure that could be the number of an officer, too short to be told from a count, nothing of it.
        """
        if not text:
            return ""
        if any(found not in self.open for found in self._figure.findall(text)):
            return _("Not shown: a figure in this text could be the number of an officer.")
        return self._pattern.sub(lambda found: self.officer(found.group(0)), text)

    def written(self, text: str, officer_ids: Iterable[str]) -> str:
        """What people wrote about a hint of these officers: without any officer's identifier, nor a name of these officers,
        that is not open to the reader. Names are those of the night; a nickname or a slip of the pen is not found."""
        told, names = self.masked(text), _names(self.night, "officer")
        shut = {names[one]: one for one in officer_ids if one not in self.open and names.get(one)}
        # the longer name first: it may hold the shorter
        for name in sorted(shut, key=lambda name: (-len(name), name)):
            told = told.replace(name, pseudonym(shut[name], self.night))
        return told


def unmasked(user) -> frozenset[str]:
    """The officers whose names are open to somebody now."""
    since = timezone.now() - timedelta(days=settings.DEPLOYMENT.desk_unmask_days)
    mine = Unmasking.objects.filter(reader=user, unmasked_at__gte=since)
    return frozenset(mine.values_list("officer_id", flat=True))


def _named(name: Any, identifier: str) -> str:
    return f"{name} ({identifier})" if name else identifier


@once_a_night
def _names(night: Night, table: str) -> dict[str, str]:
    if table not in night.tables:
        return {}
    rows = night.rows(f"select {table}_id as id, name from {table} where name is not null")
    return {row["id"]: row["name"] for row in rows}


@once_a_night
def _officer_patterns(night: Night) -> tuple[re.Pattern, re.Pattern]:
    """Two patterns that find the identifiers of the night's officers, standing alone.

    First those that are told from any other word or figure; then those of less than SHORTEST_FIGURE digits.
    """
    asked = ["select officer_id from officer_score", "select officer_id from rotation_plan"]
    asked.append("select split_part(subject_id, '|', 1) from red_flag where subject_kind in ('officer', 'pair')")
    if "officer" in night.tables:
        asked.append("select officer_id from officer")
    rows = night.rows(f"select distinct officer_id from ({' union '.join(asked)}) order by length(officer_id) desc, 1")
    told: dict[bool, list[str]] = {False: [], True: []}
    for row in filter(lambda row: row["officer_id"], rows):
        told[bool(re.fullmatch(f"[0-9]{{1,{SHORTEST_FIGURE - 1}}}", row["officer_id"]))].append(row["officer_id"])
    return _standing_alone(told[False]), _standing_alone(told[True])


def _standing_alone(words: list[str]) -> re.Pattern:
    # an empty choice would find the empty word everywhere
    either = "|".join(map(re.escape, words)) or "(?!)"
    return re.compile(f"(?<![A-Za-z0-9_])(?:{either})(?![A-Za-z0-9_])")
