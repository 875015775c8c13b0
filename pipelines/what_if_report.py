"""Two rotation plans side by side as people read them: a table on the terminal, and a page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.rotation.words import RULE_WORDS, place_words
from pipelines.page import Column, known, number, rendered
from pipelines.rotating import post_words
from pipelines.what_if import Comparison

if TYPE_CHECKING:
    from rich.table import Table

FIGURES = {
    "overdue_officer_count": ("超期人数", "officers overdue", 0, False),
    "overdue_moved_count": ("其中拟轮岗", "of these, moves proposed", 0, False),
    "due_officer_count": ("到期人数", "officers due", 0, False),
    "due_moved_count": ("其中拟轮岗", "of these, moves proposed", 0, False),
    "other_moved_count": ("接任等其他人员", "successors and relief", 0, False),
    "barred_count": ("规则不允许", "barred by a rule", 0, False),
    "later_count": ("留待以后", "left for later", 0, False),
    "short_station_count": ("人员不足机构", "stations short of people", 0, False),
    "load_spread_before": ("现负荷差异", "spread of load now", 1, True),
    "load_spread_after": ("轮岗后负荷差异", "spread of load after", 1, True),
    "distance_kilometres": ("距离合计(公里)", "kilometres together", 0, False),
    "objective": ("代价(季)", "cost in quarters of waiting", 2, False),
    "gap_share": ("已证差距", "proven gap", 2, True),
}
"""What is compared: words, decimals, and whether it is shown in per cent."""

SIDES = (("现行规定", "policy in force"), ("假设", "what if"))


def figures(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    """Chinese and English name of each figure, and its value in both plans as it is read."""
    one, other = comparison.summaries().to_dict("records")
    return [
        (zh, en, *(number(known(row[name]), digits, is_share) for row in (one, other)))
        for name, (zh, en, digits, is_share) in FIGURES.items()
    ]


def terminal_table(comparison: Comparison) -> Table:
    """Settings that differ, figures of both plans, and which rules stand in the way in each."""
    from rich.table import Table

    table = Table(title=f"轮岗方案对比 · rotation plans compared, {comparison.night}", title_justify="left")
    table.add_column("")
    for zh, en in SIDES:
        table.add_column(f"{zh}\n{en}", justify="right")
    for name, values in comparison.changes.items():
        table.add_row(name, *(str(value) for value in values))
    table.add_section()
    for zh, en, one, other in figures(comparison):
        table.add_row(f"{zh} · {en}", one, other)
    table.add_section()
    for zh, en, one, other in barring(comparison):
        table.add_row(f"{zh} · {en}", str(one), str(other))
    moved = len(comparison.differing())
    table.caption = f"{moved}人的安排不同 · {moved} people would move elsewhere, on another day, or not at all"
    table.caption_justify = "left"
    return table


def barring(comparison: Comparison) -> list[tuple[str, str, int, int]]:
    """Rules that keep somebody due where he is: words, and for how many people in each plan."""
    counts = [Counter(plan.left["rule"]) for plan in comparison.plans]
    return [
        (zh, en, *(count[code] for count in counts))
        for code, (zh, en) in RULE_WORDS.items()
        if any(count[code] for count in counts)
    ]


def report(comparison: Comparison) -> str:
    """The page: settings, figures, rules, and everybody whose move differs."""
    sides = [Column(zh, en) for zh, en in SIDES]
    return rendered(
        "what_if.html",
        night=comparison.night.isoformat(),
        setting_columns=[Column("规定", "setting"), *sides],
        settings=[(name, str(one), str(other)) for name, (one, other) in comparison.changes.items()],
        figure_columns=[Column("指标", "figure"), *sides],
        figures=[({"zh": zh, "en": en}, one, other) for zh, en, one, other in figures(comparison)],
        rule_columns=[
            Column("限制规则", "rule in the way"),
            *(Column(zh, en, digits=0) for zh, en in SIDES),
        ],
        rules=[({"zh": zh, "en": en}, one, other) for zh, en, one, other in barring(comparison)],
        move_columns=[Column("人员", "officer"), *sides],
        moves=_moves(comparison),
    )


def _moves(comparison: Comparison) -> list[tuple[Any, ...]]:
    posts = post_words()
    names = comparison.plans[0].board.unit_name

    def told(row: dict[str, Any], side: str) -> dict[str, str]:
        unit, post = row[f"to_unit_id_{side}"], row[f"to_post_{side}"]
        if pd.isna(unit):
            return {"zh": "不动", "en": "stays"}
        grid = row[f"to_grid_id_{side}"]
        zh, en = place_words(names[unit], posts[post], None if pd.isna(grid) else grid)
        day = f"{pd.Timestamp(row[f'move_on_{side}']):%Y-%m-%d}"
        return {"zh": f"{zh},{day}", "en": f"{en}, {day}"}

    return [
        (row["officer_id"], told(row, "in_force"), told(row, "asked"))
        for row in comparison.differing().to_dict("records")
    ]
