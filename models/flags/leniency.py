"""Unusual leniency (异常从宽): a handler's decisions lie lower in the statutory range than like cases do.

What. Formula: for every decided case with a statutory range (fined, warned, no penalty),
position = (fine - min) / (max - min). Of a fined case the fine is the one the handler proposed, where a proposal is on
file: what the approver made of it is not charged to him.
Trees learn the usual position from the facts of the case (violation, amount, priors, party, mitigating facts,
exemption list, month), never from who handled it or where, and judge each case by trees that saw none of its handler's.
What is left (residual) is split by empirical Bayes into the station's part and the handler's own part beside it. His
effect is the smaller of the gap beside his colleagues and the gap against the bureau's median handler, shrunk: strict
colleagues make nobody lenient. An institution that was only renamed is the same institution.

Fires where P(own effect < -leniency_margin) >= posterior_confidence and, after Benjamini-Hochberg over all handlers
with at least min_decisions decisions in the window, q <= false_discovery_rate. The p-value is a permutation of
residuals within the station: how often would dealing the station's cases out anew give him a sum as low. Where the
station has fewer than two other handlers with at least a quarter of min_decisions, the bureau's cases are dealt out
instead, and the rule trace says so. A station with too few such handlers, or too few stations beside it, is not
computable and says so.
A station whose habit is lenient as a whole becomes a hint about the institution, not about its officers. A merchant to
whom a handler is far more lenient than to all others becomes a hint about the pair; several such merchants, or one again
and again, become one about the handler (leniency to a few is the signal, general leniency may be a style). Of officers
for whom neither is raised, fines under the statutory minimum and cases let off are asked about where no ground for them
is on file (models/leniency_ground.py). A single case that holds most of the signs of downgraded handling (降格处理) is a
weak hint about the case (models/leniency_downgraded.py).

Example. A handler decided 40 cases; like cases lie at 0.42 in the bureau and at 0.40 with his colleagues, his at 0.15.
The gap is -0.25 (the smaller one), shrunk -0.24 (95 % credible interval -0.30 to -0.18), and 2 of 20,000 deals were as
low: p = 0.00015. The raw gap and the shrunk estimate are stated apart.

Strength. weak; moderate where the hint also stood on a night at least one window earlier (no case counts twice) or
q <= 0.01 (both, where his institution's own habit is told), and no tested explanation takes it. Where an
explanation that is supported leaves no gap beyond the margin, no hint is raised at all, and the officer's index and
crossing are empty on all nights, so that no model learns from them; where it only takes the certainty, the hint is weak.

Why it matters. 人情案、关系案 show as decisions lower than the law's range and the peers' practice would lead to expect
(DOMAIN.md 3.1). Innocent explanations, each tested: exemption list, statutory mitigation, first offence, prompt
correction, collective discussion (not counted at all), the approver's decision, legal review, station practice, rule
change, individual party, case mix (violations that hardly anyone else decides), few cases. Blind to: an exemption code
given where it does not fit, and leniency that a whole bureau shares.

Unit: share of the statutory range; negative is lenient. Source: 行政处罚法 Art 32-34; 国市监法规〔2022〕2号;
Phipson and Smyth 2010; DerSimonian and Laird 1986. Excluded: pending, withdrawn, terminated and transferred cases
(family case_dropped), cases without a statutory maximum.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.flags import Flag, Judgement, Night, NotComputable, indicator_frame
from models.hint.answer import answer
from models.leniency import TooFewCases, crosses, known_by, lenient_effects, measurable, vintages
from models.leniency_downgraded import downgraded_flags
from models.leniency_few import few_flags
from models.leniency_ground import ungrounded
from models.leniency_officer import officer_flags, with_tail
from models.leniency_pair import pair_flags, pair_table
from models.leniency_station import station_flags
from models.strength import crossing_before

FAMILY = "leniency"
RECORD_KIND = "cases"
NEEDS = {"core.delivery": (), "feature.officer": ("officer_id", "as_of_on"), "feature.officer_case": ()}

YEAR_SHARE, LONG_SHARE, FEW_SHARE, GROUND_SHARE = 0.5, 0.2, 0.1, 0.2
"""What the year, two years, leniency to a few and leniency without a ground may spend of the family's error rate."""
LONG_CONFIDENCE = 0.99


def judge(night: Night) -> Judgement:
    """Hints about handlers and stations, who cannot be measured, and each officer-night's leniency index."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not (delivery["has_penalty"] and delivery["has_fine"] and delivery["has_statutory_maximum"]):
        return _not_computable_at_all(
            "未交付案件,或案件未载罚款与法定幅度", "no cases were delivered, or none with a fine and a statutory range"
        )
    cases = measurable(night.frames["feature.officer_case"])
    spine = night.frames["feature.officer"][["officer_id", "as_of_on"]]
    nights = [moment.date() for moment in pd.to_datetime(spine["as_of_on"]).drop_duplicates()]
    try:
        learned = vintages(cases, nights, night.policy)
    except TooFewCases as reason:
        return _not_computable_at_all(
            f"已决案件不足以说明通常幅度({reason})", f"what is usual cannot be said: {reason}"
        )
    days = night.policy.flags.window_days
    windows = {moment: _window(night, cases, learned, moment, days) for moment in nights if moment >= min(learned)}
    indicator = _indicator(windows, spine, night)
    counted, collective = windows[night.as_of]
    measured = lenient_effects(counted, night.policy)
    enough = with_tail(counted, measured, night.policy.flags, YEAR_SHARE)
    lasting = crossing_before(indicator, spine, night.as_of, days)
    institutions, unheard = station_flags(night, FAMILY, counted, measured)
    stations = {flag.subject_id for flag in institutions}
    flags, explained = officer_flags(night, FAMILY, counted, collective, measured, enough, lasting, days, stations)
    long_days = night.policy.flags.long_days
    long_counted, long_collective = _window(night, cases, learned, night.as_of, long_days)
    more, long_enough = _over_two_years(night, long_counted, long_collective, long_days, stations)
    answered = {flag.subject_id for flag in flags} | explained
    flags += [flag for flag in more if flag.subject_id not in answered]
    flags += institutions
    pair_cases, pairs = pair_table(long_counted, night.policy.flags)
    pair_hints = pair_flags(night, FAMILY, pair_cases, pairs, long_days)
    flags += pair_hints.values()
    told = {flag.subject_id for flag in flags if flag.subject_kind == "officer"}
    few = few_flags(night, FAMILY, pair_cases, pairs, pair_hints, long_days, FEW_SHARE)
    flags += [flag for flag in few if flag.subject_id not in told]
    without_ground = ungrounded(night.frames["feature.officer_case"], FAMILY, night.policy.flags.min_decisions)
    if without_ground:
        told |= {flag.subject_id for flag in few}
        asked = answer(night, FAMILY, without_ground, GROUND_SHARE).flags
        flags += [flag for flag in asked if flag.subject_id not in told]
    flags += downgraded_flags(night, FAMILY, windows[night.as_of], learned[night.as_of])
    serving = sorted(spine.loc[pd.to_datetime(spine["as_of_on"]) == pd.Timestamp(night.as_of), "officer_id"])
    missing = [
        _too_few(officer, int(measured["decision_count"].get(officer, 0)), night)
        for officer in serving
        if officer not in enough.index and officer not in long_enough
    ]
    return Judgement(tuple(flags), (*missing, *unheard), _without_explained(indicator, explained))


def _over_two_years(
    night: Night, counted: pd.DataFrame, collective: pd.DataFrame, days: int, stations: set[str]
) -> tuple[list[Flag], set[str]]:
    """Hints from the long window, for who has too few cases in a year or is told only by two; and who can be measured.

    Two years tell smaller differences, and of those many are honest: more than weak from LONG_CONFIDENCE on only. The
    two years hold the year, so that nobody lasts who is not told by the year itself.
    """
    measured = lenient_effects(counted, night.policy)
    enough = with_tail(counted, measured, night.policy.flags, LONG_SHARE)
    flags, _ = officer_flags(
        night, FAMILY, counted, collective, measured, enough, set(), days, stations, LONG_CONFIDENCE
    )
    return flags, set(enough.index)


def _without_explained(indicator: pd.DataFrame, explained: set[str]) -> pd.DataFrame:
    """The indicator without measures of those whose hint is explained away: neither label nor feature of any night."""
    is_explained = indicator["officer_id"].isin(explained)
    return indicator.assign(
        index=indicator["index"].mask(is_explained), crosses=indicator["crosses"].mask(is_explained)
    )


def _window(
    night: Night, cases: pd.DataFrame, learned: dict, moment: date, days: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases of one night's window with their expectation: counted ones, and those the heads decided together."""
    vintage = max(learned_on for learned_on in learned if learned_on <= moment)
    inside = known_by(cases, moment, days)
    inside = inside.assign(expected_position=learned[vintage].predict(inside) if len(inside) else np.empty(0))
    together = inside["was_collectively_discussed"].fillna(False).astype(bool)
    return inside[~together], inside[together]


def _indicator(windows: dict, spine: pd.DataFrame, night: Night) -> pd.DataFrame:
    """Index (effect in shares of the statutory range, positive = lenient) and crossing of each officer-night measured."""
    parts = []
    for moment, (counted, _) in sorted(windows.items()):
        measured = lenient_effects(counted, night.policy) if len(counted) else pd.DataFrame({"decision_count": []})
        measured = measured[measured["decision_count"] >= night.policy.flags.min_decisions]
        if len(measured):
            parts.append(
                pd.DataFrame(
                    {
                        "officer_id": measured.index,
                        "as_of_on": pd.Timestamp(moment),
                        "index": -measured["effect"].to_numpy(),
                        "crosses": crosses(measured, night.policy.flags).to_numpy(),
                    }
                )
            )
    if not parts:
        return indicator_frame()
    found = indicator_frame(pd.concat(parts, ignore_index=True))
    spine = spine.assign(as_of_on=pd.to_datetime(spine["as_of_on"]).astype(found["as_of_on"].dtype))
    return indicator_frame(spine.merge(found, on=["officer_id", "as_of_on"]))


def _not_computable_at_all(reason_zh: str, reason_en: str) -> Judgement:
    return Judgement(not_computable=(NotComputable("bureau", "all", FAMILY, reason_zh, reason_en),))


def _too_few(officer_id: str, count: int, night: Night) -> NotComputable:
    least = night.policy.flags.min_decisions
    return NotComputable(
        "officer",
        officer_id,
        FAMILY,
        f"近12个月有法定幅度的本人决定{count}件,24个月亦不足;至少需要{least}件",
        f"{count} decisions with a statutory range in 12 months, and too few in 24; at least {least} are needed",
    )
