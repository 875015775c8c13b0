"""By when the review desk answers a hint: deadlines of the discipline offices' own rules."""

from __future__ import annotations

from pydantic import Field

from models.policy.dated import Dated, Strict


class Deadline(Strict):
    """How long there is, in one unit, and what says so.

    months : calendar months. workdays : working days, without weekends and the public holidays of patrol.toml. One of the
    two is given. source_zh, source_en : the rule, or [D] where it is the bureau's own.
    """

    months: int | None = Field(default=None, gt=0)
    workdays: int | None = Field(default=None, gt=0)
    source_zh: str = Field(min_length=1)
    source_en: str = Field(min_length=1)

    def model_post_init(self, _context: object) -> None:
        """Refuse a deadline in two units or in none."""
        if (self.months is None) == (self.workdays is None):
            raise ValueError("a deadline has months or workdays, one of the two")


class DeskPolicy(Dated):
    """Deadlines of the review desk.

    first_look : from the first night of a hint to a decision about it. information : from asking for information to the
    next decision. signature : from a transfer to the second signature. opinion : from the second signature, which is the
    receipt of the lead, to one of the four dispositions. reply : from a talk or letter to the officer's reply. report :
    from that reply to the disposition that follows it.
    smallest_share : a share on the report of first impressions rests on at least so many of them.
    """

    first_look: Deadline
    information: Deadline
    signature: Deadline
    opinion: Deadline
    reply: Deadline
    report: Deadline
    smallest_share: int = Field(ge=1)
