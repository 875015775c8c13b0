"""Clustered complaints (投诉举报集中): more people complain of an officer than his exposure leads to expect.

What. Distinct complainants of adverse feedback on service and of complaints about handling in 12 months; without a
digest of the complainant, distinct events. Duplicates are out. Accusations (检举控告) are another channel and never in
here. Exposure is visits (led or joined) for who has at least min_visits, days of service for all others.
Formula: expected = exposure x the rate of the peers (same post, same kind of station, same unit of exposure) without the officer
himself, leaning on the bureau's rate where peers are few. Rates differ among honest officers, too: their spread is a
gamma with mean 1 whose shape is estimated by maximum likelihood (gamma-Poisson).

Fires where P(rate > complaint_rate_ratio x expected) >= posterior_confidence and, after Benjamini-Hochberg,
q <= false_discovery_rate. p joins two tests by weighted Bonferroni (level_p / 0.8, burst_p / 0.2): the exact
negative-binomial tail of the count for an officer whose true rate is complaint_rate_ratio times the expected one, as
noisy as officers' own rates are from one year to the next; and a scan for the densest scan_window_days days, whose null
deals the same count evenly over the days of service (Wallenstein and Neff). Officers who stand out are no reference for others.
A burst alone (the scan gives the smaller p, and the same posterior holds within the densest days) is raised, too; since
a media event or a new channel is not on file, it is weak but where q <= 0.001. Its observed, expected, ratio and p are those of
the densest days, not of the year; they are the densest of many, which the scan's p allows for and the ratio does not.

Complaints about merchants are another kind and asked apart, of who handles them: several people complain of one
merchant within 90 days and nothing is done (unanswered_repeat, models/complaint_repeat.py).

Example. 14 complainants at 180 visits where the peers' rate leads to expect 3.1: with a shape of 4 the rate is 2.5 times
the peers' (95 % interval 1.5 to 3.9), P(rate > 1.5) = 0.98; from 1.5 x 3.1 = 4.65, chance brings 14 in 0.003 of cases.

Strength. weak; moderate where it also crossed one window earlier or q <= 0.01 and no tested explanation takes it.
Where a supported explanation leaves no rate above the threshold, no hint is raised, and the officer model hears nothing
of it: his rate and his crossing are empty on every night. Where it takes only the certainty, the hint is weak.

Why it matters. 吃拿卡要、拖延刁难 reach a bureau as complaints long before they reach a file (DOMAIN.md 3.3).
Innocent explanations, each tested: one abusive complainant, hard kind of grid (markets, malls), the same grids at
the hands of others, penalised merchants, not upheld
on verification, complaint desk, station-wide level, rule change of 2026-04-15, campaign. Not on file: media events, new
channels. Evidence names complaints, never who complained: a quarter, a kind and a group of channels, no day and no text;
and no sentence tells a number of complaints below five.
Not evaluated: officers with too little exposure or too few peers, each with his reason, and officers who have left or
hold no open posting tonight, by their number.

Unit: ratio to the peers' rate. Source: 处理检举控告工作规则; Robbins 1956; Kulldorff, "A spatial scan statistic" (1997).
Excluded: complaints about merchants, accusations, duplicates.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.complaint_cell import SMALLEST
from models.complaint_counter import counter_evidence, explained_away
from models.complaint_gap import gone, unmeasured
from models.complaint_hint import FAMILY, burst_hint, level_hint
from models.complaint_repeat import unanswered_repeats
from models.complaint_setting import Setting
from models.complaints import (
    LEVEL_WEIGHT,
    burst_tail,
    combined,
    complaint_rates,
    counted_complaints,
    distinct_complainants,
    exposed,
    largest_burst,
    noise_shape,
)
from models.flags import Flag, Judgement, Night, NotComputable, indicator_frame
from models.hint.answer import answer
from models.shrinkage import benjamini_hochberg, count_tail, probability_rate_above
from models.strength import crossing_before, single_strength

RECORD_KIND = "complaints"
NEEDS = {
    "core.delivery": (),
    "feature.officer": (
        "officer_id", "as_of_on", "unit_id", "post", "station_kind", "visit_count_12m", "service_day_count_12m",
        "complainant_count_12m", "market_visit_count_12m", "handled_complaint_count_12m",
    ),
    "feature.officer_complaint": (),
    "feature.officer_grid": (),
    "feature.repeat_complaint": (),
}  # fmt: skip

NO_HANDLER_EN = "complaints were delivered without their handler: unanswered repeats cannot be asked of anybody"
REPEAT_SHARE = 0.1
"""What unanswered repeats may spend of the family's error rate."""
FEWEST_TO_SCAN = 3
BURST_CLEAR_Q = 0.001
"""Of a burst alone. Media events and new channels are not on file: it must be ten times as clear as a level."""


def judge(night: Night) -> Judgement:
    """Hints about officers, who cannot be measured, and each officer-night's complaint rate."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_complaint_officer"]:
        return _not_computable_at_all(
            "投诉举报未载明被反映人", "complaints were delivered without the officer concerned"
        )
    policy = night.policy.flags
    officers = night.frames["feature.officer"].assign(
        as_of_on=lambda frame: pd.to_datetime(frame["as_of_on"]).astype("datetime64[us]")
    )
    tonight = pd.Timestamp(night.as_of)
    first_on = tonight - pd.Timedelta(days=policy.window_days - 1)
    complaints = counted_complaints(night.frames["feature.officer_complaint"], first_on, tonight)
    if len(complaints) < policy.min_complaints:
        return _not_computable_at_all(
            f"近12个月涉及人员的反映{len(complaints)}件,至少需要{policy.min_complaints}件",
            f"{len(complaints)} complaints about officers in 12 months; at least {policy.min_complaints} are needed",
        )
    panel = exposed(officers, policy)
    indicator = _indicator(panel, night)
    rows = panel[panel["as_of_on"] == tonight].set_index("officer_id").sort_index()
    measured = complaint_rates(rows, distinct_complainants(complaints, rows.index), policy)
    if measured.empty:
        return _not_computable_at_all(
            f"无人同时有足够的工作量和至少{policy.min_peers}名可比人员,无法比较",
            f"nobody has both enough visits or days of service and {policy.min_peers} peers to be compared with",
        )
    noise = _noise_shape(panel, measured, night)
    burst = _bursts(complaints, measured, rows, night)
    tolerated = policy.complaint_rate_ratio * measured["expected"].to_numpy()
    level_p = count_tail(measured["observed"].to_numpy(), tolerated, noise)
    days_served = rows["service_day_count_12m"].reindex(measured.index)
    in_burst = np.minimum(measured["expected"] * policy.scan_window_days / days_served, measured["expected"])
    measured = measured.assign(
        burst=burst["burst"],
        burst_expected=in_burst,
        burst_p=burst["p_value"],
        burst_probability=probability_rate_above(
            burst["burst"].to_numpy(),
            in_burst.to_numpy(),
            float(measured["gamma_shape"].iloc[0]),
            policy.complaint_rate_ratio,
        ),
        level_p=level_p,
        noise_shape=noise,
        p_value=combined(level_p, burst["p_value"].to_numpy()),
    )
    measured = measured.assign(
        q_value=benjamini_hochberg(np.minimum(measured["p_value"].to_numpy() / (1 - REPEAT_SHARE), 1.0))
    )
    grids = night.frames["feature.officer_grid"]
    setting = Setting(
        rows, complaints, measured, policy, night.as_of, grids if delivery["has_complaint_merchant"] else grids.head(0)
    )
    flags, cleared = _flags(night, setting, indicator)
    repeats = night.frames["feature.repeat_complaint"]
    if not delivery["has_handler"]:
        unasked = [NotComputable("bureau", "all", FAMILY, "投诉举报未载承办人,重复反映未答复无法核对", NO_HANDLER_EN)]
    else:
        unasked = []
    if len(repeats):
        asked = unanswered_repeats(repeats, FAMILY, policy.min_complaints)
        told = {flag.subject_id for flag in flags}
        flags += [flag for flag in answer(night, FAMILY, [asked], REPEAT_SHARE).flags if flag.subject_id not in told]
    serving = officers[officers["as_of_on"] == tonight].sort_values("officer_id")
    missing = [
        unmeasured(row, rows, night, FAMILY) for row in serving.itertuples() if row.officer_id not in measured.index
    ]
    missing += unasked + gone(complaints, serving["officer_id"], FAMILY)
    return Judgement(tuple(flags), tuple(missing), _without(indicator, cleared) if cleared else indicator)


def _indicator(panel: pd.DataFrame, night: Night) -> pd.DataFrame:
    """Index (rate / the peers' rate, shrunk) and crossing of each officer-night that can be measured."""
    parts = []
    for moment, rows in panel[panel["complainant_count_12m"].notna()].groupby("as_of_on"):
        if rows["complainant_count_12m"].sum() < night.policy.flags.min_complaints:
            continue
        rows = rows.set_index("officer_id").sort_index()
        measured = complaint_rates(rows, rows["complainant_count_12m"], night.policy.flags)
        parts.append(
            pd.DataFrame(
                {
                    "officer_id": measured.index,
                    "as_of_on": moment,
                    "index": measured["ratio"].to_numpy(),
                    "crosses": (measured["probability"] >= night.policy.flags.posterior_confidence).to_numpy(),
                }
            )
        )
    return indicator_frame(pd.concat(parts, ignore_index=True) if parts else None)


def _noise_shape(panel: pd.DataFrame, measured: pd.DataFrame, night: Night) -> float:
    """How noisy a rate is from year to year; where no earlier window can be measured, as wide as among the peers."""
    policy = night.policy.flags
    back = pd.Timestamp(night.as_of) - pd.Timedelta(days=policy.window_days)
    nights = panel.loc[panel["as_of_on"] <= back, "as_of_on"]
    rows = panel[panel["as_of_on"] == nights.max()].set_index("officer_id").sort_index()
    if rows["complainant_count_12m"].sum() < policy.min_complaints:
        return float(measured["gamma_shape"].iloc[0])
    return noise_shape(measured, complaint_rates(rows, rows["complainant_count_12m"], policy))


def _bursts(complaints: pd.DataFrame, measured: pd.DataFrame, rows: pd.DataFrame, night: Night) -> pd.DataFrame:
    """The densest span of each measured officer's complainants (first complaint of each), and its p-value."""
    first = complaints.groupby(["officer_id", "complainant_key"])["received_on"].min().reset_index()
    day = (first["received_on"] - pd.Timestamp(night.as_of)).dt.days
    spans = day.groupby(first["officer_id"]).apply(
        lambda days: largest_burst(days, night.policy.flags.scan_window_days)
    )
    burst = spans.reindex(measured.index, fill_value=0)
    days_served = rows["service_day_count_12m"].reindex(measured.index).to_numpy(dtype=float)
    observed = measured["observed"].to_numpy(dtype=float)
    tail = burst_tail(burst.to_numpy(dtype=float), observed, days_served, night.policy.flags.scan_window_days)
    p_value = np.where((observed >= FEWEST_TO_SCAN) & (measured["ratio"].to_numpy() > 1), tail, 1.0)
    return pd.DataFrame({"burst": burst, "p_value": p_value}, index=measured.index)


def _flags(night: Night, setting: Setting, indicator: pd.DataFrame) -> tuple[list[Flag], set[str]]:
    """The hints of the night, and the officers who would have one but that an explanation takes all of it away."""
    policy, measured = setting.policy, setting.measured
    # fewer than five people would be singled out by any hint about what they said
    is_level = (measured["probability"] >= policy.posterior_confidence) & (measured["observed"] >= SMALLEST)
    is_burst = (
        (measured["burst"] >= SMALLEST)
        & (measured["burst_probability"] >= policy.posterior_confidence)
        & (measured["burst_p"] / (1 - LEVEL_WEIGHT) <= measured["level_p"] / LEVEL_WEIGHT)
    )
    lasting = crossing_before(indicator, night.frames["feature.officer"], night.as_of, policy.window_days)
    flags, cleared = [], set()
    for officer_id, row in measured.assign(is_level=is_level)[is_level | is_burst].iterrows():
        counter = counter_evidence(setting, officer_id)
        explained = explained_away(counter, policy.complaint_rate_ratio)
        if explained == "wholly":
            cleared.add(officer_id)
        elif row["q_value"] <= policy.false_discovery_rate:
            strength = single_strength(row["q_value"], officer_id in lasting, explained)
            if not row["is_level"] and row["q_value"] > BURST_CLEAR_Q:
                strength = "weak"
            described = level_hint if row["is_level"] else burst_hint
            flags.append(described(setting, officer_id, row, counter, strength, officer_id in lasting))
    return flags, cleared


def _without(indicator: pd.DataFrame, cleared: set[str]) -> pd.DataFrame:
    """The indicator with rate and crossing of the cleared left empty on every night: neither measure nor label."""
    is_cleared = indicator["officer_id"].isin(cleared)
    return indicator.assign(index=indicator["index"].mask(is_cleared), crosses=indicator["crosses"].mask(is_cleared))


def _not_computable_at_all(reason_zh: str, reason_en: str) -> Judgement:
    return Judgement(not_computable=(NotComputable("bureau", "all", FAMILY, reason_zh, reason_en),))
