"""Pictures of an evaluation: what is gained by going in order of score, and quarter by quarter how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.pictures import INK, styled

if TYPE_CHECKING:
    import altair
    import pandas as pd

COLOURS = (INK, "#d98f4e", "#8fb8a8", "#d9c36a", "#9aa9b8", "#b8433a")


def gain_picture(gain: pd.DataFrame, names: Mapping[str, str]) -> altair.Chart:
    """Share of severe findings found against share of visits made, in order of each score; the diagonal is blind.

    `gain` has columns scorer, visited and found; `names` the wording of each scorer, in the order to show.
    """
    import altair
    import pandas as pd

    frame = gain.assign(name=gain["scorer"].map(names))
    lines = (
        altair.Chart(frame)
        .mark_line()
        .encode(
            x=altair.X("visited:Q", title="已做检查占比 · share of visits", axis=altair.Axis(format=".0%")),
            y=altair.Y(
                "found:Q", title="已发现严重问题占比 · share of severe findings", axis=altair.Axis(format=".0%")
            ),
            color=altair.Color(
                "name:N",
                title=None,
                sort=list(names.values()),
                legend=altair.Legend(orient="bottom", columns=2, labelLimit=260),
                scale=altair.Scale(domain=list(names.values()), range=list(COLOURS)),
            ),
        )
    )
    blind = (
        altair.Chart(pd.DataFrame({"visited": [0, 1], "found": [0, 1]}))
        .mark_line(strokeDash=[4, 4], color="#888")
        .encode(x="visited:Q", y="found:Q")
    )
    return styled(altair.layer(blind, lines), "按得分先后检查的收益 · Gain by going in order of score", height=300)


def quarter_picture(figures: pd.DataFrame, names: Mapping[str, str], axis: str, title: str) -> altair.Chart:
    """One measure by quarter with its interval; `figures` has scorer, quarter, value, low and high."""
    import altair

    frame = figures[figures["scorer"].isin(names)].assign(name=lambda rows: rows["scorer"].map(names))
    shared = {
        "y": altair.Y("quarter:N", title="季度起点 · quarter begins after"),
        "color": altair.Color(
            "name:N",
            title=None,
            sort=list(names.values()),
            legend=altair.Legend(orient="bottom", labelLimit=260),
            scale=altair.Scale(domain=list(names.values()), range=list(COLOURS)),
        ),
        "yOffset": altair.YOffset("name:N", sort=list(names.values())),
    }
    bars = (
        altair.Chart(frame)
        .mark_rule(size=2)
        .encode(x=altair.X("low:Q", title=axis, scale=altair.Scale(zero=False)), x2="high:Q", **shared)
    )
    points = altair.Chart(frame).mark_point(filled=True, size=55, opacity=1).encode(x="value:Q", **shared)
    return styled(altair.layer(bars, points), title, height=34 * frame["quarter"].nunique())


def arm_picture(classes: Sequence[Mapping[str, Any]]) -> altair.Chart:
    """By class what drawn visits found with its interval, what the model said of them, and what chosen visits found.

    `classes` as on the card: zh, en, predicted_share, corrected_share, quarter_chosen_share, observed.
    """
    import altair
    import pandas as pd

    names = {
        "observed": "随机抽查实际 · drawn, observed",
        "predicted_share": "模型 · the model",
        "corrected_share": "校正后 · corrected",
        "quarter_chosen_share": "人工选定的检查 · chosen visits",
    }
    rows = [
        {"class": row["zh"], "name": name, "value": row["observed"]["value"] if key == "observed" else row[key]}
        for row in classes
        for key, name in names.items()
    ]
    spans = [
        {"class": row["zh"], "low": row["observed"]["interval_low"], "high": row["observed"]["interval_high"]}
        for row in classes
    ]
    order = [row["zh"] for row in classes]
    across = altair.X("value:Q", title="有严重问题占比 · share with a severe finding", axis=altair.Axis(format=".0%"))
    points = (
        altair.Chart(pd.DataFrame(rows))
        .mark_point(filled=True, size=60, opacity=1)
        .encode(
            x=across,
            y=altair.Y("class:N", title=None, sort=order),
            color=altair.Color(
                "name:N",
                title=None,
                sort=list(names.values()),
                legend=altair.Legend(orient="bottom", columns=2, labelLimit=260),
                scale=altair.Scale(domain=list(names.values()), range=list(COLOURS)[: len(names)]),
            ),
        )
    )
    bars = (
        altair.Chart(pd.DataFrame(spans))
        .mark_rule(size=2, color=INK)
        .encode(x=altair.X("low:Q"), x2="high:Q", y=altair.Y("class:N", sort=order))
    )
    title = "随机抽查:预测与实际 · Drawn visits: predicted and observed"
    return styled(altair.layer(bars, points), title, height=26 * len(classes) + 20)
