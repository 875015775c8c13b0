"""Substitutions after random draws, as a discipline officer of the area reads them: who went instead of whom, why, by whose word.

Officers stand here under the pseudonyms of dossiers, also where one of them decided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.access.directory import officer_names
from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.published.night import Night

REASONS = {
    "leave": _("leave"),
    "illness": _("illness"),
    "training": _("training"),
    "urgent_duty": _("urgent duty"),
    "recusal": _("recusal"),
    "left": _("left the post"),
    "other": _("another reason"),
}
"""What the codes of the policy mean; a code of the bureau's own is shown as it is."""

SEEN = "($units is null or unit_id in (select unnest($units)))"

ROWS = f"""
select
    made.draw_id, made.substitution_number, made.substituted_on, made.merchant_id, made.unit_id, made.reason_code,
    coalesce(replaced.called, made.replaced_officer_id) as replaced,
    coalesce(sent.called, made.officer_id) as sent,
    coalesce(decider.called, made.decided_by) as decided_by
from draw_substitution as made
left join (select unnest($officer_ids) as id, unnest($officers) as called) as replaced on replaced.id = made.replaced_officer_id
left join (select unnest($officer_ids) as id, unnest($officers) as called) as sent on sent.id = made.officer_id
left join (select unnest($officer_ids) as id, unnest($officers) as called) as decider on decider.id = made.decided_by
where {SEEN}
"""

DECIDERS = f"""
select decided_by, sum(times)::bigint as substitution_count, count(*) as officer_count, max(times) as most_count
from (select decided_by, officer_id, count(*) as times from draw_substitution where {SEEN} group by all)
group by decided_by
order by substitution_count desc, decided_by
"""

PEOPLE = """
select officer_id from draw_substitution
union select replaced_officer_id from draw_substitution where replaced_officer_id is not null
union select decided_by from draw_substitution where decided_by in (select officer_id from officer)
"""


def _called(night: Night, user) -> dict[str, str]:
    return officer_names(night, user, {row["officer_id"] for row in night.rows(PEOPLE)})


def source(night: Night, user, units: Collection[str] | None) -> NightSource:
    """Substitutions at objects of the reader's units."""
    called = _called(night, user)
    values = {"officer_ids": list(called), "officers": list(called.values()), "units": _listed(units)}
    return NightSource(night, ROWS, values)


def deciders(night: Night, user, units: Collection[str] | None) -> list[dict[str, Any]]:
    """By whose word: how many substitutions, to how many officers, and how many of them to the same one."""
    called = _called(night, user)
    rows = night.rows(DECIDERS, {"units": _listed(units)})
    return [row | {"decided_by": called.get(row["decided_by"], row["decided_by"])} for row in rows]


def listing(names: Mapping[str, str]) -> Listing:
    """The list of substitutions; names : what units are called."""
    return Listing(
        _("Substitutions after draws"),
        (
            Column("substituted_on", _("Made on"), Kind.DATE, Filter.RANGE),
            Column("draw_id", _("Draw"), is_searched=True),
            Column("substitution_number", _("Number"), Kind.NUMBER),
            Column("merchant_id", _("Merchant"), is_searched=True),
            Column("unit_id", _("Unit"), Kind.CHOICE, Filter.CHOICE, names),
            Column("replaced", _("Drawn by lot")),
            Column("sent", _("Went instead"), is_searched=True),
            Column("reason_code", _("Reason"), Kind.CHOICE, Filter.CHOICE, REASONS),
            Column("decided_by", _("Decided by"), is_searched=True),
        ),
        key=("draw_id", "substitution_number"),
        sort="-substituted_on",
        empty=_("No substitution was delivered."),
    )


def _listed(units: Collection[str] | None) -> list[str] | None:
    return None if units is None else sorted(units)
