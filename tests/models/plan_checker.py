"""What every patrol plan must keep, read off its tables alone; written apart from the planner, and knows none of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pandas as pd

from models.policy import PatrolPolicy


def broken(
    demand: pd.DataFrame,
    plan: pd.DataFrame,
    unplaced: pd.DataFrame,
    roster: pd.DataFrame,
    leave: pd.DataFrame,
    recusal: pd.DataFrame,
    institution: pd.DataFrame,
    night: date,
    policy: PatrolPolicy,
) -> list[str]:
    """Every rule that the plan breaks, one sentence each; empty where it keeps them all."""
    wanted = {row["merchant_id"]: row for row in demand.to_dict("records")}
    officers = {row["officer_id"]: row for row in roster.to_dict("records")}
    away = [(row["officer_id"], _day(row["from_on"]), _day(row["to_on"])) for row in leave.to_dict("records")]
    kept_apart = set(zip(recusal["officer_id"], recusal["merchant_id"], strict=True))
    days = [night + timedelta(days=step) for step in range(1, policy.horizon_days + 1)]
    days = [
        day
        for day in days
        if day in policy.working_weekend_days or (day.weekday() < 5 and day not in policy.public_holidays)
    ]
    found: list[str] = []
    visits = defaultdict(list)
    for row in plan.to_dict("records"):
        visits[row["merchant_id"]].append(row)
    for merchant, rows in visits.items():
        want = wanted.get(merchant)
        if want is None:
            found.append(f"{merchant}: nobody wanted this visit")
            continue
        if sorted(row["role"] for row in rows) != ["co", "lead"] or rows[0]["officer_id"] == rows[1]["officer_id"]:
            found.append(f"{merchant}: not two different officers, one of them leading")
        if len({(row["visit_on"], row["round_id"], row["round_order"], row["visit_kind"]) for row in rows}) != 1:
            found.append(f"{merchant}: its two rows disagree")
        if want["is_capped_out"]:
            found.append(f"{merchant}: visited beyond the cap")
        if rows[0]["visit_kind"] != want["visit_kind"] or _day(rows[0]["due_on"]) != _day(want["due_on"]):
            found.append(f"{merchant}: kind or due date is not what was wanted")
        day = _day(rows[0]["visit_on"])
        if not pd.isna(want["earliest_on"]) and day < _day(want["earliest_on"]):
            found.append(f"{merchant}: visited on {day}, before it may be")
        if day not in days:
            found.append(f"{merchant}: {day} is no working day of the horizon")
        if len({officers[row["officer_id"]]["institution_id"] for row in rows}) != 1:
            found.append(f"{merchant}: the two serve in different institutions")
        for row in rows:
            who = officers[row["officer_id"]]
            valid_to = who["certificate_valid_to_on"]
            if not who["may_be_certified"] or pd.isna(valid_to) or _day(valid_to) < day:
                found.append(f"{merchant}: {row['officer_id']} has no valid certificate on {day}")
            if not pd.isna(who["serves_until_on"]) and _day(who["serves_until_on"]) < day:
                found.append(f"{merchant}: {row['officer_id']} has left by {day}")
            if any(name == row["officer_id"] and first <= day <= last for name, first, last in away):
                found.append(f"{merchant}: {row['officer_id']} is away on {day}")
            if (row["officer_id"], merchant) in kept_apart:
                found.append(f"{merchant}: {row['officer_id']} is recused")
            if who["institution_id"] not in _line(want["institution_id"], institution):
                found.append(f"{merchant}: {row['officer_id']} serves neither there nor above")
    return (
        found
        + _overload(plan, roster, institution, away, days, policy)
        + _accounts(set(wanted), set(visits), unplaced["merchant_id"] if len(unplaced) else [])
    )


def _accounts(wanted: set[str], planned: set[str], unplaced) -> list[str]:
    left = Counter(unplaced)
    found = [f"{merchant}: told more than once why it is not planned" for merchant, n in left.items() if n > 1]
    if planned & set(left):
        found.append(f"{min(planned & set(left))}: planned and not planned")
    if planned | set(left) != wanted:
        found.append(f"planned {len(planned)} and unplaced {len(left)} are not the {len(wanted)} wanted")
    return found


def _overload(plan, roster, institution, away, days, policy) -> list[str]:
    """Pairs with too many visits, officers with two rounds or too many days, and rounds that are no rounds."""
    found = []
    if not len(plan):
        return found
    rural = {row["institution_id"] for row in institution.to_dict("records") if row["is_rural"] is True}
    for (round_id, role), rows in plan.groupby(["round_id", "role"]):
        unit = roster.set_index("officer_id").loc[rows["officer_id"].iloc[0], "institution_id"]
        is_rural = rural & {unit, *rows["institution_id"]}
        most = policy.rural_visits_per_pair_day if is_rural else policy.visits_per_pair_day
        if len(rows) > most:
            found.append(f"{round_id}: {len(rows)} visits in a day")
        if sorted(rows["round_order"]) != list(range(1, len(rows) + 1)):
            found.append(f"{round_id}: its order is not 1 to {len(rows)}")
        if rows["visit_on"].nunique() != 1 or rows["officer_id"].nunique() != 1:
            found.append(f"{round_id}: not one pair on one day ({role})")
    for officer, rows in plan.groupby("officer_id"):
        per_day = rows.groupby("visit_on")["round_id"].nunique()
        if (per_day > 1).any():
            found.append(f"{officer}: two rounds on one day")
        last_days = roster.set_index("officer_id").loc[officer, ["certificate_valid_to_on", "serves_until_on"]]
        valid_to = min(_day(last) for last in last_days if not pd.isna(last))
        fit = [
            day
            for day in days
            if day <= valid_to and not any(name == officer and first <= day <= last for name, first, last in away)
        ]
        if len(per_day) > max(1, int(policy.patrol_day_share * len(fit) + 1e-9)):
            found.append(f"{officer}: on patrol on {len(per_day)} of {len(fit)} days")
    return found


def _line(name: str, institution: pd.DataFrame) -> list[str]:
    above = dict(zip(institution["institution_id"], institution["parent_id"], strict=True))
    line = []
    while isinstance(name, str) and name not in line:
        line.append(name)
        name = above.get(name)
    return line


def _day(value) -> date:
    return pd.Timestamp(value).date()
