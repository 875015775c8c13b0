"""What of a night one person may see: institutions of his area, and hints that are not about himself or his own.

Everything that scopes a page asks here. A hint that cannot be placed is seen by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.utils.translation import gettext as _

from desk.access.refusal import Refused
from desk.access.rules import AREA_ROLES
from desk.published.night import Night, NoNight, current

if TYPE_CHECKING:
    from desk.accounts.models import User

NEEDED = ("institution", "officer", "declared_interest", "flag_record", "flag_contact", "flag_officer")
"""Tables of a night without which it is not known whom a hint may be shown to."""
SELF, COLLEAGUE, INTEREST, AREA, UNPLACED, NIGHT, ROLE = (
    "self",
    "colleague",
    "interest",
    "area",
    "unplaced",
    "night",
    "role",
)
"""Codes of verdicts."""
HIDDEN = "hidden"
"""The one code, in the log too, of refusals that do not tell whether there is a hint at all."""

STRANGER = "stranger"
"""Code of the refusal of every hint to somebody whom tonight's records do not know."""
REGISTERS = frozenset({"institution", "officer", "declared_interest"})
"""Tables by which an earlier night's hint is judged anew tonight."""

_VERDICTS: WeakKeyDictionary[Night, dict[tuple, dict[str, str | None]]] = WeakKeyDictionary()


def institutions_of(user: User, night: Night) -> frozenset[str] | None:
    """Institution ids that the person sees: his area with all below it, by old and new names; None: all of them.

    A night that does not publish its institutions leaves him the very ids of his area.
    """
    if user.role not in AREA_ROLES:
        return None
    if "institution" not in night.tables:
        return frozenset(user.area)
    rows = night.rows("select institution_id, parent_id, unit_id from institution")
    seen: set[str] = set()
    found = set(user.area)
    while found - seen:
        seen |= found
        found = {row["institution_id"] for row in rows if row["parent_id"] in seen or row["unit_id"] in seen}
        found |= {row["unit_id"] for row in rows if row["institution_id"] in seen}
    return frozenset(seen)


def missing(night: Night) -> list[str]:
    """Tables of NEEDED that the night does not publish; while there are any, no hint is shown to anybody."""
    return [name for name in NEEDED if name not in night.tables]


def flags_where(user: User, night: Night, flag: str = "red_flag") -> tuple[str, dict[str, Any]]:
    """A condition in SQL on `<flag>.flag_id`, and its named values: the hints that the person may see and decide."""
    seen = [flag_id for flag_id, code in verdicts(user, night).items() if code is None]
    return f"{flag}.flag_id in (select unnest(cast($seen_flags as varchar[])))", {"seen_flags": seen}


def refuse_flag(user: User, night: Night, flag: Mapping[str, Any] | str) -> None:
    """Raise Refused, with its reason, where the person may not see or decide this hint, or where there is none.

    flag : its row of the night's red_flag, or its flag_id.
    """
    flag_id = flag if isinstance(flag, str) else flag["flag_id"]
    if user.role not in AREA_ROLES:
        raise Refused(ROLE, _("Your role does not see single hints."))
    if missing(night):
        raise Refused(
            NIGHT,
            _("This night does not publish %(tables)s, so nobody can say who may see its hints. Run the night again.")
            % {"tables": ", ".join(missing(night))},
        )
    refuse_stranger(user, night)
    code = verdicts(user, night).get(flag_id, HIDDEN)
    if code is not None:
        told = code if code == AREA else HIDDEN
        raise Refused(told, why(told))


def refuse_stranger(user: User, night: Night) -> None:
    """Raise Refused, for every hint, where the records do not know who the person himself is."""
    if _is_stranger(user, _later(night) or night):
        raise Refused(
            STRANGER,
            _(
                "Tonight's records do not know the officer that your account names, so nobody can say which hints are about "
                "yourself or your own. Ask whoever runs the desk to set it right."
            ),
        )


def why(code: str) -> str:
    """The reason of a refusal, for its reader: he does not learn from it that there is a hint about himself or his own."""
    return {
        AREA: _("This hint lies outside your area."),
        HIDDEN: _(
            "There is no such hint, or it is not for you: hints about yourself, about your own station and about firms of "
            "relatives whom you declared are read and decided by others."
        ),
    }[code]


def verdicts(user: User, night: Night) -> dict[str, str | None]:
    """Every hint of the night: the code of its refusal to this person, or None where he may see it."""
    later = _later(night)
    if user.role not in AREA_ROLES or missing(night) or _is_stranger(user, later or night):
        return {}
    hides = settings.DEPLOYMENT.desk_hide_colleagues
    key = (tuple(sorted(user.area)), user.officer_id, hides, later and later.folder)
    kept = _VERDICTS.setdefault(night, {})
    if key not in kept:
        area = institutions_of(user, night)
        found = {
            row["flag_id"]: _code(row, user.officer_id, hides) for row in night.rows(_facts(night), _values(area, user))
        }
        if later:
            known, registers = _registers(later)
            area = (area or frozenset()) & (institutions_of(user, later) or frozenset())
            for row in night.rows(known + _facts(night).removeprefix("with"), _values(area, user) | registers):
                found[row["flag_id"]] = found[row["flag_id"]] or _code(row, user.officer_id, hides)
        kept[key] = found
    return kept[key]


def _later(night: Night) -> Night | None:
    """The current night where a hint is of an earlier one, and the current one has the registers to judge it by."""
    try:
        tonight = current()
    except NoNight:
        return None
    is_other = tonight.folder != night.folder and tonight.as_of >= night.as_of
    return tonight if is_other and REGISTERS <= tonight.tables else None


def _is_stranger(user: User, night: Night) -> bool:
    asked = {"officer_id": user.officer_id}
    if not user.officer_id or "officer" not in night.tables:
        return False
    return night.row("select 1 from officer where officer_id = $officer_id", asked) is None


def _registers(later: Night) -> tuple[str, dict[str, Any]]:
    """The registers of `later` in place of the night's own, as the beginning of a select and its values; whoever and
    whatever `later` does not know any more stands as the night had it."""
    text, values = "with", {}
    for table, columns in (
        ("officer", ("officer_id", "institution_id", "unit_id")),
        ("institution", ("institution_id", "parent_id", "unit_id")),
        ("declared_interest", ("officer_id", "merchant_id")),
    ):
        rows = later.rows(f"select {', '.join(columns)} from {table} order by all")
        values |= {f"{table}_{name}": [row[name] for row in rows] for name in columns}
        told = ", ".join(f"unnest(cast(${table}_{name} as varchar[])) as {name}" for name in columns)
        kept = f"select {', '.join(columns)} from main.{table} where {columns[0]} not in (select {columns[0]} from now_{table})"
        own = f"select {told}"
        text += f" now_{table} as ({own}), {table} as (select * from now_{table}"
        text += "), " if table == "declared_interest" else f" union all {kept}),"
    return text, values


def _code(row: dict[str, Any], officer_id: str, hides_colleagues: bool) -> str | None:
    if not row["is_in_area"]:
        return AREA
    if not officer_id:
        return None
    if row["is_self"]:
        return SELF
    if row["is_unplaced"]:
        return UNPLACED
    if hides_colleagues and row["is_colleague"]:
        return COLLEAGUE
    return INTEREST if row["is_interest"] else None


FACTS = """
with concerned as (
    select flag_id, subject_id as officer_id from red_flag where subject_kind = 'officer'
    union select flag_id, split_part(subject_id, '|', 1) from red_flag where subject_kind = 'pair'
    union select flag_id, officer_id from flag_officer
), unit_of as (
    select flag_id, officer.institution_id, officer.unit_id from red_flag
    join concerned using (flag_id) join officer using (officer_id)
    where subject_kind in ('officer', 'pair')
    union select flag_id, institution_id, unit_id from red_flag
    join institution on institution_id = subject_id where subject_kind = 'institution'
    union select flag_id, institution.institution_id, unit_id from red_flag join flag_record using (flag_id)
    join institution on institution.institution_id = flag_record.institution_id
    where subject_kind = 'case' and record_id = subject_id
), merchant_of as (
    select flag_id, merchant_id from flag_record where merchant_id is not null
    union select flag_id, merchant_id from flag_contact
    union select flag_id, split_part(subject_id, '|', 2) from red_flag where subject_kind = 'pair'
    union select flag_id, record_id from flag_evidence where "table" = 'merchant'
), own_unit as (
    select unit_id from officer where officer_id = $officer_id
)
select
    flag_id,
    flag_id in (
        select flag_id from unit_of
        where list_contains($area, unit_of.institution_id) or list_contains($area, unit_of.unit_id)
    ) as is_in_area,
    flag_id in (select flag_id from concerned where officer_id = $officer_id) as is_self,
    subject_kind = 'case' and flag_id not in (select flag_id from concerned) as is_unplaced,
    flag_id in (
        select flag_id from concerned join officer using (officer_id)
        where officer_id <> $officer_id and unit_id in (select unit_id from own_unit)
        union select flag_id from unit_of where unit_id in (select unit_id from own_unit)
    ) as is_colleague,
    flag_id in (
        select flag_id from merchant_of
        where merchant_id in (select merchant_id from declared_interest where officer_id = $officer_id)
        {interest}
    ) as is_interest
from red_flag
order by flag_id
"""


TOLD_INTEREST = "union select flag_id from flag_interest where officer_id = $officer_id"
"""What a night tells of interests in the merchants of a hint's evidence; nights before it told none."""


def _facts(night: Night) -> str:
    # of a hint that rests on complaints no merchant is published, only whose relative stands behind one
    return FACTS.lstrip().replace("{interest}", TOLD_INTEREST if "flag_interest" in night.tables else "")


def _values(area: Iterable[str] | None, user: User) -> dict[str, Any]:
    return {"area": sorted(area or ()), "officer_id": user.officer_id}
