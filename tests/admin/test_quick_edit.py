"""An entry edited from its list by a form of a few fields, which promises what the whole form does."""

from typing import Any

import pytest
from django.test import Client

from library.accounts.permissions import Role
from library.models import AuditEntry, Resource
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.admin.test_bulk import DRAFT, LIST
from tests.factories import make_category, make_resource, make_section
from tests.reading import read

pytestmark = pytest.mark.django_db


def quick(entry: Resource, query: str = "") -> str:
    return f"{LIST}{entry.pk}/quick/{query}"


def save(client: Client, address: str, **typed: Any) -> Any:
    form = filled_in(client.get(address))
    return client.post(address, {name: value for name, value in form.items() if name not in typed} | typed)


def test_the_list_leads_to_a_small_form_and_back_to_itself(signed_in: Client) -> None:
    entry = make_resource("Sleep", tags=["stress"], categories=[make_category()], summary="As it was.", keywords="k")
    links = read(signed_in.get(f"{LIST}?q=sleep").content.decode()).one("table").all("a")
    (address,) = [link["href"] for link in links if link.words == "Quick edit"]
    assert address == quick(entry, "?_changelist_filters=q%3Dsleep")
    page = signed_in.get(address)
    assert set(page.context["adminform"].form.fields) == {"title", "section", "review_by", "state"} | {
        "withdrawn_reason",
        "successor",
    }

    other = make_section("other")
    response = save(signed_in, address, title="Better sleep", section=other.pk, review_by="2027-03-01", _save="1")

    assert (response.status_code, response.headers["Location"]) == (302, f"{LIST}?q=sleep")
    entry.refresh_from_db()
    assert (entry.title, entry.section, str(entry.review_by)) == ("Better sleep", other, "2027-03-01")
    assert (entry.summary, entry.keywords, entry.state) == ("As it was.", "k", "published")
    assert (list(entry.tags.names()), entry.categories.count()) == (["stress"], 1)
    comment = AuditEntry.objects.get(kind="changed").comment
    assert comment.startswith("Changed Title, ")
    assert "Tags" not in comment


def test_its_buttons_publish_and_withdraw(signed_in: Client) -> None:
    draft = make_resource("Draft", **DRAFT)

    save(signed_in, quick(draft), _publish="Publish")
    draft.refresh_from_db()
    assert draft.state == "published"

    save(signed_in, quick(draft), _withdraw="Withdraw", withdrawn_reason="It is old.")
    draft.refresh_from_db()
    assert (draft.state, draft.withdrawn_reason) == ("withdrawn", "It is old.")


def test_nobodys_edit_is_overwritten(signed_in: Client) -> None:
    entry = make_resource("Sleep")
    form = filled_in(signed_in.get(quick(entry)), title="Mine")
    save(signed_in, quick(entry), title="Theirs")

    page = signed_in.post(quick(entry), form)

    assert page.status_code == 409
    assert "Theirs" in page.content.decode()
    entry.refresh_from_db()
    assert entry.title == "Theirs"
    whole = f"{LIST}{entry.pk}/change/"
    form = filled_in(signed_in.get(quick(entry)), title="Mine")
    signed_in.post(whole, filled_in(signed_in.get(whole), summary="A summary of theirs."))
    assert signed_in.post(quick(entry), form).status_code == 302  # another field: both are kept
    entry.refresh_from_db()
    assert (entry.title, entry.summary) == ("Mine", "A summary of theirs.")


def test_people_do_there_what_they_may_do_elsewhere() -> None:
    author = make_person("author", Role.AUTHOR)
    own, other = make_resource("Own", owner=author, **DRAFT), make_resource("Other")
    client, editor = client_of(author), client_of(make_person("editor", Role.EDITOR))

    links = [link["href"] for link in read(client.get(LIST).content.decode()).one("table").all("a")]
    assert [link for link in links if link.endswith("/quick/")] == [quick(own)]
    assert save(client, quick(own), title="Own title", _publish="Publish").status_code == 302
    own.refresh_from_db()
    assert (own.title, own.state) == ("Own title", "draft")
    assert client.post(quick(other), {"title": "Mine"}).status_code == 403
    save(editor, quick(other), title="Of an editor", _withdraw="1", withdrawn_reason="It is old.")
    other.refresh_from_db()
    assert (other.title, other.state) == ("Of an editor", "published")
    assert Client().get(quick(own)).status_code == 302
