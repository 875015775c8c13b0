"""Substitutions by hand after a draw: a list that only grows, each line chained to the one before.

substitution.csv has COLUMNS. The last field of a line is the SHA-256 of the text of the line before that field and its
comma; one of the fields is the hash of the line before, of the first line that of drawn.csv. Whoever removes or changes a line
breaks the chain behind it; of the last line, its hash was printed and random_draw.csv holds the place that was given.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from models.draw.lot import Drawn, sha256
from models.draw.pool import DrawPool


@dataclass(frozen=True)
class Substitution:
    """One officer in place of another; `replaced_officer_id` is empty where an object had none. by : role or staff number."""

    number: int
    merchant_id: str
    replaced_officer_id: str
    officer_id: str
    reason_code: str
    reason: str
    by: str
    substituted_at: str
    previous_sha256: str

    def head(self) -> str:
        """The hash of this line."""
        return sha256(_line(astuple(self)))


COLUMNS = (*(field.name for field in fields(Substitution)), "sha256")
HEADER = ",".join(COLUMNS) + "\n"


class Refused(ValueError):
    """A substitution that is not allowed; the sentence says why."""


def substitution_line(substitution: Substitution) -> str:
    """Its line of substitution.csv, with its hash and a line end."""
    return f"{_line(astuple(substitution))},{substitution.head()}\n"


def read_substitutions(text: str, first_sha256: str) -> tuple[list[Substitution], list[tuple[str, str]]]:
    """The substitutions of a file, and what is wrong with its chain, in Chinese and English.

    first_sha256 : hash that the first line must name, that of drawn.csv.
    """
    found: list[Substitution] = []
    wrong: list[tuple[str, str]] = []
    lines = text.split("\n")
    if lines[0] + "\n" != HEADER or lines[-1] != "":
        return [], [
            (
                "substitution.csv的表头或末行不符",
                "substitution.csv does not begin with its header and end with a line end",
            )
        ]
    before = first_sha256
    for number, line in enumerate(lines[1:-1], start=1):
        values = next(csv.reader([line]))
        if len(values) != len(COLUMNS) or not values[0].isdecimal():
            wrong.append((f"substitution.csv第{number}条无法读取", f"substitution.csv: line {number} cannot be read"))
            continue
        each = Substitution(int(values[0]), *values[1:-1])
        if each.head() != values[-1]:
            wrong.append((f"替换记录{each.number}被改动", f"substitution {each.number} was changed"))
        elif each.previous_sha256 != before or each.number != number:
            wrong.append(
                (
                    f"替换记录{each.number}之前有记录被删除或改动",
                    f"a substitution before number {each.number} was removed or changed",
                )
            )
        before = values[-1]
        found.append(each)
    return found, wrong


def assigned(drawn: Sequence[Drawn], substitutions: Sequence[Substitution]) -> dict[str, list[str]]:
    """Who goes to each drawn object after the substitutions, by merchant."""
    crews = {each.merchant_id: list(each.officer_ids) for each in drawn}
    for each in substitutions:
        crew = crews.setdefault(each.merchant_id, [])
        if each.replaced_officer_id in crew:
            crew.remove(each.replaced_officer_id)
        crew.append(each.officer_id)
    return crews


def refuse_substitution(each: Substitution, pool: DrawPool, crews: dict[str, list[str]]) -> None:
    """Raise Refused where the law or the draw does not allow this substitution."""
    crew = crews.get(each.merchant_id)
    if crew is None:
        raise Refused(f"{each.merchant_id} was not drawn; only drawn objects have officers to substitute")
    if each.replaced_officer_id and each.replaced_officer_id not in crew:
        raise Refused(
            f"{each.replaced_officer_id} does not go to {each.merchant_id}; those who do are {', '.join(crew)}"
        )
    if not each.replaced_officer_id and len(crew) >= pool.officers_per_object:
        raise Refused(f"{each.merchant_id} has its officers; say which of {', '.join(crew)} is replaced")
    if each.officer_id in crew:
        raise Refused(f"{each.officer_id} goes to {each.merchant_id} already")
    if (each.merchant_id, each.officer_id) in pool.recusals:
        raise Refused(f"{each.officer_id} is recused from {each.merchant_id}")
    valid_to = pool.officers.get(each.officer_id, "")
    if not valid_to or valid_to < pool.certificate_valid_on:
        raise Refused(f"{each.officer_id} holds no certificate that is valid on {pool.certificate_valid_on}")
    if not each.reason.strip() or not each.by.strip():
        raise Refused("a substitution needs its reason in words and who made it")


def _line(values: Sequence[object]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow(values)
    return file.getvalue()
