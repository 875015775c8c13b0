"""What a check found: its frozen result, and how Great Expectations' own result is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult

    from pipelines.checks.suite import Expectation
    from pipelines.checks.table_spec import TableSpec


class CheckCrashed(RuntimeError):
    """A check could not be computed, which is neither a pass nor a failure: the night must stop on it."""


class Verdict(NamedTuple):
    """Whether a check passed, what was observed, and how many were unexpected."""

    has_passed: bool
    observed: str
    unexpected_count: int


@dataclass(frozen=True)
class CheckResult:
    """What one check found. `unexpected_count` counts rows (keys for a grain, columns for a shape).

    `observed` is a text with the count and the first finding. `error` is empty, or says why the check could not be
    judged because a table or column is missing or of another type; such a check has not passed.
    """

    schema: str
    table: str
    name: str
    aspect: str
    expectation_type: str
    is_blocking: bool
    has_passed: bool
    observed: str
    unexpected_count: int
    sentence_zh: str
    sentence_en: str
    error: str = ""

    @classmethod
    def of(cls, spec: TableSpec, expectation: Expectation, verdict: Verdict | None, error: str) -> CheckResult:
        """The result of an expectation of a table; without a verdict it has not passed, and `error` says why."""
        has_passed, observed, unexpected_count = verdict or Verdict(False, "not judged", 0)
        return cls(
            schema=spec.schema,
            table=spec.name,
            name=expectation.name,
            aspect=expectation.aspect,
            expectation_type=expectation.kind,
            is_blocking=expectation.is_blocking,
            has_passed=has_passed,
            observed=observed,
            unexpected_count=unexpected_count,
            sentence_zh=expectation.zh,
            sentence_en=expectation.en,
            error=error,
        )

    @property
    def message(self) -> str:
        """One line: where, the rule, what was found, and for a broken rule what to do."""
        found = self.error or self.observed
        line = f"{self.schema}.{self.table}: {self.sentence_en}; {found} (check {self.name})"
        if self.has_passed:
            return line
        advice = "correct the delivery or the statement and run the night again" if self.is_blocking else "look into it"
        return f"{line}; {advice}"


def crash_of(result: ExpectationValidationResult) -> str:
    """The first line of the crash, empty where there was none. Great Expectations nests it by metric, or does not."""
    outer = result.exception_info or {}
    for entry in (outer, *(inner for inner in outer.values() if isinstance(inner, Mapping))):
        if entry.get("raised_exception"):
            return str(entry.get("exception_message")).strip().splitlines()[0]
    return ""


def verdict_of(result: ExpectationValidationResult) -> Verdict:
    """The verdict of a result that did not crash."""
    has_passed, found = bool(result.success), result.result
    if "unexpected_count" in found:
        # Over no rows at all the engine's sum is null.
        count, first = found["unexpected_count"] or 0, found["partial_unexpected_list"]
        shown = f", the first: {first[0]}" if first and first[0] is not None else ""
        return Verdict(has_passed, f"{count:,} of {found['element_count']:,} rows{shown}", count)
    if result.expectation_config.type == "unexpected_rows_expectation":
        count, rows = found["observed_value"], found.get("details", {}).get("unexpected_rows")
        shown = ", the first: " + ", ".join(f"{name} {value}" for name, value in rows[0].items()) if rows else ""
        return Verdict(has_passed, f"{count:,} found{shown}", count)
    value = found.get("observed_value")
    observed = f"{value:,} rows" if isinstance(value, int) else f"newest {value or 'none'}"
    return Verdict(has_passed, observed, 0 if has_passed else 1)
