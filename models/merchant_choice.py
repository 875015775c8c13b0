"""What the merchant model takes as given: constants that the search of a night does not revisit, and where each was chosen."""

from __future__ import annotations

from typing import Any

from models.logistic import RIDGE
from models.merchant_fold import FOLD_COUNT, FOLD_DAYS, TAUGHT_LIMIT
from models.merchant_use import pair
from models.officer_effect import OFFICER_VISITS, QUARTER_VISITS

ON_RECORDS = pair(
    "在公开的食品检查记录上按滚动季度选定,从不看最后一季",
    "chosen on rolling quarters of public food inspection records, never on the last",
)
BY_DESIGN = pair("事先设定,未搜索", "set beforehand, not searched")


def _choice(
    zh: str, en: str, value: float, unit: tuple[str, str], where: str, chosen: dict[str, str]
) -> dict[str, Any]:
    return {**pair(zh, en), "value": value, "unit": pair(*unit), "where": where, "chosen": chosen}


VISITS = ("次检查", "visits")
FIXED = (
    _choice(
        "主体自身检查结果的半衰期",
        "half-life of what a merchant's own visits found",
        730,
        ("天", "days"),
        "sql/feature/merchant_visit.sql",
        ON_RECORDS,
    ),
    _choice(
        "主体自身的超出值向0收缩",
        "a merchant's own excess is drawn to 0 by",
        1,
        VISITS,
        "sql/feature/merchant_visit.sql",
        ON_RECORDS,
    ),
    _choice(
        "行业、网格、周边严重问题的超出值向0收缩",
        "severe excess of industry, grid and neighbours is drawn to 0 by",
        2,
        ("次预期严重问题", "severe visits expected"),
        "sql/feature/merchant.sql",
        ON_RECORDS,
    ),
    _choice(
        "行业、网格、周边问题数的超出值向0收缩",
        "finding excess of industry, grid and neighbours is drawn to 0 by",
        10,
        VISITS,
        "sql/feature/merchant.sql",
        ON_RECORDS,
    ),
    _choice(
        "检查人员在别处的发现水平向全局收缩",
        "what an officer finds elsewhere is drawn to the bureau by",
        20,
        VISITS,
        "sql/feature/visit_expectation.sql",
        ON_RECORDS,
    ),
    _choice(
        "学习时扣除的人员影响向1收缩",
        "an officer's effect, taken off while learning, is drawn to 1 by",
        OFFICER_VISITS,
        VISITS,
        "models/officer_effect.py",
        ON_RECORDS,
    ),
    _choice(
        "学习时扣除的人员季度影响向该人员收缩",
        "an officer's quarter is drawn to the officer by",
        QUARTER_VISITS,
        VISITS,
        "models/officer_effect.py",
        ON_RECORDS,
    ),
    _choice(
        "岭回归的惩罚",
        "penalty of the ridge regression",
        RIDGE,
        ("(标准化系数平方和之半)", "on half the squared scaled coefficients"),
        "models/logistic.py",
        ON_RECORDS,
    ),
    _choice(
        "投诉举报的半衰期",
        "half-life of complaints",
        90,
        ("天", "days"),
        "sql/feature/merchant_complaint.sql",
        BY_DESIGN,
    ),
    _choice(
        "时间外检验的季度数",
        "quarters out of time",
        FOLD_COUNT,
        (f"个,每个{FOLD_DAYS}天", f"of {FOLD_DAYS} days"),
        "models/merchant_fold.py",
        BY_DESIGN,
    ),
    _choice(
        "检验某季的模型最多学习的检查(今晚在用的模型学习全部)",
        "most visits that the model of a quarter out of time learns from (the one in use learns from all)",
        TAUGHT_LIMIT,
        VISITS,
        "models/merchant_fold.py",
        BY_DESIGN,
    ),
)
"""Name in both languages, value with its unit, the file where it is used, and how it was chosen."""
