"""How often the officer of a hint met the merchants that its records name most: visits, cases, filings, recusals.

Of a hint that rests on complaints nothing is told: a list of contacts beside a complaint would betray the merchant.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from models.case_record import NO_OUTCOME, OUTCOMES
from models.flag_record import roles, subject_officer
from models.policy import CONFIDENTIAL_FAMILIES
from models.visit_record import RESULTS, VISIT_KINDS

MERCHANTS = 5
"""Merchants of a flag at most, those whose records weigh most."""
YEARS = 3
ROLE_WORDS = {
    "visit": {"led": ("主检", "led"), "joined": ("协检", "joined")},
    "case": {
        "led": ("主办", "led"),
        "joined": ("协办", "joined"),
        "reviewed": ("审核", "reviewed"),
        "approved": ("审批", "approved"),
    },
}
STATUSES = {
    "approved": ("已批准", "approved"),
    "rejected": ("未批准", "rejected"),
    "on_time": ("按期", "on time"),
    "late": ("逾期", "late"),
    "missing": ("缺失", "missing"),
}
NO_STATUS = ("状态未载明", "state not on file")
COLUMNS = (
    "flag_id",
    "merchant_id",
    "happened_on",
    "kind",
    "detail_zh",
    "detail_en",
    "table",
    "record_id",
    "is_evidence",
)


def first_day(night: date) -> date:
    """The first day of the YEARS up to the night in which contacts are told."""
    return (pd.Timestamp(night) - pd.DateOffset(years=YEARS) + pd.Timedelta(days=1)).date()


def met(flags: pd.DataFrame, told: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Whose contacts with whom are told: flag_id, officer_id, merchant_id, at most MERCHANTS of a flag.

    flags : red_flag. told : `told_evidence`, with weight. records : flag_record. Of a pair its merchant. Flags about
    institutions and cases, and those that rest on complaints, have none.
    """
    open_flags = flags[~flags["family"].isin(CONFIDENTIAL_FAMILIES)]
    officer = subject_officer(open_flags).dropna().rename("officer_id").reset_index()
    pair = open_flags.loc[open_flags["subject_kind"] == "pair", ["flag_id", "subject_id"]]
    pairs = pair.assign(merchant_id=pair["subject_id"].str.split("|").str[1])[["flag_id", "merchant_id"]]
    named = told.merge(records[["flag_id", "table", "record_id", "merchant_id"]], on=["flag_id", "table", "record_id"])
    named = named[named["merchant_id"].notna() & ~named["flag_id"].isin(pair["flag_id"])]
    weighed = named.sort_values(["flag_id", "merchant_id", "table", "record_id"])
    weighed = weighed.groupby(["flag_id", "merchant_id"], as_index=False)["weight"].sum()
    weighed = weighed.sort_values(["flag_id", "weight", "merchant_id"], ascending=[True, False, True])
    most = weighed.groupby("flag_id").head(MERCHANTS)[["flag_id", "merchant_id"]]
    return officer.merge(pd.concat([most, pairs], ignore_index=True), on="flag_id").sort_values(
        ["flag_id", "merchant_id"], ignore_index=True
    )


def flag_contacts(wanted: pd.DataFrame, contacts: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """The published flag_contact: COLUMNS, in the order of flag, merchant, day, kind and record.

    wanted : `met`. contacts : of each officer_id and merchant_id: happened_on, kind, table, record_id; where the kind has
    them visit_kind, result, finding_count, severe_finding_count, violation_code, outcome, fine_yuan, status; and the
    officers of led, joined, reviewed and approved. evidence : flag_evidence.
    """
    role = roles(contacts, contacts["officer_id"])
    details = {f"detail_{language}": _details(contacts, role, place) for place, language in enumerate(("zh", "en"))}
    found = wanted.merge(contacts.assign(**details), on=["officer_id", "merchant_id"])
    behind = pd.MultiIndex.from_frame(evidence[["flag_id", "table", "record_id"]])
    is_behind = pd.MultiIndex.from_frame(found[["flag_id", "table", "record_id"]]).isin(behind)
    return found.assign(is_evidence=is_behind)[list(COLUMNS)].sort_values(
        ["flag_id", "merchant_id", "happened_on", "kind", "table", "record_id"], ignore_index=True
    )


def _details(found: pd.DataFrame, role: pd.Series, place: int) -> pd.Series:
    """What each contact was, in Chinese (place 0) or English (1)."""
    comma = (",", ", ")[place]
    by_visit, by_case = (_role_words(role, ROLE_WORDS[act], place) for act in ("visit", "case"))
    visit_kind, result = (
        _worded(found[name], words, place) for name, words in (("visit_kind", VISIT_KINDS), ("result", RESULTS))
    )
    findings = _counted(found["finding_count"], ("问题{:.0f}项", "findings: {:.0f}")[place], 0)
    severe = _counted(found["severe_finding_count"], ("(严重{:.0f}项)", " ({:.0f} severe)")[place], 1)
    fine = _counted(found["fine_yuan"].where(found["outcome"] == "fined"), ("{:,.0f}元", " {:,.0f} yuan")[place], 0)
    outcome, status = (
        _worded(found[name], words, place, absent)
        for name, words, absent in (("outcome", OUTCOMES, NO_OUTCOME), ("status", STATUSES, NO_STATUS))
    )
    said = {
        "visit": by_visit + comma + visit_kind + comma + result + comma + findings + severe,
        "case_filed": by_case + (",违法行为代码", ", violation code ")[place] + found["violation_code"].astype("str"),
        "case_decided": by_case + comma + outcome + fine,
        "visit_filing": ("入企检查报备,", "visit announced, ")[place] + status,
        "meal_filing": ("餐饮活动报备,", "meal or activity announced, ")[place] + status,
        "recusal_approved": pd.Series(
            ("批准其回避该主体", "his recusal from this merchant was approved")[place], found.index, dtype="str"
        ),
    }
    detail = pd.Series(None, found.index, dtype="str")
    for kind, words in said.items():
        detail = detail.mask(found["kind"] == kind, words)
    return detail


def _worded(
    codes: pd.Series, words: dict[str, tuple[str, str]], place: int, absent: tuple[str, str] = ("", "")
) -> pd.Series:
    return codes.map({code: both[place] for code, both in words.items()}).astype("str").fillna(absent[place])


def _counted(numbers: pd.Series, form: str, least: float) -> pd.Series:
    """Each number in its words, nothing where it is empty or below `least`."""
    numbers = numbers.astype("Float64").astype(float)
    return numbers.map(lambda number: form.format(number) if number >= least else "").astype("str")


def _role_words(role: pd.Series, words: dict[str, tuple[str, str]], place: int) -> pd.Series:
    """Roles, separated by ';', in words."""
    joined = {
        said: ("、", " and ")[place].join(words[one][place] for one in said.split(";") if one in words)
        for said in role.dropna().unique()
    }
    return role.map(joined).astype("str").fillna("")
