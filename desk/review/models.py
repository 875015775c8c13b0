"""What people do with hints. Rows are only added: a correction is a new row that names the old one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

REASON_LENGTH = 10
"""The least number of characters of a reason: enough for a sentence, too many for a dot."""


class Outcome(models.TextChoices):
    """What a decision says of a hint; the words of the delivery `decision`."""

    NEEDS_INFORMATION = "needs_information", _("needs information")
    EXPLAINED = "explained", _("explained")
    PROCESS_CORRECTION = "process_correction", _("process correction")
    TRANSFERRED = "transferred_to_lead", _("transferred to a lead")
    EXONERATED = "exonerated", _("exonerated")


class Disposal(models.TextChoices):
    """The four dispositions of a lead."""

    TALK_OR_LETTER = "talk_or_letter", _("talk or letter of inquiry")
    PRELIMINARY_VERIFICATION = "preliminary_verification", _("preliminary verification")
    HELD = "held", _("held for later")
    CLOSED = "closed", _("closed")


class Sight(models.TextChoices):
    """A first impression."""

    NEEDS_LOOK = "needs_look", _("needs a look")
    NOTHING = "nothing", _("nothing to see")
    UNSURE = "unsure", _("unsure")


class Hint(models.Model):
    """The hint that something is about, as it stood on the night on which somebody acted.

    flag_key : the same night after night. flag_id, as_of : of the night that was read.
    """

    flag_key = models.CharField(max_length=64, db_index=True)
    flag_id = models.CharField(max_length=64)
    as_of = models.DateField()

    class Meta:
        """A part of other rows, no table of its own."""

        abstract = True


class Decision(Hint):
    """One decision about one hint. number : its place among those of the hint, from 1, so that two cannot be taken at once.

    supersedes : the decision that it corrects. A transfer takes effect with the second signature, all others at once.
    """

    decision_id = models.CharField(primary_key=True, max_length=32)
    number = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=16)
    subject_id = models.CharField(max_length=128)
    family = models.CharField(max_length=64)
    outcome = models.CharField(max_length=32, choices=Outcome)
    reason = models.TextField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        """In the order in which they were taken."""

        ordering = ["flag_key", "number"]
        constraints = [models.UniqueConstraint(fields=["flag_key", "number"], name="review_decision_one_at_a_time")]


class Signature(models.Model):
    """The second signature under a transfer, by another person than the first. is_agreed : False where it was refused."""

    decision = models.OneToOneField(Decision, primary_key=True, on_delete=models.PROTECT, related_name="signature")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    is_agreed = models.BooleanField()
    reason = models.TextField()
    signed_at = models.DateTimeField()


class Disposition(models.Model):
    """What becomes of a lead; a later one of the same transfer takes the place of the one before. number : from 1."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="dispositions")
    number = models.PositiveIntegerField()
    disposal = models.CharField(max_length=32, choices=Disposal)
    reason = models.TextField()
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dispositions")
    disposed_at = models.DateTimeField()

    class Meta:
        """In the order in which they were made."""

        ordering = ["decision", "number"]
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="review_disposition_one_at_a_time")]


class Reply(Hint):
    """What the person concerned said to a hint, as he gave it; it stands beside the claim. supersedes : a reply that it
    corrects, where it was entered wrongly."""

    text = models.TextField()
    received_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies")
    entered_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        """In the order in which they were entered."""

        ordering = ["entered_at", "pk"]


class Impression(Hint):
    """What a reviewer thought of a hint from its records alone; once, and before its reasons opened to him."""

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="impressions")
    sight = models.CharField(max_length=16, choices=Sight)
    reason = models.TextField()
    noted_at = models.DateTimeField()

    class Meta:
        """One of a reviewer and a hint."""

        constraints = [models.UniqueConstraint(fields=["reviewer", "flag_key"], name="review_impression_once")]


class Unmasking(Hint):
    """Somebody asked for the name behind a pseudonym, and why. It holds for MINGJIAN_DESK_UNMASK_DAYS days."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="unmaskings")
    officer_id = models.CharField(max_length=64)
    reason = models.TextField()
    unmasked_at = models.DateTimeField()


class Outbox(models.Model):
    """What still has to leave the desk: written with what it tells, in one transaction. delivered_at : when the file that
    holds it lay on the disk."""

    about = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
