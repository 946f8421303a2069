"""Which resources match words, whichever way they are found."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.http import QueryDict
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from library.models import Resource
from library.search import index
from library.search.filters import read_query
from library.search.matching import Matches, TextMatcher
from library.search.vocabulary.lookup import load_synonyms
from tests.conftest import rows_for_many
from tests.factories import make_resource, make_section, make_synonyms

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="class")
def sixty(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Resource]]:
    """60 resources, newest last. Every one has “officer” or “staff”, never both; every tenth has a phrase."""
    with rows_for_many(django_db_blocker):
        section = make_section("one")
        for number in range(60):
            words = ["Officer" if number % 5 else "Staff", "Sleep" if number % 2 else "Grief"]
            if number % 10 == 3:
                words = ["Officer", "Peer", "Support"]
            make_resource(
                f"{' '.join(words)} {number}",
                section=section,
                kind="podcast" if number < 6 else "site",
                summary="Support from a peer." if number % 10 == 4 else "",
                published_on=date(1960 + number, 1, 1),
            )
        make_synonyms("rest", "sleep", "rest")
        yield list(Resource.objects.order_by("-published_on"))


def matches(query: str, without: str | None = None) -> Matches:
    found = TextMatcher(read_query(QueryDict(query)), timezone.now(), load_synonyms()).matches(without=without)
    assert found.counts in (None, index.count_rows(found.ids))
    return found


def numbers(found: Matches) -> list[int]:
    titles = dict(Resource.objects.values_list("pk", "title"))
    return [int(titles[pk].rsplit(" ", 1)[1]) for pk in found.ids]


NEWEST = range(59, -1, -1)
OFFICER = [number for number in NEWEST if number % 5]
STAFF = [number for number in NEWEST if number % 5 == 0]
PHRASE = [number for number in NEWEST if number % 10 == 3]
SLEEP = [number for number in NEWEST if number % 2 and number not in PHRASE]

QUESTIONS = [
    ("q=officer", OFFICER),
    ("q=staff", STAFF),
    ("q=offi", OFFICER),
    ("q=officer+staff", []),
    ("q=officer+OR+staff", list(NEWEST)),
    ('q="peer+support"', PHRASE),
    ("q=peer+support", [number for number in NEWEST if number % 10 in {3, 4}]),
    ("q=-officer", STAFF),
    ("q=officer+-sleep", [number for number in OFFICER if number not in SLEEP]),
    ("q=rest", SLEEP),
    ("q=officer&kind=podcast", [4, 3, 2, 1]),
    ("q=-officer&kind=podcast", [5, 0]),
    ("q=the", []),
    ("q=...", []),
]


@pytest.mark.parametrize(("query", "answers"), QUESTIONS)
@pytest.mark.usefixtures("sixty")
class TestFinds:
    def test_all_that_answer(self, query: str, answers: list[int]) -> None:
        assert (numbers(matches(query)), matches(query).are_all) == (answers, True)

    def test_the_same_without_looking_at_the_newest(
        self, query: str, answers: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("library.search.matching.NEAR", 1)

        assert (numbers(matches(query)), matches(query).are_all) == (answers, True)

    def test_what_can_be_looked_at_where_there_are_too_many(
        self, query: str, answers: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The newest 20 are looked at, and the first six that the index names, or that the filters leave."""
        monkeypatch.setattr("library.search.matching.NEAR", 1)
        monkeypatch.setattr("library.search.matching.FAR", 20)
        monkeypatch.setattr("library.search.matching.POOL_LIMIT", 5)

        found = matches(query)

        newest = [number for number in answers if number >= 40]
        assert set(newest) <= set(numbers(found)) <= set(answers)
        assert not found.are_all or numbers(found) == answers


@pytest.mark.usefixtures("sixty")
class TestSays:
    def test_that_there_are_more_than_it_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("library.search.matching.MATCH_LIMIT", 10)

        assert (numbers(matches("q=officer")), matches("q=officer").are_all) == (OFFICER[:10], False)

    def test_that_it_did_not_look_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("library.search.matching.NEAR", 1)
        monkeypatch.setattr("library.search.matching.FAR", 1)
        monkeypatch.setattr("library.search.matching.POOL_LIMIT", 5)

        assert not matches("q=officer").are_all
        assert not matches('q="peer+support"').are_all
        assert matches("q=officer+staff") == Matches([], are_all=True)
