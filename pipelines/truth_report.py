"""Hints against a known truth as people read it: a table on the terminal, and a page. No officer is named."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from models.flags import families
from models.truth import COUNTS, SHARES, THRESHOLDS
from pipelines.contract import published_tables
from pipelines.evaluating_truth import TruthEvaluation
from pipelines.page import Column, known, number, rendered

if TYPE_CHECKING:
    from rich.table import Table

COUNT_WORDS = {
    "planted_count": ("埋设", "planted"),
    "named_count": ("点到", "named"),
    "right_count": ("找到", "right"),
    "related_count": ("另有埋设", "related"),
    "false_count": ("误点", "false"),
    "look_alike_count": ("其中无辜相似", "of these look-alikes"),
}
SHARE_WORDS = {
    "recall": ("召回率", "recall"),
    "precision": ("精确率", "precision"),
    "strict_precision": ("严格精确率", "strict precision"),
}
SUBJECT_WORDS = {"officer": ("人员", "officers"), "institution": ("单位", "institutions")}
THRESHOLD_WORDS = {
    "weak": ("弱及以上", "weak or more"),
    "moderate": ("中及以上", "moderate or more"),
    "strong": ("强", "strong"),
}


def terminal_table(evaluation: TruthEvaluation) -> Table:
    """Recall and precision of every family that has anything planted or names anybody, by threshold."""
    from rich.table import Table

    agreement = evaluation.agreement
    table = Table(title="疑点与埋设真相对照 · hints against the planted truth", title_justify="left")
    for zh, en in (("类型", "family"), ("对象", "subjects"), ("强度", "strength")):
        table.add_column(f"{zh}\n{en}")
    for zh, en in (*COUNT_WORDS.values(), *SHARE_WORDS.values()):
        table.add_column(f"{zh}\n{en}", justify="right")
    for row in _shown(agreement.families).to_dict("records"):
        family = " ".join(_family(row["family"]).values())
        counts = [number(row[name]) for name in COUNTS]
        shares = [number(known(row[name]), 2) for name in SHARES]
        subjects, threshold = SUBJECT_WORDS[row["subject_kind"]], THRESHOLD_WORDS[row["threshold"]]
        table.add_row(family, " ".join(subjects), " ".join(threshold), *counts, *shares)
    table.caption = (
        f"中强度以上的人员疑点{agreement.officer_flag_count}条,其中{agreement.false_flag_count}条"
        f"({agreement.false_officer_count}人)没有任何埋设\n"
        f"{agreement.officer_flag_count} moderate or strong hints about officers, {agreement.false_flag_count} of them "
        f"({agreement.false_officer_count} officers) where nothing is planted"
    )
    table.caption_justify = "left"
    return table


def report(evaluation: TruthEvaluation, source: str, as_of: date) -> str:
    """The page: families, what was planted, innocent look-alikes, and what could not be computed."""
    agreement = evaluation.agreement
    shown = _shown(agreement.families)
    notes = _notes(evaluation.truth)
    gaps = Counter((gap.family, gap.reason_zh, gap.reason_en) for gap in evaluation.not_computable)
    return rendered(
        "truth.html",
        source=source,
        as_of=as_of.isoformat(),
        officer_flag_count=agreement.officer_flag_count,
        false_flag_count=agreement.false_flag_count,
        false_officer_count=agreement.false_officer_count,
        asked_count=len(families()),
        not_asked=[_family(name) for name in dict.fromkeys(shown["family"]) if name not in families()],
        parts=[
            {
                "zh": THRESHOLD_WORDS[threshold][0],
                "en": THRESHOLD_WORDS[threshold][1],
                "rows": [
                    [
                        _family(row["family"]),
                        _pair(SUBJECT_WORDS[row["subject_kind"]]),
                        *(int(row[name]) for name in COUNTS),
                        *(known(row[name]) for name in SHARES),
                    ]
                    for row in shown[shown["threshold"] == threshold].to_dict("records")
                ],
            }
            for threshold in THRESHOLDS
        ],
        columns=[
            Column("类型", "family"),
            Column("对象", "subjects"),
            *(Column(zh, en, "", 0) for zh, en in COUNT_WORDS.values()),
            *(Column(zh, en, "", 1, True) for zh, en in SHARE_WORDS.values()),
        ],
        behaviour_columns=[
            Column("埋设", "planted"),
            Column("应属类型", "family that should find it"),
            Column("对象", "subjects", "", 0),
            *(Column(zh, en, "", 0) for zh, en in THRESHOLD_WORDS.values()),
        ],
        behaviours=_behaviour_rows(agreement.behaviours, notes),
        confounder_columns=[
            Column("无辜相似", "look-alike"),
            Column("对象类别", "subjects"),
            Column("对象", "number", "", 0),
            Column("被何类点到", "named by"),
            Column("弱及以上", "weak or more", "", 0),
            Column("中及以上", "moderate or more", "", 0),
        ],
        confounders=[
            [
                notes.get(row["behaviour"], row["behaviour"]),
                _pair(SUBJECT_WORDS[row["subject_kind"]]),
                row["subject_count"],
                _family(row["family"]) if row["family"] else {"zh": "无", "en": "none"},
                row["weak_count"],
                row["moderate_count"],
            ]
            for row in agreement.confounders.to_dict("records")
        ],
        gap_columns=[Column("类型", "family"), Column("原因", "reason"), Column("次数", "times", "", 0)],
        gaps=[[_family(family), {"zh": zh, "en": en}, count] for (family, zh, en), count in sorted(gaps.items())],
    )


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The families that have anything planted or name anybody at any strength."""
    is_told = (rows["planted_count"] + rows["named_count"]).groupby([rows["family"], rows["subject_kind"]])
    return rows[is_told.transform("max") > 0].sort_values(
        ["family", "subject_kind"], ascending=[True, False], kind="stable"
    )


def _behaviour_rows(behaviours: pd.DataFrame, notes: dict[str, dict[str, str]]) -> list[list]:
    """One row per planted behaviour: how many are found from each strength on."""
    found = behaviours.pivot(index=["behaviour", "family", "planted_count"], columns="threshold", values="found_count")
    order = behaviours.drop_duplicates(["behaviour", "family"])[["behaviour", "family", "planted_count"]]
    return [
        [
            notes.get(behaviour, behaviour),
            _family(family),
            count,
            *(int(found.loc[(behaviour, family, count), threshold]) for threshold in THRESHOLDS),
        ]
        for behaviour, family, count in order.itertuples(index=False)
    ]


def _notes(truth: pd.DataFrame) -> dict[str, dict[str, str]]:
    """What each behaviour is, in both languages, where the truth file says it."""
    if not {"note_zh", "note_en"} <= set(truth.columns):
        return {}
    rows = truth.drop_duplicates("behaviour")
    return {
        behaviour: {"zh": zh, "en": en}
        for behaviour, zh, en in zip(rows["behaviour"], rows["note_zh"], rows["note_en"], strict=True)
    }


def _family(name: str) -> dict[str, str]:
    """The family's Chinese name and its own; a name that the contract does not know stands for itself."""
    return {"zh": published_tables()["red_flag"].column("family").values.get(name, name), "en": name}


def _pair(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}
