"""One hint as somebody may read it: found by its id, of tonight or of the last night that told it, or refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desk.access.area import HIDDEN, flags_where, refuse_flag, refuse_stranger, why
from desk.access.refusal import Refused
from desk.published.night import Night, NoNight, current
from desk.review.history import history, night_on


@dataclass(frozen=True)
class Flag:
    """A hint: its row of red_flag, the night that tells it, and whether that is the current one."""

    row: dict[str, Any]
    night: Night
    is_current: bool

    @property
    def key(self) -> str:
        """The same night after night."""
        return self.row["flag_key"]

    @property
    def id(self) -> str:
        """Of its night."""
        return self.row["flag_id"]

    @property
    def officer_id(self) -> str | None:
        """The officer that it is about; None where it is about an institution or a case."""
        if self.row["subject_kind"] in ("officer", "pair"):
            return self.row["subject_id"].split("|")[0]
        return None


def flag_of(user, flag_id: str) -> Flag:
    """The hint of that id, as its key stands on the last night that told it. Raises Refused, with the same reason where no
    night tells such a hint."""
    found = _found(flag_id)
    if found is None:
        refuse_stranger(user, current())
        raise Refused(HIDDEN, why(HIDDEN))
    refuse_flag(user, found.night, found.row)
    return found


def _found(flag_id: str) -> Flag | None:
    night = current()
    row = night.row("select * from red_flag where flag_id = $flag_id", {"flag_id": flag_id})
    if row:
        return Flag(row, night, True)
    told = next((hints for hints in history().values() if any(hint.flag_id == flag_id for hint in hints)), None)
    if told is None:
        return None
    last = told[-1]
    at = night_on(last.as_of)
    row = at.row("select * from red_flag where flag_id = $flag_id", {"flag_id": last.flag_id})
    return Flag(row, at, at is night) if row else None


def seen_by(user, night: Night) -> list[dict[str, Any]]:
    """The rows of red_flag that somebody may see, by flag_id."""
    condition, values = flags_where(user, night)
    return night.rows(f"select * from red_flag where {condition} order by flag_id", values)


def readable(user, flag_keys: Iterable[str]) -> list[Flag]:
    """Of these keys the hints that somebody may see, each as the last night that told it does, and only if he may there."""
    night, keys = current(), set(flag_keys)
    tonight = [Flag(row, night, True) for row in seen_by(user, night) if row["flag_key"] in keys]
    return tonight + of_earlier_nights(user, keys)


def of_earlier_nights(user, flag_keys: Iterable[str]) -> list[Flag]:
    """Of these keys the hints that tonight does not tell any more but an earlier night did, if somebody may see them."""
    told = history()
    tonight = current().as_of
    by_night: dict = {}
    for key in sorted(set(flag_keys)):
        if key in told and told[key][-1].as_of < tonight:
            by_night.setdefault(told[key][-1].as_of, []).append(told[key][-1].flag_id)
    found = []
    for day, flag_ids in sorted(by_night.items()):
        try:
            night = night_on(day)
        except NoNight:
            continue
        condition, values = flags_where(user, night)
        rows = night.rows(
            f"select * from red_flag where ({condition}) and list_contains($wanted_flag_ids, flag_id) order by flag_id",
            {**values, "wanted_flag_ids": flag_ids},
        )
        found += [Flag(row, night, False) for row in rows]
    return found
