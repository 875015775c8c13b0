"""Past random draws of a night and their tests, for the units that a reader sees. No person and no merchant is in it.

Figures of the whole bureau are every reader's of the page: a draw is held for all units at once. Those of a single unit are
for readers who see that unit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.management.words import DRAW_FATES, DRAW_STATES, DRAW_TESTS
from desk.published.night import Night

BUREAU = "all"
"""unit_id of all units, draw_class of all classes, and draw_id of a test over all draws of the period."""
TONES = {1: "watch", 2: "good", 3: "quiet"}

TESTS = """
select
    case when is_unusual then 1 when is_unusual is not null then 2 else 3 end as state,
    test, nullif(draw_id, 'all') as draw_id, nullif(unit_id, 'all') as unit_id, draw_id as draw, unit_id as unit,
    window_start_on, window_end_on, exposure_count, observed, expected, p_value, q_value, summary_zh, summary_en
from draw_audit
where unit_id = 'all' or $units is null or unit_id in (select unnest($units))
"""

DRAWS = """
select
    draw_id,
    any_value(drawn_on) as drawn_on,
    sum(pool_count)::bigint as pool_count,
    sum(drawn_count)::bigint as drawn_count,
    case when any_value(state) = 'drawn' then sum(drawn_count) / nullif(sum(pool_count), 0) end as drawn_share,
    sum(place_count)::bigint as place_count,
    sum(by_hand_count)::bigint as by_hand_count,
    any_value(task) as task,
    any_value(state) as state,
    any_value(committed_on) as committed_on,
    any_value(pool_sha256) as pool_sha256,
    any_value(seed) as seed
from draw
where
    draw_class = 'all'
    and case when $units is null then unit_id = 'all' else unit_id in (select unnest($units)) end
group by draw_id
"""

CLASSES = """
select
    draw_class,
    sum(pool_count)::bigint as pool_count,
    sum(drawn_count)::bigint as drawn_count,
    count(*) as draw_count,
    sum(drawn_count) / nullif(sum(pool_count), 0) as share,
    sum(expected_share * pool_count) / nullif(sum(pool_count), 0) as target
from draw
where draw_class <> 'all' and unit_id = 'all'
group by draw_class
order by draw_class
"""


def is_published(night: Night) -> bool:
    """Whether this night tells of draws at all."""
    return "state" in night.columns("draw") and "draw_audit" in night.tables


def tests(night: Night, units: Collection[str] | None) -> NightSource:
    """The tests of the bureau and of the reader's units (None: of all)."""
    return NightSource(night, TESTS, {"units": _listed(units)})


def draws(night: Night, units: Collection[str] | None) -> NightSource:
    """Past draws, one row each: of the whole bureau, or the sum over the reader's units, of those drawn from alone."""
    return NightSource(night, DRAWS, {"units": _listed(units)})


def classes(night: Night) -> list[dict[str, Any]]:
    """Of the latest draws together, by class: pool_count, drawn_count, draw_count, share drawn and target."""
    return night.rows(CLASSES)


def test_listing(names: Mapping[str, str]) -> Listing:
    """The list of tests; names : what units are called."""
    return Listing(
        _("Tests of past draws"),
        (
            Column("state", _("State"), Kind.CHOICE, Filter.CHOICE, DRAW_STATES, tone=lambda row: TONES[row["state"]]),
            Column("test", _("Test"), Kind.CHOICE, Filter.CHOICE, DRAW_TESTS),
            Column("draw_id", _("Draw (none: all of the year)"), is_searched=True),
            Column("unit_id", _("Unit (none: the bureau)"), Kind.CHOICE, Filter.CHOICE, names),
            Column("window_start_on", _("From"), Kind.DATE),
            Column("window_end_on", _("To"), Kind.DATE),
            Column("exposure_count", _("Rests on"), Kind.NUMBER),
            Column("observed", _("Observed"), Kind.NUMBER, digits=1),
            Column("expected", _("Expected"), Kind.NUMBER, digits=1),
            Column("p_value", "p", Kind.NUMBER, digits=4),
            Column("q_value", "q", Kind.NUMBER, digits=4, help=_("p, given that so much was tested at once")),
            Column("summary", _("In words"), is_bilingual=True, is_sortable=False),
        ),
        key=("test", "unit", "draw"),
        sort="state",
        empty=_("No random draw of the year before this night was delivered, so nothing can be tested."),
    )


def draw_listing() -> Listing:
    """The list of past draws."""
    return Listing(
        _("Past draws"),
        (
            Column("drawn_on", _("Drawn on"), Kind.DATE),
            Column("draw_id", _("Draw")),
            Column("task", _("Special task")),
            Column("pool_count", _("Could be drawn"), Kind.NUMBER),
            Column("drawn_count", _("Drawn"), Kind.NUMBER),
            Column("drawn_share", _("Share"), Kind.SHARE),
            Column("place_count", _("Officers by lot"), Kind.NUMBER),
            Column("by_hand_count", _("By hand since"), Kind.NUMBER),
            Column("state", _("State"), Kind.CHOICE, Filter.CHOICE, DRAW_FATES),
            Column("committed_on", _("Committed on"), Kind.DATE),
            Column("pool_sha256", _("Hash of the pool")),
            Column("seed", _("Seed")),
        ),
        key=("draw_id",),
        sort="-drawn_on",
        empty=_("No random draw was delivered."),
    )


def _listed(units: Collection[str] | None) -> list[str] | None:
    return None if units is None else sorted(units)
