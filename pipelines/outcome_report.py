"""The officer model on what really came, as people read it: a table on the terminal, and a page. No officer is named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.officer_evaluation import DEPTHS, MODEL, PERFECT, SCORERS, OfficerEvaluation
from pipelines.evaluation_pictures import quarter_picture
from pipelines.page import Column, drawn, number, rendered

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

NAMES = {
    "model": ("明鉴模型", "the model"),
    "logistic": ("同特征逻辑回归", "logistic regression, same features"),
    "complaints_12m": ("近12个月被反映件数", "most complaints in 12 months"),
    "complaints_all": ("此前全部被反映件数", "all complaints before"),
    "perfect": ("完美名单", "a perfect list"),
}

MEASURE_WORDS = {"precision": ("精确率", "precision"), "recall": ("召回率", "recall")}
SHOWN_DEPTHS = ("100", "5%")
"""Depths that are shown year by year: about what a discipline office can look at, and a twentieth."""

SOURCE_WORDS = {"outcomes": ("处置结果", "outcomes"), "weak": ("弱标签", "weak labels")}


def terminal_table(evaluation: OfficerEvaluation) -> Table:
    """Precision and recall of every scorer over all years, by depth of the list, with intervals."""
    from rich.table import Table

    pooled = _pooled(evaluation)
    table = Table(title="人员模型与实际处置结果 · officer model against real outcomes, 95 %", title_justify="left")
    table.add_column("")
    for measure in MEASURE_WORDS:
        for depth in DEPTHS:
            table.add_column(f"{MEASURE_WORDS[measure][0]} {_depth(depth)[0]}\n{measure} {depth}", justify="right")
    for scorer in (*SCORERS, PERFECT):
        cells = [_words(_told(evaluation.figures, pooled, scorer, m, d)) for m in MEASURE_WORDS for d in DEPTHS]
        table.add_row("\n".join(NAMES[scorer]), *cells)
    for scorer in SCORERS:
        if scorer != MODEL:
            cells = [_words(_told(evaluation.differences, pooled, scorer, m, d)) for m in MEASURE_WORDS for d in DEPTHS]
            table.add_row(f"模型减{NAMES[scorer][0]}\nthe model less {NAMES[scorer][1]}", *cells)
    years = "、".join(str(year.as_of.date()) for year in evaluation.years)
    found = sum(int(year.officers["is_found"].sum()) for year in evaluation.years)
    table.caption = (
        f"截止日 · as-of dates: {years};其后一年启动且已知属实 · opened within the year after and known to be substantiated: "
        f"{found} 人年 officer-years"
    )
    table.caption_justify = "left"
    return table


def report(evaluation: OfficerEvaluation, source: str, as_of: date) -> str:
    """The page: all years together, the model less each other, year by year, and how it was judged."""
    pooled = _pooled(evaluation)
    columns = [
        Column(f"{MEASURE_WORDS[m][0]},{_depth(d)[0]}", f"{MEASURE_WORDS[m][1]}, {_depth(d)[1]}", "", 1, True)
        for m in MEASURE_WORDS
        for d in DEPTHS
    ]
    by_year = evaluation.figures[evaluation.figures["year"] != "all"].rename(columns={"year": "quarter"})
    names = {scorer: " ".join(NAMES[scorer]) for scorer in SCORERS}
    pictures = [
        (
            drawn(
                quarter_picture(
                    by_year[(by_year["measure"] == measure) & (by_year["depth"] == "5%")],
                    names,
                    f"{MEASURE_WORDS[measure][0]} · {measure}",
                    f"前5%人员,各年 · first 5 %, by year: {measure}",
                )
            ),
            *MEASURE_WORDS[measure],
        )
        for measure in MEASURE_WORDS
    ]
    return rendered(
        "outcome.html",
        source=source,
        as_of=as_of.isoformat(),
        first_on=evaluation.years[0].as_of.date().isoformat(),
        last_on=evaluation.years[-1].as_of.date().isoformat(),
        year_count=len(evaluation.years),
        officer_years=sum(len(year.officers) for year in evaluation.years),
        found_years=sum(int(year.officers["is_found"].sum()) for year in evaluation.years),
        left_out=[(str(night.date()), zh, en) for night, zh, en in evaluation.left_out],
        columns=[Column("名单", "list"), *columns],
        rows=[[_pair(NAMES[scorer]), *_row(evaluation.figures, pooled, scorer)] for scorer in (*SCORERS, PERFECT)],
        differences=[
            [
                {"zh": f"模型减{NAMES[scorer][0]}", "en": f"the model less {NAMES[scorer][1]}"},
                *_row(evaluation.differences, pooled, scorer),
            ]
            for scorer in SCORERS
            if scorer != MODEL
        ],
        year_columns=[
            Column("截止日", "as of"),
            Column("在任", "serving", "人 officers", 0),
            Column("其后属实", "found after", "人 officers", 0),
            Column("至今可知占比", "share knowable by now", "", 0, True),
            Column("标签来源", "labels from"),
            Column("学习行数", "rows learned from", "", 0),
            Column("不可评价", "not evaluable", "人 officers", 0),
            *(
                Column(f"{NAMES[s][0]}召回率,{_depth(d)[0]}", f"recall of {NAMES[s][1]}, {_depth(d)[1]}", "", 1, True)
                for d in SHOWN_DEPTHS
                for s in SCORERS
            ),
        ],
        years=[
            [
                str(year.as_of.date()),
                len(year.officers),
                int(year.officers["is_found"].sum()),
                year.known_share,
                _pair(SOURCE_WORDS[year.label_source]),
                year.learned_rows,
                year.not_evaluable_count,
                *(
                    _told(evaluation.figures, str(year.as_of.date()), scorer, "recall", depth)
                    for depth in SHOWN_DEPTHS
                    for scorer in SCORERS
                ),
            ]
            for year in evaluation.years
        ],
        pictures=pictures,
    )


def _pooled(evaluation: OfficerEvaluation) -> str:
    """The name of what all years together are called: the year itself where there is one."""
    return "all" if len(evaluation.years) > 1 else str(evaluation.years[0].as_of.date())


def _depth(name: str) -> tuple[str, str]:
    return (f"前{name}", f"first {name}") if "%" in name else (f"前{name}人", f"first {name}")


def _row(rows: pd.DataFrame, year: str, scorer: str) -> list[dict[str, float] | None]:
    return [_told(rows, year, scorer, measure, depth) for measure in MEASURE_WORDS for depth in DEPTHS]


def _told(rows: pd.DataFrame, year: str, scorer: str, measure: str, depth: str) -> dict[str, float] | None:
    """One figure with its interval; None where it is not computable."""
    chosen = rows[
        (rows["year"] == year) & (rows["scorer"] == scorer) & (rows["measure"] == measure) & (rows["depth"] == depth)
    ].iloc[0]
    if chosen["value"] != chosen["value"]:
        return None
    return {"value": chosen["value"], "interval_low": chosen["low"], "interval_high": chosen["high"]}


def _words(told: dict[str, float] | None) -> str:
    if told is None:
        return number(None)
    low, high = (number(told[name], 1, True) for name in ("interval_low", "interval_high"))
    return f"{number(told['value'], 1, True)}\n({low}–{high})"


def _pair(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}
