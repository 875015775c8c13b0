"""What the families say of a night, asked of a warehouse whose tables are made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from models.flags import Judgement, Night, families
from models.policy import Policy
from models.strength import strengthen
from pipelines.warehouse.frames import frame_of

if TYPE_CHECKING:
    import duckdb


def judgement_of(connection: duckdb.DuckDBPyConnection, family: str, as_of: date, policy: Policy) -> Judgement:
    """What one family says of the night `as_of`; the tables that it NEEDS are there. KeyError for an unknown family."""
    module = families()[family]
    frames = {table: frame_of(connection, table, columns) for table, columns in module.NEEDS.items()}
    return module.judge(Night(as_of, policy, frames))


def judged(
    connection: duckdb.DuckDBPyConnection, as_of: date, policy: Policy, tell: Callable[[str], None] = lambda name: None
) -> dict[str, Judgement]:
    """What every family says of the night, by name, once strengths are settled among them: as a night publishes it, but
    before what reviewers concluded, and nothing is withheld for want of an explanation. `tell` hears each family before it judges."""
    judgements = {}
    for name in families():
        tell(name)
        judgements[name] = judgement_of(connection, name, as_of, policy)
    return strengthen(judgements)


def tables_needed() -> tuple[str, ...]:
    """The tables that the families read, each once."""
    return tuple(sorted({table for module in families().values() for table in module.NEEDS}))
