"""What rules a family of hints rests on: the lines that a dossier shows beside it."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.policy.dated import Dated, Strict


class Statute(Strict):
    """One line of law: the rule with its article, and what it says, in Chinese and in English.

    in_force_from : its first day. checked : V, the full text or an official page was read; V2, a secondary page; K, not
    checked; D, the bureau's own.
    """

    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    says_zh: str = Field(min_length=1)
    says_en: str = Field(min_length=1)
    in_force_from: date
    checked: str = Field(pattern="^(V|V2|K|D)$")


class StatutePolicy(Dated):
    """The statutes by name, and of each family the names of those it rests on, most specific first. Raises ValueError for
    a family that names a statute which is not there."""

    statute: dict[str, Statute]
    family: dict[str, tuple[str, ...]]

    def model_post_init(self, _context: object) -> None:
        """Refuse a name that stands for nothing, and a family without a line."""
        for family, names in self.family.items():
            unknown = [name for name in names if name not in self.statute]
            if unknown or not names:
                raise ValueError(f"family {family} names {unknown or 'no statute'}; give it statutes that are listed")

    def of(self, family: str, day: date) -> tuple[Statute, ...]:
        """The lines of a family that are in force on a day; none where the family is not listed."""
        named = (self.statute[name] for name in self.family.get(family, ()))
        return tuple(statute for statute in named if statute.in_force_from <= day)
