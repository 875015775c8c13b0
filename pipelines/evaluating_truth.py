"""The flag families held against a synthetic bureau's planted truth, which lies beside the delivery and never in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from models import policy
from models.flags import NotComputable, families
from models.truth import Agreement, hold_against
from pipelines.family_judgement import judged, tables_needed
from pipelines.nights import bound_values
from pipelines.temporary_warehouse import build_needed, delivery_warehouse

TRUTH_COLUMNS = ("subject_kind", "subject_id", "family", "behaviour", "is_confounder")


class TruthUnreadable(RuntimeError):
    """There is no truth to hold the hints against, or it is none."""


@dataclass(frozen=True)
class TruthEvaluation:
    """The agreement, the truth itself, the hints by family and strength (a table of counts), and what was not computable."""

    agreement: Agreement
    truth: pd.DataFrame
    flag_counts: pd.DataFrame
    not_computable: tuple[NotComputable, ...]


def truth_beside(source: Path) -> Path | None:
    """The truth file of a delivery: `<source>.truth.csv`, or `truth.csv` in the same folder as it; None without one."""
    return next((path for path in _places_beside(source) if path.is_file()), None)


def _places_beside(source: Path) -> tuple[Path, Path]:
    return source.with_name(source.name + ".truth.csv"), source.with_name("truth.csv")


def truth_missing(source: Path) -> TruthUnreadable:
    """What to say of a delivery without a truth file."""
    first, second = _places_beside(source)
    return TruthUnreadable(
        f"{first}: there is no truth file to hold the hints against, neither here nor at {second}; "
        "`mingjian sample` writes one beside its delivery, or name it with --truth FILE"
    )


def read_truth(path: Path) -> pd.DataFrame:
    """The truth with is_confounder as a boolean. Raises TruthUnreadable where it is no truth file."""
    try:
        truth = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise TruthUnreadable(f"{path}: the truth file cannot be read ({error}); name another with --truth") from error
    missing = [name for name in TRUTH_COLUMNS if name not in truth.columns]
    if missing:
        raise TruthUnreadable(
            f"{path}: a truth file has the columns {', '.join(TRUTH_COLUMNS)}; {missing[0]} is missing"
        )
    words = truth["is_confounder"].str.lower()
    if not words.isin(["true", "false"]).all():
        raise TruthUnreadable(
            f"{path}: is_confounder must be true or false; found {words[~words.isin(['true', 'false'])].iloc[0]!r}"
        )
    return truth.assign(is_confounder=words == "true")


def evaluated_truth(
    source: Path,
    as_of: date,
    truth: pd.DataFrame,
    *,
    mapping: Path | None = None,
    tell: Callable[[str], None] = lambda message: None,
) -> TruthEvaluation:
    """Judge the night `as_of` of a delivery with every family, and hold the hints against the truth.

    The hints are those a night would publish if all of them could be explained. Raises DeliveryError where the delivery
    cannot be read.
    """
    in_force = policy.on(as_of)
    tell(f"{source}")
    with delivery_warehouse(source, mapping=mapping) as connection:
        build_needed(connection, tables_needed(), bound_values(as_of, in_force, is_training=False), tell)
        judgements = judged(connection, as_of, in_force, tell)
    rows = [
        (flag.subject_kind, flag.subject_id, flag.family, flag.strength)
        for judgement in judgements.values()
        for flag in judgement.flags
    ]
    flags = pd.DataFrame(rows, columns=["subject_kind", "subject_id", "family", "strength"])
    return TruthEvaluation(
        agreement=hold_against(flags, truth, list(families())),
        truth=truth,
        flag_counts=flags.groupby(["family", "subject_kind", "strength"]).size().reset_index(name="flag_count"),
        not_computable=tuple(gap for judgement in judgements.values() for gap in judgement.not_computable),
    )
