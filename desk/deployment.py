"""Where the desk of one bureau keeps its own things, and what its machine and network are like: from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
SECRET_LENGTH = 50
"""Characters that a signing secret has at least."""


class Deployment(BaseSettings):
    """Every setting has a `MINGJIAN_` variable of its name; the address of another database is `DATABASE_URL`.

    desk_secret : signs sessions and names pseudonyms; made once and kept beside the desk's database where it is not given.
    desk_hosts : names under which the desk may be asked for, with commas. desk_https : it stands behind TLS, and cookies
    are for TLS alone. desk_hide_colleagues : nobody sees flags about officers of his own station. desk_blind_share : of
    flags, those whose reasons open only after a first impression is noted. desk_unmask_days : so long a name stays open.
    desk_session_minutes : of a session without use; desk_session_hours : of a session with use. desk_oidc_* : a provider of
    OpenID Connect by whom people who have an account here may sign in (all three or none); desk_oidc_claim : which of
    his words is the user's name here.
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
    desk_session_hours: int = Field(default=12, gt=0)
    desk_oidc_issuer: str = ""
    desk_oidc_client_id: str = ""
    desk_oidc_client_secret: str = ""
    desk_oidc_claim: str = "preferred_username"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        given = [self.desk_oidc_issuer, self.desk_oidc_client_id, self.desk_oidc_client_secret]
        if any(given) and not all(given):
            raise ValueError(
                "MINGJIAN_DESK_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET belong together: give all three or none"
            )
        if self.desk_oidc_issuer and not self.desk_oidc_issuer.startswith("https://"):
            raise ValueError("MINGJIAN_DESK_OIDC_ISSUER must begin with https://: who listens in between could sign in")
        if self.desk_secret and len(self.desk_secret) < SECRET_LENGTH:
            raise ValueError(f"MINGJIAN_DESK_SECRET must have {SECRET_LENGTH} characters or more")
        return self

    @property
    def has_oidc(self) -> bool:
        """Whether people may also sign in by the bureau's own provider."""
        return bool(self.desk_oidc_issuer)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names and addresses under which the desk may be asked for."""
        return tuple(host.strip() for host in self.desk_hosts.split(",") if host.strip())

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
        if not kept.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # whole before it has its name: two processes that start together read the same one
            made = self.folder / f".secret-{os.getpid()}"
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(SECRET_LENGTH))
            try:
                os.link(made, kept)
            except FileExistsError:
                # another process was first; what it wrote is read below
                kept.stat()
            finally:
                made.unlink()
        return kept.read_text()
