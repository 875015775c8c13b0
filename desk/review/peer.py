"""Where a hint's subject lies among his peers, and whether it is new or old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from desk.published.night import Night
from desk.review.scale import Scale, over

LEFT, RIGHT, TOP, BOTTOM = 60.0, 760.0, 12.0, 190.0
STRIP_Y, STACK = 60.0, 5.0
"""The strip's middle line, and how far apart points lie that would cover one another."""
BIN = 6.0
"""Points of a strip closer than this lie over one another."""


@dataclass(frozen=True)
class Point:
    """One peer: its place in the picture and its figures. number 0 is the subject."""

    x: float
    y: float
    row: dict[str, Any]

    @property
    def is_subject(self) -> bool:
        """Whether it is the one that the hint is about."""
        return self.row["peer_number"] == 0


@dataclass(frozen=True)
class PeerPicture:
    """A funnel (exposure across, statistic upwards) or, where exposures are not published, a strip (statistic across).

    interval : ends of the subject's interval in the picture, along the axis of the statistic. x_ticks, y_ticks : marks.
    """

    is_funnel: bool
    points: tuple[Point, ...]
    subject: Point | None
    interval: tuple[float, float] | None
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    height: float

    @property
    def peer_count(self) -> int:
        """How many others there are."""
        return sum(not point.is_subject for point in self.points)

    @property
    def rank(self) -> int:
        """How many of the others have a larger value than the subject, plus one."""
        if self.subject is None:
            return 0
        own = self.subject.row["statistic"]
        return 1 + sum(point.row["statistic"] > own for point in self.points if not point.is_subject)

    @property
    def sentence(self) -> str:
        """Where the subject lies, in words."""
        if self.subject is None:
            return _("The subject himself is not among the figures.")
        return _(
            "The value of the subject is %(value)s; counted from the largest it is number %(rank)s of %(count)s."
        ) % {
            "value": f"{self.subject.row['statistic']:.2f}",
            "rank": self.rank,
            "count": self.peer_count + 1,
        }


@dataclass(frozen=True)
class Window:
    """The statistic over one window, with its interval, and their places in the picture."""

    row: dict[str, Any]
    y: float
    low_x: float
    high_x: float
    x: float


@dataclass(frozen=True)
class WindowPicture:
    """The windows, the shortest first, and the value that is neither more nor less than expected."""

    windows: tuple[Window, ...]
    ticks: tuple[tuple[float, str], ...]
    height: float


def peer_picture(night: Night, flag: dict[str, Any]) -> PeerPicture | None:
    """The peers of a hint; None where the night publishes none."""
    if "flag_peer" not in night.tables:
        return None
    rows = night.rows(
        "select peer_number, exposure_count, observed, expected, statistic, interval_low, interval_high from flag_peer "
        "where flag_id = $flag_id order by peer_number",
        {"flag_id": flag["flag_id"]},
    )
    if not rows:
        return None
    return _funnel(rows) if all(row["exposure_count"] is not None for row in rows) else _strip(rows)


def _funnel(rows: list[dict[str, Any]]) -> PeerPicture:
    own = next((row for row in rows if row["peer_number"] == 0), None)
    ends = [own["interval_low"], own["interval_high"]] if own else []
    across = over([row["exposure_count"] for row in rows], LEFT, RIGHT, also=[0])
    up = over([*(row["statistic"] for row in rows), *ends], BOTTOM, TOP)
    points = [Point(across.at(row["exposure_count"]), up.at(row["statistic"]), row) for row in rows]
    return PeerPicture(True, *_marked(points, own, up), tuple(across.ticks()), tuple(up.ticks(4)), BOTTOM + 40)


def _strip(rows: list[dict[str, Any]]) -> PeerPicture:
    own = next((row for row in rows if row["peer_number"] == 0), None)
    ends = [own["interval_low"], own["interval_high"]] if own else []
    across = over([*(row["statistic"] for row in rows), *ends], LEFT, RIGHT)
    taken: dict[int, int] = {}
    points = []
    for row in sorted(rows, key=lambda row: (row["peer_number"] != 0, row["peer_number"])):
        x = across.at(row["statistic"])
        place = taken.get(round(x / BIN), 0)
        taken[round(x / BIN)] = place + 1
        # above and below the middle in turn, never beyond the picture
        lift = STACK * ((place + 1) // 2) * (-1 if place % 2 else 1)
        points.append(Point(x, STRIP_Y + max(-45.0, min(45.0, lift)), row))
    return PeerPicture(False, *_marked(points, own, across), tuple(across.ticks()), (), 140.0)


def _marked(
    points: list[Point], own: dict[str, Any] | None, scale: Scale
) -> tuple[tuple[Point, ...], Point | None, tuple[float, float] | None]:
    subject = next((point for point in points if point.is_subject), None)
    interval = None
    if own and own["interval_low"] is not None and own["interval_high"] is not None:
        interval = (scale.at(own["interval_low"]), scale.at(own["interval_high"]))
    return tuple(points), subject, interval


def window_picture(night: Night, flag: dict[str, Any]) -> WindowPicture | None:
    """The windows of a hint; None where it has none."""
    rows = night.rows(
        "select window_days, exposure_count, observed, expected, statistic, interval_low, interval_high, probability "
        "from flag_window where flag_id = $flag_id order by window_days",
        {"flag_id": flag["flag_id"]},
    )
    if not rows:
        return None
    scale = over([row[name] for row in rows for name in ("statistic", "interval_low", "interval_high")], 160.0, RIGHT)
    windows = [
        Window(
            row,
            20.0 + 28.0 * place,
            scale.at(row["interval_low"]),
            scale.at(row["interval_high"]),
            scale.at(row["statistic"]),
        )
        for place, row in enumerate(rows)
    ]
    return WindowPicture(tuple(windows), tuple(scale.ticks()), 28.0 * len(rows) + 36)
