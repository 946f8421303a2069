"""The form of a resource as a place to work in: its groups, what is wrong, a changed address, a withdrawal."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from library.admin.resources.fieldsets import HEADINGS
from library.models import FormerSlug, Resource, User
from library.models.resource.kinds import Kind
from tests.admin.conftest import filled_in
from tests.factories import TEN_YEARS, make_resource, make_section, withdraw
from tests.reading import read

ADD = "/admin/library/resource/add/"


def form_of(resource: Resource) -> str:
    return f"/admin/library/resource/{resource.pk}/change/"


def messages_on(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def looking_only() -> Client:
    """Somebody who may see resources and change nothing."""
    person = User.objects.create_user("reader", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_resource"))
    client = Client()
    client.force_login(person)
    return client


# Groups and errors


@pytest.mark.parametrize("kind", list(Kind))
def test_what_every_entry_needs_comes_first_and_the_rest_is_folded(signed_in: Client, kind: Kind) -> None:
    form = read(signed_in.get(f"{ADD}?kind={kind.value}").content).one("form", id="resource_form")
    folded = [group.one("h2").words for group in form.all("details") if group.all("h2")]
    own = [name for name in folded if name == "File and transcript"]
    assert own == (["File and transcript"] if kind == Kind.PODCAST else [])
    assert [name for name in folded if name not in own] == [
        "Audience, language, and search words",
        "Access and content notes",
        "Picture",
        "Review",
    ]
    headings = [heading.words for heading in form.all("h2")]
    assert headings[0] == "Basics"
    assert set(headings) - {"Basics", *folded} == ({HEADINGS[kind]} if kind in HEADINGS else set())
    fields = [field["name"] for field in form.all("input", "textarea", "select") if field.get("name")]
    needed = ["title", "url", "summary", "section", "tags", "publisher", "published_on"]
    assert [name for name in fields if name in needed] == needed


def test_a_group_is_open_that_holds_an_error_or_what_readers_are_warned_of(signed_in: Client) -> None:
    def folded(page: Any) -> set[str]:
        return {group.one("h2").words for group in read(page.content).all("details") if group.all("h2")}

    resource = make_resource(content_note="Describes a line-of-duty death.", review_by=date(2020, 1, 1))
    page = signed_in.get(form_of(resource))
    assert not {"Access and content notes", "Review"} & folded(page)
    assert {"Picture", "Publication"} < folded(page)
    wrong = filled_in(page, expires_at_0="never", expires_at_1="0:00", language="xx")
    assert folded(page) - folded(signed_in.post(form_of(resource), wrong)) == {
        "Publication",
        "Audience, language, and search words",
    }


def test_errors_are_listed_at_the_top_with_links_to_their_fields(signed_in: Client) -> None:
    page = read(add(signed_in, title="", section="", url="nowhere", listed_at_0="x", listed_at_1="y").content)
    errors = page.one("ul", class_="error_links").all("li")
    assert [error.one("a").words for error in errors] == ["Title", "Address", "Section", "Listed from", "Listed from"]
    for error in errors:
        assert page.one("input", "select", id=error.one("a")["href"].removeprefix("#"))
    assert "error_links" not in signed_in.get(f"{ADD}?kind=site").content.decode()


def test_enter_key_saves_and_presses_no_button_beside_a_field(signed_in: Client) -> None:
    form = read(signed_in.get(form_of(make_resource())).content).one("form", id="resource_form")
    buttons = [button for button in form.all("button", "input") if button.get("type") == "submit"]
    assert buttons[0]["name"] == "_save"
    assert buttons[0].get("hidden") is not None


# A title and an address


def test_new_title_keeps_the_address(signed_in: Client) -> None:
    resource = make_resource()
    page = signed_in.get(form_of(resource))
    signed_in.post(form_of(resource), filled_in(page, title="Sleeping Better"))
    resource.refresh_from_db()
    assert (resource.title, resource.slug) == ("Sleeping Better", "building-personal-resilience")
    assert not FormerSlug.objects.exists()


def test_says_before_a_change_what_becomes_of_links(signed_in: Client) -> None:
    resource = make_resource(slug="first")
    words = read(signed_in.get(form_of(resource)).content).one("div", id="id_slug_helptext").words
    assert "the old address leads to the new one forever" in words
    assert f"The short link /r/{resource.ref}/" in words
    assert "former address" not in words
    assert "withdrawn entr" not in words
    for slug in ("second", "third"):
        resource.slug = slug
        resource.save()
    withdraw(make_resource("Old Course"), successor=resource)
    words = read(signed_in.get(form_of(resource)).content).one("div", id="id_slug_helptext").words
    assert "So do 2 former addresses." in words
    assert "The page of 1 withdrawn entry names this one as its replacement" in words


def test_says_after_a_change_what_became_of_links(signed_in: Client) -> None:
    resource = make_resource(slug="first")
    for slug in ("second", "third"):
        page = signed_in.post(form_of(resource), filled_in(signed_in.get(form_of(resource)), slug=slug), follow=True)
    assert messages_on(page)[0] == (
        "Its address is now /resources/third/. Links to /resources/second/ lead there. So does 1 former address."
    )
    assert signed_in.get("/resources/first/")["Location"] == "/resources/third/"
    again = signed_in.post(form_of(resource), filled_in(signed_in.get(form_of(resource)), slug=""), follow=True)
    assert len(messages_on(again)) == 1


# Withdrawal


def test_withdraws_with_a_button_and_saves_whatever_else_was_typed(signed_in: Client) -> None:
    resource, newer = make_resource(), make_resource("Newer")
    form = filled_in(
        signed_in.get(form_of(resource)),
        _withdraw="1",
        title="Building Resilience",
        withdrawn_reason="Its publisher took it down.",
        successor=str(newer.pk),
    )
    assert signed_in.post(form_of(resource), form).status_code == 302
    resource.refresh_from_db()
    assert (resource.state, resource.title, resource.successor) == ("withdrawn", "Building Resilience", newer)
    page = signed_in.get(resource.get_absolute_url())
    assert page.status_code == 410
    assert "Its publisher took it down." in page.content.decode()


def test_withdrawal_without_a_reason_changes_nothing_and_keeps_what_was_typed(signed_in: Client) -> None:
    resource = make_resource()
    form = filled_in(signed_in.get(form_of(resource)), _withdraw="1", title="Building Resilience")
    page = signed_in.post(form_of(resource), form)
    assert "withdrawn_reason" in page.context["adminform"].form.errors
    assert filled_in(page)["title"] == "Building Resilience"
    resource.refresh_from_db()
    assert resource.state == "published"


def test_draft_cannot_be_withdrawn_and_the_form_says_so(signed_in: Client) -> None:
    resource = make_resource(state="draft")
    for changes in ({"state": "withdrawn"}, {"_withdraw": "1"}):
        page = signed_in.post(form_of(resource), filled_in(signed_in.get(form_of(resource)), **changes))
        assert page.status_code == 200
        assert "state" in page.context["adminform"].form.errors


def test_what_is_scheduled_cannot_be_withdrawn_and_can_be_a_draft(signed_in: Client) -> None:
    resource = make_resource(listed_at=TEN_YEARS)
    for changes in ({"state": "withdrawn"}, {"_withdraw": "1"}, {"state": "withdrawn", "listed_at_0": "2026-01-05"}):
        form = filled_in(signed_in.get(form_of(resource)), withdrawn_reason="Gone.", title="Typed", **changes)
        answer = signed_in.post(form_of(resource), form)
        assert answer.context["adminform"].form.errors["state"] == [
            "Readers haven’t seen it yet. Make it a draft instead."
        ]
        assert "Typed" in answer.text
    resource.refresh_from_db()
    assert (resource.state, resource.withdrawn_reason) == ("published", "")

    form = filled_in(signed_in.get(form_of(resource)), state="draft")
    assert signed_in.post(form_of(resource), form).status_code == 302
    assert Resource.objects.get().state == "draft"


def test_withdrawn_entry_can_be_published_again(signed_in: Client) -> None:
    resource = withdraw(make_resource())
    form = filled_in(signed_in.get(form_of(resource)), state="published")
    assert signed_in.post(form_of(resource), form).status_code == 302
    assert signed_in.get(resource.get_absolute_url()).status_code == 200


def test_who_may_only_look_gets_no_button(db: None) -> None:
    client, resource = looking_only(), make_resource()
    page = read(client.get(form_of(resource)).content)
    assert page.one("div", class_="field-withdrawn_reason")
    buttons = page.one("form", id="resource_form").all("button", "input")
    assert [button for button in buttons if button.get("type") == "submit"] == []
    assert client.post(form_of(resource), {"_withdraw": "1"}).status_code == 403


# An address that the library has already


def add(client: Client, **typed: Any) -> Any:
    address = f"{ADD}?kind=site"
    return client.post(address, filled_in(client.get(address), **typed))


def test_known_address_is_told_with_a_link_and_nothing_typed_is_lost(signed_in: Client) -> None:
    known = make_resource("Sleep", kind="site", url="https://example.org/sleep")
    page = add(
        signed_in, title="Typed", section=make_section("websites").pk, url="http://Example.org/sleep/?utm_source=x#top"
    )
    (error,) = read(page.content).all("ul", class_="errorlist")
    assert "The library already has this address: Sleep (Website, published)" in error.words
    assert error.one("a")["href"] == form_of(known)
    assert filled_in(page)["title"] == "Typed"
    assert Resource.objects.count() == 1


def test_tracking_codes_are_removed_from_an_address_that_is_typed_and_from_no_other(signed_in: Client) -> None:
    entry = make_resource("Old", url="https://example.org/old?utm_source=mail")
    signed_in.post(form_of(entry), filled_in(signed_in.get(form_of(entry)), title="New"))
    assert Resource.objects.values_list("title", "url").get() == ("New", "https://example.org/old?utm_source=mail")
    typed = filled_in(signed_in.get(form_of(entry)), url="https://example.org/sleep?id=6&utm_source=mail&gclid=x#top")
    answer = signed_in.post(form_of(entry), typed, follow=True)
    assert "Tracking codes such as utm_source were removed from the address." in answer.text
    assert Resource.objects.get().url == "https://example.org/sleep?id=6#top"


def test_second_click_saves_it_as_another_resource_and_it_is_not_asked_again(signed_in: Client) -> None:
    make_resource(url="https://example.org/sleep")
    page = add(signed_in, title="Sleep", section=make_section("websites").pk, url="https://example.org/sleep#part-2")
    buttons = [
        button.get("name") for button in read(page.content).one("form", id="resource_form").all("button", "input")
    ]
    assert buttons.index("_another_resource") > buttons.index("url")  # a second press of Enter says nothing
    button = read(page.content).one("button", name="_another_resource")
    assert button.words == "Save anyway: it’s a different resource"
    form = filled_in(page, _another_resource=button["value"])
    assert signed_in.post(f"{ADD}?kind=site", form).status_code == 302
    saved = Resource.objects.get(title="Sleep")
    again = signed_in.post(form_of(saved), filled_in(signed_in.get(form_of(saved)), summary="More."))
    assert again.status_code == 302


@pytest.mark.parametrize("is_whole", [True, False])
def test_second_click_does_what_was_pressed(signed_in: Client, is_whole: bool) -> None:
    make_resource(url="https://example.org/sleep")
    title = "Sleep" if is_whole else ""
    page = add(
        signed_in, title=title, section=make_section("websites").pk, url="https://example.org/sleep", _publish="Publish"
    )
    button = read(page.content).one("button", value="example.org/sleep")
    assert button.words == "Publish anyway: it’s a different resource"
    form = filled_in(page, **{button["name"]: button["value"]})
    answer = signed_in.post(f"{ADD}?kind=site", form)
    if not is_whole:
        assert set(answer.context["adminform"].form.errors) == {"title"}
        answer = signed_in.post(f"{ADD}?kind=site", filled_in(answer, title="Sleep", _publish="Publish"))
    assert answer.status_code == 302
    assert Resource.objects.get(title="Sleep").state == "published"


def test_answer_is_kept_while_other_fields_are_mended(signed_in: Client) -> None:
    make_resource(url="https://example.org/sleep")
    first = add(signed_in, title="", section=make_section("websites").pk, url="https://example.org/sleep")
    button = read(first.content).one("button", name="_another_resource")
    second = signed_in.post(f"{ADD}?kind=site", filled_in(first, _another_resource=button["value"]))
    assert set(second.context["adminform"].form.errors) == {"title"}
    assert signed_in.post(f"{ADD}?kind=site", filled_in(second, title="Sleep")).status_code == 302


def test_answer_about_one_address_says_nothing_of_another(signed_in: Client) -> None:
    make_resource(url="https://example.org/sleep")
    make_resource("Stress", url="https://example.org/stress")
    first = add(signed_in, title="Typed", section=make_section("websites").pk, url="https://example.org/sleep")
    button = read(first.content).one("button", name="_another_resource")
    form = filled_in(first, _another_resource=button["value"], url="https://example.org/stress")
    page = signed_in.post(f"{ADD}?kind=site", form)
    assert "Stress" in read(page.content).one("ul", class_="errorlist").words


def test_equal_titles_and_no_address_ask_nothing(signed_in: Client) -> None:
    make_resource("Sleep", kind="site", url="")
    assert add(signed_in, title="Sleep", section=make_section("websites").pk, url="").status_code == 302


def test_change_to_an_address_of_another_is_asked_about_too(signed_in: Client) -> None:
    make_resource("Sleep", url="https://example.org/sleep")
    resource = make_resource(url="https://example.org/own")
    form = filled_in(signed_in.get(form_of(resource)), url="https://example.org/sleep/")
    assert "url" in signed_in.post(form_of(resource), form).context["adminform"].form.errors


def test_names_five_of_many_and_a_title_is_never_markup(signed_in: Client) -> None:
    for number in range(6):
        make_resource(f"<b>Sleep {number}", slug=f"sleep-{number}", url="https://example.org/sleep")
    page = add(signed_in, title="Typed", section=make_section("websites").pk, url="https://example.org/sleep")
    error = read(page.content).one("ul", class_="errorlist")
    assert [link.words for link in error.all("a")] == [f"<b>Sleep {number}" for number in range(5)]
    assert "… and more" in error.words
