"""The records of a world under the names of the contract."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.ground import Ground
from tests.world.offences import CODES
from tests.world.spelling import dated, digested, named, timed
from tests.world.staff import HEAD
from tests.world.town import INDUSTRIES, OPEN
from tests.world.visits import KINDS


def institution_ids(ground: Ground) -> np.ndarray:
    """Identifiers by number: stations, then the legal office, then the bureau."""
    return np.array([*(f"U{n + 1:02d}" for n in range(ground.town.station_count)), "U-LEGAL", "U-HEAD"], dtype=object)


def _grids(ground: Ground, number) -> np.ndarray:
    return named("K", np.where(np.asarray(number) < 0, -1, np.asarray(number) + 1), 3)


def places_and_people(ground: Ground, postings: pd.DataFrame, random: np.random.Generator) -> dict[str, pd.DataFrame]:
    """institution, grid, officer, posting, leave, merchant."""
    town, staff, calendar = ground.town, ground.staff, ground.calendar
    units, stations = institution_ids(ground), town.station_count
    joined = postings.groupby("officer")["start"].min().to_numpy()
    merchants = len(town.industry)
    is_closed = town.closed < OPEN
    names = [f"{n + 1}号所" for n in range(stations)]
    return {
        "institution": pd.DataFrame(
            {
                "institution_id": units,
                "name": [*names, "法规科", "县局"],
                "kind": [*["station"] * stations, "office", "bureau"],
                "parent_id": [*["U-HEAD"] * (stations + 1), None],
                "is_rural": [*(n % 2 == 1 for n in range(stations)), False, False],
            }
        ),
        "grid": pd.DataFrame(
            {
                "grid_id": _grids(ground, np.arange(len(town.grid_station))),
                "institution_id": units[town.grid_station],
                "name": [f"{n + 1}号网格" for n in range(len(town.grid_station))],
                "kind": town.grid_kind,
            }
        ),
        "officer": pd.DataFrame(
            {
                "officer_id": named("W", np.arange(staff.count), 4),
                "name": named("执法员", np.arange(staff.count), 4),
                "institution_id": units[staff.station],
                "employment_kind": np.where(random.random(staff.count) < 0.7, "civil_servant", "public_institution"),
                "rank": np.where(staff.role == HEAD, "head", "staff"),
                "certificate_valid_to_on": dated(calendar.last + random.integers(90, 1500, staff.count)),
                "joined_on": dated(joined),
                "left_on": dated(np.full(staff.count, -1)),
            }
        ),
        "posting": pd.DataFrame(
            {
                "posting_id": named("Z", np.arange(len(postings)), 6),
                "officer_id": named("W", postings["officer"], 4),
                "institution_id": units[postings["station"]],
                "grid_id": _grids(ground, postings["grid"]),
                "post": postings["post"],
                "started_on": dated(postings["start"]),
                "ended_on": dated(postings["end"]),
                "extension_ref": None,
            }
        ),
        "leave": pd.DataFrame(
            {
                "officer_id": named("W", staff.leave["officer"], 4),
                "from_on": dated(staff.leave["begin"]),
                "to_on": dated(staff.leave["end"]),
                "kind": np.where(random.random(len(staff.leave["end"])) < 0.7, "annual_leave", "training"),
            }
        ),
        "merchant": pd.DataFrame(
            {
                "merchant_id": named("B", np.arange(merchants), 6),
                "kind": np.array(["individual", "company", "cooperative", "branch"])[town.kind],
                "industry_code": np.array(INDUSTRIES)[town.industry],
                "institution_id": units[town.merchant_station],
                "grid_id": _grids(ground, town.merchant_grid),
                "registered_on": dated(town.registered),
                "closed_on": dated(np.where(is_closed, town.closed, -1)),
                "status": np.where(is_closed, "closed", "active"),
                "latitude": town.merchant_place[:, 0].round(6),
                "longitude": town.merchant_place[:, 1].round(6),
                "credit_risk_class": np.array(list("ABCD"))[
                    np.digitize(town.risk * np.exp(random.normal(0, 0.5, merchants)), [1.4, 2.4, 4.5])
                ],
            }
        ),
    }


def patrol(visits: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """The visits; `is_filed` ones name the filing of the same rank."""
    filing = np.where(visits["is_filed"], np.cumsum(visits["is_filed"]) - 1, -1)
    return pd.DataFrame(
        {
            "patrol_id": named("V", np.arange(len(visits)), 7),
            "merchant_id": named("B", visits["merchant"], 6),
            "institution_id": institution_ids(ground)[visits["station"]],
            "grid_id": _grids(ground, ground.town.merchant_grid[visits["merchant"]]),
            "lead_officer_id": named("W", visits["lead"], 4),
            "co_officer_id": named("W", visits["co"], 4),
            "visit_kind": np.array(KINDS)[visits["kind"]],
            "visit_filing_id": named("F", filing, 7),
            "started_at": timed(visits["started"]),
            "ended_at": timed(visits["ended"]),
            "entered_at": timed(visits["entered"]),
            "entered_by": named("W", visits["enterer"], 4),
            "result": visits["result"],
            "finding_count": visits["finding_count"].astype(int),
            "severe_finding_count": visits["severe_finding_count"].astype(int),
            "latitude": visits["latitude"].round(6),
            "longitude": visits["longitude"].round(6),
            "note_hash": digested(f"note {ground.seed}", visits["note"]),
        }
    )


def filing(filings: pd.DataFrame) -> pd.DataFrame:
    """Every filing."""
    return pd.DataFrame(
        {
            "filing_id": named("F", np.arange(len(filings)), 7),
            "kind": filings["kind"],
            "officer_id": named("W", filings["officer"], 4),
            "merchant_id": named("B", filings["merchant"], 6),
            "filed_at": timed(filings["filed"]),
            "event_at": timed(filings["event"]),
            "due_on": dated(filings["due"]),
            "status": filings["status"],
            "valid_to_on": dated(filings["valid_to"]),
        }
    )


def complaint(complaints: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Every complaint; those that repeat another name it."""
    return pd.DataFrame(
        {
            "complaint_id": named("Q", np.arange(len(complaints)), 6),
            "received_at": timed(complaints["received"]),
            "kind": complaints["kind"],
            "channel": complaints["channel"],
            "merchant_id": named("B", complaints["merchant"], 6),
            "officer_id": named("W", complaints["officer"], 4),
            "institution_id": institution_ids(ground)[complaints["station"]],
            "category": complaints["matter"],
            "handler_officer_id": named("W", complaints["handler"], 4),
            "accepted_at": timed(complaints["accepted"]),
            "resolved_at": timed(complaints["resolved"]),
            "outcome": complaints["outcome"],
            "complainant_hash": digested(f"complainant {ground.seed}", complaints["complainant"]),
            "duplicate_of": named("Q", complaints["original"], 6),
            "event_ref": named("X", complaints["event"], 6),
        }
    )


def penalty(cases: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Every case as it stands on the last day."""
    exemption = np.where(cases["is_exempt"], cases["offence"], -1)
    return pd.DataFrame(
        {
            "case_id": named("N", np.arange(len(cases)), 6),
            "merchant_id": named("B", cases["merchant"], 6),
            "institution_id": institution_ids(ground)[cases["station"]],
            "lead_officer_id": named("W", cases["lead"], 4),
            "co_officer_id": named("W", cases["co"], 4),
            "reviewer_officer_id": named("W", cases["reviewer"], 4),
            "approver_officer_id": named("W", cases["approver"], 4),
            "source": cases["source"],
            "patrol_id": named("V", cases["visit"], 7),
            "violation_code": CODES[cases["offence"]],
            "procedure": np.where(cases["is_simple"], "simple", "ordinary"),
            "party_kind": np.where(cases["is_firm"], "legal", "natural"),
            "discovered_on": dated(cases["discovered"]),
            "filed_on": dated(cases["filed"]),
            "investigation_closed_on": dated(cases["investigated"]),
            "legal_reviewed_on": dated(cases["reviewed"]),
            "collective_discussed_on": dated(cases["discussed"]),
            "decided_on": dated(cases["decided"]),
            "closed_on": dated(cases["closed"]),
            "outcome": cases["outcome"],
            "discretion_tier": cases["tier"].replace("", None),
            "amount_involved_yuan": cases["sum_yuan"],
            "illegal_gain_yuan": cases["gain"],
            "statutory_min_yuan": cases["least"],
            "statutory_max_yuan": cases["most"],
            "proposed_fine_yuan": cases["proposed"],
            "fine_yuan": cases["fine"],
            "confiscated_yuan": cases["confiscated"],
            "is_first_offence": cases["is_first"],
            "was_corrected_promptly": cases["was_prompt"],
            "mitigation_codes": cases["ground_codes"],
            "exemption_code": named("L", np.where(exemption < 0, -1, exemption + 1), 2),
            "legal_review_result": np.where(
                cases["reviewed"] < 0, None, np.where(cases["is_approved"], "approved", "disagreed")
            ),
        }
    )
