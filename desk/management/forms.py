"""Forms of decisions on moves. Errors stand beside their fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.management.models import Verdict
from desk.management.move import Move, State
from desk.management.place import Known, Place
from desk.management.words import POSTS
from desk.review.forms import ReasonForm
from models.policy import RotationPolicy

CHOICES = {
    Verdict.ACCEPTED: _("accept it as it is proposed"),
    Verdict.CHANGED: _("change it: to the place and day below"),
    Verdict.DECLINED: _("decline it: not to this place"),
}
WITHDRAWN = _("withdraw it: he does not go there")
"""What declining means where somebody accepted or changed it before."""


class MoveForm(ReasonForm):
    """A decision on one move. seen : of the move that its reader read.

    Offered are units, posts and grids that the night knows; whether a changed move keeps the rules, the next night says.
    """

    verdict = forms.ChoiceField(label=pgettext_lazy("move", "Decision"), widget=forms.RadioSelect)
    to_institution_id = forms.ChoiceField(label=_("Unit"))
    to_post = forms.ChoiceField(label=_("Post"))
    to_grid_id = forms.ChoiceField(
        label=_("Grid"), required=False, help_text=_("Only for a post that has one; it must lie in the unit.")
    )
    move_on = forms.DateField(
        label=_("To be carried out by"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    seen = forms.CharField(max_length=32, widget=forms.HiddenInput)
    field_order = ("verdict", "to_institution_id", "to_post", "to_grid_id", "move_on", "reason", "seen")

    def __init__(self, move: Move, known: Known, last_day: date, data: Any = None) -> None:
        there = move.there
        initial = {**_named(there), "move_on": move.move_on, "seen": move.seen}
        super().__init__(data, initial=initial)
        self.move, self.known, self.last_day = move, known, last_day
        is_decided = move.state not in (State.WAITING, State.DECLINED)
        told = {
            verdict: words for verdict, words in CHOICES.items() if verdict != Verdict.ACCEPTED or move.can_be_accepted
        }
        if is_decided:
            told[Verdict.DECLINED] = WITHDRAWN
        self.fields["verdict"].choices = [(verdict.value, words) for verdict, words in told.items()]
        self.fields["to_institution_id"].choices = _with(known.units, there.institution_id)
        self.fields["to_post"].choices = _with({post: POSTS.get(post, post) for post in known.posts}, there.post)
        self.fields["to_grid_id"].choices = [("", _("none")), *_grids(known, there)]

    @property
    def place_fields(self) -> list[forms.BoundField]:
        """The fields of the place and the day, which stand together."""
        return [self[name] for name in ("to_institution_id", "to_post", "to_grid_id", "move_on")]

    @property
    def place(self) -> Place:
        """The place of the decision: as proposed where accepted, as it stands where declined, else as given."""
        verdict = self.cleaned_data["verdict"]
        if verdict == Verdict.ACCEPTED:
            return self.move.proposed
        return self.move.there if verdict == Verdict.DECLINED else self._given()

    @property
    def day(self) -> date:
        """The day of the decision, as `place`."""
        verdict = self.cleaned_data["verdict"]
        if verdict == Verdict.ACCEPTED:
            return self.move.row["move_on"]
        return self.move.move_on if verdict == Verdict.DECLINED else self.cleaned_data["move_on"]

    def clean(self) -> dict[str, Any]:
        """Refuse a change that changes nothing or leads nowhere, and a change that was not chosen."""
        said = super().clean()
        if self.errors.keys() & {"verdict", "to_institution_id", "to_post", "to_grid_id", "move_on"}:
            return said
        is_other = (self._given(), said["move_on"]) != (self.move.there, self.move.move_on)
        if said["verdict"] != Verdict.CHANGED:
            if is_other:
                self.add_error("verdict", _("You gave another place or day: choose to change the move, or leave them."))
            return said
        if not is_other:
            self.add_error("verdict", _("Nothing is changed: give another place or another day."))
        self._check_place(said)
        if not timezone.localdate() <= said["move_on"] <= self.last_day:
            told = _("The day lies between today and %(last)s, the last day of moves in this plan.")
            self.add_error("move_on", told % {"last": self.last_day.isoformat()})
        return said

    def _check_place(self, said: dict[str, Any]) -> None:
        given = self._given()
        grid_unit = {grid: unit for unit, grids in self.known.grids.items() for grid in grids}
        if given.grid_id and grid_unit.get(given.grid_id) != given.institution_id:
            self.add_error("to_grid_id", _("This grid does not lie in the unit."))
        if self.move.row and given == Place.of(self.move.row, "from"):
            self.add_error("to_institution_id", _("This is the place that he holds now."))

    def _given(self) -> Place:
        said = self.cleaned_data
        return Place(said["to_institution_id"], said["to_post"], said["to_grid_id"])


class AcceptForm(ReasonForm):
    """Several moves at once, as they are proposed. moves : `seen` of each that is chosen; none is chosen beforehand."""

    moves = forms.MultipleChoiceField(
        label=_("Moves to accept"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one move."),
            "invalid_choice": _("A move that you chose is no longer as you read it. Read the list again."),
        },
    )
    field_order = ("moves", "reason")

    def __init__(self, choices: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["moves"].choices = choices


def last_day(night_on: date, in_force: RotationPolicy) -> date:
    """The last day of moves in a plan of this night: the first of the last of its quarters, which begin after the notice."""
    begin = _quarter_after(date.fromordinal(night_on.toordinal() + in_force.notice_days - 1))
    for _number in range(in_force.quarter_count - 1):
        begin = _quarter_after(begin)
    return begin


def _quarter_after(day: date) -> date:
    """The first day of the next quarter."""
    month = 3 * ((day.month - 1) // 3) + 4
    return date(day.year + month // 13, (month - 1) % 12 + 1, 1)


def _named(place: Place) -> dict[str, str]:
    return {"to_institution_id": place.institution_id, "to_post": place.post, "to_grid_id": place.grid_id}


def _with(choices: dict[str, Any], one: str) -> list[tuple[str, Any]]:
    """The choices, and the present one where the night does not know it any more."""
    return list(({one: one} | choices).items()) if one not in choices else list(choices.items())


def _grids(known: Known, there: Place) -> list[tuple[str, list[tuple[str, str]]]]:
    """Grids in groups, one for each unit."""
    grids = dict(known.grids)
    if there.grid_id and there.grid_id not in grids.get(there.institution_id, ()):
        grids[there.institution_id] = (*grids.get(there.institution_id, ()), there.grid_id)
    return [(known.units.get(unit, unit), [(grid, grid) for grid in of_unit]) for unit, of_unit in grids.items()]
