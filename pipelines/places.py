"""Where things lie and how much of the machine a night may use: the deployment, from the environment.

Every setting has a `MINGJIAN_` variable of its name; the command line overrides it.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds dagster.yaml, data and sql."""


class Places(BaseSettings):
    """The folders of one bureau, and the limits of the machine."""

    model_config = SettingsConfigDict(env_prefix="MINGJIAN_", extra="ignore", frozen=True)

    home: Path = ROOT / "data" / "home"
    source: Path = ROOT / "data" / "home" / "inbox"
    threads: int = Field(default=2, ge=1)
    memory_gib: float = Field(default=3.0, gt=0)

    @property
    def raw(self) -> Path:
        """Scrubbed copies of every delivery."""
        return self.home / "raw"

    @property
    def warehouse(self) -> Path:
        """The one DuckDB file; made anew by every night."""
        return self.home / "warehouse.duckdb"

    @property
    def trained(self) -> Path:
        """Models, one folder per night on which they were trained."""
        return self.home / "trained"

    @property
    def published(self) -> Path:
        """Published nights and the pointer to the current one."""
        return self.home / "published"

    @property
    def desk(self) -> Path:
        """What the review desk keeps; there once it was opened."""
        return self.home / "desk"

    @property
    def desk_delivery(self) -> Path:
        """What the review desk delivers to the next night."""
        return self.desk / "delivery"

    @property
    def draw(self) -> Path:
        """Random draws made here, one folder each."""
        return self.home / "draw"

    @property
    def orchestration(self) -> Path:
        """Dagster's own records."""
        return self.home / "dagster"
