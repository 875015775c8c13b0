"""That every page which names a person leaves an entry in the log."""

import pytest

from desk.audit.models import Entry
from tests.desk.review.bureau import flag, write_review_night
from tests.desk.review.conftest import BLIND, PLAIN, WHY, send
from tests.desk.review.test_deciding import decide

pytestmark = pytest.mark.django_db
NAME = "甲某"


def entries() -> int:
    return Entry.objects.filter(actor="reader", action__in=("view", "export")).count()


@pytest.mark.parametrize("path", [
    "/", "/hints/", "/hints/export/", "/hints/f1/", "/hints/f1/decision/", "/hints/f1/signature/", "/hints/f1/reply/",
])  # fmt: skip
def test_every_page_that_names_a_person_leaves_an_entry(night, reader, path):
    # what waits for a signature is decided by nobody else
    decide(reader("first"), "needs_information" if "decision" in path else "transferred_to_lead")
    client = reader()
    client.post("/hints/f1/name/", {"reason": WHY})
    before = entries()
    answer = client.get(path)
    assert answer.status_code == 200 and (answer.streaming or NAME in answer.content.decode())
    assert entries() == before + 1


def test_the_disposition_page_leaves_an_entry(night, reader):
    client = reader()
    decide(reader("first"), "transferred_to_lead")
    send(client, "signature", {"is_agreed": "yes", "reason": WHY})
    client.post("/hints/f1/name/", {"reason": WHY})
    before = entries()
    assert NAME in client.get("/hints/f1/disposition/").content.decode() and entries() == before + 1


def test_asking_for_a_name_and_reading_blind_leave_an_entry(home, reader):
    write_review_night(home, [flag("f1", BLIND), flag("g1", PLAIN, "R0002")])
    client = reader()
    for number, path in enumerate(("/hints/g1/name/", "/hints/f1/impression/", "/hints/f1/"), start=1):
        assert client.get(path).status_code == 200 and entries() == number
    assert '"page":"first_impression"' in Entry.objects.filter(actor="reader", action="view")[1].detail


def test_what_was_decided_does_not_stand_in_the_log(night, reader):
    client, second = reader(), reader("second")
    decide(client, "transferred_to_lead")
    send(second, "signature", {"is_agreed": "yes", "reason": WHY})
    send(second, "disposition", {"disposal": "held", "reason": WHY})
    said = "".join(Entry.objects.values_list("detail", flat=True))
    assert Entry.objects.filter(action="disposed").exists()
    assert "transferred" not in said and "held" not in said


def test_a_caveat_names_nobody_whom_a_check_or_a_gap_of_the_bureau_names(home, reader, told):
    from tests.desk.small_night import facts

    checks = {"run": 1, "passed": 0, "warnings": ["shifts overlap (12 rows, the first: S77 of R0003); R0002 again"]}
    gap = {"subject_kind": "bureau", "subject_id": "B00", "family": "leniency"}
    write_review_night(
        home,
        [flag("f1", PLAIN)],
        manifest=facts(checks=checks),
        tables={"not_computable": [gap | {"reason_zh": "R0003 等", "reason_en": "R0003 and others"}]},
    )
    page = told(reader(), "/hints/f1/")
    caveats = page[page.index('id="caveats"') : page.index('id="statutes"')]
    assert "shifts overlap" in caveats and "and others" in caveats
    assert "R0003" not in caveats and "R0002" not in caveats and "S77" not in caveats
