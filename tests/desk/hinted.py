"""Hints about officers of a small bureau, by hand, with all that a dossier shows of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.desk.small_night import NIGHT

HINT, OWN = "F-000001", "F-000002"
"""A hint about OF002 of station S1, and one about OF003 of station S2."""
HOSTILE = "<b>bold</b> & 'quoted'"
"""A merchant's name that a page must show and never obey."""


def hint(flag_id: str, officer_id: str, **more: Any) -> dict[str, Any]:
    """One row of red_flag: lenient decisions, strong unless told otherwise."""
    return {
        "flag_id": flag_id,
        "flag_key": f"key-{flag_id}",
        "subject_kind": "officer",
        "subject_id": officer_id,
        "family": "leniency",
        "strength": "strong",
        "window_start_on": date(2025, 7, 1),
        "window_end_on": NIGHT,
        "statistic_name": "odds_ratio",
        "statistic": 4.2,
        "observed": 18.0,
        "expected": 7.5,
        "interval_low": 2.1,
        "interval_high": 8.0,
        "exposure_count": 40,
        "exposure_unit": "decision",
        "peer_group": "case_handling",
        "peer_count": 9,
        "peer_median": 1.0,
        "p_value": 0.001,
        "q_value": 0.01,
        "is_lasting": True,
        "summary_zh": "处罚明显轻于同类",
        "summary_en": "fines well below those of comparable cases",
        **more,
    }


def evidence(flag_id: str, number: int) -> dict[str, list[dict[str, Any]]]:
    """A decided case behind the hint, with its facts, one comparable case and one contact."""
    case_id, day = f"C{number}", date(2026, 1, number)
    fine = {"statutory_min_yuan": 1000.0, "statutory_max_yuan": 10000.0, "outcome": "fined", "fine_yuan": 1100.0}
    compared = {"compared_case_id": f"D{number}", "institution_id": "S3", "decided_on": day, "position": 0.44}
    told = {"detail_zh": "办结:罚款", "detail_en": "case ended: fined"}
    return {
        "flag_evidence": [
            {
                "flag_id": flag_id,
                "table": "penalty",
                "record_id": case_id,
                "weight": 0.5,
                "note_zh": "从轻",
                "note_en": "lenient",
            }
        ],
        "flag_record": [
            {
                "flag_id": flag_id,
                "table": "penalty",
                "record_id": case_id,
                "happened_on": day,
                "merchant_id": "M1",
                "institution_id": "S1",
                "role": "led",
                **fine,
            }
        ],
        "comparable_case": [
            {"flag_id": flag_id, "record_id": case_id, "nearness_rank": 1, **compared, **fine, "fine_yuan": 5000.0}
        ],
        "flag_contact": [
            {
                "flag_id": flag_id,
                "merchant_id": "M1",
                "happened_on": day,
                "kind": "case_decided",
                "table": "penalty",
                "record_id": case_id,
                "is_evidence": True,
                **told,
            }
        ],
    }


def dossier_of(flag_id: str, officer_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every table that a dossier reads, for one hint."""
    made: dict[str, list[dict[str, Any]]] = {"red_flag": [hint(flag_id, officer_id)]}
    for number in (1, 2):
        for name, rows in evidence(flag_id, number).items():
            made.setdefault(name, []).extend(rows)
    reason = {"flag_id": flag_id, "model": "officer", "record_id": "", "base_value": 0.1, "raw_score": 0.9}
    peer = {"flag_id": flag_id, "exposure_count": 40, "observed": 8.0, "expected": 7.5}
    return made | {
        "flag_reason": [
            {**reason, "feature": "leniency_index", "value": 4.2, "contribution": 0.6},
            {**reason, "feature": "hot_post_tenure_index", "value": 5.0, "contribution": 0.2},
        ],
        "flag_counter_evidence": [
            {
                "flag_id": flag_id,
                "code": "case_mix",
                "verdict": "not_supported",
                "detail_zh": "案件构成与同类相同",
                "detail_en": "the cases are of the same kinds",
                "score_without": 3.9,
            }
        ],
        "flag_peer": [{**peer, "peer_number": number, "statistic": 1.0 + 3.2 * (number == 0)} for number in range(9)],
        "flag_officer": [{"flag_id": flag_id, "officer_id": officer_id}],
    }


def hints() -> dict[str, list[dict[str, Any]]]:
    """Tables of both hints, and the merchant behind them."""
    first, second = dossier_of(HINT, "OF002"), dossier_of(OWN, "OF003")
    made = {name: rows + second[name] for name, rows in first.items()}
    return made | {"merchant": [{"merchant_id": "M1", "name": HOSTILE, "institution_id": "S1"}]}
