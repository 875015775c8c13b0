"""Which institutions and which hints somebody sees, and why not the others."""

from datetime import date

import pytest

from desk.access.area import (
    HIDDEN,
    NEEDED,
    REGISTERS,
    flags_where,
    institutions_of,
    missing,
    refuse_flag,
    verdicts,
    why,
)
from desk.access.refusal import Refused
from desk.access.rules import Role
from desk.published.night import current
from tests.desk.access.area_bureau import FLAGS, write_area_night
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db
NORTH = {"about-N1", "about-N2", "about-T1", "about-north"}
SOUTH = {"about-S1", "pair-S2", "case-south"}


@pytest.fixture
def night(home):
    write_area_night(home)
    return current()


def seen(user, night) -> set[str]:
    condition, values = flags_where(user, night, "hint")
    return {row["flag_id"] for row in night.rows(f"select flag_id from red_flag as hint where {condition}", values)}


@pytest.mark.parametrize(
    ("area", "institutions"),
    [
        (["bureau"], {"bureau", "north", "old-north", "north-team", "south"}),
        (["north"], {"north", "old-north", "north-team"}),
        (["old-north"], {"north", "old-north", "north-team"}),
        (["north-team"], {"north-team"}),
        (["south", "north-team"], {"south", "north-team"}),
        (["nowhere"], {"nowhere"}),
        ([], set()),
    ],
    ids=["bureau", "station", "old name", "team", "two", "unknown", "none"],
)
@pytest.mark.parametrize("role", [Role.DISCIPLINE_OFFICER, Role.SUPERVISION_SPECIALIST])
def test_an_area_is_what_lies_below_it_by_old_and_new_names(user_of, night, role, area, institutions):
    assert institutions_of(user_of(role, area=area), night) == institutions


@pytest.mark.parametrize("role", [Role.MANAGEMENT, Role.OPERATOR, Role.AUDITOR])
def test_roles_without_an_area_see_every_institution_and_no_hint(user_of, night, role):
    user = user_of(role, area=["north"])
    assert institutions_of(user, night) is None
    assert seen(user, night) == set()
    with pytest.raises(Refused) as refusal:
        refuse_flag(user, night, "about-N1")
    assert refusal.value.code == "role"


@pytest.mark.parametrize(
    ("area", "hints"),
    [
        (["bureau"], NORTH | SOUTH),
        (["north"], NORTH),
        (["old-north"], NORTH),
        (["north-team"], {"about-T1"}),
        (["south"], SOUTH),
        ([], set()),
    ],
)
def test_hints_are_seen_in_their_area_and_nowhere_else(user_of, night, area, hints):
    user = user_of(Role.DISCIPLINE_OFFICER, area=area)
    assert seen(user, night) == hints
    for flag_id in FLAGS:
        if flag_id in hints:
            refuse_flag(user, night, flag_id)
        else:
            with pytest.raises(Refused) as refusal:
                refuse_flag(user, night, {"flag_id": flag_id})
            assert refusal.value.code == "area"


@pytest.mark.parametrize(
    ("officer_id", "refused"),
    [
        ("N1", {"about-N1": "self", "about-N2": "colleague", "about-north": "colleague"}),
        ("N2", {"about-N2": "self", "about-N1": "colleague", "about-north": "colleague"}),
        ("T1", {"about-T1": "self"}),
        # S1 declared a relative who manages M-kin: it is the pair's firm, in T1's records and among N1's contacts
        (
            "S1",
            {
                "about-S1": "self",
                "case-south": "self",
                "pair-S2": "colleague",
                "about-T1": "interest",
                "about-N1": "interest",
            },
        ),
        ("S2", {"pair-S2": "self", "about-S1": "colleague", "case-south": "colleague"}),
        ("B1", {"case-south": "self", "about-N2": "interest"}),
        ("", {}),
    ],
)
def test_nobody_sees_hints_about_himself_his_station_or_a_relatives_firm(user_of, night, officer_id, refused):
    user = user_of(Role.DISCIPLINE_OFFICER, area=["bureau"], officer_id=officer_id)
    assert {flag: code for flag, code in verdicts(user, night).items() if code} == {"about-gone": "area"} | refused
    assert seen(user, night) == (NORTH | SOUTH) - set(refused)


def test_a_relatives_firm_of_which_no_merchant_is_published_is_known_by_what_the_night_says(user_of, home):
    """Hints that rest on complaints have neither records nor contacts."""
    user = user_of(Role.DISCIPLINE_OFFICER, area=["bureau"], officer_id="B1")
    for absent in ([], ["flag_interest"]):
        write_area_night(home, absent=absent)
        assert verdicts(user, current())["about-N2"] == (None if absent else "interest")


def test_colleagues_are_hidden_only_where_the_bureau_wants_it_and_oneself_always(user_of, night, settings):
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_hide_colleagues": False})
    user = user_of(Role.DISCIPLINE_OFFICER, area=["bureau"], officer_id="S1")
    assert seen(user, night) == (NORTH | SOUTH) - {"about-S1", "case-south", "pair-S2", "about-T1", "about-N1"}
    assert verdicts(user, night)["pair-S2"] == "interest"


def test_every_refusal_says_why_and_not_whether_there_is_a_hint_about_oneself_or_ones_own(user_of, night):
    user = user_of(Role.DISCIPLINE_OFFICER, area=["bureau"], officer_id="S1")
    told = {}
    assert set(verdicts(user, night).values()) == {None, "self", "colleague", "interest", "area"}
    for flag_id, code in verdicts(user, night).items():
        if code:
            with pytest.raises(Refused) as refusal:
                refuse_flag(user, night, flag_id)
            assert refusal.value.code == ("area" if code == "area" else HIDDEN)
            told[code] = str(refusal.value.why)
    assert set(told) == {"self", "colleague", "interest", "area"}
    assert all(told.values())
    assert told["self"] == told["colleague"] == told["interest"] == why(HIDDEN)
    assert len(set(told.values())) == 2


def test_a_hint_that_is_not_of_this_night_is_refused_like_one_about_oneself(user_of, night):
    with pytest.raises(Refused) as refusal:
        refuse_flag(user_of(Role.DISCIPLINE_OFFICER, area=["bureau"]), night, "about-nobody")
    assert (refusal.value.code, refusal.value.why) == (HIDDEN, why(HIDDEN))


@pytest.mark.parametrize("table", NEEDED)
def test_a_night_that_cannot_say_who_may_see_a_hint_shows_none(user_of, home, table):
    write_area_night(home, absent=[table])
    night = current()
    user = user_of(Role.DISCIPLINE_OFFICER, area=["bureau"])
    assert missing(night) == [table]
    assert seen(user, night) == set()
    with pytest.raises(Refused, match="night") as refusal:
        refuse_flag(user, night, "about-N1")
    assert table in refusal.value.why


def test_a_case_of_nobody_known_is_kept_from_whoever_might_have_acted_in_it(user_of, home, monkeypatch):
    monkeypatch.setattr("tests.desk.access.area_bureau.ACTED", [])
    write_area_night(home)
    night = current()
    insider = user_of(Role.DISCIPLINE_OFFICER, area=["bureau"], officer_id="N1")
    outsider = user_of(Role.DISCIPLINE_OFFICER, area=["bureau"])
    assert verdicts(insider, night)["case-south"] == "unplaced"
    assert verdicts(outsider, night)["case-south"] is None


@pytest.mark.parametrize("registers", [
    {"officer": [{"officer_id": "S1", "institution_id": "north", "unit_id": "north", "is_serving": True}]},
    {"declared_interest": [{"officer_id": "S1", "merchant_id": "M1", "relation": "manager"}]},
], ids=["he moved to the station", "a relative took over a firm"])  # fmt: skip
def test_a_hint_of_an_earlier_night_is_judged_by_tonight_too(user_of, home, monkeypatch, registers):
    monkeypatch.setattr("tests.desk.access.area_bureau.INTERESTS", [])
    monkeypatch.setattr("tests.desk.access.area_bureau.MET", [("about-N1", "M1")])
    write_area_night(home, as_of=date(2026, 6, 29))
    before = current()
    user = user_of(Role.DISCIPLINE_OFFICER, area=["bureau"], officer_id="S1")
    assert verdicts(user, before)["about-N1"] is None
    rows = {name: [dict(row) for row in before.rows(f"select * from {name}")] for name in REGISTERS}
    for name, changed in registers.items():
        rows[name] = [row for row in rows[name] if name != "officer" or row["officer_id"] != "S1"] + changed
    for row in [row for rows_of in rows.values() for row in rows_of]:
        row.pop("as_of", None)
    write_night(home, rows, date(2026, 6, 30))
    assert current() is not before
    code = "colleague" if "officer" in registers else "interest"
    assert verdicts(user, before)["about-N1"] == code and "about-N1" not in seen(user, before)
    assert verdicts(user, before)["about-S1"] == "self" and verdicts(user, before)["about-T1"] is None


def test_whom_tonights_records_do_not_know_sees_no_hint_and_is_told_why(night, client_of):
    client = client_of(Role.DISCIPLINE_OFFICER, area=["bureau"], officer_id="X0")
    assert verdicts(client.user, night) == {} and seen(client.user, night) == set()
    with pytest.raises(Refused) as refusal:
        refuse_flag(client.user, night, "about-N1")
    assert refusal.value.code == "stranger"
    for path in ("/hints/", "/hints/x/"):
        answer = client.get(path, headers={"accept-language": "en"})
        assert (
            answer.status_code == 403 and "do not know the officer that your account names" in answer.content.decode()
        )


def test_a_new_area_holds_at_once(user_of, night):
    user = user_of(Role.SUPERVISION_SPECIALIST, area=["south"])
    assert seen(user, night) == SOUTH
    user.area = ["north-team"]
    assert seen(user, night) == {"about-T1"}
