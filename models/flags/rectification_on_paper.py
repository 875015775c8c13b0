"""Rectification on paper (虚假整改): items are closed without evidence, come again, or are closed by who owned them.

What. Items of the rectification list that were closed. Three patterns: closed without evidence (no_evidence), reopened or
the same problem again within recurrence_days (again), closed by the officer who owned them (closed_by_owner). Each is
asked of institutions, and of owners who have enough items beside the colleagues of their own institution.
Formula: expected = share of like items (done at once or not) elsewhere; true odds against those, shrunk by the spread,
exact tail (models/hint/unit_answer.py; of owners models/hint/answer.py).

Example. 9 of 10 items closed without evidence where others leave 1 of 25 without: 0.4 expected, exact chance below 0.0001.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it. An owner's hint says what he does beyond his institution; what
his colleagues do at least half as often is the institution's. Never strong by itself.

Why it matters. What is put right on paper only is not put right (DOMAIN.md 3.20). Innocent explanations, each tested:
small items done at once, another measure the second time (partial closure), few records, the same month elsewhere. Not on
file, so unknown: evidence filed elsewhere.

Unit: ratio of shares, 1 = as expected; higher is worse. Source: DOMAIN.md 1.6, 3.20; Jones and Spiegelhalter 2011.
Excluded: open and overdue items; of closed_by_owner, items of heads and of stations of two, where nobody else could close
them. The day on which a problem was found is not delivered, so that closing on that very day cannot be seen but by the
status done_at_once.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from models.flags import Flag, Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown, Words
from models.hint.unit_answer import of_units, unit_answer
from models.rectification_item import closed_items
from models.self_report import last_names

FAMILY = "rectification_on_paper"
RECORD_KIND = "items"
NEEDS = {
    "core.delivery": (),
    "core.institution": ("institution_id", "kind"),
    "core.rectification": (
        "item_id", "institution_id", "problem", "measure", "owner_officer_id", "due_on", "status", "closed_on",
        "closed_by", "evidence_ref",
    ),
    "feature.officer": ("officer_id", "as_of_on", "unit_id", "post", "station_officer_count"),
    "feature.officer_unit": ("institution_id", "successor_id"),
}  # fmt: skip

SHARED = 0.5
"""An owner whose colleagues do so at least this many times as often as he does what his institution does."""
LISTING = ("station", "team")
"""Kinds of institution that keep a list."""
AT_ONCE = Explanation(
    "done_at_once", "当场即改的小事项", "small items done at once", lambda items: items["is_at_once"] > 0
)
OTHER_MEASURE = Explanation(
    "partial_closure",
    "再次列出时另定措施(分步整改)的事项",
    "items listed again with another measure (closed in part)",
    lambda items: items["has_other_measure"],
)
ELSEWHERE = Unknown(
    "evidence_elsewhere",
    "佐证另卷存放的,交付记录未载明,请核对",
    "evidence may be filed elsewhere, which is not on file; to be checked",
)


def judge(night: Night) -> Judgement:
    """Hints about institutions and owners, who cannot be measured, and the indicator of owners."""
    if not night.frames["core.delivery"].iloc[0]["has_rectification"]:
        gap = NotComputable("bureau", "all", FAMILY, "未交付整改清单", "rectification items were not delivered")
        return Judgement(not_computable=(gap,))
    names = last_names(night.frames["feature.officer_unit"])
    spine = night.frames["feature.officer"]
    serving = spine[pd.to_datetime(spine["as_of_on"]) == pd.Timestamp(night.as_of)]
    items = closed_items(night.frames["core.rectification"], names, serving, night.policy.flags)
    asked, gaps = [], []
    for question, hit, known_on, zh, en in _patterns(night.policy.flags.min_rectifications, items):
        held = items[hit.notna() & known_on.notna()]
        if held.empty:
            gaps.append(NotComputable("bureau", "all", FAMILY, zh, en))
            continue
        records = held.assign(is_hit=hit[held.index].astype(bool), known_on=known_on[held.index])
        asked.append(Asked(question, records.assign(officer_id=records["owner_officer_id"])))
    if not asked:
        return Judgement(not_computable=tuple(gaps))
    institutions = night.frames["core.institution"]
    units = institutions.loc[institutions["kind"].isin(LISTING), "institution_id"]
    of_institutions = [replace(each, records=of_units(each.records)) for each in asked]
    flags, missing = unit_answer(night, FAMILY, of_institutions, set(units) - set(names))
    owned = [replace(each, records=each.records[each.records["officer_id"].notna()]) for each in asked]
    owned = [each for each in owned if len(each.records)]
    if not owned:
        return Judgement(tuple(flags), (*gaps, *missing))
    owners = answer(night, FAMILY, owned, tells_stations=False)
    # what the owners of an institution share is told once, by the institution's own items
    own = [flag for flag in owners.flags if flag.subject_kind == "officer"]
    shared = {flag.subject_id for flag in own if _is_shared(flag, owned)}
    flags += [flag for flag in own if flag.subject_id not in shared]
    table = owners.indicator
    is_shared = table["officer_id"].isin(shared)
    table = table.assign(index=table["index"].mask(is_shared), crosses=table["crosses"].mask(is_shared))
    return Judgement(tuple(flags), (*gaps, *missing, *owners.not_computable), table)


def _is_shared(flag: Flag, owned: list[Asked]) -> bool:
    """Whether the items of his colleagues go the same way at least half as often as his own."""
    records = next(each.records for each in owned if each.question.pattern == flag.facts[0])
    known_on = pd.to_datetime(records["known_on"])
    records = records[(known_on >= pd.Timestamp(flag.window_start_on)) & (known_on <= pd.Timestamp(flag.window_end_on))]
    is_his = records["officer_id"] == flag.subject_id
    beside = records[~is_his & records["unit_id"].isin(records.loc[is_his, "unit_id"])]
    return bool(len(beside)) and beside["is_hit"].mean() >= SHARED * records.loc[is_his, "is_hit"].mean()


def _patterns(least: int, items: pd.DataFrame) -> list[tuple[Question, pd.Series, pd.Series, str, str]]:
    """Each question with its hits (NA where not on file), when they are settled, and what to say where all are NA."""

    def question(pattern: str, hit: Words, facts: tuple[str, ...], explanation: Explanation, unknowns) -> Question:
        return Question(
            FAMILY, pattern, "rectification", ("项已销号整改", "items closed"), hit, facts, least, _item_note,
            explanations=(explanation,), unknowns=unknowns,
        )  # fmt: skip

    return [
        (
            question("no_evidence", ("无佐证材料", "without evidence"), ("is_at_once",), AT_ONCE, (ELSEWHERE,)),
            ~items["has_evidence"],
            items["closed_on"],
            "整改事项未载佐证材料或尚无销号",
            "no item names evidence, or none is closed yet",
        ),
        (
            question("again", ("期内再现或重开", "came again or were reopened"), (), OTHER_MEASURE, ()),
            items["is_again"].astype("boolean"),
            items["again_known_on"],
            "尚无销号的整改事项",
            "no item is closed yet",
        ),
        (
            question(
                "closed_by_owner", ("由责任人自行销号", "were closed by their owner"), ("is_at_once",), AT_ONCE, ()
            ),
            items["was_closed_by_owner"],
            items["closed_on"],
            "整改事项未载责任人或销号人,或均属负责人与两人所",
            "items name no owner or not who closed them, or all are of heads and of stations of two",
        ),
    ]


def _item_note(row: pd.Series) -> Words:
    """An item in words, without its text and without a name."""
    zh = [f"{pd.Timestamp(row['closed_on']):%Y-%m-%d}销号" if pd.notna(row["closed_on"]) else "已重开"]
    en = [f"closed on {pd.Timestamp(row['closed_on']):%Y-%m-%d}" if pd.notna(row["closed_on"]) else "reopened"]
    for is_so, said_zh, said_en in (
        (row["is_at_once"] > 0, "当场即改", "done at once"),
        (pd.notna(row["has_evidence"]) and not row["has_evidence"], "无佐证", "no evidence"),
        (bool(row["is_again"]), "期内再现或重开", "there again"),
        (pd.notna(row["was_closed_by_owner"]) and row["was_closed_by_owner"], "责任人自行销号", "closed by its owner"),
    ):
        if is_so:
            zh.append(said_zh)
            en.append(said_en)
    return ",".join(zh), ", ".join(en)
