"""When readers see a resource: the rule says the same in the database and of a row, and every page keeps to it."""

from datetime import timedelta
from itertools import product

import pytest
from django.test import Client
from django.utils import timezone

from library.models import OpenCount, Resource
from library.pages.sitemaps import FILE_SIZE
from tests.factories import make_page, make_resource, make_section

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = timedelta(hours=1)
LISTED_FROM = {"listed": NOW - 2 * HOUR, "from now on": NOW, "later": NOW + HOUR, "never": None}
LISTED_UNTIL = {"open": None, "over": NOW - HOUR, "over now": NOW, "ends later": NOW + 2 * HOUR}


def make_every_kind() -> list[Resource]:
    """A resource of each state and of each pair of dates that the database takes."""
    made = []
    for state, start, end in product(Resource.State.values, LISTED_FROM, LISTED_UNTIL):
        first, last = LISTED_FROM[start], LISTED_UNTIL[end]
        if (state == "published" and first is None) or (first and last and last <= first):
            continue  # the database refuses these
        gone = {"withdrawn_reason": "Why.", "withdrawn_at": NOW} if state == "withdrawn" else {}
        row = make_resource(f"{state} {start} {end}", state="draft")
        Resource.objects.filter(pk=row.pk).update(state=state, listed_at=first, expires_at=last, **gone)
        made.append(row.pk)
    return list(Resource.objects.filter(pk__in=made).select_related("section"))


def addresses_in(client: Client, page: str, rows: list[Resource]) -> set[str]:
    """The slugs of those of the rows that a page links to, or that the sitemap's files have."""
    files = {f"{page}?p={-(-row.pk // FILE_SIZE)}" for row in rows} if "sitemap" in page else {page}
    text = "".join(client.get(file).text for file in files)
    return {row.slug for row in rows if f"/resources/{row.slug}/" in text}


def test_a_row_says_what_the_database_says() -> None:
    rows, resources = make_every_kind(), Resource.objects
    in_state = set(resources.filter(state="published"))
    assert len(rows) > 20

    for moment in (NOW - 3 * HOUR, NOW - HOUR, NOW, NOW + HOUR, NOW + 3 * HOUR):
        assert {row for row in rows if row.is_published(moment)} == set(resources.published(moment))
        assert {row for row in rows if row.is_listed(moment)} == set(resources.listed(moment))
        assert {row for row in rows if row.has_expired(moment)} == set(resources.expired(moment))
        assert set(resources.hidden(moment)) == {*resources.scheduled(moment), *resources.expired(moment)}
        assert in_state - set(resources.hidden(moment)) == set(resources.published(moment))


def test_every_page_keeps_to_the_rule(client: Client) -> None:
    """The sections' pages count it and show it; an address tells of what is gone; and nothing tells of the rest."""
    make_page("library")
    rows = make_every_kind()
    section = rows[0].section
    published = {row.slug for row in Resource.objects.published(timezone.now())}
    listed = {row.slug for row in Resource.objects.listed(timezone.now())}
    assert 0 < len(published) < len(listed) < len(rows)

    for page in ("/", "/resources/", f"/sections/{section.anchor}/", "/sitemap-resources.xml"):
        assert addresses_in(client, page, rows) == published, page
    for page in ("/resources/", "/resources/?kind=podcast", f"/sections/{section.anchor}/"):
        assert f"{len(published)} resources" in client.get(page).text
    for row in rows:
        status = 200 if row.slug in published else 410 if row.slug in listed else 404
        assert client.get(f"/resources/{row.slug}/").status_code == status, row
        assert client.get(f"/resources/{row.slug}/handout/").status_code == status, row
        assert client.get(f"/r/{row.ref}/").status_code == {200: 302}.get(status, status), row
        assert (row.title in client.get(f"/report/?r={row.ref}").text) == (row.slug in listed), row
        assert (row.title in client.get(f"/pack/?r={row.ref}").text) == (row.slug in listed), row
        client.post(f"/r/{row.ref}/opened/")
    assert {use.resource.slug for use in OpenCount.objects.select_related("resource")} == published


def test_an_older_address_name_tells_nothing_of_what_was_never_listed(client: Client) -> None:
    for row in make_every_kind():
        Resource.objects.filter(pk=row.pk).update(slug=f"{row.slug}-today")
        status = 301 if row.is_listed(timezone.now()) else 404
        assert client.get(f"/resources/{row.slug}/").status_code == status, row


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_the_state_of_a_section_hides_its_page_and_no_entry(client: Client, state: str) -> None:
    reason = {"withdrawn_reason": "Why."} if state == "withdrawn" else {}
    entry = make_resource(section=make_section("forums", state=state, **reason))

    make_page("library")

    assert addresses_in(client, "/resources/", [entry]) == {entry.slug}
    assert addresses_in(client, "/sitemap-resources.xml", [entry]) == {entry.slug}
    assert client.get(entry.get_absolute_url()).status_code == 200
    assert addresses_in(client, "/", [entry]) == set()
