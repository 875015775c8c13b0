"""Words for the states that nights publish about themselves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STATUSES = {
    "stable": _("stable"),
    "watch": _("watch"),
    "shifted": _("shifted"),
    "not_computable": _("not computable"),
}
"""Whether something has moved since the model was trained."""
