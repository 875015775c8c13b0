"""Complaints about officers against what their exposure leads to expect of peers, and bursts in time.

Counted are distinct complainants of feedback on service and complaints about handling; without a digest of the
complainant, distinct events. Duplicates are out, and accusations are another matter and never in here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.policy import FlagPolicy
from models.shrinkage import SHAPE_BOUNDS, gamma_shape, probability_rate_above, rate_posterior

INTERVAL = 0.95
REFERENCE_PASSES = 5
LEVEL_WEIGHT = 0.8
"""Share of the error rate that the test of the count may spend; the scan for a burst has the rest."""


def exposed(officers: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """Officer-nights with their exposure: columns exposure, exposure_unit ('visit' or 'service_day') and peer_group.

    Visits count for an officer who has at least min_visits of them in 12 months, days of service for all others with
    at least min_service_days. Rows without enough of either are left out.
    """
    visits = officers["visit_count_12m"].astype("Float64").fillna(0).to_numpy(dtype=float)
    days = officers["service_day_count_12m"].to_numpy(dtype=float)
    by_visit = visits >= policy.min_visits
    kept = officers.assign(
        exposure=np.where(by_visit, visits, days),
        exposure_unit=np.where(by_visit, "visit", "service_day"),
    )[by_visit | (days >= policy.min_service_days)]
    group = kept["post"].astype(str) + "·" + kept["station_kind"].astype(str) + "·" + kept["exposure_unit"]
    return kept.assign(peer_group=group)


def expected_counts(
    rows: pd.DataFrame, count: pd.Series, policy: FlagPolicy, reference: pd.Series | None = None
) -> pd.DataFrame:
    """`peer_count` and `expected` of each row of one or more nights, shape (n, 2): exposure x the peers' rate.

    rows : columns as_of_on, peer_group, exposure_unit, exposure. count : complainants of each row. reference : the rows
    that may speak for the peers' rate (all where None).
    The peers' rate leaves the officer himself out and leans on the bureau's rate of the same unit with the weight of
    min_peers average officers, so that a handful of peers decides little.
    """
    speaks = pd.Series(True, rows.index) if reference is None else reference
    frame = rows[["as_of_on", "peer_group", "exposure_unit"]].assign(
        count=count.astype(float).where(speaks, 0.0), exposure=rows["exposure"].where(speaks, 0.0), speaker=speaks * 1.0
    )
    sums = ["count", "exposure", "speaker"]
    peers = frame.groupby(["as_of_on", "peer_group"])[sums].transform("sum") - frame[sums]
    bureau = frame.groupby(["as_of_on", "exposure_unit"])[sums].transform("sum")
    lean = policy.min_peers * bureau["exposure"] / bureau["speaker"]
    bureau = bureau - frame[sums]
    bureau_rate = bureau["count"] / bureau["exposure"].where(bureau["exposure"] > 0)
    rate = (peers["count"] + lean * bureau_rate) / (peers["exposure"] + lean)
    size = frame.groupby(["as_of_on", "peer_group"])["count"].transform("size")
    return pd.DataFrame({"peer_count": size - 1, "expected": rate * rows["exposure"]}, index=rows.index)


def complaint_rates(rows: pd.DataFrame, count: pd.Series, policy: FlagPolicy) -> pd.DataFrame:
    """Rates of the rows of one night, shrunk: observed, expected, peer_count, ratio, ratio_low, ratio_high, probability.

    ratio is the posterior mean of rate / expected rate (1 = as the peers), probability that it is above
    complaint_rate_ratio, gamma_shape the spread of rates among all of them. Officers who stand out do not speak for
    what is usual: expectations are made again without them until nobody new stands out (REFERENCE_PASSES at most); the
    spread keeps them, or it would deny that anyone can stand out. Rows with fewer than min_peers peers, or for whom
    nothing is expected at all, are left out.
    """
    count = count.astype(float)
    reference = pd.Series(True, rows.index)
    for _ in range(REFERENCE_PASSES):
        measured = expected_counts(rows, count, policy, reference).assign(observed=count)
        measured = measured[(measured["peer_count"] >= policy.min_peers) & (measured["expected"] > 0)]
        observed, expected = measured["observed"].to_numpy(), measured["expected"].to_numpy()
        shape = gamma_shape(observed, expected)
        probability = probability_rate_above(observed, expected, shape, policy.complaint_rate_ratio)
        standing_out = measured.index[probability >= policy.posterior_confidence]
        usual = reference & ~reference.index.isin(standing_out)
        # where all who were complained of stand out, nobody else could say what is usual
        if not reference[standing_out].any() or count[usual].sum() == 0:
            break
        reference = usual
    ratio, low, high = rate_posterior(observed, expected, shape, INTERVAL)
    return measured.assign(ratio=ratio, ratio_low=low, ratio_high=high, probability=probability, gamma_shape=shape)


def noise_shape(now: pd.DataFrame, before: pd.DataFrame) -> float:
    """The gamma shape by which an officer's own rate moves from one window to the next beyond chance (moments).

    now, before : `complaint_rates` of two windows that share no complaint. Lasting differences between officers cancel,
    so what is left is noise: events that bring several complaints, changes of duty. The smaller, the noisier.
    """
    both = now.index.intersection(before.index)
    count, expected = now.loc[both, "observed"], now.loc[both, "expected"]
    count_before, expected_before = before.loc[both, "observed"], before.loc[both, "expected"]
    rate, rate_before = count / expected, count_before / expected_before
    weight = expected * expected_before / (expected + expected_before)
    chance = (count + count_before) / (expected + expected_before) * (1 / expected + 1 / expected_before)
    beyond_chance = float((weight * ((rate - rate_before) ** 2 - chance)).sum())
    level = float((2 * weight * rate * rate_before).sum())
    if beyond_chance <= 0:
        return SHAPE_BOUNDS[1]
    return float(np.clip(level / beyond_chance, *SHAPE_BOUNDS))


def counted_complaints(complaints: pd.DataFrame, first_on: pd.Timestamp, last_on: pd.Timestamp) -> pd.DataFrame:
    """The public complaints received from first_on to last_on, duplicates out, in the order of complaint_id."""
    received = pd.to_datetime(complaints["received_on"])
    is_repeat = complaints["is_duplicate"].astype(bool) | (complaints["outcome"] == "duplicate").fillna(False)
    kept = complaints[complaints["is_public"].astype(bool) & ~is_repeat & received.between(first_on, last_on)]
    return kept.assign(received_on=received).sort_values("complaint_id", ignore_index=True)


def distinct_complainants(complaints: pd.DataFrame, officers: pd.Index) -> pd.Series:
    """Distinct complainants (events where they are not known) by officer, 0 for one who has none."""
    return complaints.groupby("officer_id")["complainant_key"].nunique().reindex(officers, fill_value=0)


def largest_burst(days: np.ndarray, window_days: int) -> int:
    """The most of these days (integers) that lie within `window_days` days in a row."""
    ordered = np.sort(np.asarray(days))
    if len(ordered) == 0:
        return 0
    return int((np.searchsorted(ordered, ordered + window_days, side="left") - np.arange(len(ordered))).max())


def burst_tail(burst: np.ndarray, count: np.ndarray, exposure_days: np.ndarray, window_days: int) -> np.ndarray:
    """Chance, shape (n,), that `count` complaints dealt evenly over the days of exposure hold so dense a burst.

    burst : the most of them within `window_days` days in a row. Where the window is all of the exposure, the chance is 1.
    Source: Wallenstein and Neff, "An approximation for the distribution of the scan statistic", Statistics in Medicine 6
    (1987); close where it is small, and never below the truth by more than a few percent.
    """
    from scipy.special import betainc, gammaln, xlog1py, xlogy

    burst, count = np.asarray(burst, dtype=float), np.asarray(count, dtype=float)
    share = np.minimum(window_days / np.maximum(np.asarray(exposure_days, dtype=float), 1.0), 1.0)
    most, many = np.maximum(burst, 1.0), np.maximum(count, 1.0)
    exactly = np.exp(
        gammaln(many + 1)
        - gammaln(most + 1)
        - gammaln(many - most + 1)
        + xlogy(most, share)
        + xlog1py(many - most, -share)
    )
    at_least = betainc(most, many - most + 1, share)
    tail = (most / share - many - 1) * exactly + 2 * at_least
    return np.where((burst < 2) | (share >= 1), 1.0, np.clip(tail, 1e-12, 1.0))


def combined(level_p: np.ndarray, burst_p: np.ndarray) -> np.ndarray:
    """One p-value from two, shape (n,), by weighted Bonferroni: valid however the two tests depend on each other."""
    return np.minimum(1.0, np.minimum(level_p / LEVEL_WEIGHT, burst_p / (1 - LEVEL_WEIGHT)))
