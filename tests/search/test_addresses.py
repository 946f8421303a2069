"""Searches for the address of a page or for a host find what the library has from there, and other words never do."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from library.models import Resource
from library.search.filters import read_query
from library.search.results import SearchResults, search
from tests.factories import make_resource

pytestmark = pytest.mark.django_db


def results_of(words: str, **filters: str) -> SearchResults:
    parameters = QueryDict(mutable=True)
    parameters.update({"q": words, **filters})
    return search(read_query(parameters), timezone.now())


def found(words: str) -> list[str]:
    return [row.title for row in results_of(words).resources]


@pytest.fixture(autouse=True)
def pages() -> None:
    make_resource("Home", url="https://www.police.example.org/", kind="site")
    make_resource("Lesson 10", url="https://police.example.org/Lessons/10?from=a", kind="course")
    make_resource("Lesson 1", url="http://police.example.org/Lessons/1/", kind="course")
    make_resource("Elsewhere", url="https://police.example.com/", kind="site")
    make_resource("No address", summary="As police.example.org says.")


def test_a_host_finds_what_is_on_it_and_on_those_below() -> None:
    for typed in (
        "police.example.org",
        "www.police.example.org",
        "https://www.police.example.org/",
        "  HTTP://Police.Example.ORG:80/#top ",
        "https://police.example.org?utm_source=newsletter",
    ):
        assert {"Home", "Lesson 1", "Lesson 10"} <= set(found(typed)) <= {"Home", "Lesson 1", "Lesson 10", "No address"}
    assert set(found("example.org")) == {"Home", "Lesson 1", "Lesson 10"}
    assert found("https://ice.example.org/") == found("olice.example.org") == found("example.or") == []

    results = results_of("police.example.org", kind="course")
    assert {row.title for row in results.resources} == {"Lesson 1", "Lesson 10"}
    assert (results.counts_are_exact, results.zero_result_words) == (True, "")
    (kinds,) = [facet for facet in results.facets if facet.name == "kind"]
    assert {option.label: option.count for option in kinds.options if option.count} == {
        "Course": 2,
        "Website": 1,
        "Podcast episode": 1,
    }


def test_an_address_finds_its_page_first_and_then_what_begins_with_it() -> None:
    assert found("https://www.police.example.org/Lessons/1") == ["Lesson 1", "Lesson 10"]
    assert found("police.example.org/Lessons/10?from=a&utm_medium=email#part-2") == ["Lesson 10"]
    assert set(found("police.example.org/Lessons/")) == {"Lesson 1", "Lesson 10"}
    assert found("police.example.org/nothing") == []
    assert found("police.example.org/it's\\") == []

    long = f"https://police.example.org/{'a' * 500}"
    make_resource("Long", url=long)
    assert (found(long), found(f"{long}b")) == (["Long"], [])

    lesson = Resource.objects.get(title="Lesson 1")
    lesson.url = "https://moved.example.org/"
    lesson.save()
    assert (found("police.example.org/Lessons/1"), found("moved.example.org")) == (["Lesson 10"], ["Lesson 1"])


def test_other_words_never_find_an_address() -> None:
    for typed in ("police", "example", "org", "https", "//police", "polic", "from=a", '"police example"'):
        assert found(typed) in ([], ["No address"]), typed
    assert set(found("lesson")) == {"Lesson 1", "Lesson 10"}
