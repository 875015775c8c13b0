"""An evaluation as people read it: a table on the terminal, and a page with the pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.evaluation import LEAD, SCORERS, Evaluation
from models.merchant_fold import FOLD_DAYS
from models.quarter import WEIGHT_LIMIT
from pipelines.evaluation_pictures import gain_picture, quarter_picture
from pipelines.page import Column, drawn, rendered
from pipelines.pictures import calibration_picture

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table


class Measure(NamedTuple):
    """How a figure is told: both languages, decimals, whether it is a share, and what it means."""

    zh: str
    en: str
    digits: int
    is_share: bool
    meaning_zh: str
    meaning_en: str


MEASURES = {
    "within_officer_auc": Measure(
        "同一人员内AUC",
        "AUC within officer",
        3,
        False,
        "同一人员的两次检查、一次有严重问题一次没有,得分高者确有问题的占比;0.5为盲猜。只有它说明认识的是主体而不是检查人员",
        "of two visits by one officer, one severe and one not, how often the higher score is the severe one; 0.5 is blind. It "
        "alone shows knowledge of merchants rather than of officers",
    ),
    "auc": Measure("AUC", "AUC", 3, False, "同上,不分人员", "the same whoever visited"),
    "average_precision": Measure(
        "平均精度", "average precision", 3, False, "按得分从高到低,精度的平均", "precision, averaged down the list"
    ),
    "first_half_share": Measure(
        "前半检查发现占比",
        "found in first half",
        1,
        True,
        "按得分先后,前一半检查发现的严重问题占全部的比例",
        "share of the severe findings in the first half of the visits, done in order of score",
    ),
    "days_earlier": Measure(
        "提前天数",
        "days earlier",
        2,
        False,
        "同样的检查、每日同样次数、改按得分先后,严重问题平均提前发现的天数",
        "the same visits, as many a day, in order of score: mean days by which a severe finding comes earlier",
    ),
    "precision_at_capacity": Measure(
        "首月检查精度",
        "precision of first month",
        1,
        True,
        "得分最高的一个月工作量的检查中,有严重问题的占比",
        "share of severe visits among the highest scored month's worth of visits",
    ),
    "brier": Measure(
        "Brier", "Brier", 4, False, "概率与结果之差的平方均值,0最好", "mean squared error of the probability"
    ),
    "calibration_ratio": Measure(
        "预测/实际",
        "predicted / observed",
        3,
        False,
        "平均概率与实际占比之比,1为准",
        "mean probability over the share seen",
    ),
}

NAMES = {
    "model": ("明鉴模型", "the model"),
    "logistic": ("同特征逻辑回归", "logistic regression, same features"),
    "past_findings": ("近两年问题数", "findings in two years"),
    "last_result": ("上次有无严重问题", "last result"),
    "rule_tier": ("规则分类", "tier by rule"),
    "who_inspects": ("由谁检查(仅供对照)", "who inspects (not a score)"),
    LEAD: ("模型减逻辑回归", "the model less the regression"),
}

WAYS = {
    "as_made": ("实际做的检查", "visits as they were made"),
    "random": ("仅双随机抽查", "random visits alone"),
    "weighed": ("按被检查概率倒数加权", "weighed by the inverse chance of a visit"),
}


def terminal_table(evaluation: Evaluation) -> Table:
    """Every scorer's figures over all quarters, with their intervals."""
    from rich.table import Table

    table = Table(title="全部季度 · all quarters, 95 %", title_justify="left")
    table.add_column("")
    for measure in MEASURES.values():
        table.add_column(f"{measure.zh}\n{measure.en}", justify="right")
    for scorer in (*SCORERS, LEAD):
        cells = [_words(told, MEASURES[name]) for name, told in _figures(evaluation, scorer, "all")]
        table.add_row("\n".join(NAMES[scorer]), *cells)
    used = evaluation.selection[evaluation.selection["is_used"]].iloc[0]
    way = " · ".join(WAYS[used["visits"]])
    within = _words(_spread(used, "within_officer_auc"), MEASURES["within_officer_auc"]).replace("\n", " ")
    table.caption = (
        f"代表全部主体 · for merchants in general: {way}; AUC within officer {within}, "
        f"calibration slope {used['slope']:.2f}, effective number {used['effective_count']:,.0f}"
    )
    table.caption_justify = "left"
    return table


def report(evaluation: Evaluation, source: str, as_of: date) -> str:
    """The page: figures, quarters, pictures, who is visited, and what could not be judged."""
    columns = [Column(m.zh, m.en, "", m.digits, m.is_share) for m in MEASURES.values()]
    figures = evaluation.figures
    rows = [
        [_pair(NAMES[scorer]), *(told for _, told in _figures(evaluation, scorer, "all"))]
        for scorer in (*SCORERS, LEAD)
    ]
    quarters = [
        [
            str(quarter.origin),
            len(quarter.visits),
            int(quarter.label.sum()),
            quarter.unscored_count,
            *(told for _, told in _figures(evaluation, "model", quarter.origin.isoformat())),
        ]
        for quarter in evaluation.quarters
    ]
    by_quarter = figures[figures["quarter"] != "all"]
    names = {scorer: " ".join(NAMES[scorer]) for scorer in SCORERS}
    two = {scorer: names[scorer] for scorer in ("model", "logistic")}
    within = by_quarter[by_quarter["measure"] == "within_officer_auc"]
    days = by_quarter[by_quarter["measure"] == "days_earlier"]
    return rendered(
        "evaluation.html",
        source=source,
        as_of=as_of.isoformat(),
        fold_days=FOLD_DAYS,
        weight_limit=int(WEIGHT_LIMIT),
        first_on=evaluation.quarters[0].origin.isoformat(),
        last_on=evaluation.quarters[-1].last_on.isoformat(),
        quarter_count=len(evaluation.quarters),
        left_out=[(str(night), zh, en) for night, zh, en in evaluation.left_out],
        columns=[Column("得分", "scorer"), *columns],
        rows=rows,
        measures=list(MEASURES.values()),
        quarter_columns=[
            Column("季度起点", "quarter begins after"),
            Column("检查", "visits", "次 visits", 0),
            Column("严重", "severe", "次 visits", 0),
            Column("未得分", "not scored", "次 visits", 0),
            *columns,
        ],
        quarters=quarters,
        selection_columns=[
            Column("哪些检查", "which visits"),
            Column("检查", "visits", "次 visits", 0),
            Column("有效样本", "effective number", "次 visits", 0),
            Column("AUC", "AUC", "", 3),
            Column("同一人员内AUC", "AUC within officer", "", 3),
            Column("平均概率", "mean probability", "", 1, True),
            Column("实际占比", "observed", "", 1, True),
            Column("校准斜率", "calibration slope", "", 2),
            Column("校准截距", "calibration intercept", "", 2),
        ],
        selection=[_selection_row(row) for row in evaluation.selection.to_dict("records")],
        used=[place for place, used in enumerate(evaluation.selection["is_used"]) if used],
        used_way=_pair(WAYS[evaluation.selection.loc[evaluation.selection["is_used"], "visits"].iloc[0]]),
        settings=[(quarter.origin.isoformat(), quarter.setting) for quarter in evaluation.quarters],
        pictures={
            "calibration": drawn(calibration_picture(evaluation.calibration)),
            "gain": drawn(gain_picture(evaluation.gain, names)),
            "within": drawn(quarter_picture(within, two, "同一人员内AUC · AUC within officer", "各季度 · By quarter")),
            "days": drawn(quarter_picture(days, two, "提前天数 · days earlier", "提前天数 · Days earlier")),
        },
    )


def _figures(evaluation: Evaluation, scorer: str, quarter: str) -> Iterator[tuple[str, dict[str, float] | None]]:
    rows = evaluation.figures
    rows = rows[(rows["scorer"] == scorer) & (rows["quarter"] == quarter)].set_index("measure")
    for name in MEASURES:
        yield name, _told(rows.loc[name]) if name in rows.index else None


def _told(row: pd.Series) -> dict[str, float]:
    return {"value": float(row["value"]), "interval_low": float(row["low"]), "interval_high": float(row["high"])}


def _words(told: dict[str, float] | None, measure: Measure) -> str:
    if told is None:
        return "—"
    form = f".{measure.digits}{'%' if measure.is_share else 'f'}"
    return f"{told['value']:{form}}\n({told['interval_low']:{form}}–{told['interval_high']:{form}})"


def _spread(row: pd.Series | dict, name: str) -> dict[str, float] | None:
    """One figure of the selection table with its interval; None where it is not computable."""
    value = row[name]
    if value != value:
        return None
    return {"value": value, "interval_low": row[f"{name}_low"], "interval_high": row[f"{name}_high"]}


def _selection_row(row: dict) -> Sequence:
    told = [_spread(row, name) for name in ("auc", "within_officer_auc", "predicted", "observed")]
    line = [None if row[name] != row[name] else row[name] for name in ("slope", "intercept")]
    return [_pair(WAYS[row["visits"]]), row["visit_count"], row["effective_count"], *told, *line]


def _pair(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}
