"""What a dossier says, in which order, and what it never says."""

import re
from datetime import date, timedelta

import pytest

from desk.access.pseudonym import mark
from desk.audit.models import Entry
from desk.review import deciding
from desk.review.models import Decision, Outcome, Unmasking
from models.policy import CONFIDENTIAL_FAMILIES
from tests.desk.review.bureau import HOSTILE, flag, key_of, tables, write_review_night
from tests.desk.review.conftest import BLIND, PLAIN, WHY
from tests.desk.small_night import NIGHT, write_night

pytestmark = pytest.mark.django_db
SECTIONS = [
    "claim", "counter-evidence", "reasons", "records", "contacts", "peers", "caveats", "statutes", "provenance", "earlier",
]  # fmt: skip


def sections(page: str) -> list[str]:
    return re.findall(r'<section class="card" id="([a-z-]+)"', page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_counter_evidence_stands_before_reasons_and_reasons_before_records(night, reader, told, language):
    """What speaks for a person is read before what speaks against him."""
    assert sections(told(reader(), "/hints/f1/", language=language)) == SECTIONS


def test_what_is_supported_comes_first_and_each_stands_beside_the_statistic(night, reader, told):
    page = told(reader(), "/hints/f1/")
    counters = page[page.index('id="counter-evidence"') : page.index('id="reasons"')]
    assert re.findall(r"tested (\w+)", counters) == ["first_offence", "campaign", "few_cases"]
    assert "-0.05" in counters and counters.count("-0.28") == 3


def test_a_feature_says_its_value_its_peers_and_its_unit_and_what_is_withheld_says_so(night, reader, told):
    page = told(reader(), "/hints/f1/")
    reasons = page[page.index('id="reasons"') : page.index('id="records"')]
    row = reasons[reasons.index('data-label="feature">feature leniency_index') :].split("</tr>")[0]
    assert ">0.28<" in row and "0.01" in row and "(60)" in row and ">number<" in row and ">0.60<" in row
    hidden = reasons[reasons.index('data-label="feature">feature complainant_load_1y') :].split("</tr>")[0]
    assert "withheld to protect those who spoke" in hidden and "0.01" not in hidden and ">-0.10<" in hidden
    assert "unusual leniency adds 0.60 (×1.82)" in reasons


def test_a_case_shows_its_fine_in_the_statutory_range_beside_what_others_decided(night, reader, told):
    page = told(reader(), "/hints/f1/")
    record = page[page.index("case A1") : page.index("case A2")]
    assert "The law allows 200 to 2,000 yuan" in record and record.count('class="subject"') == 1
    assert "Z9" in record and "1,100" in record and "南所" in record
    assert "Where the fine lies" not in page[page.index("case A2") : page.index('id="contacts"')]


def test_the_subject_is_marked_among_his_peers_and_in_three_windows(night, reader, told):
    page = told(reader(), "/hints/f1/")
    peers = page[page.index('id="peers"') : page.index('id="caveats"')]
    assert peers.count('class="peer"') == 3 and "number 4 of 4" in peers
    assert [f"last {days} days" in peers for days in (91, 365, 730)] == [True] * 3


def test_gaps_of_the_subject_and_the_statutes_of_that_night_are_told(night, reader, told):
    page = told(reader(), "/hints/f1/")
    assert "not computable: delay or haste" in page and "0 cases" in page
    assert "Administrative Penalty Law, Art 34" in page and "2021-07-15" in page


def test_nobody_is_named_before_his_name_was_asked_for_with_a_reason(night, reader, told):
    client = reader()
    before = told(client, "/hints/f1/")
    assert "R0001" not in before and "甲某" not in before and "Officer-" in before
    assert client.post("/hints/f1/name/", {"reason": "too short"}).status_code == 422
    assert not Unmasking.objects.exists()
    assert client.post("/hints/f1/name/", {"reason": WHY}).status_code == 302
    after = told(client, "/hints/f1/")
    assert "甲某 (R0001)" in after
    entry = Entry.objects.get(action="unmasked")
    assert (entry.subject, entry.actor) == ("f1", "reader")
    assert "R0001" not in entry.detail and f'"officer":"{mark("R0001")}"' in entry.detail and mark("R0001") in before
    assert "R0001" not in told(reader("other"), "/hints/f1/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_people_wrote_names_nobody_whose_name_is_not_open(night, reader, told, language):
    client, second = reader(), reader("second")
    wrote = "甲某(R0001)称与R0002一同办理"
    deciding.enter_reply(client.user, flag("f1", PLAIN) | {"as_of": NIGHT}, wrote, date(2026, 6, 30), last=0)
    given = {"outcome": "transferred_to_lead", "reason": wrote, "number": 0, "is_confirmed": "yes"}
    client.post("/hints/f1/decision/", given)
    assert Decision.objects.get().reason == wrote
    pages = [told(second, "/hints/f1/signature/", language=language)]
    decision_id = Decision.objects.get().pk
    second.post("/hints/f1/signature/", {"is_agreed": "yes", "reason": wrote, "decision_id": decision_id})
    said = {"disposal": "held", "reason": wrote, "decision_id": decision_id, "number": 0}
    second.post("/hints/f1/disposition/", said)
    pages.append(told(second, "/hints/f1/", language=language))
    assert [page.count("一同办理") for page in pages] == [1, 4]
    assert not any(name in page for page in pages for name in ("甲某", "R0001", "R0002"))
    second.post("/hints/f1/name/", {"reason": WHY})
    assert told(second, "/hints/f1/").count("甲某(甲某 (R0001))") == 4


@pytest.mark.parametrize("page", ["decision", "name", "reply"])
def test_a_form_says_that_names_do_not_belong_into_it(night, reader, told, page):
    assert "Names of persons do not belong here" in told(reader(), f"/hints/f1/{page}/")


def test_a_name_closes_again_after_the_days_that_the_desk_keeps_it_open(night, reader, told, settings):
    client = reader()
    client.post("/hints/f1/name/", {"reason": WHY})
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_unmask_days": 0})
    assert "甲某" not in told(client, "/hints/f1/")


def test_every_view_of_a_dossier_stands_in_the_log(night, reader, told):
    client = reader()
    told(client, "/hints/f1/")
    told(client, "/hints/f1/")
    assert Entry.objects.filter(action="view", subject="f1", actor="reader").count() == 2


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_text_of_records_is_text_whatever_it_says(night, reader, told, language):
    page = told(reader(), "/hints/f1/", language=language)
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert HOSTILE not in page


def test_a_hint_that_rests_on_complaints_shows_no_contacts_and_says_why(home, reader, told):
    hint = flag(
        "f1", PLAIN, family="clustered_complaints", statistic_name="complaint_rate_ratio", exposure_unit="visit"
    )
    empty = {name: [] for name in ("flag_record", "flag_contact", "comparable_case")}
    write_review_night(home, [hint], tables=empty)
    page = told(reader(), "/hints/f1/")
    assert "would tell who spoke" in page and "Who spoke is protected" in page


@pytest.mark.parametrize("family", CONFIDENTIAL_FAMILIES)
@pytest.mark.parametrize("table", ["complaint", "patrol"])
def test_a_hint_that_rests_on_complaints_shows_no_number_of_a_record(home, reader, told, family, table):
    behind = {"flag_id": "f1", "table": table, "record_id": "Q-4711", "weight": 1.0, "note_en": "it counts"}
    for name, is_shown in ((family, False), ("leniency", True)):
        write_review_night(home, [flag("f1", PLAIN, family=name)], tables={"flag_evidence": [behind]})
        page = told(reader(f"reads-{name}"), "/hints/f1/")
        assert "it counts" in page and ("Q-4711" in page) is is_shown


def test_a_table_that_the_night_does_not_publish_is_told_and_no_error(home, reader, told):
    made = tables([flag("f1", PLAIN)])
    absent = ("flag_peer", "comparable_case", "feature_label")
    write_night(home, {name: rows for name, rows in made.items() if name not in absent}, absent=absent)
    page = told(reader(), "/hints/f1/")
    assert "Figures of peers are not published by this night." in page and "leniency_index" in page


@pytest.mark.parametrize(
    ("officer_id", "area", "why"),
    [
        ("R0001", ("B00",), "There is no such hint, or it is not for you"),
        ("R0002", ("B00",), "There is no such hint, or it is not for you"),
        ("R0003", ("B00",), "There is no such hint, or it is not for you"),
        ("R0009", ("S02",), "outside your area"),
    ],
    ids=["himself", "a colleague", "a relative's firm", "another area"],
)
@pytest.mark.parametrize("page", ["", "decision/", "name/", "reply/", "impression/", "signature/", "disposition/"])
def test_whoever_may_not_read_a_hint_is_refused_on_all_its_pages_and_told_why(
    night, reader, told, officer_id, area, why, page
):
    client = reader(officer_id=officer_id, area=area)
    assert why in told(client, f"/hints/f1/{page}", 403)
    assert "Officer-" not in told(client, "/hints/")
    assert Entry.objects.filter(action="refused").exists()


@pytest.mark.parametrize("officer_id", ["R0001", "R0002", "R0003"])
def test_a_hint_about_oneself_or_ones_own_is_refused_like_one_that_no_night_tells(night, reader, told, officer_id):
    client = reader(officer_id=officer_id)
    varying = re.compile('/hints/[a-z0-9]+/|name="csrfmiddlewaretoken" value="[^"]+"')
    pages = [varying.sub("", told(client, f"/hints/{name}/", 403)) for name in ("f1", "none")]
    assert pages[0] == pages[1]
    details = list(Entry.objects.filter(action="refused").values_list("detail", flat=True))
    assert len(details) == 2 and len(set(details)) == 1


def test_a_hint_that_tonight_does_not_tell_any_more_is_read_from_the_last_night_that_did(home, reader, told):
    write_review_night(home, [flag("f1", PLAIN)], date(2026, 6, 29))
    write_review_night(home, [flag("g1", key_of("other", chosen=False), "R0002")], date(2026, 6, 30))
    page = told(reader(), "/hints/f1/")
    assert "last told on 2026-06-29, not tonight" in page and "34 decisions lie low" in page


def test_what_earlier_nights_told_of_the_same_subject_is_listed(home, reader, told):
    write_review_night(home, [flag("e1", PLAIN, strength="weak")], date(2026, 6, 29))
    write_review_night(home, [flag("f1", PLAIN)], date(2026, 6, 30))
    page = told(reader(), "/hints/f1/")
    earlier = page[page.index('id="earlier"') :]
    assert "First told on the night of 2026-06-29" in earlier and "2026-06-29" in earlier and ">weak<" in earlier


@pytest.fixture
def three_hints(home, reader):
    """Three hints about one officer, each decided by somebody else: of the second a firm of the relative of R0009 is a part,
    the third is first read blind."""
    hints = [flag("f1", PLAIN), flag("f2", key_of("kin", chosen=False), family="tip_off")]
    hints.append(flag("f3", BLIND, family="process_delay"))
    facts = [{"flag_id": f"f{number}", "merchant_id": f"M{number}", "table": "penalty"} for number in (1, 2, 3)]
    interest = [{"officer_id": "R0009", "merchant_id": "M2", "relation": "manager"}]
    earlier = [row | {"flag_id": f"e{number}"} for number, row in enumerate(hints[1:], 2)]
    write_review_night(home, earlier, NIGHT - timedelta(days=1))
    write_review_night(home, hints, tables={"flag_record": facts, "declared_interest": interest})
    somebody = reader("somebody").user
    for number, hint in enumerate(hints, 1):
        reason = f"{number}号疑点的理由十个字以上"
        deciding.decide(somebody, hint | {"as_of": NIGHT}, Outcome.EXPLAINED, reason, number=0)
    return home


def earlier_part(page: str) -> tuple[set[str], set[str]]:
    """The hints whose decisions, and those of which earlier nights, a dossier shows below its own."""
    part = page[page.index('id="earlier"') :]
    return set(re.findall("([0-9])号疑点", part)), set(re.findall("/hints/[a-z]([0-9])/", part))


def test_what_a_reader_may_not_see_he_does_not_see_below_another_hint_of_the_same_subject(three_hints, reader, told):
    kin, other = reader("kin", officer_id="R0009"), reader("other")
    told(kin, "/hints/f2/", 403)
    assert earlier_part(told(kin, "/hints/f1/")) == ({"1"}, set())
    assert earlier_part(told(other, "/hints/f1/")) == ({"1", "2"}, {"2"})


def test_what_is_first_read_blind_is_not_told_below_another_hint_until_it_is_open(three_hints, reader, told):
    client = reader()
    assert earlier_part(told(client, "/hints/f1/")) == ({"1", "2"}, {"2"})
    client.post("/hints/f3/impression/", {"sight": "unsure", "reason": WHY})
    assert earlier_part(told(client, "/hints/f1/")) == ({"1", "2", "3"}, {"2", "3"})


def test_while_a_hint_is_blind_nobody_is_told_how_it_stands(three_hints, reader, told):
    client = reader()
    for path in ("/hints/f3/", "/hints/f3/impression/"):
        page = told(client, path)
        assert "explained" not in page and "waits for" not in page
    client.post("/hints/f3/impression/", {"sight": "unsure", "reason": WHY})
    assert '<span class="chip">explained</span>' in told(client, "/hints/f3/")
