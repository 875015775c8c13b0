"""A person of the desk."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.access.rules import Role


class User(AbstractUser):
    """Somebody who may sign in, in one role.

    area : institution_id of what he may see, with all that lies below it; empty for roles that see the whole bureau.
    officer_id : who he is in the bureau's own records, so that nobody reads or decides about himself, his colleagues or a
    relative's firm. must_change_password : his password was given to him, and he may do nothing before he has his own.
    """

    role = models.CharField(max_length=32, choices=[(role.value, role.value) for role in Role])
    area = models.JSONField(default=list, blank=True)
    officer_id = models.CharField(max_length=64, blank=True)
    must_change_password = models.BooleanField(default=True)
    seen_until = models.DateTimeField(null=True, blank=True, help_text=_("until when the list of today was last read"))

    REQUIRED_FIELDS = ["role"]
