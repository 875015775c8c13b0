"""Decisions on moves: reasons, rows that are only added, what leaves the desk, and who may not decide."""

import csv
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from desk.access.refusal import Refused
from desk.audit import ledger
from desk.audit.models import Entry
from desk.delivery.writer import Forgotten, deliver, folder
from desk.management.deciding import accept_all
from desk.management.delivery import COLUMNS
from desk.management.models import RotationDecision
from desk.management.move import State, move_of, moves_of
from desk.management.token import move_token
from desk.published.night import current
from desk.review.models import Outbox
from pipelines.contract import delivered_tables
from tests.desk.management.planned import FIRST, planned
from tests.desk.small_night import write_night
from tests.desk.test_look import faults

pytestmark = pytest.mark.django_db
both = pytest.mark.both_databases
WHY = "经局领导班子会议研究同意"
ELSEWHERE = {"to_institution_id": "S3", "to_post": "patrol", "to_grid_id": "G31", "move_on": "2026-09-15"}


def page(officer_id: str) -> str:
    return f"/management/rotation/{move_token(officer_id)}/"


def send(client, officer_id: str, verdict: str, **more):
    """The form of a move as the page holds it, with this verdict."""
    move = move_of(current(), officer_id)
    place = move.there
    held = {
        "to_institution_id": place.institution_id,
        "to_post": place.post,
        "to_grid_id": place.grid_id,
        "move_on": move.move_on.isoformat(),
        "seen": move.seen,
    }
    return client.post(page(officer_id), {**held, "verdict": verdict, "reason": WHY, **more})


def state(officer_id: str) -> State:
    return move_of(current(), officer_id).state


def rows() -> list[dict[str, str]]:
    with (folder() / "rotation_decision.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_of_the_delivery_are_those_of_the_contract_in_its_order():
    assert COLUMNS == delivered_tables()["rotation_decision"].column_names


@both
def test_a_decision_its_entry_in_the_log_and_its_place_in_the_outbox_are_there_together(plan, client_of):
    assert send(client_of("management", username="head"), "OF001", "accepted").status_code == 302
    decision = RotationDecision.objects.get()
    entry = Entry.objects.get(action="decided_move")
    assert (entry.actor, entry.subject_kind, entry.subject) == ("head", "move", move_token("OF001"))
    assert decision.decision_id in entry.detail and "OF001" not in entry.detail
    assert Outbox.objects.filter(about=f"move:{decision.decision_id}").count() == 1
    assert ledger.faults() == [] and state("OF001") is State.ACCEPTED


@both
@pytest.mark.django_db(transaction=True)
def test_what_was_decided_lies_in_the_delivery_and_names_no_reader_and_no_reason(plan, client_of):
    client = client_of("management")
    send(client, "OF001", "accepted")
    send(client, "OF002", "changed", **ELSEWHERE | {"to_institution_id": "S2", "to_grid_id": "G21"})
    send(client, "OF001", "declined")
    first, third, second = sorted(rows(), key=lambda row: (row["officer_id"], row["decision_id"]))
    told = ("officer_id", "verdict", "to_institution_id", "to_post", "to_grid_id", "move_on")
    assert [first[name] for name in told] == ["OF001", "accepted", "S2", "case_handling", "", "2026-10-01"]
    assert [second[name] for name in told] == ["OF002", "changed", "S2", "patrol", "G21", "2026-09-15"]
    assert first["decided_at"] == "2026-07-01 09:00:00" and WHY not in str(first)
    assert (third["verdict"], third["supersedes"]) == ("declined", first["decision_id"])
    assert not deliver() and state("OF001") is State.DECLINED and state("OF002") is State.CHANGED


@pytest.mark.parametrize("reason", ["", "太短", "         .         "])
def test_a_decision_needs_a_reason_of_ten_characters(plan, client_of, reason):
    assert send(client_of("management"), "OF001", "accepted", reason=reason).status_code == 422
    assert not RotationDecision.objects.exists()


@pytest.mark.parametrize(
    ("verdict", "said", "words"),
    [
        ("changed", {}, "Nothing is changed"),
        ("accepted", ELSEWHERE, "You gave another place or day"),
        ("declined", ELSEWHERE, "You gave another place or day"),
        ("changed", ELSEWHERE | {"to_grid_id": "G21"}, "does not lie in the unit"),
        ("changed", ELSEWHERE | {"to_institution_id": "S1", "to_post": "case_handling", "to_grid_id": ""}, "holds now"),
        ("changed", ELSEWHERE | {"move_on": "2026-06-30"}, "between today and 2027-07-01"),
        ("changed", ELSEWHERE | {"move_on": "2027-07-02"}, "between today and 2027-07-01"),
        ("changed", ELSEWHERE | {"move_on": "soon"}, "valid date"),
        ("changed", ELSEWHERE | {"to_institution_id": "S9"}, "not one of the available choices"),
        ("changed", ELSEWHERE | {"to_post": "emperor"}, "not one of the available choices"),
    ],
)
def test_a_change_leads_to_a_place_that_the_night_knows_on_a_day_of_the_plan(plan, client_of, verdict, said, words):
    client = client_of("management")
    client.cookies["django_language"] = "en"
    answer = send(client, "OF001", verdict, **said)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not RotationDecision.objects.exists()


@both
def test_of_two_who_decide_at_once_the_second_is_told_to_read_again(plan, client_of):
    read = move_of(current(), "OF001").seen
    send(client_of("management"), "OF001", "declined")
    answer = client_of("management").post(
        page("OF001"),
        {**_held("OF001"), "seen": read, "verdict": "accepted", "reason": WHY},
        follow=True,
        headers={"accept-language": "en"},
    )
    assert "Read it again" in answer.content.decode() and RotationDecision.objects.count() == 1


def _held(officer_id: str) -> dict[str, str]:
    place = move_of(current(), officer_id).there
    return {"to_institution_id": place.institution_id, "to_post": place.post, "move_on": FIRST.isoformat()}


def test_nobody_decides_on_another_place_than_the_one_that_he_read(plan, client_of):
    client, held = client_of("management"), _held("OF001") | {"seen": move_of(current(), "OF001").seen}
    rows = planned()["rotation_move"]
    rows[1] |= {"to_institution_id": "S3"}
    write_night(plan, planned(rotation_move=rows))
    client.post(page("OF001"), {**held, "to_institution_id": "S3", "verdict": "accepted", "reason": WHY})
    assert not RotationDecision.objects.exists()


@pytest.mark.parametrize("officer_id", ["OF001", "OF003"])
def test_nobody_reads_or_decides_on_his_own_move_nor_on_that_of_him_with_whom_he_changes_places(
    plan, client_of, officer_id
):
    client = client_of("management", officer_id=officer_id)
    assert client.get(page("OF001")).status_code == 403
    assert send(client, "OF001", "accepted").status_code == 403
    assert '"code":"own_move"' in Entry.objects.filter(action="refused").last().detail
    assert not RotationDecision.objects.exists()


def test_what_was_decided_on_oneself_is_not_read_after_the_move_is_gone(plan, client_of):
    send(client_of("management"), "OF001", "declined")
    write_night(plan, planned(rotation_move=[]))
    assert client_of("management").get(page("OF001")).status_code == 200
    assert client_of("management", officer_id="OF001").get(page("OF001")).status_code == 403


@both
def test_the_database_itself_refuses_a_decision_on_ones_own_move(plan, client_of, user_of):
    send(client_of("management"), "OF001", "accepted")
    given = {field.attname: getattr(RotationDecision.objects.get(), field.attname) for field in _fields()}
    himself = user_of("management", officer_id="OF001")
    with pytest.raises(DatabaseError, match="nobody decides on his own move"), transaction.atomic():
        RotationDecision.objects.create(**given | {"decision_id": "x", "number": 2, "decider_id": himself.pk})


def _fields():
    return RotationDecision._meta.concrete_fields


@both
@pytest.mark.parametrize("text", ["update {} set reason = reason", "delete from {}"])
def test_no_decision_is_changed_or_removed_again(plan, client_of, text):
    send(client_of("management"), "OF001", "accepted")
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text.format("management_rotationdecision"))


def test_a_decision_that_was_changed_behind_the_triggers_is_found_by_the_log(plan, client_of):
    send(client_of("management"), "OF001", "declined")
    with connection.cursor() as cursor:
        cursor.execute("drop trigger management_rotationdecision_no_update")
    RotationDecision.objects.update(verdict="accepted")
    with pytest.raises(CommandError, match=f"row {RotationDecision.objects.get().pk} is not what the log says"):
        call_command("verify")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lost_decisions_on_moves_replaces_no_file_of_the_delivery(plan, client_of, monkeypatch):
    send(client_of("management"), "OF001", "accepted")
    whole = (folder() / "rotation_decision.csv").read_bytes()
    monkeypatch.setattr("desk.management.delivery.written", lambda: b"")
    monkeypatch.setattr("desk.review.delivery.written", lambda: b"decision_id\nD1\n")
    with pytest.raises(Forgotten, match=r"rotation_decision.csv has 1 decisions that this database does not know"):
        deliver()
    assert [path.name for path in folder().iterdir()] == ["rotation_decision.csv"]
    assert (folder() / "rotation_decision.csv").read_bytes() == whole


def accept(client, query: str, moves: list[str], **more):
    seen = [move.seen for move in moves_of(current()) if move.officer_id in moves]
    return client.post(f"/management/rotation/accept/?{query}", {"moves": seen, "reason": WHY, **more})


@both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("query", "officers"), [("chain=1", ["OF001", "OF003"]), ("quarter=2027-Q1", ["OF002", "OF004"])]
)
def test_a_whole_chain_or_quarter_is_accepted_at_once_with_one_reason_and_a_row_each(plan, client_of, query, officers):
    client = client_of("management")
    asked = client.get(f"/management/rotation/accept/?{query}").context["form"]
    assert len(asked.fields["moves"].choices) == 2
    assert accept(client, query, officers).status_code == 302
    assert list(RotationDecision.objects.values_list("officer_id", "reason")) == [(name, WHY) for name in officers]
    assert Entry.objects.filter(action="decided_move").count() == 2 and ledger.faults() == []
    assert [row["officer_id"] for row in sorted(rows(), key=lambda row: row["officer_id"])] == officers


def test_one_move_that_is_no_longer_as_it_was_read_leaves_the_whole_chain_undecided(plan, client_of):
    client = client_of("management")
    seen = [move.seen for move in moves_of(current()) if move.row["chain"] == 1]
    send(client_of("management"), "OF003", "declined")
    client.post("/management/rotation/accept/?chain=1", {"moves": seen, "reason": WHY})
    assert RotationDecision.objects.get().officer_id == "OF003"


@pytest.mark.parametrize("moves", [["OF002", "OF004"], ["OF004"]])
def test_a_chain_in_which_ones_own_move_stands_is_left_to_somebody_else(plan, client_of, moves):
    client = client_of("management", officer_id="OF002")
    client.cookies["django_language"] = "en"
    answer = client.get("/management/rotation/accept/?chain=2")
    assert answer.context["form"].fields["moves"].choices == [] and "of one chain with it" in answer.content.decode()
    answer = accept(client, "chain=2", moves)
    assert answer.status_code == 403 and "your own stands in the same chain" in answer.content.decode()
    assert send(client, "OF004", "accepted").status_code == 403 and client.get(page("OF004")).status_code == 403
    with pytest.raises(Refused):
        seen = [move_of(current(), officer_id).seen for officer_id in moves]
        accept_all(client.user, current(), seen, WHY)
    assert not RotationDecision.objects.exists()
    assert accept(client, "chain=1", ["OF001"]).status_code == 302


def test_no_move_is_chosen_before_somebody_chooses_it(plan, client_of):
    text = client_of("management").get("/management/rotation/accept/?quarter=2026-Q4").content.decode()
    assert text.count('name="moves"') == 2 and "checked" not in text


@pytest.mark.parametrize("query", ["", "chain=9", "quarter=2030-Q1", "chain=1&quarter=2027-Q1"])
def test_a_chain_or_quarter_without_moves_is_no_page(plan, client_of, query):
    assert client_of("management").get(f"/management/rotation/accept/?{query}").status_code == 404


def test_an_officer_without_move_and_decision_has_no_page_and_a_number_is_no_address(plan, client_of):
    client = client_of("management")
    for address in (page("OF006"), "/management/rotation/OF001/"):
        assert client.get(address).status_code == 404


def test_a_page_of_a_move_tells_the_chain_and_every_decision_with_its_reason_and_is_logged(plan, client_of):
    client = client_of("management", username="head")
    send(client, "OF001", "declined", reason="他手上还有两件重大案件")
    send(client, "OF001", "accepted")
    text = client.get(page("OF001"), headers={"accept-language": "en"}).content.decode()
    assert text.index(WHY) < text.index("他手上还有两件重大案件") and "changes places with 王三" in text
    assert text.count(">holds<") == text.count(">replaced<") == 1
    assert 'value="accepted"' not in text and "withdraw it" in text
    assert Entry.objects.filter(action="view", subject_kind="move", subject=move_token("OF001")).exists()


@pytest.mark.parametrize("role", ["discipline_officer", "supervision_specialist", "operator", "auditor"])
def test_nobody_but_management_decides(plan, client_of, role):
    client = client_of(role, area=["B"])
    assert send(client, "OF001", "accepted").status_code == 403 and client.get(page("OF001")).status_code == 403
    assert accept(client, "chain=1", ["OF001", "OF003"]).status_code == 403 and not RotationDecision.objects.exists()


def test_deciding_takes_its_turn_before_it_reads(plan, client_of, monkeypatch):
    from desk.audit import kept
    from desk.management import deciding

    told = []
    for module, name in ((kept, "take_turns"), (deciding, "move_of")):
        before = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, name=name, before=before: told.append(name) or before(*given))
    send(client_of("management"), "OF001", "accepted")
    assert told == ["take_turns", "move_of"]


def test_what_people_write_is_text_whatever_it_says(plan, client_of):
    client = client_of("management")
    send(client, "OF001", "declined", reason="<script>alert(1)</script>")
    text = client.get(page("OF001")).content.decode()
    assert "<script" not in text and "&lt;script&gt;" in text


def test_a_day_has_its_meaning_by_the_clock_of_the_bureau(plan, client_of):
    assert timezone.localdate() == date(2026, 7, 1)
    assert send(client_of("management"), "OF001", "changed", move_on="2026-07-01").status_code == 302


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_on_which_moves_are_decided_are_whole_and_speak_one_language(plan, client_of, language):
    client = client_of("management")
    client.cookies["django_language"] = language
    send(client, "OF001", "declined")
    answers = [client.get(page("OF001")), client.get("/management/rotation/accept/?chain=1")]
    answers += [send(client, "OF001", "changed", reason=""), accept(client, "chain=1", ["OF003"], reason="")]
    for answer in answers:
        text = answer.content.decode()
        assert faults(text) == [], faults(text)
        said = re.sub(r"<[^>]+>", " ", text.split("<main", 1)[1].split("</main>")[0])
        for told in (WHY, *(row["name"] for row in planned()["officer"] + planned()["institution"])):
            said = said.replace(told, "")
        assert bool(re.findall("[\u4e00-\u9fff]+", said)) == (language == "zh-hans"), said
