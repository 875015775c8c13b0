"""The frozen pool of a draw: its one canonical text, made from a published night and read back.

The text is UTF-8 with LF, comma-separated, without quotes: a header, then one line each, in the order of their bytes
(`LC_ALL=C sort`), so that the order of rows wherever they come from changes nothing. Columns: COLUMNS. Lines by kind:

    rule       name, value                                officers_per_object; certificate_valid_on, a day; and what the
                                                          draw was committed with: see COMMITTED
    stratum    name, value                                a class or a special task, and ten-thousandths to be drawn of it
    object     name, merchant_id, institution_id          its stratum, and whose officers are drawn for it: an institution,
                                                          or, with a + behind it, that one and all below it
    officer    officer_id, value                          certificate valid to, a day; empty: none that counts is known
    serves     officer_id, institution_id                 is drawn for the objects of this institution, or of this one with +
    recusal    merchant_id, officer_id                    must not meet: approved recusal, or a declared relative's firm
    last_crew  merchant_id, officer_id                    went there after the object's last draw

No name of a person or a firm is in it, and nothing of who complained. Whatever the draw depends on besides the public
number is in it, the ratios too: its hash commits to all of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

COLUMNS = ("kind", "name", "merchant_id", "officer_id", "institution_id", "value")
HEADER = ",".join(COLUMNS)
FORBIDDEN = frozenset(',;":\r\n')
"""Characters that an identifier must not hold: they part fields, or what is hashed."""

NAMED = {
    "rule": ("name", "value"),
    "stratum": ("name", "value"),
    "object": ("name", "merchant_id", "institution_id"),
    "officer": ("officer_id",),
    "serves": ("officer_id", "institution_id"),
    "recusal": ("merchant_id", "officer_id"),
    "last_crew": ("merchant_id", "officer_id"),
}
"""The columns that each kind of line must fill; of an officer, value may be filled too. All others are empty."""

COMMITTED = {
    "draw_id": "identifier of the draw",
    "task": "special task; no such line: by class",
    "as_of": "published night that it was made from",
    "committed_at": "moment of the commit, as 20260701T090000+0800",
    "night_sha256": "hash of that night's manifest",
    "policy_sha256": "hash of the policy",
    "code_sha256": "hash of the program",
    "number_source": "which public number it will be",
    "number_form": "that number with every digit as 0, such as 00 00 00 (models/draw/lot.py, step 2)",
    "announced_on": "day on which that number comes out, after the day of the commit",
}
"""Rules that every draw of the program has besides the two that the function needs: inside the hash nobody changes them."""
RULES = frozenset({"officers_per_object", "certificate_valid_on", *COMMITTED})


class PoolUnreadable(ValueError):
    """A text is no pool in its canonical form."""


@dataclass(frozen=True)
class DrawPool:
    """What a draw is made from.

    strata : ten-thousandths by name. objects : merchant -> (stratum, institution). officers : officer -> day the
    certificate is valid to, empty where none counts. serves : (officer, institution). recusals : (merchant, officer).
    last_crews : by merchant. committed : value by name, of COMMITTED.
    """

    officers_per_object: int
    certificate_valid_on: str
    strata: Mapping[str, int]
    objects: Mapping[str, tuple[str, str]]
    officers: Mapping[str, str]
    serves: frozenset[tuple[str, str]]
    recusals: frozenset[tuple[str, str]] = frozenset()
    last_crews: Mapping[str, frozenset[str]] = field(default_factory=dict)
    committed: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The canonical text. Raises ValueError, naming it, where an identifier holds a forbidden character."""
        rows = [
            ("rule", "officers_per_object", "", "", "", str(self.officers_per_object)),
            ("rule", "certificate_valid_on", "", "", "", self.certificate_valid_on),
            *(("rule", name, "", "", "", value) for name, value in self.committed.items() if value),
            *(("stratum", name, "", "", "", str(share)) for name, share in self.strata.items()),
            *(("object", name, merchant, "", place, "") for merchant, (name, place) in self.objects.items()),
            *(("officer", "", "", officer, "", valid_to) for officer, valid_to in self.officers.items()),
            *(("serves", "", "", officer, place, "") for officer, place in self.serves),
            *(("recusal", "", merchant, officer, "", "") for merchant, officer in self.recusals),
            *(
                ("last_crew", "", merchant, officer, "", "")
                for merchant, crew in self.last_crews.items()
                for officer in crew
            ),
        ]
        for row in rows:
            for value in row:
                if FORBIDDEN.intersection(value) or value != value.strip():
                    raise ValueError(
                        f"the pool of a draw cannot hold {value!r}: no comma, semicolon, quote, colon or line end"
                    )
        return canonical(",".join(row) for row in rows)


def canonical(lines: Iterable[str]) -> str:
    """The lines under the header, in the order of their bytes."""
    return "\n".join([HEADER, *sorted(lines, key=str.encode)]) + "\n"


def sha256(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes in hexadecimal; of a pool's text it is published before the number is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_pool(text: str) -> DrawPool:
    """The pool of a canonical text. Raises PoolUnreadable, naming the line, where it is not in the canonical form."""
    lines = text.split("\n")
    if lines[0] != HEADER or lines[-1] != "" or canonical(lines[1:-1]) != text:
        raise PoolUnreadable(
            "the pool is not in its canonical form (header, UTF-8, LF, lines in the order of their bytes)"
        )
    found: dict[str, list[dict[str, str]]] = {kind: [] for kind in NAMED}
    for number, line in enumerate(lines[1:-1], start=2):
        values = dict(zip(COLUMNS, line.split(","), strict=False))
        filled = {name for name in COLUMNS[1:] if values.get(name)}
        needed = set(NAMED.get(values["kind"], ()))
        may = needed | ({"value"} if values["kind"] == "officer" else set())
        if (
            line.count(",") != len(COLUMNS) - 1
            or not needed
            or not needed <= filled <= may
            or line == lines[number - 2]
        ):
            raise PoolUnreadable(f"line {number} of the pool is none: {line}")
        found[values["kind"]].append(values)
    rules = _once((row["name"], row["value"]) for row in found["rule"])
    if set(rules) - RULES:
        raise PoolUnreadable(f"the pool has a rule that no draw knows: {min(set(rules) - RULES)}")
    crews: dict[str, set[str]] = {}
    for row in found["last_crew"]:
        crews.setdefault(row["merchant_id"], set()).add(row["officer_id"])
    unknown = {row["name"] for row in found["object"]} - {row["name"] for row in found["stratum"]}
    if unknown:
        raise PoolUnreadable(f"the pool has objects of a stratum without a share: {min(unknown)}")
    nameless = {row["officer_id"] for row in found["serves"]} - {row["officer_id"] for row in found["officer"]}
    if nameless:
        raise PoolUnreadable(f"the pool has no officer line of {min(nameless)}, who serves somewhere")
    try:
        return DrawPool(
            officers_per_object=int(rules["officers_per_object"]),
            certificate_valid_on=rules["certificate_valid_on"],
            strata=_once((row["name"], int(row["value"])) for row in found["stratum"]),
            objects=_once((row["merchant_id"], (row["name"], row["institution_id"])) for row in found["object"]),
            officers=_once((row["officer_id"], row["value"]) for row in found["officer"]),
            serves=frozenset((row["officer_id"], row["institution_id"]) for row in found["serves"]),
            recusals=frozenset((row["merchant_id"], row["officer_id"]) for row in found["recusal"]),
            last_crews={merchant: frozenset(crew) for merchant, crew in crews.items()},
            committed={name: value for name, value in rules.items() if name in COMMITTED},
        )
    except (KeyError, ValueError) as error:
        raise PoolUnreadable(f"the pool lacks or repeats something: {error}") from error


def _once(pairs: Iterable[tuple]) -> dict:
    found: dict = {}
    for key, value in pairs:
        if key in found:
            raise PoolUnreadable(f"the pool names {key} twice")
        found[key] = value
    return found
