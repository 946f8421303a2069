"""What was deleted: all of it in pages, found by its name, and brought back from there and from its act."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from library.admin import lists
from library.history.record import record
from library.models import AuditEntry, Resource, Tag, User
from tests.factories import make_resource
from tests.reading import read

DELETED = "/admin/library/auditentry/deleted/"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def delete_many(number: int, name: str) -> None:
    """So many tags, in one act."""
    tags = Tag.objects.bulk_create(Tag(name=f"{name} {place}", slug=f"{name}-{place}") for place in range(number))
    record(Tag, [tag.pk for tag in tags], AuditEntry.Kind.DELETED, by=None, now=NOW)
    Tag.objects.filter(pk__in=[tag.pk for tag in tags]).delete()


def test_all_that_was_deleted_is_listed_in_pages_and_found_by_its_name(signed_in: Client) -> None:
    draft = make_resource("Sleep and rest", state="draft")
    signed_in.post(f"/admin/library/resource/{draft.pk}/delete/", {"post": "yes"})
    delete_many(120, "shift")
    names = []
    for number in (1, 2, 3):
        page = read(signed_in.get(f"{DELETED}?page={number}").content)
        assert f"Page {number} of 3" in page.words
        names += [row.one("th").words for row in page.one("tbody").all("tr")]
    assert len(set(names)) == 121
    assert names[-1] == "Resource: Sleep and rest"
    assert page.one("nav", class_="paginator").one("a")["href"] == "?page=2"

    page = read(signed_in.get(f"{DELETED}?q=REST+sleep").content)
    assert "1 result" in page.words
    (row,) = page.one("tbody").all("tr")
    signed_in.post(f"{DELETED}?q=REST+sleep", {"version": row.one("input", name="version")["value"]})
    assert Resource.objects.get() == draft
    assert "No deleted items match." in read(signed_in.get(f"{DELETED}?q=REST+sleep").content).words


@pytest.mark.parametrize("query", ["page=abc", "page=-1", "page=99999999999999999999", "q=%25_%27%5C", "q=(((&page=2"])
def test_other_pages_of_what_was_deleted_are_pages_too(signed_in: Client, query: str) -> None:
    delete_many(60, "shift")
    assert signed_in.get(f"{DELETED}?{query}").status_code == 200


def test_refused_recovery_leads_back_to_its_page(signed_in: Client) -> None:
    delete_many(1, "shift")
    Tag.objects.create(name="Shift 0", slug="shift")
    version = read(signed_in.get(f"{DELETED}?q=shift&page=1").content).one("input", name="version")["value"]
    answer = signed_in.post(f"{DELETED}?q=shift&page=1", {"version": version})
    assert answer["Location"] == f"{DELETED}?q=shift&page=1"
    assert "Another one is now called “shift 0”." in read(signed_in.get(answer["Location"]).content).words


def test_list_of_what_was_deleted_says_where_it_ends(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LIST_LIMIT", 60)
    delete_many(61, "shift")
    assert "more than the 60 listed here" in read(signed_in.get(DELETED).content).words
    assert "more than" not in read(signed_in.get(f"{DELETED}?q=7").content).words


def test_list_of_what_was_deleted_asks_no_more_for_more(signed_in: Client, django_assert_max_num_queries: Any) -> None:
    counts = []
    for name in ("shift", "patrol"):
        delete_many(60, name)
        with django_assert_max_num_queries(12) as captured:
            signed_in.get(DELETED)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_page_of_a_deletion_recovers_what_it_deleted(signed_in: Client) -> None:
    delete_many(60, "shift")
    address = f"/admin/library/auditentry/{AuditEntry.objects.acts().get().pk}/rows/"
    page = read(signed_in.get(f"{address}?page=2").content)
    first, *others = page.one("ul", class_="entry_rows").all("li")
    assert ("shift 50 (since deleted)" in first.words, len(others)) == (True, 9)
    form = first.one("form")
    signed_in.post(form["action"], {"version": form.one("input", name="version")["value"]})
    assert Tag.objects.get().name == "shift 50"
    page = read(signed_in.get(f"{address}?page=2").content)
    assert [row.words for row in page.all("a") if "shift" in row.words] == ["shift 50"]
    assert len(page.all("input", name="version")) == 9


def test_page_of_another_act_or_for_others_recovers_nothing(signed_in: Client) -> None:
    tag = Tag.objects.create(name="sleep", slug="sleep")
    record(Tag, [tag.pk], AuditEntry.Kind.CHANGED, by=None, now=NOW)
    changed = AuditEntry.objects.acts().get()
    record(Tag, [tag.pk], AuditEntry.Kind.DELETED, by=None, now=NOW)
    tag.delete()
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    viewer = Client()
    viewer.force_login(user)
    for client, entry in ((signed_in, changed), (viewer, AuditEntry.objects.acts().get(kind="deleted"))):
        page = read(client.get(f"/admin/library/auditentry/{entry.pk}/rows/").content)
        assert "sleep (since deleted)" in page.words
        assert page.all("input", name="version") == []
