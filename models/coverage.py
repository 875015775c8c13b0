"""Coverage: whether those who must be seen were seen, and whether the effort goes where the risk is.

Counts of merchants and visits by institution in charge and for the bureau; no person is in it, management may read it.
The effort is held against the percentile published tonight, not against what was known on the day of each visit: it
answers whether last year's visits went to those who are risky today, and cannot be used to judge a single visit.
Source: DOMAIN.md 1.1 (#6, #9, #11, #12), 2.8, 2.14.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.policy import Policy

WINDOW_DAYS = 365
BUREAU = "all"
PLANNED_EFFORT = "planned_effort_on_top_20"
OF_MODEL = ("effort_on_top_20", PLANNED_EFFORT)

NOBODY = ("没有属于此范围的经营主体或检查", "there is no merchant or visit of this kind")
NO_MODEL = ("没有经营主体风险模型,无风险百分位", "there is no merchant model, and so no percentile of risk")


def coverage(frame: pd.DataFrame, policy: Policy, night: date) -> pd.DataFrame:
    """Every measure of coverage for the bureau and each institution in charge.

    frame : feature.merchant_duty with percentile, next_due_on, is_overdue and capped_visits_left_this_year of
    merchant_risk, and the planned_visit_count of tonight's patrol plan; one row per merchant. Returns the rows of the
    published table `coverage`: numerator and denominator are counts, share their quotient (0..1, lower is worse), is_met
    whether it reaches the target; where share is empty the reason says why.

    key_industry_onsite : merchants of key industries, registered before the window, checked on site in it as often as
        policy asks. hot_industry_population : merchants of hot industries reached by campaigns. effort_on_top_20 :
        visits that count under the cap, made to merchants above the percentile that the policy's share of risk leaves.
        planned_effort_on_top_20 : visits planned tonight for the same merchants; its reason says for how many of them the cap
        is used up, which is where the plan takes effort away from the risk.
    visit_within_cap : merchants owed a visit whose visit is not overdue. visit_cap_kept : merchants with no more
        visits this year than the cap.
    """
    terms, start_on = policy.coverage, night - timedelta(days=WINDOW_DAYS - 1)
    was_there = pd.to_datetime(frame["registered_on"]) < pd.Timestamp(start_on)
    is_key = frame["is_key_industry"].to_numpy(dtype=bool) & was_there.to_numpy()
    was_seen = frame["inspected_count_365"].to_numpy() >= policy.tiers.key_industry_visits_per_year
    is_hot = frame["hot_industry"].notna().to_numpy()
    visits = frame["cap_visit_count_365"].to_numpy(dtype=np.int64)
    percentile = frame["percentile"].to_numpy(dtype=float, na_value=np.nan)
    is_owed = frame["next_due_on"].notna().to_numpy()
    is_kept = frame["cap_visit_count_year"].to_numpy() <= policy.tiers.visit_cap_per_year
    year_start_on = date(night.year, 1, 1)
    everyone = np.ones(len(frame), dtype=bool)
    is_top = percentile > 1 - terms.effort_risk_share
    planned = frame["planned_visit_count"].to_numpy(dtype=np.int64)
    measures = [
        ("key_industry_onsite", start_on, is_key & was_seen, is_key, terms.key_industry_target),
        (
            "hot_industry_population",
            start_on,
            is_hot & (frame["campaign_count_365"].to_numpy() > 0),
            is_hot,
            terms.hot_industry_target,
        ),
        (
            "effort_on_top_20",
            start_on,
            np.where(is_top, visits, 0),
            visits,
            terms.effort_target,
        ),
        (PLANNED_EFFORT, night + timedelta(days=1), np.where(is_top, planned, 0), planned, terms.effort_target),
        (
            "visit_within_cap",
            start_on,
            is_owed & ~frame["is_overdue"].to_numpy(dtype=bool),
            is_owed,
            terms.visit_within_cap_target,
        ),
        ("visit_cap_kept", year_start_on, is_kept, everyone, terms.cap_kept_target),
    ]
    has_model = not np.isnan(percentile).all()
    rows = [
        _measured(frame["institution_id"], *measure, has_model or measure[0] not in OF_MODEL, night)
        for measure in measures
    ]
    told = pd.concat(rows, ignore_index=True)
    is_planned = told["measure"] == PLANNED_EFFORT
    told.loc[is_planned, "window_end_on"] = pd.Timestamp(night + timedelta(days=policy.patrol.horizon_days))
    if has_model:
        is_full = frame["capped_visits_left_this_year"].to_numpy() <= 0
        for at, text in _capped_out(frame["institution_id"], is_top, is_full).items():
            here = is_planned & (told["unit_id"] == at) & told["share"].notna()
            told.loc[here, ["reason_zh", "reason_en"]] = text
    return told


def _capped_out(institution: pd.Series, is_top: np.ndarray, is_full: np.ndarray) -> dict[str, list[str]]:
    """By unit, in both languages: of the merchants of highest risk, how many can have no visit under the cap this year."""
    counts = pd.DataFrame({"full": is_top & is_full, "top": is_top}).groupby(institution.to_numpy()).sum()
    counts.loc[BUREAU] = counts.sum()
    return {
        unit: [
            f"高风险{row.top}户中,本年度检查频次已用完的有{row.full}户({row.full / max(row.top, 1):.1%})",
            f"of {row.top} merchants of the highest risk, {row.full} ({row.full / max(row.top, 1):.1%}) have used up the cap"
            " of this year",
        ]
        for unit, row in counts.iterrows()
    }


def _measured(institution, measure, start_on, numerator, denominator, target, is_computable, night) -> pd.DataFrame:
    counts = pd.DataFrame({"numerator": np.asarray(numerator, int), "denominator": np.asarray(denominator, int)})
    units = counts.groupby(institution.to_numpy()).sum()
    rows = pd.concat([counts.sum().to_frame(BUREAU).T, units])
    kinds = ["bureau"] + ["institution"] * len(units)
    share = (rows["numerator"] / rows["denominator"].where(rows["denominator"] > 0)).to_numpy(dtype=float)
    if not is_computable:
        share = np.full(len(rows), np.nan)
    is_empty = np.isnan(share)
    reason = NOBODY if is_computable else NO_MODEL
    return pd.DataFrame(
        {
            "as_of": pd.Timestamp(night),
            "unit_kind": kinds,
            "unit_id": rows.index,
            "measure": measure,
            "window_start_on": pd.Timestamp(start_on),
            "window_end_on": pd.Timestamp(night),
            "numerator": rows["numerator"].astype("Int64").to_numpy() if is_computable else pd.NA,
            "denominator": rows["denominator"].to_numpy(),
            "share": share,
            "target": target,
            "is_met": pd.Series(share >= target, dtype="boolean").mask(is_empty).to_numpy(),
            "reason_zh": np.where(is_empty, reason[0], None),
            "reason_en": np.where(is_empty, reason[1], None),
        }
    )
