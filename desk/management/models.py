"""What management decided on proposed moves. Rows are only added: whoever decides anew adds a row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy


class Verdict(models.TextChoices):
    """What a decision says of a move; the words of the delivery `rotation_decision`."""

    ACCEPTED = "accepted", pgettext_lazy("move", "accepted")
    CHANGED = "changed", pgettext_lazy("move", "changed")
    DECLINED = "declined", pgettext_lazy("move", "declined")


class RotationDecision(models.Model):
    """One decision on one officer's move. number : its place among those on him, from 1, so that two cannot be taken at once.

    as_of : the night that was read. to_* and move_on : of the move as accepted, as changed, or as declined; to_grid_id is
    empty where the post has no grid. supersedes : the decision on him that it replaces.
    """

    decision_id = models.CharField(primary_key=True, max_length=32)
    number = models.PositiveIntegerField()
    officer_id = models.CharField(max_length=64, db_index=True)
    as_of = models.DateField()
    verdict = models.CharField(max_length=16, choices=Verdict)
    to_institution_id = models.CharField(max_length=64)
    to_post = models.CharField(max_length=64)
    to_grid_id = models.CharField(max_length=64, blank=True)
    move_on = models.DateField()
    reason = models.TextField()
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rotation_decisions")
    decided_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        """In the order in which they were taken."""

        ordering = ["officer_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["officer_id", "number"], name="management_decision_one_at_a_time")
        ]
