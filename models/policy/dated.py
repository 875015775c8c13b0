"""What every kind of policy has: the day it came into force, what it rests on, and no setting that is not known."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of a policy: frozen, and a setting that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Strict):
    """One version of a policy, in force from `effective_from` until the next version begins."""

    effective_from: date
    legal_basis: str = ""
