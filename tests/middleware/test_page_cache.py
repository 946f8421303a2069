"""Pages are cached as long as nothing changes, and not one request longer."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from library.middleware import page_cache
from library.middleware.page_request import PARAMETERS, PageRequest
from library.models import LibraryVersion, Resource, Tag
from library.search.filters import ListFilters
from tests.factories import make_help_line, make_page, make_resource, make_resources, make_section

pytestmark = pytest.mark.django_db


def test_a_page_that_nothing_has_changed_costs_one_query(client: Client, django_assert_num_queries) -> None:
    make_resource(tags=["sleep"])
    first = client.get("/resources/?tag=sleep")

    with django_assert_num_queries(1):
        again = client.get("/resources/?tag=sleep")

    assert again.content == first.content
    assert headers_of(again) == headers_of(first)


def headers_of(response: Any) -> dict[str, str]:
    """All but what a proxy is told, which names the second."""
    return {name: value for name, value in response.items() if name != "X-Accel-Expires"}


def test_a_proxy_is_told_that_it_may_give_a_cached_page_until_the_second_is_over(client: Client) -> None:
    make_resource("Sleep")
    before = int(timezone.now().timestamp())

    for path in ("/sections/podcasts/", "/resources/", "/resources/"):
        assert before <= int(client.get(path)["X-Accel-Expires"].removeprefix("@")) <= timezone.now().timestamp()
    for path in ("/resources/?q=sleep", "/resources/none/", "/report/", "/admin/", "/healthz"):
        assert "X-Accel-Expires" not in client.get(path)


def test_it_costs_no_more_to_hear_that_it_is_the_same(client: Client, django_assert_num_queries) -> None:
    make_resource()
    etag = client.get("/resources/")["ETag"]

    with django_assert_num_queries(1):
        response = client.get("/resources/", headers={"If-None-Match": etag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_who_has_it_already_has_it_made_for_all(client: Client, django_assert_num_queries) -> None:
    make_resource()
    etag = Client().get("/resources/")["ETag"]

    assert client.get("/resources/", headers={"If-None-Match": etag}).status_code == 304
    with django_assert_num_queries(1):
        assert client.get("/resources/").status_code == 200


CHANGES = {
    "a resource": lambda: Resource.objects.update(title="Changed"),
    "a tag of it": lambda: Resource.objects.get().tags.add("changed"),
    "the name of a tag": lambda: Tag.objects.update(name="Changed"),
    "a help line": lambda: make_help_line("Changed", call_number="1-555", position=0, in_strip=True),
    "a new one": lambda: make_resource("Changed"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_change_is_seen_by_the_next_request(client: Client, change) -> None:
    make_help_line()
    make_resource(tags=["sleep"])
    before = client.get("/resources/").content

    change()

    assert client.get("/resources/").content != before


def test_an_entry_whose_hour_has_come_is_seen_by_the_next_request(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_resource("Now")
    make_resource("Soon", listed_at=timezone.now() + timedelta(hours=1))
    assert b"Soon" not in client.get("/resources/").content

    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert b"Soon" in client.get("/resources/").content


def test_a_page_that_says_what_is_open_is_kept_until_that_changes(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    make_page("help")
    hours = {"availability": "weekly", "first_day": 1, "last_day": 1, "time_zone": "America/New_York"}
    make_help_line("Office", call_number="1", **hours, opens_at=time(9), closes_at=time(17))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 21, 59, tzinfo=UTC))
    first = client.get("/help/")
    with django_assert_num_queries(1):
        again = client.get("/help/")
    assert again.content == first.content
    assert "Open now until 5 p.m. Eastern time on Monday" in first.text
    size = middleware_of(client).size

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 22, 0, tzinfo=UTC))

    assert "Closed. Opens Monday at 9 a.m. Eastern time" in client.get("/help/").text
    assert client.get("/help/", headers={"If-None-Match": first["ETag"]}).status_code == 200
    cache = middleware_of(client)
    assert cache.size == sum(page.size for page in cache.pages.values())
    assert abs(cache.size - size) < 100


def test_what_is_compressed_and_what_is_not_are_kept_apart(client: Client) -> None:
    make_resource()
    plain = client.get("/resources/")
    compressed = client.get("/resources/", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain
    assert compressed["Content-Encoding"] == "gzip"
    assert client.get("/resources/").content == plain.content


def test_hosts_are_kept_apart(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    make_resource()

    assert b"http://one.example/" in client.get("/resources/", headers={"Host": "one.example"}).content
    assert b"http://two.example/" in client.get("/resources/", headers={"Host": "two.example"}).content
    assert client.get("/resources/", headers={"Host": "three.example"}).status_code == 400


def test_what_no_page_asks_for_makes_no_other_page(client: Client, django_assert_num_queries) -> None:
    make_resource(section=make_section("podcasts"))
    client.get("/sections/podcasts/?sort=title")

    with django_assert_num_queries(1):
        client.get("/sections/podcasts/?utm_source=mail&sort=title&n=1")


def test_every_parameter_of_a_list_makes_another_page() -> None:
    assert {*ListFilters.base_filters, "page"} <= PARAMETERS


@pytest.mark.parametrize(
    "path", ["/resources/?q=sleep", "/resources/?tag=a&q=sleep", "/resources/?%71=sleep", "/healthz"]
)
def test_words_are_not_remembered(client: Client, path: str) -> None:
    make_resource("Sleep")

    client.get(path)
    client.get(path)

    assert all("sleep" not in str(key) for key in middleware_of(client).pages)


def test_packs_that_entries_are_opened_from_are_not_remembered(client: Client) -> None:
    make_resource(slug="resilience", ref="aaaa")

    assert "Back to your pack" in client.get("/resources/resilience/?pack=aaaa.bbbb").text

    assert middleware_of(client).pages == {}
    assert "Back to your pack" not in client.get("/resources/resilience/").text


def test_only_good_answers_are_kept(client: Client) -> None:
    for path in ("/resources/none/", "/s/none/", "/resources/?page=9", "/admin/"):
        client.get(path)

    assert not middleware_of(client).pages


def test_pages_make_room_for_others(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "SIZE_LIMIT", 300_000)
    slugs = [resource.slug for resource in make_resources(40)]
    for slug in slugs:
        client.get(f"/resources/{slug}/")

    cache = middleware_of(client)
    assert 3 < len(cache.pages) < 40
    assert cache.size == sum(page.size for page in cache.pages.values()) <= 300_000
    assert next(reversed(cache.pages)).path == f"/resources/{slugs[-1]}/"


def test_endless_lists_push_out_no_page_that_is_asked_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "SIZE_LIMIT", 300_000)
    make_resource(section=make_section("podcasts"))
    asked_for = ["/resources/", "/sections/podcasts/"]
    for path in (*asked_for, "/resources/?kind=podcast", "/resources/?kind=podcast"):
        client.get(path)

    for number in range(40):
        client.get(f"/resources/?year={1980 + number}")

    cache = middleware_of(client)
    assert len(cache.pages) < 40
    kept = [f"{key.path}?{key.query}".removesuffix("?") for key in cache.pages]
    assert kept[-3:] == [*asked_for, "/resources/?kind=podcast"]


def test_a_page_that_was_made_before_a_change_is_not_kept_after_it(client: Client) -> None:
    make_resource()
    client.get("/resources/")
    cache = middleware_of(client)

    key = PageRequest("http", "testserver", "/resources/", "another", takes_gzip=False)
    cache.put("an older state", key, page_cache.CachedPage(b"old", {}))

    assert key not in cache.pages


def middleware_of(client: Client) -> page_cache.PageCache:
    client.get("/healthz")
    middleware = client.handler._middleware_chain
    while not isinstance(middleware, page_cache.PageCache):
        middleware = (
            middleware.__closure__[0].cell_contents if hasattr(middleware, "__closure__") else middleware.get_response
        )
        if not callable(middleware):
            raise AssertionError("the middleware is not there")
    return middleware


@pytest.mark.django_db(transaction=True)
def test_the_number_of_the_version_rises_with_the_edit_and_not_before() -> None:
    make_page("about")
    before = LibraryVersion.objects.get().number
    with transaction.atomic():
        make_resource()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS library_settled DEFERRED")
        Resource.objects.update(title="Changed")
        assert LibraryVersion.objects.get().number == before + 1
    assert LibraryVersion.objects.get().number == before + 2
