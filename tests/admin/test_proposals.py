"""Pasting an address: the page is read, its words are proposed beneath the fields, and only a click takes them over."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from library.models import AuditEntry, Publisher, Resource, User
from tests.admin.conftest import filled_in
from tests.factories import make_publisher, make_resource, make_section
from tests.imports.conftest import item, rss
from tests.outside import Outside
from tests.reading import read

ADD = "/admin/library/resource/add/"
HERE = "http://example.org/sleep"
PAGE = """<html lang="en"><head><title>Sleep</title><meta name="description" content="Why it matters.">
<meta property="og:site_name" content="COPS Office"><meta name="date" content="2018-05">
<meta property="og:audio" content="/sleep.mp3"></head></html>"""


@pytest.fixture
def page_outside(outside: Outside) -> Outside:
    outside.page("/sleep", PAGE)
    return outside


def read_page(client: Client, kind: str = "podcast", **typed: Any) -> Any:
    address = f"{ADD}?kind={kind}"
    return client.post(address, filled_in(client.get(address), **{"url": HERE, "_read_page": "1"} | typed))


def use(client: Client, page: Any, name: str) -> Any:
    return client.post(f"{ADD}?kind=podcast", filled_in(page, _use=name))


def messages_of(page: Any) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def proposals(page: Any) -> dict[str, str]:
    form = filled_in(page)
    return {name: value for name, value in form.items() if name.startswith("proposed_")}


def test_first_page_takes_an_address_to_the_form_of_its_kind(signed_in: Client, page_outside: Outside) -> None:
    section = make_resource("Other").section
    form = read(signed_in.get(ADD).content).one("form", class_="from_address")
    assert {field.get("name") for field in form.all("input", "select", "button")} >= {"url", "kind", "_read_page"}
    response = signed_in.post(ADD, {"url": HERE, "kind": "podcast", "_read_page": "1"})
    assert (response.status_code, response["Location"]) == (307, "?kind=podcast")
    page = signed_in.post(f"{ADD}?kind=podcast", {"url": HERE, "kind": "podcast", "_read_page": "1"})
    form = filled_in(page)
    assert (form["url"], form["title"], form["proposed_title"]) == (HERE, "", "Sleep")
    assert (form["section"], form["state"]) == (str(section.pk), "draft")


def test_first_page_asks_for_the_kind_that_was_forgotten_and_keeps_the_address(signed_in: Client) -> None:
    page = read(signed_in.post(ADD, {"url": HERE, "kind": "novel", "_read_page": "1"}).content)
    assert "Choose a kind. It decides" in page.words
    assert page.one("input", name="url")["value"] == HERE


def test_what_the_page_says_is_proposed_and_nothing_is_written(signed_in: Client, page_outside: Outside) -> None:
    page = read_page(signed_in, title="Typed before", url=f"{HERE}?fbclid=x#top")
    assert page.status_code == 200
    assert (filled_in(page)["title"], filled_in(page)["url"]) == ("Typed before", f"{HERE}#top")
    assert "Tracking codes such as utm_source were removed from the address." in messages_of(page)
    assert filled_in(page)["summary"] == ""
    assert proposals(page) == {
        "proposed_title": "Sleep",
        "proposed_summary": "Why it matters.",
        "proposed_publisher": "COPS Office",
        "proposed_published_on": "2018-05",
        "proposed_audio_url": "http://example.org/sleep.mp3",
    }
    assert "Its language: en." in messages_of(page)
    assert "May 2018" in page.content.decode()
    assert page.context["errors"] == []
    assert not Resource.objects.exists()
    assert not Publisher.objects.exists()


def test_a_click_takes_one_proposal_over_and_keeps_the_others(signed_in: Client, page_outside: Outside) -> None:
    publisher = make_publisher()
    page = read_page(signed_in)
    for name in ("title", "summary", "publisher", "published_on", "audio_url"):
        page = use(signed_in, page, name)
    form = filled_in(page)
    assert (form["title"], form["summary"], form["publisher"]) == ("Sleep", "Why it matters.", str(publisher.pk))
    assert (form["published_on"], form["published_precision"]) == ("2018-05-01", "month")
    assert form["audio_url"] == "http://example.org/sleep.mp3"
    assert proposals(page) == {}
    assert not Resource.objects.exists()
    saved = signed_in.post(f"{ADD}?kind=podcast", form | {"section": make_section().pk})
    assert saved.status_code == 302
    assert Resource.objects.get().published_label == "May 2018"


def test_unknown_publisher_is_made_by_the_click_of_who_may(signed_in: Client, page_outside: Outside) -> None:
    page = use(signed_in, read_page(signed_in), "publisher")
    publisher = Publisher.objects.get(name="COPS Office")
    assert filled_in(page)["publisher"] == str(publisher.pk)
    entry = AuditEntry.objects.acts().get()
    assert (entry.kind, entry.subject, entry.object_id) == ("added", "COPS Office", publisher.pk)
    assert entry.user == User.objects.get(username="curator")


def test_publisher_that_there_is_already_is_no_act(signed_in: Client, page_outside: Outside) -> None:
    publisher = make_publisher()
    page = use(signed_in, read_page(signed_in), "publisher")
    assert filled_in(page)["publisher"] == str(publisher.pk)
    assert not AuditEntry.objects.acts().exists()


def test_who_may_add_no_publisher_makes_none(client: Client, page_outside: Outside, db: None) -> None:
    author = User.objects.create_user("author", is_staff=True)
    permissions = author.user_permissions.model.objects
    author.user_permissions.set(permissions.filter(codename__in=["add_resource", "view_resource"]))
    client.force_login(author)
    page = use(client, read_page(client), "publisher")
    assert "This publisher isn’t in the library yet." in messages_of(page)
    assert filled_in(page)["proposed_publisher"] == "COPS Office"
    assert not Publisher.objects.exists()


def test_proposals_survive_a_save_that_is_refused(signed_in: Client, page_outside: Outside) -> None:
    page = signed_in.post(f"{ADD}?kind=podcast", filled_in(read_page(signed_in), title=""))
    assert page.context["errors"]
    assert filled_in(page)["proposed_summary"] == "Why it matters."


def test_works_in_the_form_of_an_entry_that_is_there(signed_in: Client, page_outside: Outside) -> None:
    resource = make_resource(url=HERE)
    address = f"/admin/library/resource/{resource.pk}/change/"
    page = signed_in.post(address, filled_in(signed_in.get(address), title="Changed", _read_page="1"))
    assert (filled_in(page)["title"], filled_in(page)["proposed_title"]) == ("Changed", "Sleep")
    resource.refresh_from_db()
    assert resource.title == "Building Personal Resilience"


def test_site_has_no_field_for_audio_and_gets_no_proposal_of_it(signed_in: Client, page_outside: Outside) -> None:
    assert "proposed_audio_url" not in proposals(read_page(signed_in, "site"))


def test_a_feed_proposes_what_it_says_and_names_the_import(signed_in: Client, outside: Outside) -> None:
    outside.page("/sleep", rss(item("g", "Sleep")), "application/rss+xml")
    page = read_page(signed_in)
    assert proposals(page)["proposed_title"] == "The Beat"
    assert proposals(page)["proposed_audio_url"] == "https://example.org/g.mp3"
    assert "Import a podcast feed" in messages_of(page)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "isn’t a web address"),
        ("http://127.0.0.1/", "private network"),
        ("http://example.org:8000/", "port"),
        ("file:///etc/passwd", "isn’t a web address"),
        ("http://example.org/nowhere", "404"),
        ("http://example.org/empty", "found nothing to suggest"),
        ("http://example.org/broken", "found nothing to suggest"),
        ("x" * 5000, "isn’t a web address"),
    ],
)
def test_what_cannot_be_read_is_told_in_words_and_nothing_is_lost(
    signed_in: Client, outside: Outside, address: str, words: str
) -> None:
    outside.page("/empty", "")
    outside.page("/broken", b"\x00\xff<title" * 1000, "text/html; charset=utf-32")
    page = read_page(signed_in, title="Typed", url=address)
    assert page.status_code == 200
    assert words in messages_of(page)
    assert filled_in(page)["title"] == "Typed"


def test_words_of_a_page_are_shown_as_text(signed_in: Client, outside: Outside) -> None:
    outside.page("/sleep", '<meta property="og:title" content="A &quot;&gt;&lt; b &amp;lt;img src=x&amp;gt;">')
    page = read(read_page(signed_in).content)
    assert page.all("img", src="x") == []


def test_all_proposals_are_used_at_once_in_the_fields_that_are_empty(signed_in: Client, page_outside: Outside) -> None:
    page = read_page(signed_in, title="Typed before")
    assert read(page.content).all("button", name="_use", value="empty")
    page = use(signed_in, page, "empty")
    form = filled_in(page)
    assert (form["title"], form["summary"]) == ("Typed before", "Why it matters.")
    assert (form["publisher"], form["published_on"]) == (str(Publisher.objects.get().pk), "2018-05-01")
    assert proposals(page) == {"proposed_title": "Sleep"}
    assert not read(page.content).all("button", name="_use", value="empty")


@pytest.mark.parametrize("name", ["slug", "nothing", "title' OR 1=1", "__class__"])
def test_only_what_is_proposed_can_be_used(signed_in: Client, name: str) -> None:
    address = f"{ADD}?kind=podcast"
    form = filled_in(signed_in.get(address), _use=name) | {f"proposed_{name}": "Mine"}
    page = signed_in.post(address, form)
    assert page.status_code == 200
    assert "Mine" not in filled_in(page).values()


def test_date_to_come_is_left_out_and_said(signed_in: Client, outside: Outside) -> None:
    outside.page("/sleep", PAGE.replace("2018-05", "2098-05"))
    page = read_page(signed_in)
    assert "Its date is in the future or before 1900, so we left it out." in messages_of(page)
    assert "proposed_published_on" not in proposals(page)


@pytest.mark.parametrize("value", ["2018-99", "soon", "x" * 10_000])
def test_date_that_is_none_changes_nothing(signed_in: Client, value: str) -> None:
    address = f"{ADD}?kind=podcast"
    page = signed_in.post(address, filled_in(signed_in.get(address), _use="published_on", proposed_published_on=value))
    assert filled_in(page)["published_on"] == ""


def test_who_may_only_look_lets_nothing_be_fetched(client: Client, outside: Outside, db: None) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(viewer.user_permissions.model.objects.filter(codename="view_resource"))
    client.force_login(viewer)
    resource = make_resource()
    for address in (f"{ADD}?kind=podcast", f"/admin/library/resource/{resource.pk}/change/"):
        assert client.post(address, {"url": HERE, "_read_page": "1"}).status_code == 403
    assert (
        Client(enforce_csrf_checks=True).post(f"{ADD}?kind=site", {"url": HERE, "_read_page": "1"}).status_code != 200
    )
    assert outside.connected == []


def test_form_without_its_token_lets_nothing_be_fetched(curator: User, outside: Outside) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator)
    assert client.post(f"{ADD}?kind=site", {"url": HERE, "_read_page": "1"}).status_code == 403
    assert outside.connected == []


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_page_is_fetched(outside: Outside) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("curator"))
    outside.page("/sleep", PAGE)
    seen: list[tuple[bool, int]] = []
    outside.on_connect = lambda: seen.append(
        (connection.in_atomic_block, connection.connection.get_transaction_status())
    )
    assert proposals(read_page(client))["proposed_title"] == "Sleep"
    assert seen == [(False, 0)]


def test_reading_a_page_hides_nothing_that_somebody_saves_meanwhile(signed_in: Client, page_outside: Outside) -> None:
    resource = make_resource("Old", url=HERE)
    address = f"/admin/library/resource/{resource.pk}/change/"
    form = filled_in(signed_in.get(address), title="Mine")
    signed_in.post(address, filled_in(signed_in.get(address), title="Theirs"))

    answer = signed_in.post(address, form | {"_read_page": "1"})
    assert (answer.status_code, filled_in(answer)["_seen"]) == (200, form["_seen"])
    assert signed_in.post(address, filled_in(answer)).status_code == 409
