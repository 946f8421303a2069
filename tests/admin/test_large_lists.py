"""Each list of the admin site costs the same number of queries however long it is, sorted and filtered in any way."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.admin import lists
from library.history.record import record_event
from library.models import (
    AuditEntry,
    Category,
    FileImport,
    HelpLineChange,
    Page,
    Publisher,
    Resource,
    Series,
    Tag,
    User,
)
from tests.factories import (
    make_crisis_term,
    make_guide,
    make_help_line,
    make_page,
    make_publisher,
    make_report,
    make_resource,
    make_section,
    make_synonyms,
    miss,
)
from tests.reading import read


def make_entry(number: int) -> None:
    """In a section, of a publisher, in a category and somebody's: nothing of it is another entry's."""
    make_resource(
        f"Episode {number}",
        publisher=make_publisher(f"house-{number}", f"House {number}"),
        section=make_section(f"part-{number}"),
        categories=[Category.objects.create(slug=f"subject-{number}", name=f"Subject {number}")],
        owner=User.objects.create_user(f"person-{number}"),
    )


def make_change(number: int) -> None:
    line = make_help_line(f"Line {number}", call_number="1-800-555-0100")
    by = User.objects.create_user(f"person-{number}")
    HelpLineChange.objects.create(line=line, name=line.name, kind="change", proposed_by=by, proposed_at=timezone.now())


def make_import(number: int) -> None:
    by, now = User.objects.create_user(f"person-{number}"), timezone.now()
    FileImport.objects.create(
        name=f"{number}.csv", uploaded_by=by, uploaded_at=now, requested_at=now, state="unreadable"
    )


def make_audit_entry(number: int) -> None:
    by = User.objects.create_user(f"person-{number}")
    record_event(Resource, AuditEntry.Kind.CHANGED, row=make_resource(f"Episode {number}"), by=by, now=timezone.now())


def make_series(number: int) -> None:
    publisher = make_publisher(f"house-{number}", f"House {number}")
    Series.objects.create(slug=f"series-{number}", title=f"Series {number}", publisher=publisher)


def make_zero_result_term(number: int) -> None:
    miss(f"word{chr(ord('a') + number)}")


# One more row of each model, which has nothing to do with the others.
ONE_MORE: dict[str, Callable[[int], Any]] = {
    "library.resource": make_entry,
    "library.section": lambda number: make_section(f"part-{number}"),
    "library.helpline": lambda number: make_help_line(f"Line {number}", call_number="1-800-555-0100"),
    "library.helplinechange": make_change,
    "library.publisher": lambda number: Publisher.objects.create(slug=f"house-{number}", name=f"House {number}"),
    "library.series": make_series,
    "library.category": lambda number: Category.objects.create(slug=f"subject-{number}", name=f"Subject {number}"),
    "library.tag": lambda number: Tag.objects.create(slug=f"word-{number}", name=f"Word {number}"),
    "library.synonymgroup": lambda number: make_synonyms(f"Group {number}", f"word {number}", f"other {number}"),
    "library.crisisterm": lambda number: make_crisis_term(f"crisis {number}"),
    "library.guide": lambda number: make_guide(f"Guide {number}", make_resource(f"Episode {number}")),
    "library.readerreport": lambda number: make_report(resource=make_resource(f"Episode {number}")),
    "library.zeroresultterm": make_zero_result_term,
    "library.fileimport": make_import,
    "library.auditentry": make_audit_entry,
    "library.user": lambda number: User.objects.create_user(f"person-{number}"),
    "auth.group": lambda number: Group.objects.create(name=f"Group {number}"),
}
# Of the site's texts there are as many as the site has pages.
FIXED = {"library.page"}
# The list of the one row leads to its form.
NO_LIST = {"library.siteidentity"}
REGISTERED = {model._meta.label_lower: owner for model, owner in admin.site._registry.items()}


def list_of(name: str) -> str:
    return f"/admin/{name.replace('.', '/')}/"


def addresses_of(client: Client, name: str) -> list[str]:
    """Its list: plain, with words, sorted by each column that can be, and with each choice of each of its filters."""
    listed = client.get(list_of(name)).context["cl"]
    queries = ["", "?q=o", "?q=officer"]
    for place, column in enumerate(listed.list_display):
        if listed.get_ordering_field(column) and (listed.sortable_by is None or column in listed.sortable_by):
            queries += [f"?{urlencode({'o': place})}", f"?{urlencode({'o': -place})}"]
    for spec in listed.filter_specs:
        queries += [choice["query_string"] for choice in spec.choices(listed)]
    return [f"{list_of(name)}{query}" for query in queries]


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


@pytest.mark.parametrize("name", sorted(REGISTERED.keys() - FIXED - NO_LIST))
def test_ten_more_rows_cost_no_more_queries_in_any_order_with_any_filter(signed_in: Client, name: str) -> None:
    for number in range(3):
        ONE_MORE[name](number)
    before = {address: queries_of(signed_in, address) for address in addresses_of(signed_in, name)}
    for number in range(3, 13):
        ONE_MORE[name](number)

    assert {address: queries_of(signed_in, address) for address in before} == before
    assert max(before.values()) <= 15


@pytest.mark.parametrize("name", sorted(FIXED))
def test_list_that_never_grows_answers_in_any_order(signed_in: Client, name: str) -> None:
    make_page(Page.Name.ABOUT)
    for address in addresses_of(signed_in, name):
        assert queries_of(signed_in, address) <= 14


def test_every_list_has_a_bound_and_counts_no_more_than_that() -> None:
    for owner in REGISTERED.values():
        assert (owner.paginator, owner.show_full_result_count) == (lists.BoundedRows, False)


def test_pages_of_a_list_have_its_rows_in_its_order(signed_in: Client) -> None:
    for number in range(120):
        Tag.objects.create(slug=f"word-{number}", name=f"Word {number:03}")

    pages = [signed_in.get(f"/admin/library/tag/?p={page}").context["cl"].result_list for page in (1, 2, 3)]
    backwards = signed_in.get("/admin/library/tag/?o=-1&p=3").context["cl"].result_list
    everything = signed_in.get("/admin/library/tag/?all=").context["cl"].result_list

    names = [f"Word {number:03}" for number in range(120)]
    assert [[tag.name for tag in page] for page in pages] == [names[:50], names[50:100], names[100:]]
    assert [tag.name for tag in backwards] == names[19::-1]
    assert [tag.name for tag in everything] == names


def test_list_that_is_longer_than_it_shows_says_so_and_ends_there(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(120):
        Tag.objects.create(slug=f"word-{number}", name=f"Word {number:03}")
    monkeypatch.setattr(lists, "LIST_LIMIT", 110)

    page = signed_in.get("/admin/library/tag/?p=3")

    assert [tag.name for tag in page.context["cl"].result_list] == [f"Word {number:03}" for number in range(100, 110)]
    assert "There are more than the 110 listed here." in page.content.decode()
    assert "listed here" not in signed_in.get("/admin/library/tag/?q=word+11").content.decode()


def test_entries_are_filtered_by_a_subject_or_by_none(signed_in: Client) -> None:
    sleep = Category.objects.create(slug="sleep", name="Sleep")
    make_resource("Fatigue", categories=[sleep, Category.objects.create(slug="shifts", name="Shift work")])
    make_resource("Peer support", state="draft")

    def titles(query: str) -> list[str]:
        changelist = signed_in.get(f"/admin/library/resource/?{query}").context["cl"]
        return [resource.title for resource in changelist.result_list]

    assert titles(f"category={sleep.pk}") == ["Fatigue"]
    assert titles("category=none") == ["Peer support"]
    assert titles("category=999999") == []
    assert titles("category=x") == ["Peer support", "Fatigue"]


def test_entry_that_goes_between_two_questions_leaves_a_gap_and_no_error(signed_in: Client) -> None:
    published, gone = make_resource("Fatigue"), make_resource("Peer support", state="draft")
    shown = signed_in.get("/admin/library/resource/").context["cl"]
    Resource.objects.filter(pk=gone.pk).delete()

    assert list(shown.result_list.all()) == [published]


def test_a_row_says_what_its_cells_are_after_the_third_column(signed_in: Client) -> None:
    """A small screen shows them when the row is opened; the box in front of a row is no column."""
    make_resource("Fatigue")

    (row,) = read(signed_in.get("/admin/library/resource/").content.decode()).one("tbody").all("tr")

    cells = row.all("td", "th")
    assert [cell.get("data-rest") for cell in cells] == [
        *(None, None, None, None),
        *("Publisher", "Published", "On this site", "Whose", "Edit"),
        None,
    ]
    assert cells[-1].words == "More"


@pytest.mark.django_db
def test_drafts_are_found_without_a_look_at_what_is_published() -> None:
    make_resource("Draft", state="draft")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    drafts = Resource.objects.filter(state="draft").order_by("-pk").values("pk")
    assert "resource_not_published" in drafts.explain()
