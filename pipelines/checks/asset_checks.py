"""The checks as Dagster asset checks: one for each aspect of a table, known before the night.

Dagster writes each result to its event log by itself (about 27 ms), so the expectations of one aspect that block, and
those that only warn, are shown together; the metadata names every expectation that has not passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from pipelines.checks.suite import suite_for

if TYPE_CHECKING:
    from dagster import AssetCheckResult, AssetCheckSpec, AssetKey

    from pipelines.checks.check_result import CheckResult
    from pipelines.checks.suite import Expectation
    from pipelines.checks.table_spec import TableSpec

ASPECTS = {
    "shape": "列与类型 · columns and types",
    "grain": "主键唯一 · one row per key",
    "null": "必填非空 · required values are there",
    "enum": "取值在册 · codes are known",
    "range": "数值在界内 · numbers within the bounds of their unit",
    "link": "引用存在 · references exist",
    "rule": "列间规则 · rules between columns",
    "row_count": "行数与上一晚相比 · rows against the previous night",
    "freshness": "数据新鲜 · the newest record is recent",
}
"""What a table is looked at for, with its words."""


def dagster_specs(spec: TableSpec, asset_key: AssetKey | None = None) -> list[AssetCheckSpec]:
    """One check spec per aspect of the table, on the asset `schema/table` unless another key is given."""
    from dagster import AssetCheckSpec, AssetKey

    key = asset_key or AssetKey([spec.schema, spec.name])
    return [
        AssetCheckSpec(
            name=_name(*group),
            asset=key,
            blocking=group[1],
            description=f"{ASPECTS[group[0]]} ({len(list(expectations))})",
        )
        for group, expectations in groupby(sorted(suite_for(spec), key=_group), key=_group)
    ]


def dagster_results(results: Iterable[CheckResult], asset_key: AssetKey | None = None) -> list[AssetCheckResult]:
    """One Dagster result per table and aspect: an error where it blocks, otherwise a warning."""
    from dagster import AssetCheckResult, AssetCheckSeverity, AssetKey

    def place(result: CheckResult) -> tuple[str, str, str, bool]:
        return result.schema, result.table, *_group(result)

    shown = []
    for (schema, table, aspect, is_blocking), group in groupby(sorted(results, key=place), key=place):
        checked = list(group)
        failed = [result for result in checked if not result.has_passed]
        shown.append(
            AssetCheckResult(
                asset_key=asset_key or AssetKey([schema, table]),
                check_name=_name(aspect, is_blocking),
                passed=not failed,
                severity=AssetCheckSeverity.ERROR if is_blocking else AssetCheckSeverity.WARN,
                description="\n".join(result.message for result in failed) or ASPECTS[aspect],
                metadata={
                    "expectations": len(checked),
                    "unexpected_count": sum(result.unexpected_count for result in checked),
                    **{result.name: result.error or result.observed for result in failed},
                },
            )
        )
    return shown


def _group(checked: Expectation | CheckResult) -> tuple[str, bool]:
    return checked.aspect, checked.is_blocking


def _name(aspect: str, is_blocking: bool) -> str:
    return aspect if is_blocking else f"{aspect}_warning"
