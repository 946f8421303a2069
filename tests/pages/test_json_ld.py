"""What pages say to machines is valid JSON, says no more than the page, and cannot break out of its element."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import RequestFactory

from library.models import Resource
from library.pages.cards import cards_of
from library.pages.json_ld import as_script_text, of_library, of_list, of_page, of_resource
from library.pages.other_links import links_of
from tests.factories import make_page, make_publisher, make_resource, make_section, make_series

pytestmark = pytest.mark.django_db

REQUEST = RequestFactory().get("/")


def described(resource: Resource, *keywords: str) -> dict[str, Any]:
    return json.loads(of_resource(REQUEST, resource, keywords, links_of(resource, {})))


def assert_without_empty(value: Any) -> None:
    assert value not in (None, "", [], {})
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        assert_without_empty(part)


def test_describes_an_episode() -> None:
    cops = make_publisher(url="https://cops.usdoj.gov")
    resource = make_resource(
        "Building Personal Resilience",
        ref="bpr2345",
        summary="How to.",
        url="https://cops.usdoj.gov/thebeat",
        publisher=cops,
        series=make_series(cops),
        speaker="Jane Doe",
        running_minutes=21,
        audio_url="https://cops.usdoj.gov/beat.mp3",
        published_on=date(2020, 2, 1),
        published_precision="month",
    )

    assert described(resource, "Sleep", "stress") == {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": "Building Personal Resilience",
        "description": "How to.",
        "url": "https://cops.usdoj.gov/thebeat",
        "mainEntityOfPage": "http://testserver/resources/building-personal-resilience/",
        "identifier": "bpr2345",
        "datePublished": "2020-02",
        "keywords": "Sleep, stress",
        "publisher": {"@type": "Organization", "name": "COPS Office", "url": "https://cops.usdoj.gov"},
        "partOfSeries": {"@type": "PodcastSeries", "name": "The Beat"},
        "timeRequired": "PT21M",
        "contributor": {"@type": "Person", "name": "Jane Doe"},
        "associatedMedia": {"@type": "AudioObject", "contentUrl": "https://cops.usdoj.gov/beat.mp3"},
    }


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("course", "Course"),
        ("podcast", "PodcastEpisode"),
        ("review", "Report"),
        ("forum", "CreativeWork"),
        ("site", "WebSite"),
    ],
)
def test_each_kind_has_its_type_and_nothing_empty(kind: str, type_: str) -> None:
    data = described(make_resource(kind=kind))

    assert data["@type"] == type_
    assert set(data) == {"@context", "@type", "name", "mainEntityOfPage", "identifier"}


def test_describes_a_course() -> None:
    data = described(make_resource(kind="course", publisher=make_publisher(), course_format="Slideshow"))

    assert data["provider"] == {"@type": "Organization", "name": "COPS Office"}
    assert data["learningResourceType"] == "Slideshow"
    assert "publisher" not in data


def test_names_the_copy_of_a_lost_page_and_not_the_page_that_took_its_place() -> None:
    copy = {"copy_url": "https://web.archive.org/web/20250514101112/https://example.org/"}
    lost = {"url": "https://example.org/", "link_checked_on": date(2026, 3, 1)} | copy
    assert "archivedAt" not in described(make_resource(**lost, link_state="alive"))
    dead, changed = (described(make_resource(**lost, link_state=state)) for state in ("dead", "changed"))
    assert (dead["archivedAt"], dead["url"]) == (copy["copy_url"], lost["url"])
    assert changed["archivedAt"] == copy["copy_url"]
    assert "url" not in changed


def test_describes_a_review() -> None:
    data = described(make_resource(kind="review", incident="A flood", place="Aurora, CO", authors="Doe, Roe", pages=90))

    assert data["about"] == {"@type": "Event", "name": "A flood", "location": "Aurora, CO"}
    assert (data["author"], data["numberOfPages"]) == ("Doe, Roe", 90)


HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 ]]>"


def test_a_title_cannot_break_out_of_the_script_element() -> None:
    resource = make_resource(HOSTILE, summary=HOSTILE)
    text = of_resource(REQUEST, resource, [HOSTILE], links_of(resource, {}))

    assert not set("<>&") & set(text)
    assert json.loads(text)["name"] == HOSTILE


def test_leaves_out_what_is_empty_at_any_depth() -> None:
    data = json.loads(as_script_text({"a": "", "b": None, "c": [], "d": {}, "e": {"f": "", "g": 1}, "h": [{"i": ""}]}))

    assert data == {"@context": "https://schema.org", "e": {"g": 1}}


def test_keeps_a_zero() -> None:
    assert json.loads(as_script_text({"a": 0}))["a"] == 0


def test_describes_the_library_with_its_search_and_its_sections() -> None:
    shown = make_section("podcasts", title="Podcasts – The Beat")
    withdrawn = make_section("forums", state="withdrawn", withdrawn_reason="Gone.")

    data = json.loads(of_library(REQUEST, [shown, withdrawn]))

    assert_without_empty(data)
    assert data["potentialAction"]["target"]["urlTemplate"] == "http://testserver/resources/?q={search_term_string}"
    assert data["hasPart"] == [
        {"@type": "CollectionPage", "name": "Podcasts – The Beat", "url": "http://testserver/sections/podcasts/"}
    ]


def test_describes_a_list_in_its_order() -> None:
    resources = [make_resource("One"), make_resource("Two")]

    data = json.loads(of_list(REQUEST, "/resources/?sort=title", "All resources", cards_of(resources), 1))

    assert_without_empty(data)
    assert data["url"] == "http://testserver/resources/?sort=title"
    assert [(item["position"], item["name"], item["url"]) for item in data["mainEntity"]["itemListElement"]] == [
        (1, "One", "http://testserver/resources/one/"),
        (2, "Two", "http://testserver/resources/two/"),
    ]


def test_describes_an_empty_list() -> None:
    assert_without_empty(json.loads(of_list(REQUEST, "/resources/", "All resources", [], 1)))


def test_describes_a_text() -> None:
    page = make_page("about", title="About this library")
    page.updated_at = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)

    data = json.loads(of_page(REQUEST, page))

    assert (data["name"], data["url"]) == ("About this library", "http://testserver/about/")
    assert data["dateModified"] == "2026-03-01", "the day it was where the library is"
