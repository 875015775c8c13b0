"""The officer model of a night: its panel, its labels, the model learned from them, and whom its score falls on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from models.decision_label import with_decisions
from models.flags import Judgement
from models.officer import SCORED_FAMILIES, OfficerModel, assemble_panel, fit
from models.officer_fairness import fairness
from models.officer_label import Labels, label_panel
from models.policy import Policy
from pipelines.deciding import decided, decisions_of
from pipelines.warehouse.frames import frame_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

ATTRIBUTES = """
select officer.officer_id, officer.employment_kind, officer.rank, described.station_kind
from core.officer
inner join feature.officer as described on described.officer_id = officer.officer_id
where described.as_of_on = $night
order by officer.officer_id
"""


def panel_of(connection: duckdb.DuckDBPyConnection, judgements: Mapping[str, Judgement]) -> pd.DataFrame:
    """The panel of the night's warehouse and of what the families, and then the reviewers, said."""
    indicators = {name: judgement.indicator for name, judgement in judgements.items()}
    return assemble_panel(frame_of(connection, "feature.officer"), indicators)


def labelled_panel(
    connection: duckdb.DuckDBPyConnection, judgements: Mapping[str, Judgement], as_of: date, policy: Policy
) -> tuple[pd.DataFrame, Labels]:
    """The panel as reviewers left it, and its labels with what they concluded: the same in a night and in an evaluation.

    The warehouse holds feature.officer, core.integrity_outcome and DECISION_TABLES. Raises NotTrainable where no label is known.
    """
    panel = panel_of(connection, decided(connection, judgements, as_of, policy))
    outcomes = frame_of(connection, "core.integrity_outcome")
    labels = label_panel(panel, SCORED_FAMILIES, outcomes, as_of, policy)
    return panel, with_decisions(labels, panel, decisions_of(connection), outcomes, as_of, policy)


def trained_model(
    connection: duckdb.DuckDBPyConnection, judgements: Mapping[str, Judgement], as_of: date, policy: Policy
) -> tuple[OfficerModel, int]:
    """The model learned on the night, and from how many rows. Raises NotTrainable where nothing can be learned."""
    panel, labels = labelled_panel(connection, judgements, as_of, policy)
    model = fit(panel, labels)
    scores = model.score(panel[panel["as_of_on"] == str(as_of)], policy)
    looked_at = fairness(scores, connection.execute(ATTRIBUTES, {"night": as_of}).df())
    return replace(model, card={**model.card, "fairness": looked_at}), len(labels.label)
