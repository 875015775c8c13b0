"""A person of the desk."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.access.rules import AREA_ROLES, Role

ROLES_TOLD = {
    Role.DISCIPLINE_OFFICER: _("discipline officer"),
    Role.SUPERVISION_SPECIALIST: _("supervision specialist"),
    Role.MANAGEMENT: _("management"),
    Role.OPERATOR: _("operator of the system"),
    Role.AUDITOR: _("auditor"),
}


def known_role(value: str) -> None:
    """Refuse a role that the rules do not know."""
    if value not in list(Role):
        raise ValidationError(_("The role is one of: %(roles)s."), params={"roles": ", ".join(Role)})


class UserManager(BaseUserManager):
    """Makes users; there is no sign-up, and no user above the rules."""

    def create_user(self, username: str, password: str | None = None, **fields) -> User:
        """A saved user with this password; without one nobody can sign in by password."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who may sign in, in one role.

    area : institution_id of what he may see, with all that lies below it; empty for roles that see the whole bureau.
    officer_id : who he is in the bureau's own records, so that nobody reads or decides about himself, his colleagues or a
    relative's firm. must_change_password : his password was given to him, and he may do nothing before he has his own.
    seen_until : until when the list of today was last read.
    Neither a real name nor an address is kept: the desk does not need them.
    """

    username = models.CharField(max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    role = models.CharField(max_length=32, validators=[known_role])
    area = models.JSONField(default=list, blank=True)
    officer_id = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    seen_until = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["role"]

    @property
    def has_area(self) -> bool:
        """Whether he sees no more than the institutions of his area."""
        return self.role in AREA_ROLES

    @property
    def role_told(self) -> str:
        """His role in the reader's language."""
        return ROLES_TOLD[self.role]
