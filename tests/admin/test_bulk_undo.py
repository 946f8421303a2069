"""A change of many entries taken back in one press; and drafts deleted together."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.accounts.permissions import Role
from library.models import AuditEntry, Resource
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.admin.test_bulk import DRAFT, LIST, do
from tests.factories import TEN_YEARS, make_category, make_resource, make_resources
from tests.reading import read

pytestmark = pytest.mark.django_db


def undo(client: Client, back: str = "") -> str:
    """What the list says when the button above it was pressed."""
    response = client.post(f"{LIST}undo/", {"back": back}, follow=True)
    assert response.redirect_chain == [(f"{LIST}?{back}".rstrip("?"), 302)]
    return read(response.content.decode()).words


def values_of(*entries: Resource) -> list[Any]:
    rows = [Resource.objects.get(pk=entry.pk) for entry in entries]
    return [
        (row.state, row.withdrawn_reason, row.review_by, row.owner_id, sorted(row.tags.names()), row.categories.count())
        for row in rows
    ]


def test_each_change_is_taken_back_by_one_press(signed_in: Client) -> None:
    category, later = make_category(), timezone.localdate() + timedelta(days=40)
    one = make_resource("One", tags=["PTSD"], categories=[category], review_by=timezone.localdate() + timedelta(days=3))
    two = make_resource("Two")
    before = values_of(one, two)

    for action, values in [
        ("add-tag", {"name": "sleep"}),
        ("remove-tag", {"name": "ptsd"}),
        ("add-category", {"category": category.pk}),
        ("remove-category", {"category": category.pk}),
        ("review", {"day": later.isoformat()}),
        ("assign", {"owner": make_person("olga", Role.EDITOR).pk}),
        ("withdraw", {"reason": "It is old."}),
    ]:
        do(signed_in, action, one, two, **values)
        assert values_of(one, two) != before, action
        assert "before." in undo(signed_in)
        assert values_of(one, two) == before, action
    assert AuditEntry.objects.filter(comment__startswith="Undone: Bulk change: Withdraw").exists()


def test_what_somebody_has_changed_since_is_named_and_left_alone(signed_in: Client) -> None:
    entries = make_resources(3, tags=["stress"])
    do(signed_in, "add-tag", *entries, name="sleep")
    form = f"{LIST}{entries[1].pk}/change/"
    signed_in.post(form, filled_in(signed_in.get(form), title="Another title"))
    Resource.objects.filter(pk=entries[2].pk).update(keywords="by a command")

    words = undo(signed_in, "o=1")

    assert "1 entry is as it was before." in words
    assert words.count("Someone has changed it since.") == 2
    assert [sorted(entry.tags.names()) for entry in entries] == [["stress"], ["sleep", "stress"], ["sleep", "stress"]]


def test_undo_can_be_undone_and_is_gone_when_it_is_done(signed_in: Client) -> None:
    entry = make_resource("One")
    do(signed_in, "add-tag", entry, name="sleep")
    undo(signed_in)
    undo(signed_in)

    assert list(entry.tags.names()) == ["sleep"]
    do(signed_in, "add-tag", entry, name="sleep")  # changes nothing
    assert signed_in.post(f"{LIST}undo/").status_code == 404
    assert "Undo" not in read(signed_in.get(LIST).content.decode()).words


def test_what_readers_have_seen_is_no_draft_again(signed_in: Client) -> None:
    seen, scheduled = make_resource("Seen", **DRAFT), make_resource("Scheduled", state="draft", listed_at=TEN_YEARS)
    do(signed_in, "publish", seen, scheduled)

    words = undo(signed_in)

    assert "“Seen”: It’s been public, so it can’t be a draft again." in words
    assert [values[0] for values in values_of(seen, scheduled)] == ["published", "draft"]


def test_only_its_maker_takes_a_change_back(signed_in: Client) -> None:
    entry = make_resource("One")
    do(signed_in, "add-tag", entry, name="sleep")

    assert client_of(make_person("editor", Role.EDITOR)).post(f"{LIST}undo/").status_code == 404
    assert client_of(make_person("author", Role.AUTHOR)).post(f"{LIST}undo/").status_code == 404
    assert client_of(make_person("nobody")).post(f"{LIST}undo/").status_code == 403
    assert signed_in.get(f"{LIST}undo/").status_code == 405


def test_a_change_can_be_taken_back_for_a_week(signed_in: Client) -> None:
    do(signed_in, "add-tag", make_resource("One"), name="sleep")
    for days, status in ((8, 404), (6, 302)):
        AuditEntry.objects.update(created_at=timezone.now() - timedelta(days=days))
        assert signed_in.post(f"{LIST}undo/").status_code == status


def test_many_cost_as_few_queries_as_two(signed_in: Client) -> None:
    costs = []
    for number in (2, 12):
        do(signed_in, "add-tag", *make_resources(number, f"Of {number}"), name="sleep")
        with CaptureQueriesContext(connection) as queries:
            signed_in.post(f"{LIST}undo/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_drafts_are_deleted_together_and_can_be_recovered(signed_in: Client) -> None:
    draft, other = make_resource("Draft", tags=["sleep"], **DRAFT), make_resource("Other", **DRAFT)
    seen, scheduled = make_resource("Seen"), make_resource("Scheduled", listed_at=TEN_YEARS)

    do(signed_in, "delete-drafts", draft, other, seen, scheduled)

    words = read(signed_in.get(LIST).content.decode()).words
    assert "2 entries were changed." in words
    assert "“Seen”: It’s been public, so it can’t be deleted." in words
    assert set(Resource.objects.all()) == {seen, scheduled}
    assert "Undo" not in words
    assert AuditEntry.objects.get(kind="deleted").total == 2
    page = signed_in.get("/admin/library/auditentry/deleted/")
    version = next(version for _kind, version in page.context["rows"] if version.label == "Draft")
    signed_in.post("/admin/library/auditentry/deleted/", {"version": version.pk})
    assert list(Resource.objects.get(pk=draft.pk).tags.names()) == ["sleep"]


def test_editors_delete_no_drafts() -> None:
    editor, draft = client_of(make_person("editor", Role.EDITOR)), make_resource("Draft", **DRAFT)

    assert "delete-drafts" not in editor.get(LIST).content.decode()
    assert editor.post(f"{LIST}bulk/delete-drafts/", {"plan": "", "confirmed": "yes"}).status_code == 403
    assert Resource.objects.filter(pk=draft.pk).exists()
