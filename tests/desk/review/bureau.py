"""A night by hand for the review: two stations, hints of several kinds about the north, and everything behind one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from desk.review.impression import is_chosen
from tests.desk.small_night import NIGHT, write_night

HOSTILE = "<script>alert(1)</script>'; drop table review_decision; -- =1+1"
COUNTERS = [
    ("few_cases", "not_supported", 0.4),
    ("campaign", "unknown", None),
    ("first_offence", "supported", -0.05),
]


def key_of(name: str, *, chosen: bool) -> str:
    """A flag_key that begins with this name, and is or is not one of those first read blind."""
    return next(key for number in range(1000) if is_chosen(key := f"{name}-{number}") == chosen)


def flag(flag_id: str, key: str, subject: str = "R0001", family: str = "leniency", **more: Any) -> dict[str, Any]:
    """A row of red_flag."""
    row = {
        "flag_id": flag_id,
        "flag_key": key,
        "subject_kind": "pair" if "|" in subject else "officer",
        "subject_id": subject,
        "family": family,
        "strength": "moderate",
        "window_start_on": date(2025, 7, 1),
        "window_end_on": NIGHT,
        "statistic_name": "position_effect",
        "statistic": -0.28,
        "observed": 0.14,
        "expected": 0.42,
        "interval_low": -0.33,
        "interval_high": -0.21,
        "exposure_count": 34,
        "exposure_unit": "decision",
        "peer_group": "S01",
        "peer_count": 7,
        "peer_median": 0.02,
        "p_value": 0.0001,
        "q_value": 0.0004,
        "is_lasting": True,
        "summary_zh": "风险提示:34件决定偏低",
        "summary_en": "Risk hint: 34 decisions lie low",
        "rule_trace": "P(effect < -0.1) = 1.0000, of R0001",
    }
    return row | more


def tables(flags: Sequence[Mapping[str, Any]], **more: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The tables of a night that tells these hints; the first of them has everything behind it."""
    first = flags[0]["flag_id"] if flags else "none"
    fact = {"flag_id": first, "merchant_id": "M1", "institution_id": "S01", "role": "led"}
    made = {
        "institution": [
            {"institution_id": name, "name": title, "kind": kind, "parent_id": parent, "unit_id": name, "officer_count": 2}
            for name, title, kind, parent in [
                ("B00", "局", "bureau", None), ("S01", "北所", "station", "B00"), ("S02", "南所", "station", "B00")
            ]
        ],
        "officer": [
            {"officer_id": name, "name": title, "institution_id": unit, "unit_id": unit, "is_serving": True}
            for name, title, unit in [
                ("R0001", "甲某", "S01"), ("R0002", "乙某", "S01"), ("R0003", "丙某", "S02"), ("R0009", "己某", "B00")
            ]
        ],
        "merchant": [{"merchant_id": "M1", "name": HOSTILE, "kind": "company"}],
        "declared_interest": [{"officer_id": "R0003", "merchant_id": "M1", "relation": "manager"}],
        "red_flag": [dict(row) for row in flags],
        "flag_officer": [
            {"flag_id": row["flag_id"], "officer_id": row["subject_id"].split("|")[0]} for row in flags
        ],
        "flag_evidence": [
            {"flag_id": first, "table": "penalty", "record_id": "A1", "weight": 1.0, "note_zh": HOSTILE, "note_en": HOSTILE},
            {"flag_id": first, "table": "penalty", "record_id": "A2", "weight": 0.5, "note_zh": "第二件", "note_en": "second"},
        ],
        "flag_record": [
            fact | {"table": "penalty", "record_id": "A1", "happened_on": date(2026, 3, 1), "outcome": "fined",
                    "fine_yuan": 300.0, "proposed_fine_yuan": 900.0, "statutory_min_yuan": 200.0,
                    "statutory_max_yuan": 2000.0, "is_first_offence": False},
            fact | {"table": "penalty", "record_id": "A2", "happened_on": date(2026, 1, 1), "outcome": "no_penalty"},
        ],
        "comparable_case": [
            {"flag_id": first, "record_id": "A1", "nearness_rank": 1, "compared_case_id": "Z9", "institution_id": "S02",
             "decided_on": date(2026, 2, 1), "outcome": "fined", "fine_yuan": 1100.0, "statutory_max_yuan": 2000.0,
             "statutory_min_yuan": 200.0, "position": 0.5}
        ],
        "flag_contact": [
            {"flag_id": first, "merchant_id": "M1", "happened_on": NIGHT - timedelta(days=days), "kind": "visit",
             "detail_zh": "检查", "detail_en": "visit", "table": "patrol", "record_id": f"P{days}", "is_evidence": False}
            for days in (10, 400)
        ],
        "flag_peer": [
            {"flag_id": first, "peer_number": number, "exposure_count": 20 + number, "observed": 0.3, "expected": 0.4,
             "statistic": value, "interval_low": value - 0.1, "interval_high": value + 0.1}
            for number, value in enumerate((-0.28, 0.02, 0.05, -0.01))
        ],
        "flag_window": [
            {"flag_id": first, "window_days": days, "exposure_count": days, "observed": 0.1, "expected": 0.4,
             "statistic": -0.3, "interval_low": -0.4, "interval_high": -0.2, "probability": 0.99}
            for days in (91, 365, 730)
        ],
        "flag_counter_evidence": [
            {"flag_id": first, "code": code, "verdict": verdict, "detail_zh": f"检验{code}", "detail_en": f"tested {code}",
             "score_without": without}
            for code, verdict, without in COUNTERS
        ],
        "flag_reason": [
            {"flag_id": first, "model": "officer", "record_id": "R0001", "feature": name, "value": value,
             "contribution": added, "base_value": -2.0, "raw_score": -1.5}
            for name, value, added in [
                ("leniency_index", 0.28, 0.6), ("complainant_load_1y", None, -0.1), ("tip_off_index", 0.0, 0.001),
                ("anomaly_index", None, -0.001)
            ]
        ],
        "feature_label": [
            {"model": "officer", "feature": name, "part": part, "label_zh": f"特征{name}", "label_en": f"feature {name}",
             "unit": "number", "is_confidential": hidden, "peer_median": None if hidden else 0.01,
             "peer_count": None if hidden else 60}
            for name, part, hidden in [
                ("leniency_index", "leniency", False), ("complainant_load_1y", "complaint", True),
                ("tip_off_index", "tip_off", False), ("anomaly_index", "anomaly", False)
            ]
        ],
        "not_computable": [
            {"subject_kind": "officer", "subject_id": "R0001", "family": "process_delay", "reason_zh": "0件案件",
             "reason_en": "0 cases"}
        ],
    }  # fmt: skip
    return made | {name: list(rows) for name, rows in more.items()}


def write_review_night(home: Path, flags: Sequence[Mapping[str, Any]], as_of: date = NIGHT, **more: Any) -> Path:
    """Publish a night that tells these hints; its folder."""
    return write_night(home, tables(flags, **more.pop("tables", {})), as_of, **more)
