"""The decisions behind a hint of leniency: which lie lowest, and with how few merchants the shortfall lies."""

from __future__ import annotations

import pandas as pd

from models.flags import Evidence


def lowest_decisions(cases: pd.DataFrame, limit: int) -> tuple[Evidence, ...]:
    """The decisions furthest below their expected position, at most `limit`; weight 1 is the furthest."""
    gap = cases["expected_position"] - cases["position"]
    lowest = cases.assign(gap=gap)[gap > 0].sort_values(["gap", "case_id"], ascending=[False, True]).head(limit)
    found = []
    for row in lowest.itertuples():
        minimum = 0.0 if pd.isna(row.statutory_min_yuan) else float(row.statutory_min_yuan)
        usual = max(0.0, minimum + row.expected_position * (row.statutory_max_yuan - minimum))
        found.append(
            Evidence(
                "penalty",
                str(row.case_id),
                float(row.gap / lowest["gap"].max()),
                f"罚款{row.fine_counted_yuan:,.0f}元,同类案情通常约{usual:,.0f}元"
                f"(法定{minimum:,.0f}至{row.statutory_max_yuan:,.0f}元);"
                f"位置{row.position:.2f},预期{row.expected_position:.2f}",
                f"fined {row.fine_counted_yuan:,.0f} yuan where like cases get about {usual:,.0f} "
                f"(range {minimum:,.0f} to {row.statutory_max_yuan:,.0f}); position {row.position:.2f}, "
                f"expected {row.expected_position:.2f}",
            )
        )
    return tuple(found)


def concentration(cases: pd.DataFrame) -> float:
    """Share (0..1) of the shortfall of these decisions that lies with the three merchants who have most of it."""
    shortfall = (cases["expected_position"] - cases["position"]).groupby(cases["merchant_id"]).sum().clip(lower=0)
    return float(shortfall.nlargest(3).sum() / shortfall.sum()) if shortfall.sum() > 0 else 0.0
