"""The data dictionary: every table of the contract, its columns, units and meanings, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.contract import Table, delivered_tables, published_tables


def dictionary() -> str:
    """The whole contract in words: what comes in, then what goes out."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# 数据字典 · Data dictionary"
    for title, tables in (
        ("交付的表 · Tables in", delivered_tables()),
        ("发布的表 · Tables out", published_tables()),
    ):
        yield f"\n## {title}"
        for table in tables.values():
            yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    optional = "" if table.is_required else "(可选 · optional)"
    yield f"\n### {table.name} · {table.title_zh} · {table.title_en}{optional}\n"
    yield "| 列 column | 中文表头 header | 类型 type | 必填 required | 含义 meaning |"
    yield "|---|---|---|---|---|"
    for column in table.columns:
        required = "主键 key" if column.is_key else "是 yes" if column.is_required else ""
        meaning = column.en
        if column.values:
            meaning += ": " + ", ".join(f"{code} {zh}" for code, zh in column.values.items())
        if column.references:
            meaning += f" → {column.references}"
        yield f"| {column.name} | {column.zh} | {column.type} | {required} | {meaning} |"
    for rule in table.rules:
        yield f"\n规则 rule `{rule.code}`: {rule.check}({rule.zh})"
