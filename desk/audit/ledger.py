"""Whether what people did still says what the log says that it said."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import models

from desk.audit.kept import digest
from desk.audit.models import Entry
from desk.management.models import RotationDecision
from desk.review.models import Decision, Disposition, Impression, Reply, Signature, Unmasking

KEPT = (Decision, Signature, Disposition, Reply, Impression, Unmasking, RotationDecision)
"""Tables whose every row has its entry in the log."""


def faults() -> list[str]:
    """What differs, in sentences; empty where nothing does."""
    told: dict[tuple[str, str], str] = {}
    # what the entry of a row is about: desk/audit/kept.py writes both
    for entry in Entry.objects.filter(subject_kind__in=["flag", "move"]).order_by("number").iterator():
        detail = json.loads(entry.detail)
        if "sha256" in detail:
            told[detail["table"], detail["row"]] = detail["sha256"]
    found = list(_differing(told))
    return found + [f"{table}: row {row} stands in the log and is gone" for table, row in sorted(told)]


def _differing(told: dict[tuple[str, str], str]) -> Iterator[str]:
    """Of each row whether the log knows it; takes out of `told` what it finds."""
    for model in KEPT:
        table = model._meta.db_table
        row: models.Model
        for row in model.objects.order_by("pk").iterator():
            said = told.pop((table, str(row.pk)), None)
            if said is None:
                yield f"{table}: row {row.pk} has no entry in the log"
            elif said != digest(row):
                yield f"{table}: row {row.pk} is not what the log says"
