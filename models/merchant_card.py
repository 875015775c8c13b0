"""The card of the merchant model: what it is for, what it learned from, how well it does, and what it must not be used for.

Plain values that JSON keeps. Every text is a pair `zh`, `en`. No merchant and no person is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.accuracy import measured
from models.calibration import deciles
from models.merchant_choice import FIXED
from models.merchant_feature import DIRECTION
from models.merchant_fold import Fold, OutOfTime
from models.merchant_use import FORBIDDEN, LABEL, LIMITS, PURPOSE, READERS, pair
from models.policy import TrainingPolicy
from models.random_correction import LEVEL_DEVIATION, SLOPE_DEVIATION, Learned

CHOSEN = pair(
    "对数损失(越小越好)在除最后一季外的各季上最小者;最后一季不参与选择,只报告。特征及其方向、半衰期等见下表,搜索时不变。",
    "The one with the least log loss (smaller is better) on all quarters but the last, which had no part in the choice and is "
    "only reported. Features, their directions, half-lives and the like are fixed, see below.",
)
NOT_CHOSEN = pair(
    "时间外的季度不足两个,未搜索,用默认设置。",
    "Fewer than two quarters out of time: nothing was searched and the default is taken.",
)

CORRECTED = pair(
    "检查谁由人选定,只有随机抽取的主体能代表全部主体。上面校准后的对数几率再加一条直线,使随机抽查的平均概率与实际占比相符;"
    "该直线只从时间外各季的随机抽查学得,以正态先验向“不校正”收缩,抽查越少收缩越多。直线上升,先后次序、百分位、分类和理由都不变。",
    "People choose whom to visit; only merchants drawn at random stand for all. A further line in log-odds, after the "
    "calibration above, makes predicted equal observed among drawn visits. It is learned from the drawn visits of the "
    "quarters out of time alone, and drawn to no correction by a normal prior, the more the fewer there are. The line rises: "
    "order, percentile, tiers and reasons stay as they are.",
)


def card(
    learning: pd.DataFrame,
    merchant_count: int,
    as_of: date,
    policy: TrainingPolicy,
    tried: OutOfTime,
    line: tuple[float, float],
    probability: Sequence[np.ndarray] | None,
    taught: Learned,
) -> dict[str, Any]:
    """The card of a model trained on `as_of` from the visits of `learning`.

    `merchant_count` merchants gave the scale of percentiles and tiers; `line` is slope and intercept of the calibration in
    use. What is told of probabilities is told of each quarter by the calibration of the others (`probability`, from
    calibrated_elsewhere), before the correction that the random arm `taught`. `random_arm.classes` is filled in where the
    draws are known (models.random_arm).
    """
    severe = learning["is_severe"].to_numpy(dtype=bool)
    return {
        "model": "merchant",
        "trained_on": as_of.isoformat(),
        "purpose": PURPOSE,
        "readers": READERS,
        "must_not_be_used_for": list(FORBIDDEN),
        "label": LABEL,
        "data": {
            "first_visit_on": str(learning["visited_on"].min().date()),
            "last_visit_on": str(learning["visited_on"].max().date()),
            "known_until_on": str(pd.to_datetime(learning["known_on"]).max().date()),
            "window_days": policy.window_days,
            "row_limit": policy.row_limit,
            "visit_count": len(learning),
            "severe_count": int(severe.sum()),
            "severe_share": float(severe.mean()),
            "visited_merchant_count": int(learning["merchant_id"].nunique()),
            "officer_count": int(learning["lead_officer_id"].nunique()),
            "scaled_merchant_count": merchant_count,
        },
        "features": [{"name": name, "direction": sign} for name, sign in DIRECTION.items()],
        "folds": [
            _fold(fold, probability and probability[place], 0 < len(tried.folds) - 1 - place)
            for place, fold in enumerate(tried.folds)
        ],
        "pooled": _pooled(tried.folds, probability) if tried.folds else None,
        "calibration": _calibration(tried, line, probability),
        "random_arm": {
            **CORRECTED,
            **taught.to_state(),
            "level_deviation": LEVEL_DEVIATION,
            "slope_deviation": SLOPE_DEVIATION,
            "classes": [],
        },
        "setting": vars(tried.setting),
        "how_chosen": CHOSEN if tried.search else NOT_CHOSEN,
        "search": tried.search,
        "fixed_choices": list(FIXED),
        "limits": list(LIMITS),
    }


def _fold(fold: Fold, probability: np.ndarray | None, is_chooser: bool) -> dict[str, Any]:
    quarter = np.zeros(len(fold.label), dtype=int)
    return {
        "first_on": fold.first_on.isoformat(),
        "last_on": fold.last_on.isoformat(),
        "chose_the_setting": is_chooser,
        "visit_count": len(fold.label),
        "severe_count": int(fold.label.sum()),
        **measured(fold.label, fold.raw_score, probability, fold.officer, fold.merchant, quarter),
    }


def _pooled(folds: Sequence[Fold], probability: Sequence[np.ndarray] | None) -> dict[str, Any]:
    label, raw_score, officer, merchant = (
        np.concatenate([getattr(fold, name) for fold in folds])
        for name in ("label", "raw_score", "officer", "merchant")
    )
    known = probability and np.concatenate(probability)
    quarter = np.repeat(np.arange(len(folds)), [len(fold.label) for fold in folds])
    counts = {"visit_count": len(label), "severe_count": int(label.sum())}
    return counts | measured(label, raw_score, known, officer, merchant, quarter)


def _calibration(
    tried: OutOfTime, line: tuple[float, float], probability: Sequence[np.ndarray] | None
) -> dict[str, Any]:
    if not tried.folds:
        how = pair(
            "未校准:历史太短,没有时间外的季度",
            "none: too little history for a quarter out of time",
        )
    elif probability is None:
        how = pair(
            "对数几率上的一条直线,由仅有的一个时间外季度求得;无法用别的季度检验",
            "a line in log-odds, from the only quarter out of time; it cannot be held against another",
        )
    else:
        how = pair(
            "对数几率上的一条直线,由全部时间外季度求得;下列数字中,每一季都用其余各季求得的直线换算",
            "a line in log-odds, from all quarters out of time; in the figures told here each quarter is turned into "
            "probabilities by the line of the others",
        )
    known = deciles(np.concatenate(probability), tried.label) if probability else []
    return {**how, "slope": line[0], "intercept": line[1], "deciles": known}
