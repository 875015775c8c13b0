"""Verifying the log and telling its head, from the command line."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from desk.access.in_force import rules_in_force, tell_rules
from desk.access.rules import RULES
from desk.audit import heads
from desk.audit.log import append, head
from desk.audit.models import Entry
from tests.desk.audit.test_log import changed

pytestmark = pytest.mark.django_db
NIGHT = date(2026, 6, 30)


@pytest.fixture
def desk(home):
    (home / "desk").mkdir()
    for number in range(3):
        append(None, "view", "flag", f"f{number}")
    return home


def said(*arguments) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_night_tells_number_and_hash_of_the_last_entry_and_keeps_them(desk):
    number, last_hash = head()
    told = said("head", "--night", "2026-06-30")
    assert told.count(f"3:{last_hash}") == 2 and "抄存" in told and "keep it off" in told
    assert (desk / "desk" / "heads.csv").read_text() == f"2026-06-30,3,{last_hash}\n"
    append(None, "view", "flag", "f9")
    said("head", "--night", "2026-07-01")
    assert heads.kept() == [(3, last_hash), head()]
    assert number == 3


@pytest.mark.parametrize("left", ["heads.csv", "delivery/decision.csv", "delivery/rotation_decision.csv"])
def test_a_log_that_is_gone_is_told_with_the_head_and_one_that_never_was_is_not(desk, monkeypatch, left):
    monkeypatch.setattr("desk.audit.management.commands.head.has_log", lambda: False)
    assert said("head") == ""
    (desk / "desk" / "delivery").mkdir()
    (desk / "desk" / left).write_text("")
    with pytest.raises(CommandError, match="the log is gone"):
        call_command("head")


def test_to_look_at_the_head_keeps_nothing(desk):
    said("head")
    assert heads.kept() == []


def test_a_whole_log_is_verified_with_what_was_told_of_it(desk):
    heads.keep(NIGHT, *head())
    number, last_hash = head()
    assert "3 entries" in said("verify", "--head", f"{number}:{last_hash}")


@pytest.mark.parametrize("text", ["3", "3:abc", "x:" + "0" * 64, ""])
def test_what_is_no_head_is_refused(desk, text):
    with pytest.raises(CommandError, match="is no head of the log"):
        call_command("verify", "--head", text)


def test_a_head_of_another_log_is_found(desk):
    with pytest.raises(CommandError, match="entry 2 is not the one whose hash was told"):
        call_command("verify", "--head", f"2:{'0' * 64}")


@pytest.mark.django_db(transaction=True)
def test_a_change_and_an_end_that_was_cut_off_are_told(desk):
    heads.keep(NIGHT, *head())
    changed("delete from audit_entry where number = 3", "update audit_entry set actor = 'x' where number = 1")
    with pytest.raises(CommandError) as refusal:
        call_command("verify")
    assert str(refusal.value).splitlines() == [
        "audit: entry 1 was changed",
        "audit: the log ends before entry 3, whose hash was told when it was the last",
    ]


def test_a_line_of_told_heads_that_was_spoilt_is_told(desk):
    heads.path().write_text("2026-06-30,3,gone\n")
    with pytest.raises(CommandError, match="is no head of the log"):
        call_command("verify")


def test_rules_are_told_when_they_change_and_only_then(home, settings, monkeypatch):
    assert tell_rules() and not tell_rules()
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_hide_colleagues": False})
    assert tell_rules() and not tell_rules()
    monkeypatch.setitem(RULES, "quality", {})
    assert tell_rules()
    told = list(Entry.objects.filter(action="rules"))
    assert len(told) == 3 and len({entry.detail for entry in told}) == 3
    assert rules_in_force()["desk_hide_colleagues"] is False
