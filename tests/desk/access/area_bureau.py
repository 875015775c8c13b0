"""A bureau by hand for the rules: a root, two stations, one of them renamed, a team below it, and hints of every kind.

bureau
├── north (once called old-north)
│   └── north-team
└── south
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.desk.small_night import write_night

INSTITUTIONS = [
    ("bureau", None, "bureau", "bureau"),
    ("north", "bureau", "station", "north"),
    ("old-north", "bureau", "station", "north"),
    ("north-team", "north", "team", "north-team"),
    ("south", "bureau", "station", "south"),
]
OFFICERS = {
    "N1": ("north", "north"),
    "N2": ("old-north", "north"),
    "T1": ("north-team", "north-team"),
    "S1": ("south", "south"),
    "S2": ("south", "south"),
    "B1": ("bureau", "bureau"),
}
FLAGS = {
    "about-N1": ("officer", "N1"),
    "about-N2": ("officer", "N2"),
    "about-T1": ("officer", "T1"),
    "about-S1": ("officer", "S1"),
    "pair-S2": ("pair", "S2|M-kin"),
    "about-north": ("institution", "north"),
    "case-south": ("case", "C1"),
    "about-gone": ("officer", "X9"),
}
BEHIND = [("about-T1", "patrol", "P1", "M-kin", None), ("case-south", "penalty", "C1", "M1", "south")]
MET = [("about-N1", "M-kin")]
ACTED = [("case-south", "S1"), ("case-south", "B1")]
INTERESTS = [("S1", "M-kin")]
TOLD_INTERESTS = [("about-N2", "B1")]


def write_area_night(home: Path, **more: Any) -> Path:
    """Publish the bureau's night; its folder."""
    flags = [_flag(flag_id, kind, subject) for flag_id, (kind, subject) in FLAGS.items()]
    alone = [(flag_id, subject) for flag_id, (kind, subject) in FLAGS.items() if kind == "officer"]
    tables = {
        "institution": [
            {
                "institution_id": name,
                "name": name,
                "kind": kind,
                "parent_id": parent,
                "unit_id": unit,
                "officer_count": 1,
            }
            for name, parent, kind, unit in INSTITUTIONS
        ],
        "officer": [
            {"officer_id": name, "name": f"name of {name}", "institution_id": at, "unit_id": unit, "is_serving": True}
            for name, (at, unit) in OFFICERS.items()
        ],
        "red_flag": flags,
        "flag_officer": [
            {"flag_id": flag, "officer_id": officer} for flag, officer in [*alone, ("pair-S2", "S2"), *ACTED]
        ],
        "flag_record": [
            {"flag_id": flag, "table": table, "record_id": record, "merchant_id": merchant, "institution_id": at}
            for flag, table, record, merchant, at in BEHIND
        ],
        "flag_contact": [
            {"flag_id": flag, "merchant_id": merchant, "kind": "visit", "table": "patrol", "record_id": "P9"}
            for flag, merchant in MET
        ],
        "flag_interest": [{"flag_id": flag, "officer_id": officer} for flag, officer in TOLD_INTERESTS],
        "declared_interest": [
            {"officer_id": officer, "merchant_id": merchant, "relation": "manager"} for officer, merchant in INTERESTS
        ],
    }
    return write_night(home, tables, **more)


def _flag(flag_id: str, kind: str, subject: str) -> dict[str, Any]:
    return {"flag_id": flag_id, "flag_key": flag_id, "subject_kind": kind, "subject_id": subject, "family": "leniency"}
