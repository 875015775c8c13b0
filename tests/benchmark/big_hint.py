"""Hints, rotation and units of a bureau of the seeds' own size, drawn at random: as many rows as a real night, of no meaning."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow

from tests.benchmark.big_night import OFFICERS, STATIONS, filled
from tests.benchmark.big_rotation import rotation_tables
from tests.desk.small_night import NIGHT

HINTS = 500
EVIDENCE, COMPARED, CONTACTS, PEERS, FEATURES = 20, 10, 120, 350, 40
"""Rows of one hint: records behind it, like cases of each, contacts with its merchants, peers, and features of its reasons."""
QUARTERS = 12
COUNTERS = ("case_mix", "workload", "rule_change", "station_habit", "small_numbers", "data_quality")
FAMILIES = ("leniency", "low_finding_rate", "unfiled_visit", "process_delay", "case_dropped")


def hint_tables(merchants: int) -> dict[str, pyarrow.Table]:
    """What a night publishes of HINTS hints about officers, their records, contacts and peers."""
    draw = np.random.default_rng(20_260_701)
    flag = np.array([f"F-{number:06d}" for number in range(HINTS)])
    officer = np.array([f"R{number % OFFICERS:04d}" for number in range(HINTS)])
    days = np.array([NIGHT - timedelta(days=int(day)) for day in range(1000)])
    case = np.array([f"C{number:06d}" for number in range(HINTS * EVIDENCE)])
    merchant = np.array([f"M{number:07d}" for number in draw.integers(0, merchants, HINTS * EVIDENCE)])
    of_case = np.repeat(flag, EVIDENCE)
    each = {"flag_id": of_case, "table": np.full(len(case), "penalty"), "record_id": case}
    fine = {"statutory_min_yuan": np.full(len(case), 1000.0), "statutory_max_yuan": np.full(len(case), 50000.0)}
    like = len(case) * COMPARED
    said = {"detail_zh": "检查:未发现问题", "detail_en": "visit: nothing found"}
    return {
        "red_flag": filled("red_flag", _flags(draw, flag, officer)),
        "flag_officer": filled("flag_officer", {"flag_id": flag, "officer_id": officer}),
        "flag_evidence": filled(
            "flag_evidence",
            {
                **each,
                "weight": draw.random(len(case)),
                "note_zh": np.full(len(case), "处罚轻于同类"),
                "note_en": np.full(len(case), "lower than like cases"),
            },
        ),
        "flag_record": filled(
            "flag_record",
            {
                **each,
                **fine,
                "happened_on": draw.choice(days, len(case)),
                "merchant_id": merchant,
                "institution_id": np.full(len(case), "S01"),
                "role": np.full(len(case), "led"),
                "outcome": np.full(len(case), "fined"),
                "fine_yuan": draw.uniform(1000, 50000, len(case)),
            },
        ),
        "comparable_case": filled(
            "comparable_case",
            {
                "flag_id": np.repeat(of_case, COMPARED),
                "record_id": np.repeat(case, COMPARED),
                "nearness_rank": np.tile(np.arange(1, COMPARED + 1), len(case)),
                "compared_case_id": np.array([f"D{number:07d}" for number in range(like)]),
                "institution_id": np.full(like, "S02"),
                "decided_on": draw.choice(days, like),
                "outcome": np.full(like, "fined"),
                "fine_yuan": draw.uniform(1000, 50000, like),
                "statutory_min_yuan": np.full(like, 1000.0),
                "statutory_max_yuan": np.full(like, 50000.0),
                "position": draw.random(like),
            },
        ),
        "flag_contact": filled(
            "flag_contact",
            {
                "flag_id": np.repeat(flag, CONTACTS),
                "merchant_id": np.repeat(merchant[::EVIDENCE], CONTACTS),
                "happened_on": draw.choice(days, HINTS * CONTACTS),
                "kind": draw.choice(["visit", "case_filed", "case_decided"], HINTS * CONTACTS),
                "table": np.full(HINTS * CONTACTS, "patrol"),
                "record_id": np.array([f"V{number:07d}" for number in range(HINTS * CONTACTS)]),
                "is_evidence": draw.random(HINTS * CONTACTS) < 0.1,
                **{name: np.full(HINTS * CONTACTS, words) for name, words in said.items()},
            },
        ),
        "flag_peer": filled(
            "flag_peer",
            {
                "flag_id": np.repeat(flag, PEERS),
                "peer_number": np.tile(np.arange(PEERS), HINTS),
                "exposure_count": draw.integers(20, 400, HINTS * PEERS),
                "observed": draw.uniform(1, 40, HINTS * PEERS),
                "expected": draw.uniform(1, 40, HINTS * PEERS),
                "statistic": draw.lognormal(0, 0.4, HINTS * PEERS),
            },
        ),
        "flag_reason": filled(
            "flag_reason",
            {
                "flag_id": np.repeat(flag, FEATURES),
                "model": np.full(HINTS * FEATURES, "officer"),
                "record_id": np.full(HINTS * FEATURES, ""),
                "feature": np.tile([f"feature_{number:02d}" for number in range(FEATURES)], HINTS),
                "value": draw.random(HINTS * FEATURES),
                "contribution": draw.normal(0, 0.2, HINTS * FEATURES),
                "base_value": np.full(HINTS * FEATURES, -2.0),
                "raw_score": np.full(HINTS * FEATURES, 0.5),
            },
        ),
        "flag_counter_evidence": filled(
            "flag_counter_evidence",
            {
                "flag_id": np.repeat(flag, len(COUNTERS)),
                "code": np.tile(COUNTERS, HINTS),
                "verdict": draw.choice(["supported", "not_supported", "unknown"], HINTS * len(COUNTERS)),
                "detail_zh": np.full(HINTS * len(COUNTERS), "已检验"),
                "detail_en": np.full(HINTS * len(COUNTERS), "tested"),
            },
        ),
    }


def _flags(draw: np.random.Generator, flag: np.ndarray, officer: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "flag_id": flag,
        "flag_key": np.char.add("K", flag),
        "subject_kind": np.full(HINTS, "officer"),
        "subject_id": officer,
        "family": draw.choice(FAMILIES, HINTS),
        "strength": draw.choice(["weak", "moderate", "strong"], HINTS),
        "window_start_on": np.full(HINTS, NIGHT - timedelta(days=365)),
        "window_end_on": np.full(HINTS, NIGHT),
        "statistic_name": np.full(HINTS, "odds_ratio"),
        "statistic": draw.lognormal(1, 0.3, HINTS),
        "observed": draw.uniform(5, 40, HINTS),
        "expected": draw.uniform(5, 20, HINTS),
        "exposure_count": draw.integers(20, 400, HINTS),
        "exposure_unit": np.full(HINTS, "decision"),
        "peer_group": np.full(HINTS, "case_handling"),
        "peer_count": np.full(HINTS, PEERS - 1),
        "is_lasting": draw.random(HINTS) < 0.5,
        "summary_zh": np.full(HINTS, "处罚明显轻于同类"),
        "summary_en": np.full(HINTS, "fines well below those of like cases"),
    }


def staffing_tables() -> dict[str, pyarrow.Table]:
    """Rotation of everybody, and twelve quarters of every station."""
    draw = np.random.default_rng(20_260_702)
    quarters = [NIGHT.replace(year=2023 + at // 4, month=1 + 3 * (at % 4), day=1) for at in range(2, 2 + QUARTERS)]
    units = np.array([f"S{number:02d}" for number in range(1, STATIONS + 1)])
    told = STATIONS * QUARTERS
    return {
        **rotation_tables(),
        "unit_aggregate": filled(
            "unit_aggregate",
            {
                "institution_id": np.repeat(units, QUARTERS),
                "scope": np.full(told, "own"),
                "quarter_start_on": np.tile(quarters, STATIONS),
                "is_complete": np.full(told, True),
                "officer_count": np.full(told, 9),
                **{
                    name: draw.random(told)
                    for name in ("finding_share", "severe_share", "fined_share", "visits_per_officer")
                },
            },
        ),
        "coverage": filled(
            "coverage",
            {
                "unit_kind": np.array(["bureau", *["institution"] * STATIONS]),
                "unit_id": np.array(["all", *units]),
                "measure": np.full(STATIONS + 1, "visit_within_cap"),
                "numerator": np.full(STATIONS + 1, 80),
                "denominator": np.full(STATIONS + 1, 100),
                "share": np.full(STATIONS + 1, 0.8),
                "target": np.full(STATIONS + 1, 1.0),
                "is_met": np.full(STATIONS + 1, False),
            },
        ),
    }
