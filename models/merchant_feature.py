"""What a merchant is judged by: the columns of feature.merchant that the model reads, and which way each may move it.

What a visit found counts only beyond what the officer who led it finds elsewhere (feature.visit_expectation): counts of
findings as they stand tell more of who visited than of whom he visited.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

DIRECTION = {
    "severe_excess_730": 1,
    "finding_excess_730": 1,
    "recheck_failed_count_730": 1,
    "closed_on_arrival_count_730": 1,
    "complaint_count_365": 1,
    "complaint_decayed_90": 1,
    "complaint_upheld_count_365": 1,
    "case_filed_count_730": 1,
    "case_open_count": 1,
    "case_punished_count_730": 1,
    "annual_report_late_count_1095": 1,
    "annual_report_missing_count_1095": 1,
    "owner_severe_excess_730": 1,
    "owner_finding_excess_730": 1,
    "industry_severe_excess_730": 1,
    "industry_finding_excess_730": 1,
    "grid_severe_excess_730": 1,
    "grid_finding_excess_730": 1,
    "neighbour_severe_excess_730": 1,
    "is_key_industry": 0,
    "is_individual": 0,
    "age_years": 0,
    "capital_log": 0,
    "days_since_visit": 0,
    "days_since_complaint": 0,
    "case_spared_count_730": 0,
    "case_dropped_count_730": 0,
    "fine_yuan_730": 0,
    "days_since_case": 0,
    "permit_count": 0,
    "permit_days_left": 0,
    "days_since_permit": 0,
    "days_since_first_permit": 0,
    "owner_merchant_count": 0,
    "owner_visit_count_730": 0,
    "industry_visit_count_730": 0,
    "grid_visit_count_730": 0,
    "grid_complaint_per_merchant_365": 0,
    "grid_visit_per_merchant_365": 0,
    "neighbour_visit_count_730": 0,
    "neighbour_sanitation_count_90": 0,
    "merchant_per_officer": 0,
}
"""Every feature of the merchant model: 1 where more of it may only raise the risk, 0 where the records decide."""


def features(frame: pd.DataFrame) -> pd.DataFrame:
    """The model's columns of a frame of feature.merchant, as float64 with NaN where not known, indexed by merchant."""
    numbers = {column: frame[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in DIRECTION}
    return pd.DataFrame(numbers, index=pd.Index(frame["merchant_id"], name="merchant_id"))
