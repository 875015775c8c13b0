"""A dossier: everything that a night and the desk know of one hint, in the order in which it is fair to read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from desk.listing.templatetags.desk import said
from desk.published.night import Night
from desk.review.caveat import Caveat, caveats, provenance
from desk.review.contact import Timeline, timeline
from desk.review.due import Due, due
from desk.review.explanation import EXPLANATIONS
from desk.review.flag import Flag, readable
from desk.review.history import Told, first_told, of_subject
from desk.review.impression import blind_keys
from desk.review.models import Decision, Impression, Reply
from desk.review.naming import Naming
from desk.review.peer import PeerPicture, WindowPicture, peer_picture, window_picture
from desk.review.reason import Explanation, explanations
from desk.review.record import Record, records
from desk.review.standing import Standing, standing_of
from desk.review.words import (
    EXPOSURE_UNITS,
    FAMILIES,
    PEER_GROUPS,
    STATISTICS,
    STRENGTHS,
    SUBJECT_KINDS,
    VERDICTS,
)
from models import policy
from models.policy import CONFIDENTIAL_FAMILIES, Statute

TONES = {"supported": "good", "unknown": "watch", "not_supported": "quiet"}
STRENGTH_TONES = {"strong": "bad", "moderate": "watch", "weak": "quiet", "reminder": "quiet"}
ORDER = ("supported", "unknown", "not_supported")
"""What speaks for the person comes first, then what is to be checked."""


@dataclass(frozen=True)
class Counter:
    """One innocent explanation, tested."""

    label: str
    verdict: str
    tone: str
    detail: str
    score_without: float | None


@dataclass(frozen=True)
class Head:
    """What every page about a hint says at its top. is_blind : its reasons are still shut to this reader."""

    flag: Flag
    naming: Naming
    standing: Standing
    first_told_on: date
    is_blind: bool

    @property
    def subject(self) -> str:
        """Whom or what it is about, under a pseudonym unless unmasked."""
        return self.naming.subject(self.flag.row["subject_kind"], self.flag.row["subject_id"])

    @property
    def subject_kind(self):
        """In a word."""
        return SUBJECT_KINDS[self.flag.row["subject_kind"]]

    @property
    def family(self):
        """The family in words."""
        return FAMILIES.get(self.flag.row["family"], self.flag.row["family"])

    @property
    def is_open_name(self) -> bool:
        """Whether the officer's name is open to the reader."""
        return self.flag.officer_id in self.naming.open

    @property
    def can_unmask(self) -> bool:
        """Whether there is a name that is not open."""
        return self.flag.officer_id is not None and not self.is_open_name

    def written(self, text: str) -> str:
        """What somebody wrote about it, as its reader may read it."""
        return self.naming.written(text, self._officer_ids)

    @cached_property
    def _officer_ids(self) -> tuple[str, ...]:
        """Every officer whom the night puts behind the hint."""
        own = (self.flag.officer_id,) if self.flag.officer_id else ()
        if "flag_officer" not in self.flag.night.tables:
            return own
        rows = self.flag.night.rows(
            "select distinct officer_id from flag_officer where flag_id = $flag_id order by officer_id",
            {"flag_id": self.flag.id},
        )
        return tuple(sorted({*own, *(row["officer_id"] for row in rows)}))

    @property
    def due(self) -> Due | None:
        """What it waits for."""
        return due(self.standing, self.first_told_on, is_reminder=self.flag.row["strength"] == "reminder")


@dataclass(frozen=True)
class Dossier:
    """The sections of a dossier. Of a hint that is still blind only the records and the contacts are made."""

    head: Head
    claim: str
    strength: str
    strength_tone: str
    statistic_words: str
    rule_trace: str
    exposure_words: str
    peer_group: str
    counters: tuple[Counter, ...]
    explanations: tuple[Explanation, ...]
    records: tuple[Record, ...]
    is_confidential: bool
    has_facts: bool
    timeline: Timeline | None
    has_contacts: bool
    peers: PeerPicture | None
    has_peers: bool
    windows: WindowPicture | None
    caveats: tuple[Caveat, ...]
    statutes: tuple[Statute, ...]
    provenance: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[Told, str, str], ...]
    decisions: tuple[Decision, ...]
    replies: tuple[Reply, ...]
    impressions: tuple[Impression, ...]


def head_of(user, flag: Flag) -> Head:
    """The top of a page about a hint."""
    return Head(
        flag,
        Naming(user, flag.night),
        standing_of(flag.key),
        first_told(flag.key) or flag.night.as_of,
        flag.key in blind_keys(user, flag.night, [flag.row]),
    )


def dossier_of(user, head: Head) -> Dossier:
    """The whole dossier."""
    flag, night, naming = head.flag, head.flag.night, head.naming
    row, tables = flag.row, night.tables
    is_blind = head.is_blind
    open_keys = frozenset() if is_blind else _open_keys(user, flag)
    replies = Reply.objects.filter(flag_key=flag.key).select_related("entered_by", "superseded_by")
    return Dossier(
        head=head,
        claim="" if is_blind else naming.masked(said(row, "summary")),
        strength=str(STRENGTHS[row["strength"]]),
        strength_tone=STRENGTH_TONES[row["strength"]],
        statistic_words=str(STATISTICS.get(row["statistic_name"], row["statistic_name"])),
        rule_trace=naming.masked(row["rule_trace"]),
        exposure_words=str(EXPOSURE_UNITS.get(row["exposure_unit"], row["exposure_unit"])),
        peer_group=_peer_group(flag, naming),
        counters=() if is_blind else _counters(flag, naming),
        explanations=() if is_blind else tuple(explanations(night, row)),
        records=tuple(records(night, row, naming, is_blind=is_blind)),
        is_confidential=row["family"] in CONFIDENTIAL_FAMILIES,
        has_facts="flag_record" in tables,
        timeline=timeline(night, row, naming),
        has_contacts="flag_contact" in tables,
        peers=None if is_blind else peer_picture(night, row),
        has_peers="flag_peer" in tables,
        windows=None if is_blind else window_picture(night, row),
        caveats=() if is_blind else tuple(caveats(flag, naming)),
        statutes=policy.on(night.as_of).statutes.of(row["family"], night.as_of),
        provenance=tuple(provenance(flag)),
        earlier=_earlier(flag, open_keys),
        decisions=() if is_blind else _decisions(flag, open_keys),
        replies=() if is_blind else tuple(replies.order_by("entered_at", "pk")),
        impressions=tuple(
            Impression.objects.filter(flag_key=flag.key, reviewer=user).select_related("reviewer").order_by("noted_at")
        ),
    )


def _peer_group(flag: Flag, naming: Naming) -> str:
    """Who the peers are, in words as published; of a pair they are the officer's other merchants."""
    if flag.row["subject_kind"] == "pair" and flag.row["peer_group"] == flag.officer_id:
        return _("the same officer's other merchants")
    parts = re.split("[·@]", flag.row["peer_group"])
    return naming.masked(" · ".join(str(PEER_GROUPS.get(part) or naming.institution(part)) for part in parts))


def _counters(flag: Flag, naming: Naming) -> tuple[Counter, ...]:
    rows = flag.night.rows(
        "select code, verdict, detail_zh, detail_en, score_without from flag_counter_evidence "
        "where flag_id = $flag_id order by code",
        {"flag_id": flag.id},
    )
    rows.sort(key=lambda row: ORDER.index(row["verdict"]))
    return tuple(
        Counter(
            str(EXPLANATIONS.get(row["code"], row["code"].replace("_", " "))),
            str(VERDICTS[row["verdict"]]),
            TONES[row["verdict"]],
            naming.masked(said(row, "detail")),
            row["score_without"],
        )
        for row in rows
    )


def _open_keys(user, flag: Flag) -> frozenset[str]:
    """The hints about the same subject that the reader may see, each on its own night, and whose reasons are open to him."""
    told = of_subject(flag.row["subject_kind"], flag.row["subject_id"])
    by_night: dict[Night, list[Flag]] = {}
    for found in readable(user, {hint.flag_key for hint in told}):
        by_night.setdefault(found.night, []).append(found)
    return frozenset(
        key
        for night, found in by_night.items()
        for key in {one.key for one in found} - blind_keys(user, night, [one.row for one in found])
    )


def _earlier(flag: Flag, open_keys: frozenset[str]) -> tuple[tuple[Told, Any, Any], ...]:
    """What other nights told of the same subject, with family and strength in words, the newest first."""
    told = of_subject(flag.row["subject_kind"], flag.row["subject_id"])
    return tuple(
        (hint, FAMILIES.get(hint.family, hint.family), STRENGTHS.get(hint.strength, hint.strength))
        for hint in told
        if hint.flag_id != flag.id and hint.flag_key in open_keys
    )


def _decisions(flag: Flag, open_keys: frozenset[str]) -> tuple[Decision, ...]:
    """All decisions about the hint, and those about the same subject in other families, in time."""
    same = Decision.objects.filter(subject_kind=flag.row["subject_kind"], subject_id=flag.row["subject_id"])
    return tuple(
        same.filter(flag_key__in={flag.key, *open_keys})
        .select_related("reviewer", "signature", "signature__signer", "supersedes", "superseded_by")
        .prefetch_related("dispositions", "dispositions__officer")
        .order_by("decided_at", "decision_id")
    )
