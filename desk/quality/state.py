"""The state of a night for whoever runs it: from its manifest, and from the tables that speak of no person."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from desk.published.night import Night

LONGEST_STEPS = 15
"""Steps told one by one; the others take seconds together."""

QUARANTINED = """
select "table", regexp_extract(reasons, '^([a-z_]+):', 1) as rule, regexp_extract(reasons, '^[a-z_]+: ([a-z_]+)', 1) as cell,
    count(*) as row_count
from quarantine
group by all
order by row_count desc, "table", rule, cell
"""

MOVED = """
select * from drift where status in ('shifted', 'watch')
order by status, abs(value) desc nulls last, population, measure, feature
"""

NOT_COMPUTABLE = "select family, reason_zh, reason_en from not_computable where subject_kind = 'bureau' order by family"


def deliveries(night: Night) -> list[dict[str, Any]]:
    """Each delivery with its rows summed over its tables: rows_in = kept + quarantined + collapsed + refused."""
    told = []
    for delivery in night.manifest["deliveries"]:
        counts = list(delivery["tables"].values())
        sums = {name: sum(count[name] for count in counts) for name in ROWS}
        told.append({**delivery, **sums, "file_count": len(delivery["files"])})
    return told


ROWS = ("rows_in", "kept", "quarantined", "collapsed", "refused")
"""Counts of an intake."""


def warnings(night: Night) -> list[str]:
    """Warnings of the night's checks, without the record that each names first: it may be about a person."""
    return [re.sub(r", the first: [^;)]*", "", warning) for warning in night.manifest["checks"]["warnings"]]


def tables(night: Night) -> list[dict[str, Any]]:
    """Rows by table over all deliveries, in the order of names."""
    sums: dict[str, dict[str, int]] = {}
    for delivery in night.manifest["deliveries"]:
        for name, count in delivery["tables"].items():
            known = sums.setdefault(name, dict.fromkeys(ROWS, 0))
            for kind in ROWS:
                known[kind] += count[kind]
    return [{"name": name, **sums[name]} for name in sorted(sums)]


def steps(night: Night) -> dict[str, Any]:
    """Seconds of the night's steps: `told`, the longest with their share of the longest; `rest`; `total`."""
    ordered = sorted(night.manifest["steps"], key=lambda step: (-step["seconds"], step["name"]))
    longest = max((step["seconds"] for step in ordered), default=0)
    told = [{**step, "part": step["seconds"] / longest if longest else 0} for step in ordered[:LONGEST_STEPS]]
    rest = ordered[LONGEST_STEPS:]
    return {
        "told": told,
        "rest_count": len(rest),
        "rest_seconds": sum(step["seconds"] for step in rest),
        "total_seconds": sum(step["seconds"] for step in ordered),
    }


def models(night: Night) -> list[dict[str, Any]]:
    """Each model: since when, how old in days on the night, whether a newer one was held against it, and its card."""
    told = []
    for name, model in night.manifest["versions"]["models"].items():
        card = night.paper(f"{name}_card.json")
        trained_on = date.fromisoformat(model["trained_on"]) if model else None
        told.append(
            {
                "name": name,
                "model": model,
                "days": (night.as_of - trained_on).days if trained_on else None,
                "card": card,
                "pooled": card and card.get("pooled"),
            }
        )
    return told
