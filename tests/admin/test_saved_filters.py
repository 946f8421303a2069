"""The list of resources kept by a name, and its filters by who has an entry and who has edited it."""

import pytest
from django.test import Client

from library.accounts.permissions import Role
from library.models import Resource, SavedFilter, User
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.admin.test_bulk import LIST
from tests.factories import make_resource
from tests.reading import read

pytestmark = pytest.mark.django_db
FILTERS = f"{LIST}filters/"


def saved(client: Client, address: str = LIST) -> dict[str, tuple[str, str | None]]:
    """The links above the list: where each leads, and what it says of this page."""
    page = read(client.get(address).content.decode())
    links = [link for one in page.all("ul", class_="saved_filters") for link in one.all("a")]
    return {link.words: (link["href"], link.get("aria-current")) for link in links}


def test_a_filter_is_saved_from_the_list_and_leads_to_it(signed_in: Client) -> None:
    query = "q=sleep&state__exact=draft"
    page = read(signed_in.get(f"{LIST}?{query}&p=1").content.decode())
    (form,) = [form for form in page.all("form") if form.all("input", name="name")]
    assert form["action"] == FILTERS
    assert form.one("input", name="query")["value"] == query

    response = signed_in.post(FILTERS, {"name": " My  drafts ", "query": query})

    assert response.headers["Location"] == f"{LIST}?{query}"
    assert saved(signed_in) == {"My drafts": (f"?{query}", None)}
    assert saved(signed_in, f"{LIST}?{query}&p=1")["My drafts"][1] == "page"
    signed_in.post(FILTERS, {"name": "MY DRAFTS", "query": "q=rest"})
    assert saved(signed_in) == {"MY DRAFTS": ("?q=rest", None)}
    signed_in.post(FILTERS, {"remove": SavedFilter.objects.get().pk, "query": "q=rest"})
    assert saved(signed_in) == {}


def test_what_cannot_be_saved_is_said(signed_in: Client, curator: User) -> None:
    for number in range(20):
        SavedFilter.objects.create(user=curator, name=f"Filter {number}", query="q=sleep")

    for values, words in [
        ({"name": "", "query": "q=x"}, "Enter a name"),
        ({"name": "x" * 61, "query": "q=x"}, "Enter a name"),
        ({"name": "x", "query": "p=2"}, "Search or filter the list first"),
        ({"name": "x", "query": "q=x"}, "You can save up to 20 filters."),
    ]:
        assert words in signed_in.post(FILTERS, values, follow=True).content.decode()
    assert SavedFilter.objects.count() == 20


def test_filters_are_each_curators_own(signed_in: Client, curator: User) -> None:
    kept = SavedFilter.objects.create(user=curator, name="Drafts", query="state__exact=draft")
    editor = client_of(make_person("editor", Role.EDITOR))

    editor.post(FILTERS, {"remove": kept.pk})

    assert saved(editor) == {}
    assert saved(signed_in) == {"Drafts": ("?state__exact=draft", None)}
    assert editor.get(FILTERS).status_code == 405
    assert client_of(make_person("nobody")).post(FILTERS, {"name": "x", "query": "q=x"}).status_code == 403


def test_entries_are_filtered_by_who_has_them_and_who_edited_them(signed_in: Client) -> None:
    olga = make_person("olga", Role.EDITOR)
    of_olga, edited, other = make_resource("Of Olga", owner=olga), make_resource("Edited"), make_resource("Other")
    for client, entry in [(client_of(olga), edited), (signed_in, other)]:
        address = f"{LIST}{entry.pk}/change/"
        client.post(address, filled_in(client.get(address), summary="Another one."))

    def listed(query: str) -> set[Resource]:
        return set(signed_in.get(f"{LIST}?{query}").context["cl"].result_list)

    assert listed(f"whose={olga.pk}") == {of_olga}
    assert listed(f"editor={olga.pk}") == {edited}
    assert listed("editor=me") == {other}
    assert listed("editor=x") == {of_olga, edited, other}
    assert listed(f"editor={olga.pk}&q=example.org") <= {edited}
