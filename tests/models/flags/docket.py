"""A bureau's cases for the families that look at them: one by hand, or honest ones at random to plant in."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models import policy
from models.flags import Flag, Judgement, Night

NIGHT = date(2026, 6, 30)
RULES = policy.on(NIGHT)
FIRST = pd.Timestamp("2023-09-01")
OFFICERS, EACH, PER_STATION = 24, 96, 4
VIOLATIONS = ("V1", "V2", "V3")
FAR = pd.Timestamp("2015-01-01")


def case(name: str, **given) -> dict:
    """An ordinary case, in order and decided within a month; dates may be given as text."""
    usual = {
        "case_id": name,
        "merchant_id": f"M{name}",
        "institution_id": "S0",
        "unit_id": "S0",
        "lead_officer_id": "R00",
        "co_officer_id": "R01",
        "reviewer_officer_id": "L1",
        "approver_officer_id": "H0",
        "finder_officer_id": None,
        "case_source": "complaint",
        "patrol_id": None,
        "violation_code": "V1",
        "procedure": "ordinary",
        "is_simple_procedure": False,
        "is_natural_person": True,
        "is_individual_merchant": True,
        "industry_division": 52.0,
        "is_key_industry": False,
        "discovered_on": "2026-01-05",
        "filed_on": "2026-01-12",
        "investigation_closed_on": "2026-02-02",
        "legal_reviewed_on": "2026-02-06",
        "collective_discussed_on": None,
        "decided_on": "2026-02-12",
        "closed_on": "2026-02-20",
        "outcome_known_on": "2026-02-12",
        "outcome": "fined",
        "legal_review_result": "approved",
        "discretion_tier": "ordinary",
        "amount_involved_yuan": 1000.0,
        "illegal_gain_yuan": 0.0,
        "confiscated_yuan": 0.0,
        "statutory_min_yuan": 0.0,
        "statutory_max_yuan": 20_000.0,
        "proposed_fine_yuan": 1000.0,
        "fine_yuan": 1000.0,
        "total_yuan": 1000.0,
        "mitigation_count": 0,
        "mitigation_codes": None,
        "has_exemption": False,
        "is_first_offence": True,
        "was_corrected_promptly": False,
        "prior_penalty_count_24m": 0,
        "is_lead_certified": True,
        "is_co_certified": True,
        "later_finding_count": 0,
    }
    unknown = sorted(set(given) - set(usual))
    assert not unknown, f"a case has no {unknown[0]}"
    return {**usual, **given}


def frame(cases: list[dict]) -> pd.DataFrame:
    """Cases in the types of feature.case_record."""
    made = pd.DataFrame(cases)
    for name in made:
        if name.endswith("_on"):
            made[name] = pd.to_datetime(made[name])
        elif name.startswith(("is_", "has_", "was_")):
            made[name] = made[name].astype("boolean")
        elif name.endswith(("_yuan", "_count", "_24m", "_division")):
            made[name] = made[name].astype("Float64").astype(float)
        else:
            made[name] = made[name].astype("string").astype(object).where(made[name].notna(), None)
    return made


def docket(seed: int = 1, officers: int = OFFICERS, each: int = EACH) -> pd.DataFrame:
    """Honest cases of that many officers, PER_STATION to a station, over three years up to the night, all ended."""
    random = np.random.default_rng(seed)
    count = officers * each
    officer = np.repeat(np.arange(officers), each)
    span = (pd.Timestamp(NIGHT) - FIRST).days
    filed = FIRST + pd.to_timedelta(random.integers(0, span - 90, count), unit="D")
    lasted = np.minimum(random.lognormal(3.2, 0.4, count), 80).astype(int) + 1
    amount = np.exp(random.normal(7, 1, count)).round()
    total = (np.exp(random.normal(7.9, 0.35, count)) / 10).round() * 10
    decided = filed + pd.to_timedelta(lasted + 6, unit="D")
    # hand-made values of each column, the rest as in `case`
    made = pd.DataFrame([case("")]).loc[np.zeros(count, dtype=int)].reset_index(drop=True)
    made = made.assign(
        case_id=[f"C{number:05d}" for number in range(count)],
        merchant_id=[f"M{number:05d}" for number in range(count)],
        lead_officer_id=[f"R{number:02d}" for number in officer],
        co_officer_id=[f"R{number ^ 1:02d}" for number in officer],
        unit_id=[f"S{number // PER_STATION}" for number in officer],
        institution_id=[f"S{number // PER_STATION}" for number in officer],
        approver_officer_id=[f"H{number // PER_STATION}" for number in officer],
        violation_code=random.choice(VIOLATIONS, count),
        discovered_on=filed - pd.to_timedelta(random.integers(0, 10, count), unit="D"),
        filed_on=filed,
        investigation_closed_on=filed + pd.to_timedelta(lasted, unit="D"),
        legal_reviewed_on=filed + pd.to_timedelta(lasted + 3, unit="D"),
        decided_on=decided,
        closed_on=decided,
        outcome_known_on=decided,
        amount_involved_yuan=amount,
        fine_yuan=total,
        proposed_fine_yuan=total,
        total_yuan=total,
        is_natural_person=random.random(count) < 0.5,
    )
    return drop(frame(made.to_dict("records")), random.random(count) < 0.06)


def drop(cases: pd.DataFrame, chosen: np.ndarray) -> pd.DataFrame:
    """The cases, those chosen withdrawn instead of decided."""
    gone = cases.copy()
    undone = ["decided_on", "legal_reviewed_on", "collective_discussed_on"]
    gone.loc[chosen, undone] = pd.NaT
    gone.loc[chosen, ["fine_yuan", "total_yuan", "proposed_fine_yuan", "confiscated_yuan"]] = np.nan
    gone.loc[chosen, ["discretion_tier", "legal_review_result", "reviewer_officer_id"]] = None
    gone.loc[chosen, "outcome"] = "withdrawn"
    return gone


def some_of(cases: pd.DataFrame, officer: str, share: float, since: str = "2023-01-01") -> np.ndarray:
    """True for that share of an officer's cases filed since that day, evenly spread over them."""
    own = np.flatnonzero(((cases["lead_officer_id"] == officer) & (cases["filed_on"] >= since)).to_numpy())
    own = own[np.argsort(cases["filed_on"].to_numpy()[own], kind="stable")]
    chosen = np.zeros(len(cases), dtype=bool)
    chosen[own[np.floor(np.arange(len(own)) * share) != np.floor((np.arange(len(own)) + 1) * share)]] = True
    return chosen


def night_of(cases: pd.DataFrame, *, as_of: date = NIGHT, without: tuple[str, ...] = (), **frames) -> Night:
    """A night on which everything was delivered but `without` (columns of core.delivery), with these cases."""
    officers = sorted({*cases["lead_officer_id"], *cases["approver_officer_id"].dropna()})
    nights = [as_of, date(as_of.year - 1, as_of.month, as_of.day)]
    spine = pd.DataFrame([(name, pd.Timestamp(moment)) for moment in nights for name in officers])
    delivery = dict.fromkeys(DELIVERED, True) | dict.fromkeys(without, False)
    stations = cases.groupby("lead_officer_id")["unit_id"].first()
    postings = pd.DataFrame(
        {
            "posting_id": [f"T{name}" for name in stations.index],
            "clock": "station",
            "officer_id": stations.index,
            "unit_id": stations.to_numpy(),
            "post": "case_handling",
            "tenure_began_on": FAR,
            "started_on": FAR,
            "ended_on": pd.NaT,
        }
    )
    merchants = pd.DataFrame({"merchant_id": cases["merchant_id"].unique(), "closed_on": pd.NaT})
    return Night(
        as_of,
        RULES,
        {
            "core.delivery": pd.DataFrame([delivery]),
            "core.posting": postings,
            "core.merchant": merchants,
            "feature.officer": spine.set_axis(["officer_id", "as_of_on"], axis=1),
            "feature.officer_posting": postings,
            "feature.case_record": cases,
            "feature.visit_record": visits([]),
            **frames,
        },
    )


DELIVERED = (
    "has_penalty",
    "has_fine",
    "has_statutory_maximum",
    "has_amount_involved",
    "has_decided_on",
    "has_outcome_date",
    "has_case_visit",
    "has_patrol",
    "has_review_result",
    "has_merchant_closed",
    "has_posting_end",
    "has_finding_severity",
    "has_review",
    "has_reviewer",
    "has_approver",
    "has_proposal",
    "has_collective",
    "has_stage",
    "has_discovered",
    "has_certificate",
    "has_case_co_officer",
)


def visits(rows: list[dict]) -> pd.DataFrame:
    """Visits in the columns that families of cases take; an ordinary visit with a severe finding where nothing is said."""
    usual = {
        "patrol_id": "",
        "lead_officer_id": "R00",
        "unit_id": "S0",
        "merchant_id": "X",
        "visited_on": pd.Timestamp("2026-01-05"),
        "known_on": pd.Timestamp("2026-01-05"),
        "visit_kind": "routine",
        "result": "order_to_correct",
        "finding_count": 2,
        "is_severe": True,
        "industry_division": 52.0,
        "is_market": False,
        "is_individual_merchant": True,
        "is_rural": False,
        "prior_visit_count": 0,
        "prior_finding_count": 0,
        "referred_on": pd.NaT,
        "later_other_visit_count": 0,
        "later_other_finding_count": 0,
    }
    return pd.DataFrame([{**usual, **row} for row in rows], columns=list(usual))


def hints(judgement: Judgement, kind: str = "officer") -> dict[str, Flag]:
    """Flags about officers (or institutions) by subject, the last of each."""
    return {flag.subject_id: flag for flag in judgement.flags if flag.subject_kind == kind}


def verdicts(flag: Flag) -> dict[str, str]:
    """Verdict of each explanation by its code."""
    return {item.code: item.verdict for item in flag.counter_evidence}
