"""The one table of rules, cell by cell: every address by every role, and by nobody."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from desk.access.gate import AccessMiddleware, page, page_of
from desk.access.menu import MENU
from desk.access.rules import AREA_ROLES, OWN, PUBLIC, RULES, Role, Scope, scope_of
from desk.audit.models import Entry
from tests.desk.access.area_bureau import write_area_night

A, F = Scope.AREA, Scope.ALL
TABLE = {
    # page: discipline officer, supervision specialist, management, operator, auditor
    "today": (F, F, F, F, F),
    "flag_list": (A, A, None, None, None),
    "flag_export": (A, A, None, None, None),
    "dossier": (A, A, None, None, None),
    "unmask": (A, A, None, None, None),
    "first_impression": (A, A, None, None, None),
    "decide": (A, None, None, None, None),
    "sign_lead": (A, None, None, None, None),
    "dispose": (A, None, None, None, None),
    "reply": (A, None, None, None, None),
    "impression_report": (F, None, None, None, F),
    "rotation": (A, None, F, None, None),
    "rotation_export": (A, None, F, None, None),
    "rotation_decide": (None, None, F, None, None),
    "rotation_accept": (None, None, F, None, None),
    "unit_list": (A, None, F, None, None),
    "unit": (A, None, F, None, None),
    "coverage": (A, A, F, None, None),
    "draw_list": (A, None, F, None, None),
    "draw_export": (A, None, F, None, None),
    "draw_substitution": (A, None, None, None, None),
    "merchant_list": (A, A, F, None, None),
    "merchant_export": (A, A, F, None, None),
    "merchant": (A, A, F, None, None),
    "patrol_plan": (A, A, F, None, None),
    "patrol_plan_export": (A, A, F, None, None),
    "lists": (A, None, F, None, None),
    "key_industry_list": (A, None, F, None, None),
    "key_industry_export": (A, None, F, None, None),
    "hot_industry_list": (A, None, F, None, None),
    "hot_industry_export": (A, None, F, None, None),
    "unlicensed_list": (A, None, F, None, None),
    "unlicensed_export": (A, None, F, None, None),
    "officer_task_list": (None, None, F, None, None),
    "officer_task_export": (None, None, F, None, None),
    "officer_month_list": (None, None, F, None, None),
    "officer_month_export": (None, None, F, None, None),
    "quality": (None, None, None, F, F),
    "quarantine": (None, None, None, F, None),
    "audit_log": (None, None, None, None, F),
    "audit_export": (None, None, None, None, F),
}
"""Written out a second time, by hand: who changes who may see what says so twice."""
CELLS = [(name, role, cell) for name, cells in TABLE.items() for role, cell in zip(Role, cells, strict=True)]


def patterns(resolver=None) -> list[URLPattern]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        found += patterns(pattern) if isinstance(pattern, URLResolver) else [pattern]
    return found


def address(pattern: URLPattern) -> str:
    """An address of the pattern, with a value for each of its parts."""
    values = {
        name: 1 if type(kind).__name__ == "IntConverter" else "x" for name, kind in pattern.pattern.converters.items()
    }
    return reverse(pattern.name, kwargs=values)


def text_of(answer) -> str:
    """The page, or nothing where it is a file."""
    return "" if answer.streaming else answer.content.decode()


ADDRESSES = [pattern.name for pattern in patterns()]


def test_the_table_is_the_one_that_is_written_out_here():
    assert set(RULES) == set(TABLE)


@pytest.mark.parametrize(("name", "role", "cell"), CELLS)
def test_every_cell_of_the_table_is_what_is_written_out_here(name, role, cell):
    assert scope_of(name, role) == cell


def test_what_is_not_in_the_table_is_nobodys():
    for role in Role:
        assert scope_of("no such page", role) is None
    assert scope_of("today", "no such role") is None
    assert not {*PUBLIC, *OWN} & set(RULES) and not PUBLIC & OWN


def test_single_hints_are_for_roles_with_an_area_and_only_there():
    for name in (
        "flag_list",
        "flag_export",
        "dossier",
        "unmask",
        "first_impression",
        "decide",
        "sign_lead",
        "dispose",
        "reply",
    ):
        for role, scope in RULES[name].items():
            assert role in AREA_ROLES and scope is Scope.AREA, (name, role)


def test_every_address_is_of_a_page_of_its_own_name_that_the_rules_know():
    known = PUBLIC | OWN | set(RULES)
    for pattern in patterns():
        name = page_of(pattern.callback)
        assert name == pattern.name and name in known, pattern
    assert len(ADDRESSES) == len(set(ADDRESSES))


def test_every_page_of_the_rules_has_an_address_and_the_menu_offers_no_other():
    assert (PUBLIC | OWN | set(RULES)) - set(ADDRESSES) == set()
    assert {name for name, _label in MENU} <= set(RULES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADDRESSES)
def test_nobody_who_has_not_signed_in_opens_a_page_but_the_public_ones(name):
    pattern = next(pattern for pattern in patterns() if pattern.name == name)
    for answer in (Client().get(address(pattern)), Client().post(address(pattern), {})):
        is_let_in = not (answer.status_code == 302 and answer["Location"].startswith(reverse("sign_in")))
        assert is_let_in == (name in PUBLIC)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_every_role_opens_what_the_table_says_and_is_refused_all_else_with_a_reason(client_of, home, role):
    """By forced browsing: addresses typed in, both ways of asking, with an area that holds everything."""
    write_area_night(home)
    client = client_of(role, area=["bureau"], username="reader")
    client.raise_request_exception = False
    refused = 0
    for pattern in patterns():
        if pattern.name in PUBLIC | OWN:
            continue
        for ask in (client.get, client.post):
            before = Entry.objects.filter(action="refused").count()
            answer = ask(address(pattern), headers={"accept-language": "en"})
            is_refused_by_role = "Your role does not see this page." in text_of(answer)
            assert is_refused_by_role == (scope_of(pattern.name, role) is None), (pattern.name, answer.status_code)
            if is_refused_by_role:
                refused += 1
                assert answer.status_code == 403
                entry = Entry.objects.filter(action="refused").last()
                assert Entry.objects.filter(action="refused").count() == before + 1
                assert (entry.actor, entry.subject) == ("reader", address(pattern))
                assert f'"page":"{pattern.name}"' in entry.detail and '"code":"role"' in entry.detail
    assert refused == 2 * len([name for name in ADDRESSES if name in RULES and scope_of(name, role) is None])


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_everybody_opens_his_own_pages(client_of, role):
    client = client_of(role)
    for name in ("account", "password", "second_factor_setup"):
        assert client.get(reverse(name)).status_code == 200, name


@pytest.mark.django_db
def test_the_menu_holds_what_its_reader_may_open_and_nothing_else(client_of, home):
    write_area_night(home)
    for role in Role:
        page = client_of(role, area=["bureau"]).get(reverse("account"))
        offered = {entry["name"] for entry in page.context["menu"]}
        assert offered == {name for name, _label in MENU if scope_of(name, role)}
        assert page.context["may"] == {name for name in RULES if scope_of(name, role)}


@pytest.mark.django_db
def test_a_view_that_names_no_page_is_refused_to_everybody(user_of):
    def unnamed(request):
        return HttpResponse("open")

    middleware = AccessMiddleware(unnamed)
    for role in Role:
        for view in (unnamed, page("no such page")(lambda request: HttpResponse("open"))):
            request = RequestFactory().get("/unnamed/")
            request.user = user_of(role)
            request.user.is_verified = lambda: True
            request.session = {"signed_in_at": 10**12}
            answer = middleware.process_view(request, view, (), {})
            assert answer is not None and answer.status_code == 403


@pytest.mark.django_db
def test_a_refusal_is_told_in_both_languages(client_of):
    client = client_of(Role.OPERATOR)
    for language, letters in (("zh-hans", "您不能查看"), ("en", "Not for you to see")):
        text = client.get(reverse("audit_log"), headers={"accept-language": language}).content.decode()
        assert letters in text and re.search(rf'lang="{language}"', text)
