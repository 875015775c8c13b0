"""A home with a small published night, and the draw's commands run in it, for tests of draws."""

from datetime import date, datetime

from pipelines import drawing
from pipelines.__main__ import main

VALID = date(2027, 1, 1)
SOURCE, NUMBER = "福利彩票双色球2026075期", "08 15 23"
ANNOUNCED = ("--source", SOURCE, "--form", "00 00 00", "--announced-on", "2026-07-02")


def tables(officers=("R1", "R2", "R3", "R4"), merchants=12, place="S1", **more) -> dict:
    names = [f"M{number}" for number in range(merchants)]
    where = {"institution_id": place, "industry_code": "5211"}
    return {
        "institution": [{"institution_id": place, "name": "东所", "parent_id": None, "unit_id": place}],
        "officer": [
            {
                "officer_id": name,
                "name": "林一",
                "unit_id": place,
                "post": "patrol",
                "employment_kind": "civil_servant",
                "certificate_valid_to_on": VALID,
                "is_serving": True,
            }
            for name in officers
        ],
        "merchant": [{"merchant_id": name, "name": "某某商行", "status": "active", **where} for name in names],
        "merchant_risk": [{"merchant_id": name, "patrol_tier": "D", **where} for name in names],
        "recusal": [{"officer_id": officers[0], "merchant_id": name} for name in names],
        **more,
    }


def at(monkeypatch, day: int) -> None:
    monkeypatch.setattr(drawing, "now", lambda: datetime(2026, 7, day, 9, 0, 0))


def run(home, part: str, *words: str, draw: str = "D1") -> int:
    return main(["draw", part, "--draw", draw, "--home", str(home), *words])


def commit(home, *words: str, draw: str = "D1") -> int:
    return run(home, "commit", *ANNOUNCED, *words, draw=draw)
