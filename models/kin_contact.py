"""Acts of officers on firms that stand with relatives they have declared: which count, and what becomes of such firms.

An act is a visit or a step in a case. It counts where the relative had been declared by then and the officer himself had
the say: not where a random draw sent him, he only joined, or the heads decided together. A recusal approved by then is no
excuse for who led, reviewed or approved all the same; who is on record as joining only is excused anyway.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.flags import Evidence
from models.visit_record import led_visits

EXCUSES = ("is_declared_later", "is_drawn", "is_joined", "is_collective")
"""Reasons for which an act does not count, one boolean column each."""

ROLES = {
    ("patrol", "lead"): ("主检", "led the visit"),
    ("patrol", "co"): ("协检", "joined the visit"),
    ("penalty", "lead"): ("主办案件", "handled the case"),
    ("penalty", "co"): ("协办案件", "joined in the case"),
    ("penalty", "reviewer"): ("审核案件", "reviewed the case"),
    ("penalty", "approver"): ("审批案件", "approved the case"),
}
"""What he did, by table and role, in words."""

UNDECIDED = ("pending",)
FREE_OF_FINE = ("warned", "no_penalty", "withdrawn", "terminated")


def kin_acts(contacts: pd.DataFrame, cases: pd.DataFrame, draws: pd.DataFrame, draw_visit_days: int) -> pd.DataFrame:
    """Rows of feature.kin_contact in order of known_on, with EXCUSES, acted_despite_recusal, is_counted, decided_on and
    is_free_of_fine added.

    draws : core.random_draw; a visit within draw_visit_days of a draw that was not changed by hand is a drawn one.
    decided_on : the day from which a step in a case is known to have led to a decision that was not taken together; NaT
    for others. Whoever handled a case that was decided together has handled it all the same, but has not decided it.
    """
    contacts = contacts.sort_values(["known_on", "record_table", "record_id", "officer_id"], ignore_index=True)
    known = cases.drop_duplicates("case_id").set_index("case_id").reindex(contacts["record_id"])
    is_case = (contacts["record_table"] == "penalty").to_numpy()
    was_collective = is_case & known["collective_discussed_on"].notna().to_numpy()
    outcome = known["outcome"].to_numpy(dtype=object)
    is_decided = is_case & ~pd.isna(outcome) & ~np.isin(outcome.astype(str), UNDECIDED)
    decided_on = pd.to_datetime(known["outcome_known_on"]).to_numpy().astype("datetime64[us]")
    role = contacts["role"]
    return contacts.assign(
        acted_despite_recusal=contacts["was_recused"].fillna(False).astype(bool) & (role != "co"),
        is_declared_later=contacts["is_declared_later"].astype(bool),
        is_drawn=_is_drawn(contacts, draws, draw_visit_days),
        is_joined=role == "co",
        is_collective=was_collective & role.isin(["reviewer", "approver"]).to_numpy(),
        decided_on=np.where(is_decided & ~was_collective & (role != "co"), decided_on, np.datetime64("NaT", "us")),
        is_free_of_fine=pd.Series(np.isin(outcome.astype(str), FREE_OF_FINE)).where(is_decided).astype("boolean"),
    ).assign(is_counted=lambda acts: ~acts[list(EXCUSES)].any(axis=1))


def _is_drawn(contacts: pd.DataFrame, draws: pd.DataFrame, draw_visit_days: int) -> np.ndarray:
    fair = draws[~draws["is_substituted"].fillna(False).astype(bool)]
    visits = contacts.loc[contacts["record_table"] == "patrol", ["officer_id", "merchant_id", "acted_on"]]
    met = visits.reset_index().merge(fair, on=["officer_id", "merchant_id"])
    days = (pd.to_datetime(met["acted_on"]) - pd.to_datetime(met["drawn_on"])).dt.days
    return contacts.index.isin(met.loc[days.between(0, draw_visit_days), "index"])


def twin_visits(visits: pd.DataFrame, acts: pd.DataFrame) -> pd.DataFrame:
    """By officer_id, of the inspected visits among his acts: record_count, found_count, and expected_count of findings.

    visits : feature.visit_record. expected_count : by the share with a finding of the visits of like kind, industry and
    level of earlier findings that others led; where others led none, of all visits of that kind.
    """
    chosen = acts.loc[(acts["record_table"] == "patrol") & (acts["role"] == "lead"), ["record_id", "officer_id"]]
    inspected = visits[visits["was_inspected"].astype(bool)]
    there = inspected[inspected["patrol_id"].isin(chosen["record_id"])]
    if there.empty:
        return _told(chosen.assign(expected=0.0, is_found=False).head(0), "is_found")
    # only visits of the same months and kinds can be alike; the table of all visits is long
    since = pd.to_datetime(inspected["visited_on"]) >= pd.to_datetime(there["visited_on"]).min()
    inspected = led_visits(inspected[since & inspected["visit_kind"].isin(there["visit_kind"].unique())])
    inspected = inspected.assign(is_found=inspected["finding_count"] > 0)
    own = inspected.merge(chosen, on=["record_id", "officer_id"])
    own["expected"] = _twin_share(inspected, own, ["kind_number", "industry_division", "prior_level"], "is_found")
    return _told(own, "is_found")


def twin_cases(cases: pd.DataFrame, acts: pd.DataFrame) -> pd.DataFrame:
    """The same of the decided cases that he handled; found_count and expected_count are of those without a fine."""
    decided = cases[cases["outcome"].notna() & ~cases["outcome"].isin(UNDECIDED)]
    decided = decided.assign(
        record_id=decided["case_id"],
        officer_id=decided["lead_officer_id"],
        is_free=decided["outcome"].isin(FREE_OF_FINE),
    )
    chosen = acts.loc[(acts["record_table"] == "penalty") & (acts["role"] == "lead"), ["record_id", "officer_id"]]
    own = decided.merge(chosen, on=["record_id", "officer_id"])
    own["expected"] = _twin_share(decided, own, ["procedure", "violation_code"], "is_free")
    return _told(own, "is_free")


def twin_words(officer: str, visits: pd.DataFrame, cases: pd.DataFrame) -> tuple[str, str]:
    """What became of such firms beside others, where anything did."""
    zh = en = ""
    if officer in visits.index:
        row = visits.loc[officer]
        zh += f";其中检查{row['record_count']:.0f}次发现问题{row['found_count']:.0f}次"
        en += f"; {row['record_count']:.0f} visits there found something {row['found_count']:.0f} times"
        if np.isfinite(row["expected_count"]):
            zh += f",他人同类检查预期{row['expected_count']:.1f}次"
            en += f", where like visits of others lead to expect {row['expected_count']:.1f}"
    if officer in cases.index:
        row = cases.loc[officer]
        zh += f";主办已决案件{row['record_count']:.0f}件,未罚款{row['found_count']:.0f}件"
        en += f"; of {row['record_count']:.0f} cases decided {row['found_count']:.0f} ended without a fine"
        if np.isfinite(row["expected_count"]):
            zh += f",他人同类案件预期{row['expected_count']:.1f}件"
            en += f", where like cases of others lead to expect {row['expected_count']:.1f}"
    return zh, en


def kin_evidence(counted: pd.DataFrame, limit: int) -> tuple[Evidence, ...]:
    """The acts that count, decisions first and then the latest; at most `limit`."""
    ranked = counted.assign(is_open=counted["decided_on"].isna()).sort_values(
        ["is_open", "acted_on", "record_id"], ascending=[True, False, True]
    )
    found = []
    for row in ranked.head(limit).itertuples():
        zh, en = ROLES[row.record_table, row.role]
        said = ("此前无回避批准", "no recusal before")
        if row.acted_despite_recusal:
            said = ("此前已批准其回避", "though his recusal had been approved")
        note_zh = f"{row.acted_on:%Y-%m-%d}{zh},该主体存在其申报的关联,{said[0]}"
        note_en = f"{row.acted_on:%Y-%m-%d} {en} at a firm of a declared person, {said[1]}"
        found.append(Evidence(row.record_table, str(row.record_id), 0.6 if row.is_open else 1.0, note_zh, note_en))
    return tuple(found)


def _told(own: pd.DataFrame, value: str) -> pd.DataFrame:
    told = own.groupby("officer_id").agg(record_count=("record_id", "size"), found_count=(value, "sum"))
    # one record without its like leaves no expectation of the whole: a smaller sum would be told as if it were that
    told["expected_count"] = own.groupby("officer_id")["expected"].sum(min_count=1)
    told.loc[own.loc[own["expected"].isna(), "officer_id"].unique(), "expected_count"] = np.nan
    return told


def _twin_share(everything: pd.DataFrame, own: pd.DataFrame, alike: list[str], value: str) -> np.ndarray:
    """The share with `value` among others' like records, of each own record; by the first of `alike` where none is."""
    found = np.full(len(own), np.nan)
    for columns in (alike, alike[:1]):
        near = everything.merge(own[columns].drop_duplicates(), on=columns)
        whole = near.groupby(columns, dropna=False)[value].agg(["sum", "size"])
        mine = near[near["officer_id"].isin(own["officer_id"])]
        mine = mine.groupby([*columns, "officer_id"], dropna=False)[value].agg(["sum", "size"])
        joined = own[[*columns, "officer_id"]].merge(whole.reset_index(), on=columns, how="left")
        joined = joined.merge(
            mine.reset_index(), on=[*columns, "officer_id"], how="left", suffixes=("", "_mine")
        ).fillna({"sum_mine": 0, "size_mine": 0})
        others = joined["size"] - joined["size_mine"]
        share = ((joined["sum"] - joined["sum_mine"]) / others.where(others > 0)).to_numpy(dtype=float)
        found = np.where(np.isnan(found), share, found)
    return found
