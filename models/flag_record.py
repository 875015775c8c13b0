"""The records behind hints, told by their facts, so that a reader has the case and not only its number.

Of a hint that rests on complaints no record is told at all (models/policy/confidential.py), and a complaint is told of none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.policy import CONFIDENTIAL_FAMILIES

ROLES = ("led", "joined", "reviewed", "approved", "filed", "handled", "held")
"""What an officer can have done in a record, in the order of telling. A frame of records names the officer of each."""
FACTS = (
    "outcome",
    "discretion_tier",
    "fine_yuan",
    "proposed_fine_yuan",
    "statutory_min_yuan",
    "statutory_max_yuan",
    "amount_involved_yuan",
    "violation_code",
    "procedure",
    "is_first_offence",
    "was_corrected_promptly",
    "mitigation_codes",
    "exemption_code",
    "legal_review_result",
    "was_collectively_discussed",
    "visit_kind",
    "result",
    "finding_count",
    "severe_finding_count",
    "visit_minutes",
    "was_filed",
)
TOLD_TABLES = ("patrol", "penalty", "filing", "posting", "rectification", "self_check")
"""Tables whose records are told. Complaints are none of them, and `officer` (a measure of many things) is no record."""
COLUMNS = ("flag_id", "table", "record_id", "happened_on", "merchant_id", "institution_id", "role", *FACTS)


def subject_officer(flags: pd.DataFrame) -> pd.Series:
    """The officer whom each flag is about (of a pair its officer), indexed by flag_id; empty for institutions and cases."""
    officer = flags["subject_id"].astype("str").str.split("|").str[0]
    return officer.where(flags["subject_kind"].isin(["officer", "pair"])).set_axis(flags["flag_id"])


def flag_officers(flags: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The published flag_officer: flag_id and officer_id, in that order, of everybody whom a flag is about.

    cases : of every case that a flag is about record_id and the officer of each of ROLES. A flag about an institution is
    about nobody in particular and has no row.
    """
    named = subject_officer(flags).dropna().rename("officer_id").rename_axis("flag_id").reset_index()
    about = flags.loc[flags["subject_kind"] == "case", ["flag_id", "subject_id"]]
    found = about.merge(cases, left_on="subject_id", right_on="record_id")
    acting = found.melt(id_vars="flag_id", value_vars=list(_present(found)), value_name="officer_id").dropna()
    every = pd.concat([named, acting[["flag_id", "officer_id"]]]).drop_duplicates()
    return every.sort_values(["flag_id", "officer_id"], ignore_index=True)


def told_evidence(flags: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """The rows of flag_evidence whose record may be told: of TOLD_TABLES, and of no family that rests on complaints.

    flags : flag_id, family, subject_kind, subject_id of every flag. evidence : flag_id, table, record_id, weight.
    """
    is_open = ~flags["family"].isin(CONFIDENTIAL_FAMILIES)
    may_tell = evidence["flag_id"].isin(flags.loc[is_open, "flag_id"]) & evidence["table"].isin(TOLD_TABLES)
    return evidence.loc[may_tell, ["flag_id", "table", "record_id", "weight"]].reset_index(drop=True)


def flag_records(flags: pd.DataFrame, told: pd.DataFrame, records: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The published flag_record: COLUMNS, one row per told evidence that is on record, in the order of its key.

    told : `told_evidence`. records : by table, one row per record: record_id, happened_on, those of merchant_id,
    institution_id, ROLES (the officer of each) and FACTS that the table has. What a table has not is empty.
    """
    officer = subject_officer(flags)
    parts = []
    for table, rows in sorted(records.items()):
        found = told.loc[told["table"] == table, ["flag_id", "table", "record_id"]].merge(rows, on="record_id")
        found = found.assign(role=roles(found, found["flag_id"].map(officer)))
        if len(found):
            parts.append(found.reindex(columns=list(COLUMNS)).astype(object))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    every = pd.concat(parts, ignore_index=True).sort_values(["flag_id", "table", "record_id"], ignore_index=True)
    return every.where(every.notna(), None)


def roles(rows: pd.DataFrame, officer: pd.Series) -> pd.Series:
    """What the officer did in each record, all of it, separated by ';'; empty where the record does not name him.

    rows : records with the officer of each of ROLES that they have. officer : of each row whom to look for.
    """
    said = np.full(len(rows), "", dtype=object)
    for role in _present(rows):
        is_his = (rows[role] == officer.set_axis(rows.index)).fillna(False).to_numpy(dtype=bool)
        said[is_his] = [f"{before};{role}" if before else role for before in said[is_his]]
    return pd.Series(said, index=rows.index, dtype=object).replace("", None)


def _present(rows: pd.DataFrame) -> Sequence[str]:
    return [role for role in ROLES if role in rows.columns]
