"""What the desk delivers, and that a decision is there as a whole or not at all."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from desk.delivery.writer import Forgotten, deliver, folder, waiting_count
from desk.review.delivery import COLUMNS, reviewer_hash, written
from desk.review.models import Decision
from pipelines.contract import delivered_tables
from tests.desk.review.conftest import PLAIN, WHY, send
from tests.desk.review.test_deciding import decide

ROOT = Path(__file__).resolve().parents[3]


def rows() -> list[dict[str, str]]:
    with (folder() / "decision.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def died(home: Path, action: str, **environment: str) -> dict:
    """What a desk left behind that was killed at every statement of an action in turn."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.desk.review.killed", action],
        cwd=ROOT,
        env={**os.environ, "MINGJIAN_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def whole_or_nothing(left: dict) -> None:
    """Every death left either all three rows or none, some left none, and what was done is delivered at the next start."""
    deaths = left["deaths"]
    assert {tuple(counts) for _, *counts in deaths} == {(0, 0, 0), (1, 1, 1)}, deaths
    assert left["status"] == 0 and any(place == "commit" for place, *_ in deaths)
    assert all(counts == [0, 0, 0] for place, *counts in deaths if place.startswith("INSERT"))
    assert left["delivered"] == sum(added for _, added, *_ in deaths) and left["waiting"] == 0


@pytest.mark.both_databases
@pytest.mark.parametrize("action", ["decide", "sign", "dispose", "reply"])
def test_a_desk_killed_at_any_statement_did_nothing_or_the_whole(tmp_path, action):
    whole_or_nothing(died(tmp_path, action, DATABASE_URL=os.environ.get("MINGJIAN_TEST_DATABASE_URL", "")))


@pytest.mark.django_db
def test_the_columns_are_those_of_the_contract_in_its_order():
    assert COLUMNS == delivered_tables()["decision"].column_names


@pytest.mark.django_db
def test_a_desk_that_decided_nothing_delivers_nothing(home):
    assert not deliver() and not (folder() / "decision.csv").exists()


@pytest.mark.django_db(transaction=True)
def test_a_decision_lies_in_the_delivery_once_it_is_entered_and_names_nobody(night, reader):
    client = reader("somebody")
    decide(client, "exonerated")
    (row,) = rows()
    assert (row["flag_key"], row["outcome"], row["supersedes"]) == (PLAIN, "exonerated", "")
    assert row["reviewer_hash"] == reviewer_hash("somebody") and "somebody" not in str(row)
    assert waiting_count() == 0


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_transfer_is_delivered_with_its_second_signature_and_then_with_its_disposition(night, reader):
    first, second = reader("first"), reader("second")
    decide(first, "transferred_to_lead")
    assert written() == b""
    send(second, "signature", {"is_agreed": "yes", "reason": WHY})
    assert rows()[0]["disposition"] == "" and rows()[0]["reviewer_hash"] == reviewer_hash("first")
    send(second, "disposition", {"disposal": "held", "reason": WHY})
    send(second, "reply", {"text": WHY, "received_on": "2026-06-30"})
    (row,) = rows()
    assert (row["disposition"], row["replied_on"]) == ("held", "2026-06-30")


@pytest.mark.django_db(transaction=True)
def test_a_correction_of_what_was_never_signed_corrects_what_was_delivered(night, reader):
    first, second = reader("first"), reader("second")
    decide(first, "exonerated")
    decide(first, "transferred_to_lead", 1, is_correction="on")
    send(second, "signature", {"is_agreed": "no", "reason": WHY})
    decide(second, "explained", 2, is_correction="on")
    delivered = {row["outcome"]: row for row in rows()}
    assert set(delivered) == {"exonerated", "explained"}
    assert delivered["explained"]["supersedes"] == delivered["exonerated"]["decision_id"]


@pytest.mark.django_db(transaction=True)
def test_decisions_of_one_second_are_delivered_so_that_the_last_is_the_last(night, reader, monkeypatch):
    from django.utils import timezone

    from desk.review import deciding

    now, client = timezone.now(), reader()
    monkeypatch.setattr(deciding.timezone, "now", lambda: now)
    outcomes = ["explained", "exonerated", "process_correction"] * 4
    for number, outcome in enumerate(outcomes):
        decide(client, outcome, number)
    delivered = sorted(rows(), key=lambda row: (row["decided_at"], row["decision_id"]))
    assert [row["outcome"] for row in delivered] == outcomes
    assert {len(row["decision_id"]) for row in delivered} == {32}


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_missing_or_was_changed_is_written_again_at_the_next_start(night, reader):
    decide(reader(), "explained")
    path = folder() / "decision.csv"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"explained", b"exonerated"))
    assert deliver() and path.read_bytes() == whole
    path.unlink()
    assert deliver() and path.read_bytes() == whole
    assert not deliver() and [one.name for one in folder().iterdir()] == ["decision.csv"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lost_decisions_never_replaces_what_was_delivered(night, reader, monkeypatch):
    from desk.accounts.management.commands.serve import Command

    decide(reader(), "explained")
    path = folder() / "decision.csv"
    whole = path.read_bytes()
    monkeypatch.setattr("desk.review.delivery.written", lambda: b"")
    with pytest.raises(Forgotten, match="1 decisions that this database does not know"):
        deliver()
    monkeypatch.setattr(Command, "_serve", lambda *_: None)
    with pytest.raises(CommandError, match="Bring back the right one"):
        call_command("serve", port=0)
    assert path.read_bytes() == whole


@pytest.mark.django_db(transaction=True)
def test_a_desk_that_starts_delivers_what_lies_there_undelivered(night, reader, monkeypatch):
    from desk.accounts.management.commands.serve import Command

    decide(reader(), "explained")
    whole = (folder() / "decision.csv").read_bytes()
    (folder() / "decision.csv").unlink()
    monkeypatch.setattr(Command, "_serve", lambda *_: None)
    call_command("serve", port=0)
    assert (folder() / "decision.csv").read_bytes() == whole


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_cannot_be_written_loses_no_decision_and_is_told(night, reader, told):
    client = reader()
    folder().parent.mkdir(parents=True, exist_ok=True)
    folder().write_text("in the way")
    decide(client, "explained")
    assert Decision.objects.count() == 1 and waiting_count() == 1
    assert "does not lie in the delivery yet" in told(client, "/")
    folder().unlink()
    assert deliver() and waiting_count() == 0
