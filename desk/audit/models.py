"""One entry of the log."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """Who did what to what, and the hash that chains it to the entry before.

    number : 1, 2, 3 ... without a gap. happened_at : ISO 8601 with offset, as hashed. actor : username, empty where nobody
    was signed in. detail : canonical JSON. hash : of all of this and previous_hash.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    happened_at = models.CharField(max_length=40)
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=40, db_index=True)
    subject_kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, db_index=True)
    detail = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        """In the order of the chain."""

        ordering = ["number"]
