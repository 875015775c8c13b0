"""Decisions: reasons, four eyes, append-only, corrections; and the refusals that keep them honest."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from desk.audit import ledger
from desk.audit.models import Entry
from desk.review.models import Decision, Disposition, Outbox, Reply, Signature
from desk.review.standing import State, standing_of
from tests.desk.review.bureau import HOSTILE
from tests.desk.review.conftest import PLAIN, WHY, send

pytestmark = pytest.mark.django_db
both = pytest.mark.both_databases


def decide(client, outcome: str, number: int = 0, **more):
    return client.post(
        "/hints/f1/decision/", {"outcome": outcome, "reason": WHY, "number": number, "is_confirmed": "yes", **more}
    )


def state() -> State:
    return standing_of(PLAIN).state


def test_what_follows_is_told_before_anything_is_entered(night, reader):
    client = reader()
    client.cookies["django_language"] = "en"
    answer = client.post("/hints/f1/decision/", {"outcome": "exonerated", "reason": WHY, "number": 0})
    assert "You can undo this by a correction" in answer.content.decode() and not Decision.objects.exists()
    assert decide(client, "exonerated").status_code == 302
    assert state() is State.EXONERATED


@both
def test_a_decision_its_entry_in_the_log_and_its_place_in_the_outbox_are_there_together(night, reader):
    decide(reader(), "explained")
    decision = Decision.objects.get()
    entry = Entry.objects.get(action="decided")
    assert decision.decision_id in entry.detail and entry.subject == "f1"
    assert Outbox.objects.filter(about=f"decision:{decision.decision_id}").count() == 1
    assert ledger.faults() == []


def lead(reader):
    """A transfer that two signed; the two."""
    first, second = reader("first"), reader("second")
    decide(first, "transferred_to_lead")
    send(second, "signature", {"is_agreed": "yes", "reason": WHY})
    return first, second


@pytest.mark.parametrize("reason", ["", "短", "         .         "])
def test_a_reason_of_fewer_than_ten_characters_is_refused(night, reader, reason):
    assert decide(reader(), "explained", reason=reason).status_code == 422
    assert not Decision.objects.exists()


def test_a_transfer_takes_effect_with_the_signature_of_another_officer(night, reader):
    first, second = reader("first"), reader("second")
    decide(first, "transferred_to_lead")
    assert state() is State.AWAITS_SIGNATURE
    assert send(second, "signature", {"is_agreed": "yes", "reason": WHY}).status_code == 302
    assert state() is State.AWAITS_DISPOSAL
    for disposal in ("talk_or_letter", "closed"):
        send(second, "disposition", {"disposal": disposal, "reason": WHY})
    assert state() is State.CLOSED and Disposition.objects.count() == 2


def test_nobody_signs_his_own_transfer_nor_by_another_account(night, reader, told):
    first, again = reader("first", officer_id="R0009"), reader("again", officer_id="R0009")
    decide(first, "transferred_to_lead")
    for client in (first, again):
        assert "another person" in told(client, "/hints/f1/signature/", 403)
        assert send(client, "signature", {"is_agreed": "yes", "reason": WHY}).status_code == 403
    assert state() is State.AWAITS_SIGNATURE


@both
def test_the_database_itself_refuses_the_second_signature_of_the_first_signer(night, reader):
    first = reader("first")
    decide(first, "transferred_to_lead")
    from django.utils import timezone

    with pytest.raises(DatabaseError, match="not who signed first"), transaction.atomic():
        Signature.objects.create(
            decision=Decision.objects.get(), signer=first.user, is_agreed=True, reason=WHY, signed_at=timezone.now()
        )


def test_a_refused_signature_leaves_a_hint(night, reader):
    decide(reader("first"), "transferred_to_lead")
    second = reader("second")
    send(second, "signature", {"is_agreed": "no", "reason": WHY})
    assert state() is State.OPEN
    assert send(second, "disposition", {"disposal": "held", "reason": WHY}).status_code == 403
    decide(second, "explained", 1)
    assert state() is State.EXPLAINED


def test_while_a_transfer_awaits_its_signature_only_a_correction_is_possible(night, reader):
    client = reader()
    decide(client, "transferred_to_lead")
    assert decide(client, "explained", 1).status_code == 403
    decide(client, "explained", 1, is_correction="on")
    assert state() is State.EXPLAINED and Decision.objects.get(number=2).supersedes.number == 1


def test_a_transfer_that_awaits_its_signature_is_corrected_by_its_author_alone(night, reader, told):
    first, second = reader("first"), reader("second")
    decide(first, "transferred_to_lead")
    assert "only its author corrects it" in told(second, "/hints/f1/decision/", 403)
    assert "/hints/f1/decision/" not in told(second, "/hints/f1/") and "/hints/f1/decision/" in told(
        first, "/hints/f1/"
    )
    assert decide(second, "explained", 1, is_correction="on").status_code == 403
    assert state() is State.AWAITS_SIGNATURE


def test_a_lead_that_two_signed_is_undone_by_no_decision_of_one(night, reader, told):
    first, second = lead(reader)
    for client in (first, second):
        assert "it is a lead" in told(client, "/hints/f1/decision/", 403)
        assert "/hints/f1/decision/" not in told(client, "/hints/f1/")
        for more in ({}, {"is_correction": "on"}):
            assert decide(client, "exonerated", 1, **more).status_code == 403
            unconfirmed = {"outcome": "exonerated", "reason": WHY, "number": 1, **more}
            assert client.post("/hints/f1/decision/", unconfirmed).status_code == 403
    assert state() is State.AWAITS_DISPOSAL and Decision.objects.count() == 1


@both
def test_the_database_itself_refuses_a_decision_about_a_lead(night, reader):
    first, _second = lead(reader)
    given = {field.attname: getattr(Decision.objects.get(), field.attname) for field in Decision._meta.concrete_fields}
    given |= {"decision_id": "another", "number": 2, "outcome": "exonerated"}
    with pytest.raises(DatabaseError, match="not decided about again"), transaction.atomic():
        Decision.objects.create(**given)
    other = Decision.objects.create(**given | {"flag_key": "another hint"})
    assert other.pk == "another"


@both
def test_whoever_acts_takes_his_turn_before_he_reads(night, reader, monkeypatch):
    from desk.audit import kept
    from desk.review import deciding

    told = []
    for module, name in ((kept, "take_turns"), (deciding, "standing_of")):
        before = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, name=name, before=before: told.append(name) or before(*given))
    lead(reader)
    assert told == ["take_turns", "standing_of"] * 2


def test_a_correction_is_a_new_decision_that_points_at_the_old(night, reader):
    client = reader()
    decide(client, "exonerated")
    decide(client, "process_correction", 1, is_correction="on")
    old, new = Decision.objects.order_by("number")
    assert (new.supersedes_id, old.outcome) == (old.pk, "exonerated") and state() is State.PROCESS_CORRECTION


@both
def test_of_two_who_decide_at_once_the_second_is_told_to_read_again(night, reader):
    decide(reader("first"), "explained", 0)
    answer = reader("second").post(
        "/hints/f1/decision/",
        {"outcome": "exonerated", "reason": WHY, "number": 0, "is_confirmed": "yes"},
        follow=True,
        headers={"accept-language": "en"},
    )
    assert "Somebody else acted on this hint" in answer.content.decode()
    assert state() is State.EXPLAINED and Decision.objects.count() == 1


@both
@pytest.mark.parametrize("table", ["decision", "signature", "disposition", "reply", "impression", "unmasking"])
def test_no_row_is_changed_or_removed_again(night, reader, table):
    first, second = reader("first"), reader("second")
    first.post("/hints/f1/name/", {"reason": WHY})
    send(first, "reply", {"text": WHY, "received_on": "2026-06-30"})
    decide(first, "transferred_to_lead")
    send(second, "signature", {"is_agreed": "yes", "reason": WHY})
    send(second, "disposition", {"disposal": "held", "reason": WHY})
    from desk.review.deciding import note_impression
    from tests.desk.review.bureau import flag
    from tests.desk.small_night import NIGHT

    note_impression(first.user, flag("f1", PLAIN) | {"as_of": NIGHT}, "unsure", WHY)
    for text in (f"update review_{table} set flag_id = flag_id", f"delete from review_{table}"):
        text = text.replace("flag_id = flag_id", "reason = reason") if table in ("signature", "disposition") else text
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(text)
    assert ledger.faults() == []


def test_a_row_that_was_changed_behind_the_triggers_is_found_by_the_log(night, reader):
    decide(reader(), "exonerated")
    with connection.cursor() as cursor:
        cursor.execute("drop trigger review_decision_no_update")
    Decision.objects.update(outcome="explained")
    said = f"review_decision: row {Decision.objects.get().pk} is not what the log says"
    assert ledger.faults() == [said]
    with pytest.raises(CommandError, match=said):
        call_command("verify")


def test_a_specialist_reads_and_does_not_decide(night, reader, told):
    client = reader("specialist", role="supervision_specialist", area=("S01",))
    assert "Decide" not in told(client, "/hints/f1/")
    for page in ("decision", "signature", "disposition", "reply"):
        told(client, f"/hints/f1/{page}/", 403)
    assert decide(client, "explained").status_code == 403 and not Decision.objects.exists()


def test_a_reply_stands_beside_the_claim_and_its_correction_beside_it(night, reader, told):
    client = reader()
    send(client, "reply", {"text": "两件均经集体讨论决定,卷宗在法制股", "received_on": "2026-06-30"})
    send(
        client,
        "reply",
        {"text": "三件均经集体讨论决定,卷宗在法制股", "received_on": "2026-06-30", "is_correction": "on"},
    )
    page = told(client, "/hints/f1/")
    claim = page[page.index('id="claim"') : page.index('id="counter-evidence"')]
    assert claim.index("两件均经") < claim.index("三件均经") and "corrected by a later entry" in claim
    assert Reply.objects.filter(superseded_by=None).count() == 1


def held(client, page: str) -> dict[str, str]:
    """What a form holds beside what people fill in."""
    text = client.get(f"/hints/f1/{page}/").content.decode()
    return dict(re.findall(r'<input type="hidden" name="(decision_id|number|last)" value="([^"]*)"', text))


@both
def test_what_was_not_read_is_not_signed(night, reader):
    first, second = reader("first"), reader("second")
    decide(first, "transferred_to_lead")
    read = held(second, "signature")
    assert read == {"decision_id": Decision.objects.get().pk}
    decide(first, "transferred_to_lead", 1, is_correction="on", reason="另一件事的另一个理由在此")
    send(second, "signature", read | {"is_agreed": "yes", "reason": WHY})
    assert not Signature.objects.exists() and state() is State.AWAITS_SIGNATURE
    assert second.post("/hints/f1/signature/", {"is_agreed": "yes", "reason": WHY}).status_code == 422
    send(second, "signature", held(second, "signature") | {"is_agreed": "yes", "reason": WHY})
    assert Signature.objects.get().decision.number == 2


@both
def test_a_disposition_names_the_lead_and_the_disposition_that_were_read(night, reader):
    first, second = lead(reader)
    read = held(second, "disposition")
    assert read == {"decision_id": Decision.objects.get().pk, "number": "0"}
    for wrong in ({"decision_id": "another"}, {"number": 4}):
        send(second, "disposition", read | wrong | {"disposal": "closed", "reason": WHY})
    assert not Disposition.objects.exists()
    for client in (first, second):
        send(client, "disposition", read | {"disposal": "held", "reason": WHY})
    assert Disposition.objects.get().officer == first.user


@both
def test_a_reply_that_is_sent_twice_is_entered_once(night, reader):
    client = reader()
    for is_correction in ({}, {"is_correction": "on"}):
        form = held(client, "reply") | {"text": WHY, "received_on": "2026-06-30"} | is_correction
        for _again in range(2):
            send(client, "reply", form)
    first, second = Reply.objects.order_by("pk")
    assert (first.supersedes, second.supersedes) == (None, first)


def test_a_reply_of_tomorrow_is_refused(night, reader):
    from datetime import timedelta

    from django.utils import timezone

    day = timezone.localdate() + timedelta(days=1)
    assert send(reader(), "reply", {"text": WHY, "received_on": day.isoformat()}).status_code == 422
    assert not Reply.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_people_write_is_text_whatever_it_says(night, reader, told, language):
    client = reader()
    decide(client, "needs_information", reason=HOSTILE)
    send(client, "reply", {"text": HOSTILE, "received_on": "2026-06-30"})
    page = told(client, "/hints/f1/", language=language)
    assert "<script" not in page and page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert Decision.objects.get().reason == HOSTILE
