"""“Duplicate” above the form of a resource: the form of a new one, filled in with what can be copied."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from library.accounts.permissions import Role
from library.models import Resource, User
from library.models.resource.kinds import FIELDS_OF_KIND, Kind
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.admin.test_resource_form import TYPED
from tests.factories import LISTED, TEN_YEARS, make_category, make_resource, make_section, make_series
from tests.reading import read

ADD = "/admin/library/resource/add/"
COMMON = {
    "summary": "What a reader gets.",
    "keywords": "night shift",
    "credit": "funded by the COPS Office",
    "language": "en",
    "country": "US",
    "published_on": "2018-05-17",
    "published_precision": "month",
    "access": "account",
    "access_note": "Some materials need a member login.",
    "content_note": "Describes a line-of-duty death.",
    "tags": "PTSD, sleep",
}


def form_of(resource: Resource) -> str:
    return f"/admin/library/resource/{resource.pk}/change/"


def duplicate(client: Client, resource: Resource) -> tuple[str, Any]:
    """The address behind “Duplicate”, and its page."""
    tools = read(client.get(form_of(resource)).content).one("ul", class_="object-tools")
    (address,) = [link["href"] for link in tools.all("a") if link.words == "Duplicate"]
    return address, client.get(address)


@pytest.mark.parametrize("kind", list(Kind))
def test_copies_everything_but_what_belongs_to_the_one_entry(signed_in: Client, kind: Kind) -> None:
    category = make_category()
    series = {"series": make_series().pk} if kind is Kind.PODCAST else {}
    old = make_resource("Sleep", kind=kind, section=make_section("here"), url="https://example.org/", listed_at=LISTED)
    dates = {
        "reviewed_on": "2020-01-01",
        "review_by": "2030-01-01",
    }
    typed = COMMON | TYPED[kind] | series | dates | {"categories": [category.pk]}
    form = filled_in(signed_in.get(form_of(old)), expires_at_0="2100-01-01", expires_at_1="00:00", **typed)
    saved = signed_in.post(form_of(old), form)
    assert saved.status_code == 302, saved.context["errors"]

    address, page = duplicate(signed_in, old)
    copied = filled_in(page)
    kept = filled_in(signed_in.get(form_of(old)))
    for name in ("title", "section", "audience", "categories", *COMMON, *FIELDS_OF_KIND[kind]):
        assert copied.get(name) == kept.get(name), name
    own = ("slug", "url", "listed_at_0", "expires_at_0", "reviewed_on", "review_by")
    assert [copied.get(name) for name in own] == [""] * len(own)
    assert copied["state"] == "draft"
    text = read(page.content).one("p", id="copied_from")
    assert text.words.startswith("Copied from Sleep, without its web address")
    assert text.one("a")["href"] == form_of(old)

    assert signed_in.post(address, copied).status_code == 302
    new = Resource.objects.order_by("pk").last()
    assert new is not None
    assert (new.kind, new.title, new.slug, new.url, new.state) == (kind, "Sleep", "sleep-2", "", "draft")
    assert list(new.categories.all()) == [category]
    assert {tag.name for tag in new.tags.all()} == {"PTSD", "sleep"}
    assert new.ref != old.ref
    assert new.owner == User.objects.get(username="curator")


def test_form_that_comes_back_still_says_where_it_is_from(signed_in: Client) -> None:
    address, page = duplicate(signed_in, make_resource("Sleep"))
    answer = signed_in.post(address, filled_in(page, title="", summary="Typed"))
    assert answer.status_code == 200
    assert "Copied from Sleep" in read(answer.content).words
    assert filled_in(answer)["summary"] == "Typed"


def test_is_for_those_who_may_add_resources(db: None) -> None:
    resource = make_resource("Sleep", listed_at=TEN_YEARS)
    address, page = duplicate(client_of(make_person("author", Role.AUTHOR)), resource)
    assert filled_in(page)["title"] == "Sleep"
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_resource"))
    client = client_of(reader)
    assert "Duplicate" not in read(client.get(form_of(resource)).content).words
    assert client.get(address).status_code == 403


def test_of_an_entry_that_one_may_not_see_nothing_is_copied(db: None) -> None:
    resource = make_resource("Sleep")
    blind = User.objects.create_user("blind", is_staff=True)
    blind.user_permissions.add(Permission.objects.get(codename="add_resource"))
    page = client_of(blind).get(f"{ADD}?kind=site&copy_of={resource.pk}")
    assert page.status_code == 200
    assert "Sleep" not in page.content.decode()


@pytest.mark.parametrize("source", ["", "0", "999999", "x", "9" * 30])
def test_address_of_no_entry_opens_the_plain_form(signed_in: Client, source: str) -> None:
    page = signed_in.get(f"{ADD}?kind=site&copy_of={source}")
    assert page.status_code == 200
    assert filled_in(page)["title"] == ""
    assert "Copied from" not in read(page.content).words
