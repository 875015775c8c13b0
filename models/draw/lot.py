"""The double-random draw (双随机): who is inspected and by whom, as a function of a frozen pool and a public number.

Anybody can repeat it in any language, with nothing but SHA-256. All hashes are taken of UTF-8 bytes and written as 64
lower-case hexadecimal digits; + joins texts; texts are compared byte by byte.

1. pool_sha256 = SHA-256 of the bytes of pool.csv (its form: models/draw/pool.py). It is published first.
2. seed = SHA-256(pool_sha256 + ":" + number). The number is what was announced in Unicode's form NFKC (a full-width digit
   becomes a plain one), of which only the runs of the digits 0 to 9 are kept, joined by one blank: "08,15,23" is 08 15 23.
   Where the pool has the rules number_source, number_form and announced_on, it is the number that number_source names, it
   has number_form when every digit of it is written as 0 (081523 and 8 15 23 have not 00 00 00), and no seed is taken
   before the day announced_on. So there is one seed, however somebody writes the number down.
3. The ticket of an object is SHA-256(seed + ":object:" + merchant_id). Of a stratum with n objects and a share of s
   ten-thousandths, the k objects with the smallest tickets are drawn, k = (n x s + 9999) div 10000, that is n x s / 10000
   rounded up: rounding down would leave small classes never drawn and the share below what the policy asks; of no object
   none is drawn.
4. Drawn objects are in the order of their stratum's name, and within it of their tickets.
5. In that order each object gets its officers. Those who may be drawn have a serves line with the object's institution_id,
   a certificate valid to a day not before certificate_valid_on, and no recusal line with the object. The ticket of an
   officer for an object is SHA-256(seed + ":officer:" + merchant_id + ":" + officer_id); smallest first. Crews of
   officers_per_object are tried as nested loops name them: first with second, first with third, ... second with third,
   ... The first is taken that is neither the crew drawn last before for the same institution_id nor the object's last_crew.
6. Where there is none the object is drawn all the same, without officers, and the reason is told: NO_CREW (too few who are
   certified and not recused) or SAME_CREW (only crews that would go twice in a row).

Tickets depend on nothing but the seed and identifiers, so every object of a stratum has the same chance, and the order
of rows has no say. Nobody can choose a pool to suit the number, which comes after the pool's hash, nor the other way round.

Source: 优化营商环境条例 Art 54; 行政处罚法 Art 42 (two officers), Art 43 (recusal); DOMAIN.md 1.1 (#17, #18), 2.7.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from models.draw.pool import DrawPool, sha256
from models.policy.draws import WHOLE

NO_CREW, SAME_CREW = "no_certified_unrecused_crew", "only_crew_twice_in_a_row"
REASONS = {
    NO_CREW: ("没有足够的持证且无须回避的人员", "no certified, unrecused pair left"),
    SAME_CREW: ("只剩连续两次相同的人员组合", "only a pair that would go twice in a row is left"),
}
"""Why an object was drawn without officers, in Chinese and English."""

DRAWN_COLUMNS = ("position", "stratum", "merchant_id", "ticket", "officer_ids", "reason")


@dataclass(frozen=True)
class Drawn:
    """One drawn object: its place in the order from 1, its ticket, its officers in the order of theirs, or why it has none."""

    position: int
    stratum: str
    merchant_id: str
    ticket: str
    officer_ids: tuple[str, ...]
    reason: str = ""

    def line(self) -> str:
        """Its line of drawn.csv; several officers are joined by semicolons."""
        fields = (
            str(self.position),
            self.stratum,
            self.merchant_id,
            self.ticket,
            ";".join(self.officer_ids),
            self.reason,
        )
        return ",".join(fields)


def plain_number(number: str) -> str:
    """Step 2: the public number as it is hashed. Raises ValueError where it has no digit."""
    runs = re.findall("[0-9]+", unicodedata.normalize("NFKC", number))
    if not runs:
        raise ValueError("the public number is blank or has no digit; give it as it was announced")
    return " ".join(runs)


def number_form(number: str) -> str:
    """Step 2: the form of a public number, every digit as 0. Raises ValueError where it has no digit."""
    return re.sub("[0-9]", "0", plain_number(number))


def seed_of(pool_sha256: str, number: str) -> str:
    """Step 2: the seed of a pool and a public number. Raises ValueError where the number has no digit."""
    return sha256(f"{pool_sha256}:{plain_number(number)}")


def drawn_count(count: int, share: int) -> int:
    """Of so many objects at so many ten-thousandths, how many are drawn: never fewer than the share."""
    return (count * share + WHOLE - 1) // WHOLE


def drawn_objects(pool: DrawPool, seed: str) -> list[tuple[str, str, str]]:
    """Steps 3 and 4: stratum, ticket and merchant_id of every drawn object, in their order."""
    tickets: dict[str, list[tuple[str, str]]] = {name: [] for name in pool.strata}
    for merchant, (stratum, _place) in pool.objects.items():
        tickets[stratum].append((sha256(f"{seed}:object:{merchant}"), merchant))
    return [
        (stratum, ticket, merchant)
        for stratum in sorted(tickets)
        for ticket, merchant in sorted(tickets[stratum])[: drawn_count(len(tickets[stratum]), pool.strata[stratum])]
    ]


def draw(pool: DrawPool, seed: str) -> list[Drawn]:
    """Steps 3 to 6: every drawn object with its officers, in the order of the draw."""
    certified: dict[str, list[str]] = {}
    for officer, place in pool.serves:
        valid_to = pool.officers[officer]
        if valid_to and valid_to >= pool.certificate_valid_on:
            certified.setdefault(place, []).append(officer)
    last: dict[str, frozenset[str]] = {}
    found = []
    for position, (stratum, ticket, merchant) in enumerate(drawn_objects(pool, seed), start=1):
        place = pool.objects[merchant][1]
        free = [officer for officer in certified.get(place, []) if (merchant, officer) not in pool.recusals]
        ordered = sorted(free, key=lambda officer, at=merchant: (sha256(f"{seed}:officer:{at}:{officer}"), officer))
        barred = {last.get(place), pool.last_crews.get(merchant)}
        crew = next(
            (each for each in combinations(ordered, pool.officers_per_object) if frozenset(each) not in barred), ()
        )
        reason = "" if crew else NO_CREW if len(free) < pool.officers_per_object else SAME_CREW
        found.append(Drawn(position, stratum, merchant, ticket, crew, reason))
        if crew:
            last[place] = frozenset(crew)
    return found


def drawn_text(drawn: Sequence[Drawn]) -> str:
    """drawn.csv of a draw: DRAWN_COLUMNS, UTF-8, LF."""
    return "\n".join([",".join(DRAWN_COLUMNS), *(each.line() for each in drawn)]) + "\n"


def read_drawn(text: str) -> list[Drawn]:
    """What drawn.csv says. Raises ValueError, naming the line, where it is no such file."""
    lines = text.split("\n")
    if lines[0] != ",".join(DRAWN_COLUMNS) or lines[-1] != "":
        raise ValueError("drawn.csv does not begin with its header and end with a line end")
    found = []
    for number, line in enumerate(lines[1:-1], start=2):
        fields = line.split(",")
        if len(fields) != len(DRAWN_COLUMNS) or not fields[0].isdecimal():
            raise ValueError(f"drawn.csv: line {number} is none: {line}")
        position, stratum, merchant, ticket, officers, reason = fields
        found.append(Drawn(int(position), stratum, merchant, ticket, tuple(filter(None, officers.split(";"))), reason))
    return found
