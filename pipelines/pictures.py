"""Pictures of a night, drawn without a browser or a network: SVG for the desk and the README, shown in Dagster too."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.contract import published_tables

if TYPE_CHECKING:
    import altair
    import pandas as pd
    from dagster import MarkdownMetadataValue

    from models.policy import DriftPolicy

FONT = "Noto Sans CJK SC, WenQuanYi Zen Hei, Microsoft YaHei, PingFang SC, sans-serif"
INK = "#1f3a5f"
SHOWN_FEATURES = 25
TIER_COLOURS = {"A": "#8fb8a8", "B": "#d9c36a", "C": "#d98f4e", "D": "#b8433a"}


def calibration_picture(deciles: Sequence[Mapping[str, float]]) -> altair.Chart:
    """Predicted against observed share of severe findings, in ten groups out of time; on the line is right."""
    import altair
    import pandas as pd

    frame = pd.DataFrame(deciles, columns=["predicted", "observed", "count"])
    most = float(max(0.01, frame[["predicted", "observed"]].to_numpy().max(initial=0.01)))
    line = altair.Chart(pd.DataFrame({"predicted": [0, most], "observed": [0, most]})).mark_line(
        strokeDash=[4, 4], color="#888"
    )
    points = altair.Chart(frame).mark_line(point=True, color=INK)
    encoded = {
        "x": altair.X("predicted:Q", title="预测概率 · predicted", axis=altair.Axis(format=".0%")),
        "y": altair.Y("observed:Q", title="实际占比 · observed", axis=altair.Axis(format=".0%")),
    }
    return styled(
        altair.layer(line.encode(**encoded), points.encode(**encoded)),
        "校准:时间外检查十等分 · Calibration out of time",
    )


def score_picture(probability: pd.Series, tier: pd.Series) -> altair.Chart:
    """How many merchants have which probability, coloured by the tier of the model."""
    import altair
    import pandas as pd

    bins = pd.cut(probability, bins=40)
    counted = (
        pd.DataFrame({"low": bins.map(lambda bin: bin.left), "high": bins.map(lambda bin: bin.right), "tier": tier})
        .groupby(["low", "high", "tier"], observed=True)
        .size()
        .reset_index(name="merchants")
    )
    counted[["low", "high"]] = counted[["low", "high"]].astype(float)
    return styled(
        altair.Chart(counted)
        .mark_bar()
        .encode(
            x=altair.X("low:Q", bin="binned", title="严重问题概率 · probability", axis=altair.Axis(format=".0%")),
            x2="high:Q",
            y=altair.Y("merchants:Q", title="主体数 · merchants"),
            color=altair.Color(
                "tier:N",
                title="模型分类 · tier",
                legend=altair.Legend(orient="bottom"),
                scale=altair.Scale(domain=list(TIER_COLOURS), range=list(TIER_COLOURS.values())),
            ),
        ),
        "经营主体风险分布 · Merchant risk",
    )


def flag_picture(flags: pd.DataFrame) -> altair.Chart:
    """How many flags of which strength each family raised; `flags` has columns family and strength."""
    import altair

    families = published_tables()["red_flag"].column("family").values
    counted = flags.groupby(["family", "strength"]).size().reset_index(name="flags")
    counted["family"] = counted["family"].map(lambda name: f"{families[name]} {name}")
    return styled(
        altair.Chart(counted)
        .mark_bar()
        .encode(
            y=altair.Y("family:N", title=None, axis=altair.Axis(labelLimit=260)),
            x=altair.X("flags:Q", title="疑点数 · flags", axis=altair.Axis(tickMinStep=1)),
            color=altair.Color(
                "strength:N",
                title="强度 · strength",
                legend=altair.Legend(orient="bottom"),
                scale=altair.Scale(
                    domain=["reminder", "weak", "moderate", "strong"],
                    range=["#9aa9b8", "#d9c36a", "#d98f4e", "#b8433a"],
                ),
            ),
        ),
        "各类疑点 · Flags by family",
    )


def patrol_picture(plan: pd.DataFrame, unplaced: pd.DataFrame) -> altair.Chart:
    """How many visits of each institution are planned, and how many found no place, by reason.

    `plan` has two rows per visit, of which the lead's counts; `unplaced` has institution_id and code.
    """
    import altair
    import pandas as pd

    codes = published_tables()["unplaced_visit"].column("code").values
    states = {"planned": "已排入 planned"} | {code: f"{zh} {code}" for code, zh in codes.items()}
    parts = [unplaced[["institution_id", "code"]]] if len(unplaced) else []
    if len(plan):
        parts.append(plan.loc[plan["role"] == "lead", ["institution_id"]].assign(code="planned"))
    counted = pd.concat(parts).groupby(["institution_id", "code"]).size().reset_index(name="visits")
    shown_states = [code for code in states if code in set(counted["code"])]
    counted["place"] = counted["code"].map(shown_states.index)
    counted["code"] = counted["code"].map(states)
    colours = dict(
        zip(
            states,
            (INK, "#b9c4d0", "#d9c36a", "#c7b299", "#d98f4e", "#b8433a", "#8c2f39", "#9aa9b8", "#8fb8a8"),
            strict=True,
        )
    )
    return styled(
        altair.Chart(counted)
        .mark_bar()
        .encode(
            y=altair.Y("institution_id:N", title=None, axis=altair.Axis(labelFontSize=8)),
            x=altair.X("visits:Q", title="检查次数 · visits", axis=altair.Axis(tickMinStep=1)),
            order="place:Q",
            color=altair.Color(
                "code:N",
                title=None,
                legend=altair.Legend(orient="bottom", columns=2, labelLimit=260),
                scale=altair.Scale(
                    domain=[states[code] for code in shown_states], range=[colours[code] for code in shown_states]
                ),
            ),
        ),
        "各机构巡查计划 · Patrol plan by institution",
        height=max(240, 10 * counted["institution_id"].nunique()),
    )


def drift_picture(rows: pd.DataFrame, policy: DriftPolicy) -> altair.Chart:
    """The stability index of the features that moved most, worst first, with the two lines; `rows` are those of drift."""
    import altair
    import pandas as pd

    known = rows[(rows["measure"] == "psi") & rows["value"].notna()]
    known = known.assign(
        label=known["label_zh"] + " " + known["feature"],
        who=known["population"].map(published_tables()["drift"].column("population").values)
        + " "
        + known["population"],
    )
    shown_labels = (
        known.groupby("label")["value"].max().sort_values(ascending=False, kind="stable").index[:SHOWN_FEATURES]
    )
    lines = pd.DataFrame({"value": [policy.watch_psi, policy.shifted_psi], "line": ["#d9c36a", "#b8433a"]})
    scale = altair.Scale(type="sqrt", zero=True)
    points = (
        altair.Chart(known[known["label"].isin(shown_labels)])
        .mark_point(filled=True, size=60, opacity=1)
        .encode(
            y=altair.Y("label:N", sort=list(shown_labels), title=None, axis=altair.Axis(labelLimit=360, grid=True)),
            x=altair.X("value:Q", title="群体稳定性指数 · population stability index", scale=scale),
            color=altair.Color(
                "who:N", title=None, legend=altair.Legend(orient="bottom"), scale=altair.Scale(range=[INK, "#d98f4e"])
            ),
        )
    )
    rules = (
        altair.Chart(lines)
        .mark_rule(strokeDash=[4, 4], size=2)
        .encode(x=altair.X("value:Q", scale=scale), color=altair.Color("line:N", scale=None))
    )
    drawn = altair.layer(rules, points).resolve_scale(color="independent")
    return styled(drawn, "漂移:偏移最大的特征 · Drift: what moved most", height=16 * len(shown_labels) + 20)


def svg(picture: altair.Chart) -> str:
    """The picture as SVG text."""
    text = io.StringIO()
    picture.save(text, format="svg")
    return text.getvalue()


def shown(picture: altair.Chart) -> MarkdownMetadataValue:
    """The picture as Dagster shows it beside an asset."""
    from dagster import MetadataValue

    data = base64.b64encode(svg(picture).encode()).decode()
    return MetadataValue.md(f"![](data:image/svg+xml;base64,{data})")


def styled(chart: altair.Chart, title: str, height: int = 240) -> altair.Chart:
    """The chart with its title, in the size, font and ground that all pictures share."""
    return chart.properties(title=title, width=420, height=height).configure(font=FONT, background="white")
