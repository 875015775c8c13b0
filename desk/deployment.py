"""Where the desk of one bureau keeps its own things, and what its machine and network are like: from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Deployment(BaseSettings):
    """Every setting has a `MINGJIAN_` variable of its name; the address of another database is `DATABASE_URL`.

    desk_secret : signs sessions and names pseudonyms; made once and kept beside the desk's database where it is not given.
    desk_hosts : names under which the desk may be asked for, with commas. desk_https : it stands behind TLS, and cookies
    are for TLS alone. desk_hide_colleagues : nobody sees flags about officers of his own station. desk_blind_share : of
    flags, those whose reasons open only after a first impression is noted. desk_unmask_days : so long a name stays open.
    """

    model_config = SettingsConfigDict(env_prefix="MINGJIAN_", extra="ignore", frozen=True)

    home: Path = ROOT / "data" / "home"
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    desk_secret: str = ""
    desk_hosts: str = "127.0.0.1,localhost"
    desk_https: bool = False
    desk_hide_colleagues: bool = True
    desk_blind_share: float = Field(default=0.2, ge=0, le=1)
    desk_unmask_days: int = Field(default=30, ge=0)
    desk_session_minutes: int = Field(default=60, gt=0)
    desk_oidc_issuer: str = ""
    desk_oidc_client_id: str = ""
    desk_oidc_client_secret: str = ""

    @property
    def folder(self) -> Path:
        """What the desk keeps: its database, its secret, its deliveries."""
        return self.home / "desk"

    @property
    def published(self) -> Path:
        """Published nights and the pointer to the current one."""
        return self.home / "published"

    def database(self) -> str:
        """Address of the database: SQLite in the desk's folder unless another is given."""
        return self.database_url or f"sqlite:///{self.folder / 'desk.sqlite3'}"

    def secret(self) -> str:
        """The signing secret; made at the first start and readable by its owner alone."""
        if self.desk_secret:
            return self.desk_secret
        kept = self.folder / "secret.key"
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass
        return kept.read_text()
