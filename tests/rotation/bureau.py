"""Random bureaus with the postings history that a rotation plan reads; the same seed makes the same bureau."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from tests.rotation.tables import NIGHT, ROTATION, Bureau, tables

YEAR = 365.25
STATION_POSTS = {
    "patrol": 0.45,
    "case_handling": 0.2,
    "registration": 0.12,
    "key_enterprise_supervision": 0.12,
    "sampling": 0.06,
    "permit": 0.05,
}
ABOVE_POSTS = {
    "bureau": ["general_office", "legal_review", "permit", "registration"],
    "office": ["general_office", "legal_review", "procurement", "registration", "permit", "seized_property"],
    "team": ["team_head", "case_handling", "case_handling", "seized_property", "sampling", "case_handling"],
}
# days on which "so many years before a day of moving" would hang on how years are counted
EDGES = [date(year, month, 1) for year in (2023, 2024, 2025, 2026, 2027) for month in (1, 4, 7, 10)]


@dataclass
class Rows:
    """The rows of every table as they are made."""

    random: np.random.Generator
    unit: list[dict] = field(default_factory=list)
    staff: list[dict] = field(default_factory=list)
    clock: list[dict] = field(default_factory=list)
    held: list[dict] = field(default_factory=list)
    interest: list[dict] = field(default_factory=list)
    decided: list[dict] = field(default_factory=list)
    last: list[dict] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        """True so often."""
        return bool(self.random.random() < share)

    def one_of(self, choices):
        """One of these, each as likely."""
        return choices[int(self.random.integers(len(choices)))]

    def years(self, least: float, most: float) -> float:
        """So many years, evenly between the two."""
        return float(self.random.uniform(least, max(least, most)))


@dataclass(frozen=True)
class Stint:
    """Years without interruption at one place; an officer's are listed from the present one back."""

    unit: str
    post: str
    grid: str | None
    years: float


def random_bureau(
    seed: int, stations: int = 39, officers: int = 351, due_share: float = 0.2, decided_share: float = 0.03
) -> Bureau:
    """A bureau of so many stations, a bureau office, an office and a team; about `due_share` of its officers are due.

    decided_share : of whom management decided a move, to wherever it pleased.
    """
    if officers < 2 * stations:
        raise ValueError(f"{stations} stations need two officers each, {officers} officers are too few")
    rows = Rows(np.random.default_rng(seed))
    sizes = _units(rows, stations, officers)
    area = {unit["unit_id"]: unit["area_id"] for unit in rows.unit}
    kind = {unit["unit_id"]: unit["kind"] for unit in rows.unit}
    places = [place for unit, size in sizes.items() for place in _posts(rows, unit, kind[unit], size)]
    names = [f"R{number:04d}" for number in rows.random.permutation(len(places)) + 1]
    for name, place in sorted(zip(names, places, strict=True)):
        _officer(rows, name, place, kind, area, due_share)
    _interests(rows, stations)
    _decisions(rows, decided_share)
    told = {name: getattr(rows, name) for name in ("unit", "staff", "clock", "held", "interest", "decided", "last")}
    label = f"seed {seed}, {stations} stations, {officers} officers, {due_share} due, {decided_share} decided"
    return Bureau(tables(**told), label=label)


def _units(rows: Rows, stations: int, officers: int) -> dict[str, int]:
    """Makes the units; returns how many officers serve in each. About one station in six is rural and has two."""
    pool = officers - 2 * stations
    above = min(pool, round(0.14 * officers))
    is_pair = rows.random.random(stations) < 0.17
    if is_pair.all():
        is_pair[0] = False
    weights = np.where(is_pair, 0.0, rows.random.uniform(0.5, 1.5, stations))
    more = rows.random.multinomial(pool - above, weights / weights.sum())
    sizes = {"B": above // 6, "O": above // 2, "T": above - above // 6 - above // 2}
    kinds = {"B": "bureau", "O": "office", "T": "team"}
    for name in sizes:
        rows.unit.append(
            {"unit_id": name, "kind": kinds[name], "area_id": None if name == "B" else "B", "demand": 0.0}
            | {"latitude": 28.6, "longitude": 121.0}
        )
    for number in range(stations):
        unit = f"S{number + 1:02d}"
        sizes[unit] = 2 + int(more[number])
        here = not rows.chance(0.08)
        far = 0.5 if is_pair[number] else 0.25
        rows.unit.append(
            {
                "unit_id": unit,
                "kind": "station",
                "area_id": f"A{number % max(2, stations // 9) + 1}",
                "demand": round(sizes[unit] * float(rows.random.lognormal(np.log(220), 0.35)), 1),
                "latitude": 28.6 + rows.years(-far, far) if here else None,
                "longitude": 121.0 + rows.years(-far, far) if here else None,
            }
        )
    return sizes


def _posts(rows: Rows, unit: str, kind: str, size: int) -> list[tuple[str, str, str | None]]:
    """The places of one unit: (unit, post, grid)."""
    if kind != "station":
        return [(unit, ABOVE_POSTS[kind][number % len(ABOVE_POSTS[kind])], None) for number in range(size)]
    posts = ["station_head", "patrol", "case_handling"][:size]
    posts += rows.random.choice(list(STATION_POSTS), size - len(posts), p=list(STATION_POSTS.values())).tolist()
    return [
        (unit, post, f"{unit}-G{number}" if post == "patrol" and rows.chance(0.7) else None)
        for number, post in enumerate(posts)
    ]


def _officer(rows: Rows, name: str, place: tuple, kind: dict, area: dict, due_share: float) -> None:
    """One officer with his history, clocks and everything that may stand in the way of his moving."""
    unit, post, grid = place
    stints = _stints(rows, place, area, rows.chance(due_share))
    began_on = NIGHT + timedelta(days=1)
    spells: dict[tuple, dict] = {}
    for number, stint in enumerate(stints):
        last_on = NIGHT if number == 0 else began_on - timedelta(days=1)
        began_on = _off_the_edges(began_on - timedelta(days=max(1, round(stint.years * YEAR))))
        spell = {"officer_id": name, "unit_id": stint.unit, "post": stint.post, "grid_id": stint.grid}
        known = spells.setdefault((stint.unit, stint.post, stint.grid), {**spell, "last_on": last_on, "years": 0.0})
        known["years"] += ((last_on - began_on).days + 1) / YEAR
        if number == 0:
            since_on = began_on
    rows.held += spells.values()
    handling = sum(spell["years"] for spell in spells.values() if spell["post"] == "case_handling")
    is_certified_post = post in ROTATION.certified_posts
    may_be = not rows.chance(0.03 if is_certified_post else 0.3)
    is_head = post in ROTATION.leading_posts
    clocks = _clocks(name, stints, area)
    is_extended = any(clock["clock"] == "post" for clock in clocks) and rows.chance(0.08)
    for clock in clocks:
        if clock["clock"] == "post" and is_extended:
            clock |= {"is_extended": True, "status": "watch"}
        if clock["clock"] == "grid" and not rows.chance(0.2):
            clock["key_merchant_count"] = float(rows.random.integers(0, 80))
    rows.clock += clocks
    rows.staff.append(
        {
            "officer_id": name,
            # a few stations still go by the name they had in the posting
            "institution_id": f"{unit}-old" if unit.endswith("7") else unit,
            "unit_id": unit,
            "area_id": area[unit],
            "unit_kind": kind[unit],
            "post": post,
            "grid_id": grid,
            "since_on": since_on,
            "may_be_certified": may_be,
            "certificate_valid_to_on": _certificate(rows, may_be and (is_certified_post or rows.chance(0.6))),
            "rank": rows.one_of(["head", "deputy_head"])
            if is_head
            else rows.one_of(["staff"] * 6 + ["deputy_head", None]),
            "leaves_on": NIGHT + timedelta(days=int(rows.random.integers(20, 350))) if rows.chance(0.03) else None,
            "handling_years": handling,
            "handled_case_count": int(rows.random.integers(0, 45)) if handling > 0.5 else 0,
            "major_case_until_on": NIGHT + timedelta(days=int(rows.random.integers(-60, 340)))
            if post == "case_handling" and rows.chance(0.12)
            else None,
            "is_extended": is_extended,
        }
    )


def _stints(rows: Rows, place: tuple, area: dict, is_due: bool) -> list[Stint]:
    """Stints back from the present one, so long that a clock has run out (or that none has)."""
    unit, post, grid = place
    is_hot = post in ROTATION.hot_posts
    others = [name for name in area if name != unit]
    elsewhere = [name for name in others if area[name] != area[unit]]
    ways = ["station"] + ["post"] * 3 * is_hot + ["grid"] * 2 * (grid is not None)
    near = [name for name in others if area[name] == area[unit] and name.startswith("S")]
    if post in ROTATION.leading_posts and near:
        ways.append("area")
    way = rows.one_of(ways) if is_due else None
    present = rows.years(0.2, 4.7 if is_hot or grid else 7.5)
    if way in ("post", "grid"):
        present = rows.years(5.05, 8.5)
    other_post = rows.one_of([name for name in (*STATION_POSTS, "general_office") if name != post])
    stints = [Stint(unit, post, grid, present)]
    if way == "station":
        stints.append(Stint(unit, other_post, None, rows.years(8.1, 12.5) - present))
    elif way == "area":
        stints.append(Stint(rows.one_of(near), post, None, rows.years(10.1, 13.0) - present))
    elif rows.chance(0.35) and present < 7:
        stints.append(Stint(unit, other_post, None, rows.years(0.2, 7.7 - present)))
    elif rows.chance(0.3) and present < 4.2:
        stints.append(Stint(rows.one_of(elsewhere or others), post, None, rows.years(0.2, 4.7 - present)))
    for _ in range(int(rows.random.integers(1, 4))):
        posts = [name for name in (*STATION_POSTS, "general_office", "legal_review") if name != stints[-1].post]
        units = [name for name in others if name != stints[-1].unit] or others
        stints.append(Stint(rows.one_of(units), rows.one_of(posts), None, rows.years(0.5, 5.0)))
    return stints


def _clocks(name: str, stints: list[Stint], area: dict) -> list[dict]:
    """The clocks that have run to `watch` or farther, read off the stints."""
    now = stints[0]
    runs = {"station": lambda stint: stint.unit == now.unit}
    if now.grid is not None:
        runs["grid"] = lambda stint: stint.grid == now.grid
    if now.post in ROTATION.hot_posts:
        is_leading = now.post in ROTATION.leading_posts
        runs["post"] = lambda stint: stint.post == now.post and (stint.unit == now.unit or not is_leading)
    if now.post in ROTATION.leading_posts and area[now.unit] is not None:
        runs["area"] = lambda stint: stint.post in ROTATION.leading_posts and area[stint.unit] == area[now.unit]
    found = []
    for clock in sorted(runs):
        years = 0.0
        for stint in stints:
            if not runs[clock](stint):
                break
            years += stint.years
        reached = [status for status, least in ROTATION.limits()[clock].items() if years >= least]
        if reached:
            found.append(
                {
                    "officer_id": name,
                    "clock": clock,
                    "status": reached[-1],
                    "years": years,
                    "from_post": now.post,
                    "from_institution_id": now.unit,
                    "is_extended": False,
                    "reason_zh": f"任职{years:.1f}年",
                    "reason_en": f"{years:.1f} years",
                }
            )
    return found


def _certificate(rows: Rows, has_one: bool) -> date | None:
    if not has_one or rows.chance(0.04):
        return None
    return NIGHT + timedelta(
        days=int(rows.random.integers(-300, 60) if rows.chance(0.06) else rows.random.integers(60, 1800))
    )


def _off_the_edges(day: date) -> date:
    while any(abs((day - edge).days) <= 3 for edge in EDGES):
        day -= timedelta(days=1)
    return day


def _interests(rows: Rows, stations: int) -> None:
    for who in rows.staff:
        for kind, share in (("relative", 0.06), ("recusal", 0.05)):
            if rows.chance(share):
                unit = f"S{int(rows.random.integers(stations)) + 1:02d}"
                rows.interest.append(
                    {"officer_id": who["officer_id"], "unit_id": unit, "grid_id": f"{unit}-G1", "kind": kind}
                )


def _decisions(rows: Rows, share: float) -> None:
    """What management decided on a few moves, and what last night proposed."""
    place = {who["officer_id"]: {name: who[name] for name in ("unit_id", "post", "grid_id")} for who in rows.staff}
    names = sorted(place)
    due = sorted({clock["officer_id"] for clock in rows.clock if clock["status"] != "watch"})
    decided = min(len(names), int(rows.random.poisson(share * len(names))))
    for name in sorted(rows.random.choice(names, decided, replace=False).tolist()):
        verdict = rows.one_of(["accepted", "changed", "declined", "declined"])
        to = place[rows.one_of(names)]
        is_done = to == place[name] or rows.chance(0.1)
        rows.decided.append(
            {"officer_id": name, "verdict": "accepted" if is_done else verdict, "is_done": is_done}
            | (place[name] if is_done else to)
            | {"move_on": rows.one_of([date(2026, 5, 1), date(2026, 10, 1), date(2027, 1, 1), date(2027, 3, 1)])}
            | {"decided_on": NIGHT - timedelta(days=rows.one_of([3, 40, 200, 300, 500]))}
        )
    if rows.chance(0.7):
        told = set(rows.random.choice(names, min(len(names), 1 + len(names) // 40), replace=False).tolist())
        for name in sorted(told | {name for name in due if rows.chance(0.5)}):
            to = place[rows.one_of(names)]
            if to != place[name]:
                rows.last.append({"officer_id": name, **to, "move_on": date(2026, 10, 1)})


@st.composite
def small_bureaus(draw) -> Bureau:
    """A bureau of two to six stations and 4 to 25 officers, some under other rules than those in force."""
    stations = draw(st.integers(2, 6))
    bureau = random_bureau(
        seed=draw(st.integers(0, 2**32 - 1)),
        stations=stations,
        officers=draw(st.integers(2 * stations, 25)),
        due_share=draw(st.sampled_from([0.0, 0.2, 0.4, 0.8])),
        decided_share=draw(st.sampled_from([0.0, 0.1, 0.4])),
    )
    return bureau.with_policy(
        quarter_count=draw(st.integers(1, 4)),
        station_move_share=draw(st.sampled_from([0.1, 0.25, 0.5, 1.0])),
        min_certified=draw(st.integers(0, 3)),
        min_handlers=draw(st.integers(0, 2)),
        movable_posts=draw(st.sampled_from([(), ("patrol",), ("patrol", "registration")])),
        load_quarters=draw(st.sampled_from([0.0, 4.0, 40.0])),
    )
