"""Shrinkage: what is left of a rate or a mean when chance, exposure and the spread among peers have had their share.

Gamma-Poisson for counts, nested normal effects (member within group) for means, Cauchy's combination for several tests of
one subject, and Benjamini-Hochberg for many subjects.

Sources: DerSimonian and Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7 (1986), for variances
by moments; Robbins, "An empirical Bayes approach to statistics" (1956); Benjamini and Hochberg, JRSS B 57 (1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SHAPE_BOUNDS = (0.05, 1e4)
"""The gamma shape is sought between these: below is a population of saints and outcasts, above is plain Poisson."""

OUTLIER_DEVIATIONS = 3.0
CERTAIN = 0.9
"""A p-value above this is heard as this: of discrete counts it is often 1, which is no certainty of anything."""
INTERVAL_DEVIATIONS = 1.959964
"""Half the width of a central 95 % interval of a normal effect, in standard deviations."""


@dataclass(frozen=True)
class NestedEffects:
    """Effects of n members in their groups, in the unit of the means: posterior mean and standard deviation of each.

    `member_*` are of shape (n,): his own, beside his group. `colleagues` is what the others of his group share,
    `group_*` what all of it share; both are measured from `centre`, and the same for all of a group but `colleagues`.
    The variances are those among members in general, among members who do not stand out, and among groups.
    """

    centre: float
    member: np.ndarray
    member_deviation: np.ndarray
    colleagues: np.ndarray
    group: np.ndarray
    group_deviation: np.ndarray
    member_variance: float
    usual_variance: float
    group_variance: float


def benjamini_hochberg(p_value: np.ndarray) -> np.ndarray:
    """Adjusted p-values (q) of shape (n,): flagging all with q <= r keeps the expected share of false flags under r."""
    p_value = np.asarray(p_value, dtype=float)
    count = len(p_value)
    if count == 0:
        return np.empty(0)
    order = np.argsort(p_value, kind="stable")
    scaled = p_value[order] * count / np.arange(1, count + 1)
    adjusted = np.minimum.accumulate(scaled[::-1])[::-1]
    q_value = np.empty(count)
    q_value[order] = np.minimum(adjusted, 1.0)
    return q_value


def cauchy_combination(p_value: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """One p-value, shape (n,), of k tests of the same subject that depend on one another in an unknown way.

    p_value : shape (n, k), NaN where a test could not be made: the others then share its weight. weight : shape (k,).
    0.5 where none could be made. Accurate where it matters, in the tail; a test without any sign (p of nearly 1) takes
    little from the others where they are clear.

    Source: Liu and Xie, "Cauchy combination test", JASA 115 (2020).
    """
    p_value = np.clip(np.asarray(p_value, dtype=float), 1e-15, CERTAIN)
    said = np.where(np.isnan(p_value), 0.0, np.asarray(weight, dtype=float))
    said = np.divide(said, said.sum(axis=1, keepdims=True), out=said, where=said.sum(axis=1, keepdims=True) > 0)
    heard = (np.nan_to_num(np.tan((0.5 - p_value) * np.pi), nan=0.0) * said).sum(axis=1)
    # arctan(1 / x) keeps the digits that 1/2 - arctan(x) / pi loses where x is large
    with np.errstate(divide="ignore"):
        tail = np.arctan(1 / heard) / np.pi
    return np.where(heard > 0, tail, 1 + np.where(heard < 0, tail, -0.5))


def nested_effects(mean: np.ndarray, variance: np.ndarray, group: np.ndarray) -> NestedEffects:
    """Split the means of members into what their group shares and what is their own (empirical Bayes).

    mean, variance : shape (n,), the mean of each member and its sampling variance (> 0).
    group : shape (n,), integers 0..k-1.

    The group comes first, and a member is measured against the other members of his group: what all of a group share is
    the group's. Members who stand far out do not speak for their group. Who has no colleague to speak is measured
    against the centre, as uncertainly as groups differ. All variances are by moments and never negative.
    """
    mean, variance = np.asarray(mean, dtype=float), np.asarray(variance, dtype=float)
    if len(mean) == 0:
        empty = np.empty(0)
        return NestedEffects(0.0, empty, empty, empty, empty, empty, 0.0, 0.0, 0.0)
    usual = _usual_members(mean, variance, group)
    usual_variance = _moment_variance(mean, np.where(usual, 1 / variance, 0.0), group)
    precision = np.where(usual, 1 / (usual_variance + variance), 0.0)
    sum_precision = np.bincount(group, weights=precision)
    sum_mean = np.bincount(group, weights=precision * mean)
    heard = sum_precision > 0
    group_mean = sum_mean[heard] / sum_precision[heard]
    group_variance = _moment_variance(group_mean, sum_precision[heard], np.zeros(int(heard.sum()), dtype=int))
    centre = float(np.average(group_mean, weights=1 / (group_variance + 1 / sum_precision[heard])))

    def shared(own_precision: np.ndarray, own_sum: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weight = 1 + group_variance * own_precision
        return group_variance * (own_sum - own_precision * centre) / weight, group_variance / weight

    group_effect, group_left = shared(sum_precision, sum_mean)
    colleagues, colleagues_left = shared(sum_precision[group] - precision, sum_mean[group] - precision * mean)
    gap = mean - centre - colleagues
    noise = variance + colleagues_left
    member, member_deviation, member_variance = centred_effects(gap, noise)
    return NestedEffects(
        centre=centre,
        member=member,
        member_deviation=member_deviation,
        colleagues=colleagues,
        group=group_effect[group],
        group_deviation=np.sqrt(group_left)[group],
        member_variance=member_variance,
        usual_variance=usual_variance,
        group_variance=group_variance,
    )


def centred_effects(gap: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Gaps from a known centre, shrunk towards it: posterior means and deviations, shape (n,), and their variance.

    gap, variance : shape (n,), each gap and its sampling variance (> 0). How wide true gaps spread is by moments.
    """
    spread = max(0.0, float(np.sum(gap**2 / variance) - len(gap)) / float(np.sum(1 / variance)))
    kept = spread / (spread + variance)
    return kept * gap, np.sqrt(kept * variance), spread


def _moment_variance(mean: np.ndarray, weight: np.ndarray, group: np.ndarray) -> float:
    """DerSimonian and Laird's variance among members within groups, beyond what 1 / weight explains; never negative."""
    held = weight > 0
    mean, weight, group = mean[held], weight[held], np.unique(group[held], return_inverse=True)[1]
    total = np.bincount(group, weights=weight)
    centre = np.bincount(group, weights=weight * mean) / total
    spread = float(np.sum(weight * (mean - centre[group]) ** 2)) - (len(mean) - len(total))
    leverage = float(np.sum(total - np.bincount(group, weights=weight**2) / total))
    return max(0.0, spread / leverage) if leverage > 1e-12 else 0.0


def _usual_members(mean: np.ndarray, variance: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Which members say what is usual in their group: those within OUTLIER_DEVIATIONS of their group's median.

    Deviations are scaled by their own median, so that a few who stand out do not make standing out usual. Of two it
    cannot be told who stands out: both speak. Everyone, where fewer than half would be left.
    """
    order = np.lexsort((mean, group))
    size = np.bincount(group)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    ordered = mean[order]
    middle = (ordered[start + (size - 1) // 2] + ordered[start + size // 2]) / 2
    deviation = np.abs(mean - middle[group]) / np.sqrt(variance)
    compared = size[group] > 2
    scale = max(1.0, float(np.median(deviation[compared])) / 0.6745) if compared.any() else 1.0
    usual = (deviation <= OUTLIER_DEVIATIONS * scale) | ~compared
    return usual if usual.mean() >= 0.5 else np.ones(len(mean), dtype=bool)


def probability_below(mean: np.ndarray, deviation: np.ndarray, threshold: float) -> np.ndarray:
    """Posterior probability, shape (n,), that a normal effect lies below `threshold`."""
    from scipy.special import ndtr

    mean = np.asarray(mean, dtype=float)
    deviation = np.asarray(deviation, dtype=float)
    certain = np.where(mean < threshold, 1.0, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(deviation > 0, ndtr((threshold - mean) / deviation), certain)


def gamma_shape(observed: np.ndarray, expected: np.ndarray) -> float:
    """The shape of the gamma spread (mean 1) of rates among peers, by maximum likelihood; the smaller, the wider.

    observed, expected : counts and their expectation (> 0), shape (n,). Peers who differ by chance alone give the
    upper bound, which is Poisson.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    observed = np.asarray(observed, dtype=float)
    expected = np.asarray(expected, dtype=float)

    def loss(log_shape: float) -> float:
        shape = np.exp(log_shape)
        likelihood = (
            gammaln(shape + observed)
            - gammaln(shape)
            - shape * np.log1p(expected / shape)
            + observed * (np.log(expected) - np.log(shape + expected))
        )
        return -float(likelihood.sum())

    if len(observed) == 0:
        return SHAPE_BOUNDS[1]
    low, high = np.log(SHAPE_BOUNDS)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-6}).x))


def rate_posterior(
    observed: np.ndarray, expected: np.ndarray, shape: float, confidence: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shrunken rate ratios (1 = as the peers): posterior mean, and the bounds of the central interval; shape (n,)."""
    from scipy.special import gammaincinv

    observed = np.asarray(observed, dtype=float)
    rate = shape + np.asarray(expected, dtype=float)
    tail = (1 - confidence) / 2
    posterior = shape + observed
    return posterior / rate, gammaincinv(posterior, tail) / rate, gammaincinv(posterior, 1 - tail) / rate


def probability_rate_above(observed: np.ndarray, expected: np.ndarray, shape: float, ratio: float) -> np.ndarray:
    """Posterior probability, shape (n,), that the true rate is more than `ratio` times the expected one."""
    from scipy.special import gammaincc

    observed = np.asarray(observed, dtype=float)
    return gammaincc(shape + observed, ratio * (shape + np.asarray(expected, dtype=float)))


def count_tail(observed: np.ndarray, expected: np.ndarray, shape: float) -> np.ndarray:
    """Exact negative-binomial tail P(count >= observed), shape (n,), for an officer as varied as his peers."""
    from scipy.special import betainc

    observed = np.asarray(observed, dtype=float)
    expected = np.asarray(expected, dtype=float)
    tail = betainc(np.maximum(observed, 1), shape, expected / (expected + shape))
    return np.where(observed <= 0, 1.0, tail)


def probability_above(mean: np.ndarray, deviation: np.ndarray, threshold: np.ndarray | float) -> np.ndarray:
    """Posterior probability, shape (n,), that a normal effect lies above `threshold`."""
    return probability_below(-np.asarray(mean, dtype=float), deviation, -np.asarray(threshold, dtype=float))


def probability_words(name: str, value: float) -> str:
    """A probability in a sentence, to four places: 'q = 0.0063', or 'q < 0.0001' and 'P > 0.9999' where they end."""
    if value < 1e-4:
        return f"{name} < 0.0001"
    if value > 1 - 1e-4 and value < 1:
        return f"{name} > 0.9999"
    return f"{name} = {value:.4f}"
