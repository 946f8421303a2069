"""The page with the words of a form that couldn't be saved: what it shows, to whom, and what it keeps to itself."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from library.models import HelpLine, User
from tests.admin.conftest import filled_in
from tests.admin.unsaved_forms import (
    ADD,
    OpenForms,
    form_on,
    shown,
    sign_in_again,
    token_on,
    try_again,
)
from tests.factories import make_help_line, make_resource, make_section
from tests.reading import read
from tests.road import database_stopped

pytestmark = pytest.mark.django_db
REALLY_STOPPED = pytest.mark.django_db(transaction=True)


def signed_out(tab: Client, forms: OpenForms) -> Any:
    Session.objects.all().delete()
    return tab.post(ADD, forms.sent[ADD])


def test_who_may_no_longer_save_keeps_the_words(tab: Client) -> None:
    forms = OpenForms(tab)
    User.objects.update(is_superuser=False)

    page = tab.post(ADD, forms.sent[ADD])

    assert page.status_code == 403
    assert "Your account can’t do this" in read(page.content).words
    assert "Sleep" in shown(page)


def test_reason_for_what_was_decided_meanwhile_is_kept(tab: Client) -> None:
    line: HelpLine = make_help_line()
    form = f"/admin/library/helpline/{line.pk}/change/"
    path = tab.post(form, filled_in(tab.get(form), audience="Officers in Texas"))["Location"]
    reason = {"reason": "The number is out of order.", "csrfmiddlewaretoken": token_on(tab.get(path))}
    assert tab.post(path, reason | {"decision": "drop"}).status_code == 302

    page = tab.post(path, reason | {"decision": "alone"})

    assert page.status_code == 403
    assert "someone else did it while you were typing" in read(page.content).words
    assert "The number is out of order." in shown(page)


def test_who_needs_a_second_step_by_now_is_led_to_it(tab: Client, settings: Any) -> None:
    forms = OpenForms(tab)
    settings.REQUIRE_SECOND_FACTOR = True

    page = tab.post(ADD, forms.sent[ADD])

    assert page.status_code == 403
    link = read(page.content).one("ol").one("a")
    assert (link["href"], link["target"], link.words) == ("/admin/account/", "_blank", "Set up the second step")
    assert "Sleep" in shown(page)


def test_what_was_chosen_is_said_in_words_and_sent_again(tab: Client) -> None:
    entry = make_resource()
    path = f"/admin/library/resource/{entry.pk}/change/"
    sent = filled_in(tab.get(path), title="Sleep") | {"listed_at_0": "2026-01-05", "listed_at_1": "07:00"}
    Session.objects.all().delete()

    page = read(tab.post(path, sent).content)

    chosen = dict(zip([t.words for t in page.all("dt")], [d.words for d in page.all("dd")], strict=True))
    assert chosen["Section"] == "as you chose it"
    assert chosen["State"] == "Published"
    labels = [label.words for label in page.all("label")]
    assert {"Title", "Listed from: date", "Listed from: time"} <= set(labels)


def test_number_that_was_typed_is_shown(tab: Client) -> None:
    line: HelpLine = make_help_line()
    path = f"/admin/library/helpline/{line.pk}/change/"
    sent = filled_in(tab.get(path), call_number="988")
    Session.objects.all().delete()

    assert "988" in shown(tab.post(path, sent))


def test_page_whose_entry_is_gone_offers_to_copy_alone(tab: Client) -> None:
    path = f"/admin/library/section/{make_section().pk + 1}/anchor/"
    sent = {"anchor": "sleeping-well", "csrfmiddlewaretoken": token_on(tab.get("/admin/"))}

    page = tab.post(path, sent)

    assert page.status_code == 404
    assert "The entry you were editing is gone." in read(page.content).words
    assert "sleeping-well" in shown(page)
    assert [step.words for step in read(page.content).one("ol").all("li")] == ["Copy what you want to keep."]
    assert form_on(page).all("button") == []


# Who gets the words, and which


def test_another_sites_form_is_not_echoed_and_cannot_be_sent_again(tab: Client) -> None:
    forms = OpenForms(tab)
    mark = form_on(signed_out(tab, forms)).one("input", name="_sent_again")["value"]
    sign_in_again(tab)
    elsewhere = [
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://sub.testserver", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "none"},
        {"Referer": "http://testserver.example/"},
        {},
    ]
    for headers in elsewhere:
        stranger = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"} | headers)
        stranger.cookies = tab.cookies

        page = stranger.post(ADD, forms.sent[ADD] | {"_sent_again": mark, "csrfmiddlewaretoken": ""})

        assert page.status_code == 403, headers
        assert "Sleep" not in page.content.decode()
        assert read(page.content).all("form", class_="reader-form") == []
    assert forms.saved() == [0, 0, 0]


def test_page_sends_to_its_own_address_alone(tab: Client) -> None:
    forms = OpenForms(tab)
    page = signed_out(tab, forms)
    sign_in_again(tab)
    mark = form_on(page).one("input", name="_sent_again")["value"]
    (_add, line, section) = forms.sent

    for path, sent in {line: mark, section: f"{section}:1:made-up", ADD: ""}.items():
        form = forms.sent[path] | {"_sent_again": sent, "csrfmiddlewaretoken": ""}
        assert tab.post(path, form).status_code == 403
    assert forms.saved() == [0, 0, 0]


def test_browser_that_says_only_where_it_comes_from_gets_its_words(tab: Client) -> None:
    forms = OpenForms(tab)
    Session.objects.all().delete()
    older = Client(headers={"Accept": "text/html", "Referer": f"http://testserver{ADD}"})

    assert "Sleep" in shown(older.post(ADD, forms.sent[ADD]))


def test_passwords_are_never_in_the_page(tab: Client) -> None:
    ann = User.objects.create_user("ann", password="her own", is_staff=True)
    path = f"/admin/library/user/{ann.pk}/password/"
    sent = filled_in(tab.get(path), password1="a very long secret 7", password2="a very long secret 7")
    Session.objects.all().delete()

    page = tab.post(path, sent)

    assert "ann" in shown(page)
    text = page.content.decode()
    assert "a very long secret 7" not in text
    assert sent["csrfmiddlewaretoken"] not in text
    assert "Passwords aren’t kept on this page." in read(text).words
    sign_in_again(tab)
    assert try_again(tab, page).status_code == 200  # the form, which asks for the password
    ann.refresh_from_db()
    assert ann.check_password("her own")


@REALLY_STOPPED
@pytest.mark.parametrize("path", ["/admin/account/login/", "/admin/account/app/add/", "/admin/password_change/"])
def test_pages_that_sign_in_echo_nothing(tab: Client, path: str) -> None:
    with database_stopped():
        page = tab.post(path, {"login": "curator", "password": "Sleep", "code": "123456"})

    assert page.status_code == 503
    assert "curator" not in page.content.decode()


@REALLY_STOPPED
def test_scripts_get_a_plain_answer(tab: Client) -> None:
    section = make_section()
    text = {"intro": "Sleep", "csrfmiddlewaretoken": token_on(tab.get("/admin/"))}

    with database_stopped():
        moved = tab.post("/admin/library/section/", {"move": f"up {section.pk}"}, headers={"Accept": "*/*"})
        preview = tab.post("/admin/library/section/markdown/intro/", text)

    for answer in (moved, preview):
        assert answer.status_code == 503
        assert read(answer.content).all("form") == []


def test_without_words_the_page_promises_none(tab: Client) -> None:
    entry = make_resource()
    Session.objects.all().delete()

    page = read(tab.post(f"/admin/library/resource/{entry.pk}/delete/", {"post": "yes"}).content)

    assert "Nothing you typed is lost" not in page.words


def test_character_that_no_text_may_have_is_left_out(tab: Client) -> None:
    forms = OpenForms(tab)

    page = tab.post(ADD, forms.sent[ADD] | {"title": "Sle\0ep"})

    assert page.status_code == 400
    assert "Sleep" in shown(page)
    assert try_again(tab, page).status_code == 302
    assert forms.saved()[0] == 1
