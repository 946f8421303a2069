"""The navigation of the desk: the same on every page, with what a person may see and where they are."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library.accounts.permissions import Role
from tests.admin.roles import client_of, make_person
from tests.factories import make_guide, make_identity, make_resource
from tests.reading import read

pytestmark = pytest.mark.django_db
EVERYTHING = ["Resources", "Guides", "Topics", "Help lines", "Reports", "Imports", "Site", "People"]


def links_of(client: Client, path: str, label: str) -> dict[str, Any]:
    """The links of this part of the navigation: what each says of the page."""
    page = read(client.get(path, follow=True).content.decode())
    lists = [nav for nav in page.all("nav") if nav.get("aria-label") == label]
    return {link.words: link.get("aria-current") for nav in lists for link in nav.all("a")}


def test_every_page_has_the_parts_of_the_desk_and_marks_its_own(signed_in: Client) -> None:
    make_identity()
    resource, guide = make_resource("Sleep"), make_guide("Night shift", make_resource("Fatigue"))

    for path, here in [
        ("/admin/", None),
        ("/admin/library/resource/", "Resources"),
        (f"/admin/library/resource/{resource.pk}/history/", "Resources"),
        (f"/admin/library/guide/{guide.pk}/change/", "Guides"),
        ("/admin/library/tag/add/", "Topics"),
        ("/admin/library/siteidentity/", "Site"),
        ("/admin/library/fileimport/add/", "Imports"),
        ("/admin/library/auditentry/deleted/", "People"),
        ("/admin/account/", None),
    ]:
        marks = links_of(signed_in, path, "Desk")
        assert list(marks) == EVERYTHING, path
        assert [label for label, mark in marks.items() if mark] == [here] * (here is not None), path


def test_lists_that_belong_together_lead_to_each_other(signed_in: Client) -> None:
    assert links_of(signed_in, "/admin/library/tag/", "Topics") == {
        "Sections": None,
        "Categories": None,
        "Tags": "page",
        "Publishers": None,
        "Series": None,
    }
    assert links_of(signed_in, "/admin/library/tag/add/", "Topics")["Tags"] == "true"
    assert links_of(signed_in, "/admin/library/guide/", "Guides") == {}


def test_nobody_is_led_to_what_they_may_not_see() -> None:
    author, editor = (client_of(make_person(role.value, role)) for role in (Role.AUTHOR, Role.EDITOR))

    assert list(links_of(author, "/admin/", "Desk")) == [
        "Resources",
        "Guides",
        "Topics",
        "Help lines",
        "Reports",
        "Site",
    ]
    assert list(links_of(author, "/admin/library/zeroresultterm/", "Reports")) == []
    assert list(links_of(editor, "/admin/", "Desk")) == EVERYTHING[:-1]
    assert links_of(Client(), "/admin/", "Desk") == {}
    assert links_of(client_of(make_person("nobody")), "/admin/", "Desk") == {}


def test_navigation_costs_no_query_besides_the_rights_of_the_person() -> None:
    client = client_of(make_person("editor", Role.EDITOR))
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/password_change/")

    asked = [query["sql"] for query in queries if '"auth_permission"' in query["sql"]]
    others = [query["sql"] for query in queries if '"auth_permission"' not in query["sql"]]
    assert len(asked) == 2  # the person's own, and those of their groups
    assert not [sql for sql in others if Group._meta.db_table in sql or "library_resource" in sql]
