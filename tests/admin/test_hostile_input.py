"""Addresses and forms that no curator sends: an answer below 500, soon, and nothing is changed."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client

from library.admin.forms import CuratedForm
from library.models import Resource, Section
from tests.admin.conftest import filled_in, refuse
from tests.factories import make_resource, make_section

LISTS = ["resource", "section", "helpline", "synonymgroup", "crisisterm", "guide", "readerreport", "user"]
WORDS = "+".join(["officer's", "(", '"', "-", "%", "_", "\\", "a&b|c!:*", "<->"] * 60)
QUERIES = [
    "title__regex=(",
    "name__regex=(",
    "title=%00",
    "title=%ff",
    "position__range=1",
    "id__in=a,b",
    "id__in=" + ",".join(map(str, range(300))),
    "section__id__exact=abc",
    "section__id__exact=99999999999999999999999",
    "section__id__exact=-1&section__id__exact=2",
    "section__anchor__regex=(",
    "section__isnull=perhaps",
    "category=1&category=x",
    "category=99999999999999999999999",
    "state__exact=nothing",
    "state__in=draft,published",
    "listed_at__year=999999",
    "updated_at__gte=yesterday",
    "is_crisis__exact=7",
    "is_active__exact=maybe",
    "search=fat:cat",
    "unknown=1",
    "password__startswith=p",
    "resources__publisher__name__icontains=a",
    "_facets=True",
    "all=",
    "p=0",
    "p=-5",
    "p=abc",
    "p=99999999999999999999",
    "o=99.-4.abc",
    "o=1.-2.3.-4.5",
    "o=" + ".".join(["1"] * 900),
    "o=²",
    "e=1",
    "q=" + WORDS,
    "q=" + "-" * 400,
    "q=" + "%27" * 100,
    "q=the",
    "q=%F0%9F%98%80",
    "_popup=1&_to_field=password",
    "_to_field=title__regex",
]


@pytest.fixture
def rows(signed_in: Client) -> Resource:
    signed_in.raise_request_exception = False
    return make_resource(tags=["sleep"])


@pytest.fixture
def assert_calm(signed_in: Client) -> Iterator[Callable[[Any], None]]:
    """An answer is no error, nor is what it leads to. A page that many answers lead to is opened after the first."""
    led_to: set[str] = set()

    def assert_no_error(answer: Any) -> None:
        sent = answer.request
        while answer.status_code in {301, 302}:
            address = urljoin(answer.request["PATH_INFO"], answer["Location"])
            if address in led_to:
                return
            led_to.add(address)
            answer = signed_in.get(address)
        assert answer.status_code < 500, sent

    yield assert_no_error
    assert signed_in.get("/admin/").status_code == 200  # which says all that was not said yet


@pytest.mark.parametrize("query", QUERIES)
def test_no_list_breaks_or_dawdles(
    signed_in: Client, rows: Resource, assert_calm: Callable[[Any], None], query: str
) -> None:
    for model in LISTS:
        started = time.process_time()  # of this process alone: the database has a limit of its own
        assert_calm(signed_in.get(f"/admin/library/{model}/?{query}"))
        assert time.process_time() - started < 5, model


def test_question_that_a_list_did_not_offer_leads_to_the_plain_list(signed_in: Client, rows: Resource) -> None:
    for query in ("title__regex=(", "position__range=1", "unknown=1", "section__anchor=podcasts", "o=" + "1." * 50):
        response = signed_in.get(f"/admin/library/resource/?{query}", follow=True)
        assert response.redirect_chain[-1][0] == "/admin/library/resource/", query
        assert "That link asked for something this list doesn’t have" in response.content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"action": "delete_selected", "_selected_action": "abc"},
        {"action": "delete_selected", "_selected_action": ["1", "²"]},
        {"action": "delete_selected", "_selected_action": "99999999999999999999999", "post": "yes"},
        {"action": "delete_selected", "_selected_action": "1", "index": "x"},
        {"action": "delete_selected", "_selected_action": "1", "index": "-9"},
        {"action": "drop_table", "_selected_action": "1", "index": "0"},
        {"action": "delete_selected", "select_across": "1", "index": "0"},
        {"action": "delete_selected", "select_across": "x", "_selected_action": "1", "index": "0"},
        {"_save": "1", "form-TOTAL_FORMS": "99999999"},
        {"move": "up abc"},
        {"move": "\u0000"},
    ],
)
def test_no_action_breaks(
    signed_in: Client, rows: Resource, assert_calm: Callable[[Any], None], form: dict[str, Any]
) -> None:
    for model in LISTS:
        assert_calm(signed_in.post(f"/admin/library/{model}/", form))
    assert Resource.objects.count() == Section.objects.count() == 1


@pytest.mark.parametrize(
    "key", ["abc", "0", "-1", "99999999999999999999999", "1_5F", "%E2%80%A6", "a/b", "..", "%252e"]
)
def test_no_address_of_a_row_breaks(
    signed_in: Client, rows: Resource, assert_calm: Callable[[Any], None], key: str
) -> None:
    for model in LISTS:
        for page in ("change", "history", "delete", "anchor", "merge", "password"):
            address = f"/admin/library/{model}/{key}/{page}/"
            assert_calm(signed_in.get(address))
            assert_calm(signed_in.post(address, {"post": "yes"}))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "app_label=x&model_name=y&field_name=z",
        "app_label=library&model_name=resource&field_name=title",
        "app_label=library&model_name=resource&field_name=section&term=(&page=abc",
        "app_label=library&model_name=resource&field_name=section&page=0",
        "app_label=library&model_name=resource&field_name=publisher&page=999999999999",
        "app_label=library&model_name=resource&field_name=successor&term=" + WORDS,
        "app_label=library&model_name=resource&field_name=categories&term=%00",
        "app_label=library&model_name=resource&field_name=__class__",
        "app_label=auth&model_name=group&field_name=permissions&term=a",
    ],
)
def test_no_autocompletion_breaks(signed_in: Client, rows: Resource, query: str) -> None:
    assert signed_in.get(f"/admin/autocomplete/?{query}").status_code < 500


OTHERS = ("section", "helpline", "series", "tag", "synonymgroup", "crisisterm", "guide")
JUNK = [
    "abc",
    "-1",
    "99999999999999999999",
    "x" * 25_000,
    "0001-01-01",
    "9999-12-31",
    "²",
    "\ud7ff\U0010ffff",
    "[]",
    "'",
]


@pytest.mark.parametrize("junk", JUNK)
def test_no_field_of_a_form_breaks(
    signed_in: Client, rows: Resource, forms_of_each_shape: list[str], empty_forms: dict[str, Any], junk: str
) -> None:
    for address in forms_of_each_shape:
        if address not in empty_forms or "/add/" not in address:
            empty_forms[address] = filled_in(signed_in.get(address))
        plain = empty_forms[address]
        response = signed_in.post(address, dict.fromkeys(plain, junk))
        assert response.status_code < 500, address
        if response.status_code == 200:
            # Once more with plain values for what was found wrong, so that all else is written.
            wrong = tuple(response.context["adminform"].form.errors)
            mended = {name: plain[name] if name.startswith(wrong) else junk for name in plain}
            mended |= {"section": rows.section_id, "title": "T", "name": "N", "anchor": "books"}
            assert signed_in.post(address, mended).status_code < 500, address
    for model in LISTS:
        assert signed_in.get(f"/admin/library/{model}/").status_code == 200
    assert signed_in.get("/resources/").status_code == 200


@pytest.fixture(scope="module")
def empty_forms() -> dict[str, Any]:
    """What the forms of something new send as they are, by their address: the same in each of these tests."""
    return {}


@pytest.fixture
def forms_of_each_shape(rows: Resource) -> list[str]:
    """A form of each shape: every kind of a new resource, a row that is there, the other models."""
    kinds = [f"/admin/library/resource/add/?kind={kind}" for kind in ("course", "podcast", "review", "forum")]
    others = [f"/admin/library/{model}/add/" for model in OTHERS]
    return [*kinds, f"/admin/library/resource/{rows.pk}/change/", *others]


def test_values_in_the_address_of_a_new_form_are_not_taken(signed_in: Client, rows: Resource) -> None:
    page = signed_in.get("/admin/library/resource/add/?kind=site&section=abc&publisher=x&categories=y&title=Mine")
    assert page.status_code == 200
    assert filled_in(page)["title"] == ""


def test_what_the_database_refuses_at_the_last_moment_comes_back_with_all_that_was_typed(signed_in: Client) -> None:
    refuse("INSERT", "The shelf is full.")
    section = make_section()
    address = "/admin/library/resource/add/?kind=site"
    form = filled_in(signed_in.get(address), title="Typed for an hour", section=section.pk, tags="sleep")
    page = signed_in.post(address, form)
    assert page.status_code == 200
    assert page.context["adminform"].form.non_field_errors() == ["The shelf is full."]
    assert filled_in(page)["title"] == "Typed for an hour"
    assert not Resource.objects.exists()


class TitleForm(CuratedForm):
    class Meta:
        model = Section
        fields = ("title",)


def test_what_a_model_says_of_a_field_that_is_not_in_the_form_stands_above_it(db: None) -> None:
    section = make_section()
    section.state = "draft"
    assert TitleForm({"title": ""}, instance=section).errors == {
        "__all__": ["Other sites may link to it, so withdraw it or merge it into another."],
        "title": ["This field is required."],
    }


def test_who_is_not_signed_in_gets_the_sign_in_page_and_no_data(rows: Resource) -> None:
    client = Client(raise_request_exception=False)
    for address in ("", "library/resource/", f"library/resource/{rows.pk}/change/", "library/section/1/merge/"):
        response = client.get(f"/admin/{address}")
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
    assert client.get("/admin/autocomplete/").status_code == 302
