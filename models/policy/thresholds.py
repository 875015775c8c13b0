"""Amounts from which a case must take another way: collective discussion, hearing, legal review, ordinary procedure."""

from __future__ import annotations

from pydantic import Field

from models.policy.dated import Dated


class ThresholdPolicy(Dated):
    """Amounts in yuan (fine and confiscation together), by kind of party.

    simple_ : most that the simple procedure allows. hearing_ : from here on the party may ask for a hearing. major_ :
    from here on a case is major: legal review and the heads' discussion. collective_station_yuan : from here on a station
    decides collectively. petty_yuan : a violation that the law fines with no more is petty.
    """

    simple_natural_yuan: float = Field(gt=0)
    simple_legal_yuan: float = Field(gt=0)
    hearing_natural_yuan: float = Field(gt=0)
    hearing_legal_yuan: float = Field(gt=0)
    major_natural_yuan: float = Field(gt=0)
    major_legal_yuan: float = Field(gt=0)
    collective_station_yuan: float = Field(gt=0)
    petty_yuan: float = Field(gt=0)
