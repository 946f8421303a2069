"""The curators' preview of an entry, and the link that they make and end on its form."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from library.admin.resources.previews import END_LINK, MAKE_LINK, PREVIEW
from library.models import AuditEntry, PreviewLink, Resource, User
from tests.admin.conftest import filled_in
from tests.factories import LISTED, TEN_YEARS, make_resource, make_section, withdraw
from tests.reading import read


def form_of(resource: Resource) -> str:
    return f"/admin/library/resource/{resource.pk}/change/"


def press(client: Client, resource: Resource, button: str, **typed: str) -> object:
    form = filled_in(client.get(form_of(resource)), **{button: "1"}, **typed)
    return client.post(form_of(resource), form, follow=True)


def test_shows_a_draft_to_a_curator_and_leads_back(signed_in: Client) -> None:
    draft = make_resource(state="draft")
    (link,) = read(signed_in.get(form_of(draft)).content).all("a", href=f"/admin/library/resource/{draft.pk}/preview/")
    response = signed_in.get(link["href"])
    page = read(response.content)
    assert response.templates[0].name == "library/resource.html"
    assert "It’s a draft" in page.one("p", class_="preview").words
    assert page.one("p", class_="preview").one("a")["href"] == form_of(draft)
    assert "no-store" in response["Cache-Control"]


def test_is_for_those_who_may_see_resources(db: None) -> None:
    draft, client = make_resource(state="draft"), Client()
    address = reverse("admin:library_resource_preview", args=[draft.pk])
    assert client.get(address)["Location"].startswith("/admin/login/")
    person = User.objects.create_user("reader", is_staff=True)
    client.force_login(person)
    assert client.get(address).status_code == 403
    person.user_permissions.add(Permission.objects.get(codename="view_resource"))
    assert client.get(address).status_code == 200
    assert client.get("/admin/library/resource/123456789/preview/").status_code == 404
    assert "_make_link" not in client.get(form_of(draft)).content.decode()
    assert client.post(form_of(draft), {"_make_link": "1"}).status_code == 403


def test_button_saves_what_was_typed_and_then_previews_it(signed_in: Client) -> None:
    draft = make_resource(state="draft")
    page = press(signed_in, draft, "_preview", title="Typed")
    assert read(page.content).one("h1").words == "Typed"  # type: ignore[attr-defined]
    make_section("websites")
    form = filled_in(signed_in.get("/admin/library/resource/add/?kind=site"), title="New", _preview="1")
    form["section"] = str(make_section("here").pk)
    added = signed_in.post("/admin/library/resource/add/?kind=site", form, follow=True)
    assert read(added.content).one("h1").words == "New"


def test_makes_a_link_and_ends_it_and_the_history_says_so(signed_in: Client) -> None:
    draft = make_resource(state="draft")
    assert "No active link." in read(signed_in.get(form_of(draft)).content).words
    page = press(signed_in, draft, "_make_link", title="Typed")
    link = PreviewLink.objects.get(resource=draft)
    panel = read(page.content).one("div", id="link_for_others")  # type: ignore[attr-defined]
    assert panel.one("a")["href"] == f"http://testserver{link.get_absolute_url()}"
    assert Client().get(link.get_absolute_url()).status_code == 200
    draft.refresh_from_db()
    assert draft.title == "Typed"
    press(signed_in, draft, "_end_link")
    assert Client().get(link.get_absolute_url()).status_code == 404
    messages = " ".join(AuditEntry.objects.values_list("comment", flat=True))
    assert "anyone with the link below can view this entry" in messages
    assert "The preview link no longer works" in messages
    assert link.nonce not in messages


def test_form_with_an_error_makes_no_link(signed_in: Client) -> None:
    draft = make_resource(state="draft")
    page = press(signed_in, draft, "_make_link", title="")
    assert "title" in page.context["adminform"].form.errors  # type: ignore[attr-defined]
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_preview_page_changes_nothing(signed_in: Client, method: str) -> None:
    draft = make_resource(state="draft")
    getattr(signed_in, method)(f"/admin/library/resource/{draft.pk}/preview/")
    draft.refresh_from_db()
    assert draft.state == "draft"


def buttons_of(client: Client, resource: Resource) -> dict[str, str]:
    """What the group offers, by the names of its buttons."""
    buttons = read(client.get(form_of(resource)).content).all("button", "input")
    shown = [button for button in buttons if button.get("name") in {PREVIEW, MAKE_LINK, END_LINK}]
    return {button["name"]: button.get("value") if button.tag == "input" else button.words for button in shown}


def test_of_what_readers_see_it_says_that_they_see_at_once_what_is_saved(signed_in: Client) -> None:
    seen = make_resource()
    assert buttons_of(signed_in, seen) == {PREVIEW: "Save and preview"}
    words = read(signed_in.get(form_of(seen)).content).words
    assert "Saved changes go live right away" in words
    assert "the way readers will" not in words
    page = press(signed_in, seen, PREVIEW, title="Typed")
    assert "Readers can already see this page." in read(page.content).words  # type: ignore[attr-defined]


@pytest.mark.parametrize("values", [{"state": "draft"}, {"listed_at": TEN_YEARS}])
def test_of_what_readers_do_not_see_yet_there_is_a_preview_and_a_link(
    signed_in: Client, values: dict[str, object]
) -> None:
    hidden = make_resource(**values)
    assert buttons_of(signed_in, hidden) == {PREVIEW: "Save and preview", MAKE_LINK: "Save and make a link"}
    assert "the way readers will" in read(signed_in.get(form_of(hidden)).content).words


def test_a_withdrawn_one_is_previewed_too(signed_in: Client) -> None:
    assert PREVIEW in buttons_of(signed_in, withdraw(make_resource()))
    assert "the way readers will" in read(signed_in.get(form_of(Resource.objects.get())).content).words


def test_no_link_is_made_for_what_readers_see(signed_in: Client) -> None:
    seen = make_resource()
    page = press(signed_in, seen, MAKE_LINK, title="Typed")
    assert "No link was made" in read(page.content).words  # type: ignore[attr-defined]
    seen.refresh_from_db()
    assert seen.title == "Typed"
    assert not PreviewLink.objects.exists()


def test_a_link_from_before_can_be_ended_when_readers_see_it(signed_in: Client) -> None:
    draft = make_resource(state="draft")
    press(signed_in, draft, MAKE_LINK)
    Resource.objects.update(state="published", listed_at=LISTED)
    assert END_LINK in buttons_of(signed_in, draft)
    press(signed_in, draft, END_LINK)
    assert not PreviewLink.objects.exists()
    assert END_LINK not in buttons_of(signed_in, draft)
