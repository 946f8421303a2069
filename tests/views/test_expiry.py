"""An entry whose time is over: gone from every list from that moment on, whoever looks after the library."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Resource
from tests.factories import make_category, make_page, make_resource, make_section
from tests.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def end() -> datetime:
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def passing(end: datetime) -> Resource:
    """An entry that is listed for one more hour, beside one that stays."""
    section, category = make_section("podcasts"), make_category()
    make_resource("Officer Health", section=section, categories=[category], tags=["sleep"])
    return make_resource(
        "A course of this month",
        slug="course",
        ref="bpr2345",
        section=section,
        categories=[category],
        tags=["sleep"],
        expires_at=end,
    )


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


LISTS = [
    "/",
    "/sections/podcasts/",
    "/sections/podcasts/handout/",
    "/resources/",
    "/resources/?sort=title",
    "/resources/?tag=sleep",
    "/resources/?q=course",
    "/pack/?r=bpr2345",
]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_has_it_until_its_moment_and_not_after(
    client: Client, passing: Resource, end: datetime, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    make_page("library")
    mark = "/resources/course/"
    at(end - timedelta(seconds=1), monkeypatch)
    assert mark in client.get(path).text

    at(end, monkeypatch)
    assert mark not in client.get(path).text


def test_no_search_engine_is_told_of_it(
    client: Client, passing: Resource, end: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = client.get("/sitemap.xml").text
    last = re.findall(r"<loc>http://testserver(/sitemap-resources.xml[^<]*)</loc>", index)[-1]
    for moment, is_there in ((end - timedelta(seconds=1), True), (end, False)):
        at(moment, monkeypatch)
        assert ("/resources/course/" in client.get(last).text) == is_there


@pytest.mark.parametrize("query", ["", "?tag=sleep", "?sort=title"])
def test_no_number_counts_it(
    client: Client, passing: Resource, end: datetime, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    at(end, monkeypatch)
    page = read(client.get(f"/resources/{query}").content)

    assert "1 resource" in page.one("main").words
    (choice,) = [label.words for label in page.all("label", class_="choice") if label.words.startswith("sleep")]
    assert choice == "sleep (1)"


def test_its_page_and_its_short_link_say_that_its_time_is_over(
    client: Client, passing: Resource, end: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/resources/course/").status_code == 200

    at(end, monkeypatch)
    for path in ("/resources/course/", "/r/bpr2345/", "/resources/course/handout/"):
        response = client.get(path)
        assert response.status_code == 410
        assert "It was listed here for a limited time." in response.text


def test_the_clock_withdraws_it_and_readers_see_no_difference(
    client: Client, passing: Resource, end: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(end, monkeypatch)
    before = client.get("/resources/course/").content

    assert Resource.objects.withdraw_expired(end - timedelta(seconds=1)) == 0
    assert Resource.objects.withdraw_expired(end) == 1

    passing.refresh_from_db()
    assert (passing.state, passing.withdrawn_at) == ("withdrawn", end)
    assert client.get("/resources/course/").content == before
    assert Resource.objects.withdraw_expired(end) == 0
