"""Pools for tests of the draw: one by hand, and random ones for laws; and the draw once more, written from its page alone."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from pathlib import Path

from hypothesis import strategies

from models.draw.pool import DrawPool

GOLDEN = (Path(__file__).parent / "golden" / "draw_pool.csv").read_bytes().decode()
NUMBER = "01 02 03 04 05"
VALID, PAST = "2027-01-01", "2026-06-29"


@strategies.composite
def pools(make) -> DrawPool:
    """Two units of up to six officers, some without certificate, up to 25 objects in two strata, recusals and last crews."""
    officers = {
        f"R{number}": make(strategies.sampled_from([VALID, VALID, VALID, PAST, ""]))
        for number in range(make(strategies.integers(1, 12)))
    }
    objects = {
        f"M{number}": (make(strategies.sampled_from(["A", "B"])), make(strategies.sampled_from(["S1", "S2"])))
        for number in range(make(strategies.integers(1, 25)))
    }
    pairs = strategies.tuples(strategies.sampled_from(sorted(objects)), strategies.sampled_from(sorted(officers)))
    crews = strategies.frozensets(strategies.sampled_from(sorted(officers)), min_size=min(2, len(officers)), max_size=2)
    return DrawPool(
        officers_per_object=2,
        certificate_valid_on="2026-06-30",
        strata={name: make(strategies.integers(0, 10_000)) for name in ("A", "B")},
        objects=objects,
        officers=officers,
        serves=frozenset((name, make(strategies.sampled_from(["S1", "S2"]))) for name in officers),
        recusals=frozenset(make(strategies.lists(pairs, max_size=12))),
        last_crews=make(strategies.dictionaries(strategies.sampled_from(sorted(objects)), crews, max_size=6)),
    )


def repeated(pool_text: str, number: str) -> list[tuple[str, list[str]]]:
    """Merchant and officers of every drawn object, from the text of models/draw/lot.py alone: hashlib and a CSV reader."""

    def digest(text: str) -> str:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    rows = list(csv.DictReader(io.StringIO(pool_text)))
    of = {kind: [row for row in rows if row["kind"] == kind] for kind in {row["kind"] for row in rows}}
    rule = {row["name"]: row["value"] for row in of["rule"]}
    plain = " ".join(re.split("[^0-9]+", unicodedata.normalize("NFKC", number))).strip()
    seed = digest(digest(pool_text) + ":" + plain)
    drawn = []
    for stratum in sorted(of["stratum"], key=lambda row: row["name"]):
        own = sorted(
            (digest(f"{seed}:object:{row['merchant_id']}"), row["merchant_id"], row["institution_id"])
            for row in of.get("object", [])
            if row["name"] == stratum["name"]
        )
        drawn += own[: -(-len(own) * int(stratum["value"]) // 10000)]
    valid = {row["officer_id"] for row in of.get("officer", []) if row["value"] >= rule["certificate_valid_on"]}
    recused = {(row["merchant_id"], row["officer_id"]) for row in of.get("recusal", [])}
    found, before = [], {}
    for _ticket, merchant, place in drawn:
        free = [row["officer_id"] for row in of.get("serves", []) if row["institution_id"] == place]
        free = [officer for officer in free if officer in valid and (merchant, officer) not in recused]
        free.sort(key=lambda officer: digest(f"{seed}:officer:{merchant}:{officer}"))
        last = {row["officer_id"] for row in of.get("last_crew", []) if row["merchant_id"] == merchant}
        crew = []
        for first in range(len(free)):
            for second in range(first + 1, len(free)):
                pair = [free[first], free[second]]
                if not crew and set(pair) != last and set(pair) != before.get(place):
                    crew = pair
        if crew:
            before[place] = set(crew)
        found.append((merchant, crew))
    return found
