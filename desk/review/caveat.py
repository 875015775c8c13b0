"""What weakens the figures of a dossier, and what the night says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.listing.templatetags.desk import said
from desk.published.night import Night
from desk.quality import state
from desk.review.flag import Flag
from desk.review.naming import Naming
from desk.review.token import token
from desk.review.words import FAMILIES

CHECKS = 5
"""Warnings of checks that are told in full; the others are counted, and stand on the page of data quality."""


@dataclass(frozen=True)
class Caveat:
    """One caveat: what it is about, and the sentence."""

    about: str
    sentence: str


def caveats(flag: Flag, naming: Naming) -> list[Caveat]:
    """Caveats about the subject first, then those of the whole night."""
    night = flag.night
    subjects = [flag.row["subject_id"], *([flag.officer_id] if flag.officer_id else [])]
    rows = night.rows(
        "select family, reason_zh, reason_en from not_computable "
        "where subject_kind not in ('bureau', 'merchant') and list_contains($subjects, subject_id) "
        "order by family = $family desc, family",
        {"subjects": sorted(set(subjects)), "family": flag.row["family"]},
    )
    found = [
        Caveat(
            _("not computable: %(what)s") % {"what": FAMILIES.get(row["family"], row["family"])},
            naming.masked(said(row, "reason")),
        )
        for row in rows
    ]
    return found + _of_night(night, naming)


def _of_night(night: Night, naming: Naming) -> list[Caveat]:
    manifest = night.manifest
    found = []
    rows = night.rows(
        "select reason_zh, reason_en from not_computable where subject_kind = 'bureau' and family in "
        "(select family from red_flag union select 'drift') order by family"
    )
    found += [Caveat(_("the whole bureau"), naming.masked(said(row, "reason"))) for row in rows]
    if manifest["is_hindsight"]:
        found.append(
            Caveat(
                _("hindsight"), _("Deliveries that came later than this night were used: it knows more than it could.")
            )
        )
    shifted = manifest["drift"]["features"].get("shifted", 0)
    if shifted:
        told = ngettext(
            "%(count)d thing has shifted since the merchant model was trained.",
            "%(count)d things have shifted since the merchant model was trained.",
            shifted,
        )
        found.append(Caveat(_("drift"), told % {"count": shifted}))
    quarantined = {name: count for name, count in sorted(manifest["quarantined"].items()) if count}
    if quarantined:
        told = ", ".join(f"{name}: {count:,}" for name, count in quarantined.items())
        found.append(Caveat(_("quarantine"), _("Rows that were not taken in, by table: %(rows)s") % {"rows": told}))
    warnings = state.warnings(night)
    found += [Caveat(_("check"), naming.masked(warning)) for warning in warnings[:CHECKS]]
    if len(warnings) > CHECKS:
        found.append(Caveat(_("check"), _("%(count)d more warnings of checks") % {"count": len(warnings) - CHECKS}))
    return found


def provenance(flag: Flag) -> list[tuple[str, str]]:
    """Model, version, run and night, as label and value."""
    manifest: dict[str, Any] = flag.night.manifest
    told = [
        (_("night"), manifest["as_of"]),
        (_("published"), manifest["published_at"]),
        (_("run"), manifest["run_id"]),
        (_("hint on this night"), token(flag.id)),
        (_("hint, night after night"), token(flag.key)),
        (_("version of the code"), manifest["versions"]["code"][:16]),
        (_("version of the policy"), manifest["versions"]["policy"][:16]),
    ]
    for name, model in sorted(manifest["versions"]["models"].items()):
        said_of = _("none in use")
        if model and model["exists"]:
            said_of = _("trained on %(day)s, %(hash)s") % {"day": model["trained_on"], "hash": model["sha256"][:16]}
        told.append((_("model %(name)s") % {"name": name}, said_of))
    return told
