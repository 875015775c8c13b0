"""Officers' measures beside their peers': robust deviations from what is usual on the same post."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

NORMAL_MAD = 1.4826
"""Median absolute deviation of a normal spread, as a multiple that gives its standard deviation."""
NORMAL_MEAN_DEVIATION = 1.2533
"""The same of the mean absolute deviation, which is left where more than half of the peers share one value."""
FARTHEST = 8.0
"""Deviations count up to here: one extreme figure must not drown all others."""
MOST_MISSING = 0.5

FEWEST_CASES = 5
"""Shares of fewer cases than this are not measured: one case would be all or nothing."""

MEASURES = {
    "visits_per_service_day_12m": ("日均巡查次数", "visits per day of service", 0),
    "market_visit_share_12m": ("市场商场巡查占比", "share of visits in markets and malls", 0),
    "special_visit_share_12m": ("专项检查占比", "share of visits made in a campaign", 0),
    "key_industry_visit_share_12m": ("重点行业巡查占比", "share of visits to key industries", 0),
    "finding_ratio_12m": ("发现问题倍数", "visits with a finding against what is usual", -1),
    "severe_ratio_12m": ("发现严重问题倍数", "visits with a severe finding against what is usual", -1),
    "complainant_excess": ("反映人数偏离同类预期", "complainants beyond what peers lead to expect", 1),
    "no_penalty_share_12m": ("不予处罚与警告占比", "share of decisions without a fine", 1),
    "below_minimum_share_12m": ("低于法定下限占比", "share of fines below the statutory minimum", 1),
    "dropped_share": ("撤案终止占比", "share of cases withdrawn or terminated", 1),
    "old_open_share": ("超90日在办占比", "share of open cases older than 90 days", 1),
}
"""What is compared: labels, and which way is worse (1 higher, -1 lower, 0 either). Better than usual is no deviation."""
WORSE = np.array([worse for _, _, worse in MEASURES.values()])
IS_EXPOSURE = WORSE == 0
"""Measures of where and how often somebody is sent, which is not his choice."""
CONFIDENTIAL = ("complainant_excess",)
"""Measures whose own value is never told: it may single out who complained."""


@dataclass(frozen=True)
class Peers:
    """n officers of a night who have enough peers, in order of their identifier, and the k measures of MEASURES.

    value, middle, deviation : shape (n, k), each measure, its median among the peers, and the robust deviation from it,
    0 where it is a gap, where the peers do not differ, or on the better side. group : shape (n,), post and kind of
    station, or the post alone where those are too few. peer_count : shape (n,), others in the group.
    """

    officers: np.ndarray
    units: np.ndarray
    group: np.ndarray
    is_of_kind: np.ndarray
    peer_count: np.ndarray
    value: np.ndarray
    middle: np.ndarray
    deviation: np.ndarray


def measures(officers: pd.DataFrame) -> pd.DataFrame:
    """The columns of MEASURES of every row of feature.officer; NaN where one cannot be measured."""

    def number(name: str) -> pd.Series:
        return officers[name].astype("Float64").astype(float)

    led, is_open = number("led_case_count_12m"), number("open_case_count")
    made = {
        "complainant_excess": np.log(
            (number("complainant_count_12m") + 1) / (number("expected_complainant_count_12m") + 1)
        ),
        "no_penalty_share_12m": number("no_penalty_share_12m").where(led >= FEWEST_CASES),
        "below_minimum_share_12m": number("below_minimum_share_12m").where(led >= FEWEST_CASES),
        "dropped_share": (number("dropped_case_count_12m") / led).where(led >= FEWEST_CASES),
        "old_open_share": (number("old_open_case_count") / is_open).where(is_open >= FEWEST_CASES),
    }
    return pd.DataFrame({name: made[name] if name in made else number(name) for name in MEASURES})


def peers_of(officers: pd.DataFrame, least_peers: int) -> Peers:
    """The officers of one night (rows of feature.officer) beside their peers; who has fewer than `least_peers` is left out."""
    officers = officers.sort_values("officer_id", ignore_index=True)
    value = measures(officers).to_numpy(dtype=float)
    post, kind = officers["post"].to_numpy(dtype=object), officers["station_kind"].to_numpy(dtype=object)
    middle, deviation = np.full_like(value, np.nan), np.zeros_like(value)
    group, count = np.full(len(officers), "", dtype=object), np.zeros(len(officers), dtype=int)
    for label, inside in _circles(post, kind, least_peers):
        judged = inside & (count == 0)
        middle[judged], spread = _middle_and_spread(value[inside])
        with np.errstate(divide="ignore", invalid="ignore"):
            away = (value[judged] - middle[judged]) / spread
        deviation[judged] = np.nan_to_num(np.where(spread > 0, away, 0.0), nan=0.0)
        group[judged], count[judged] = label, inside.sum() - 1
    deviation = np.clip(deviation, np.where(WORSE == 1, 0.0, -FARTHEST), np.where(WORSE == -1, 0.0, FARTHEST))
    kept = count > 0
    return Peers(
        officers=officers["officer_id"].to_numpy(dtype=object)[kept],
        units=officers["unit_id"].to_numpy(dtype=object)[kept],
        group=group[kept],
        is_of_kind=np.array(["@" in label for label in group[kept]], dtype=bool),
        peer_count=count[kept],
        value=value[kept],
        middle=middle[kept],
        deviation=deviation[kept],
    )


def _circles(post: np.ndarray, kind: np.ndarray, least_peers: int) -> list[tuple[str, np.ndarray]]:
    """Circles of peers that are large enough: first the same post and kind of station, then the post alone."""
    pairs = sorted(set(zip(post.tolist(), kind.tolist(), strict=True)))
    circles = [(f"{name}@{where}", (post == name) & (kind == where)) for name, where in pairs]
    circles += [(str(name), post == name) for name in sorted(set(post.tolist()))]
    return [(label, inside) for label, inside in circles if inside.sum() > least_peers]


def _middle_and_spread(value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median and robust standard deviation of each column; NaN where more than MOST_MISSING of it are gaps."""
    known = np.isnan(value).mean(axis=0) <= MOST_MISSING
    middle, spread = np.full(value.shape[1], np.nan), np.full(value.shape[1], np.nan)
    middle[known] = np.nanmedian(value[:, known], axis=0)
    away = np.abs(value[:, known] - middle[known])
    usual = NORMAL_MAD * np.nanmedian(away, axis=0)
    spread[known] = np.where(usual > 0, usual, NORMAL_MEAN_DEVIATION * np.nanmean(away, axis=0))
    return middle, spread
