"""The library's own words: those that readers see, a bounded number of them, gathered now and then."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from library.models import Resource
from library.search.vocabulary import lookup
from library.search.vocabulary.lookup import VOCABULARY_LIFETIME, LibraryWords, gather_words
from tests.factories import (
    LISTED,
    TEN_YEARS,
    make_category,
    make_many,
    make_publisher,
    make_resource,
    make_series,
    make_tag,
    withdraw,
)
from tests.refusing import commit

pytestmark = pytest.mark.django_db


@contextlib.contextmanager
def hurried() -> Iterator[None]:
    """Inside, no statement may take longer than two milliseconds."""
    commit()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '2ms'")
        yield
        cursor.execute("SET LOCAL statement_timeout = DEFAULT")


def test_words_are_those_of_the_resources_and_names_that_readers_see(django_assert_num_queries: Any) -> None:
    publisher = make_publisher("house", "Vanguard Publishing")
    make_resource(
        "Building Resilience",
        summary="Résilience, in building 7 of St. Mary's.",
        keywords="hardiness",
        speaker="Nicoletti",
        publisher=publisher,
        series=make_series(publisher, title="Roundtable"),
        categories=[make_category("sleep", "Slumber")],
        tags=["Mindfulness"],
    )
    make_resource("Resilience Again", kind="review", place="Aurora, CO")

    words = gather_words(timezone.now())

    assert words is not None
    assert words["resilience"] == 3  # "résilience" counts as another form of the same word in the first text
    assert words["building"] == 1
    assert {"hardiness", "nicoletti", "aurora", "vanguard", "roundtable", "slumber", "mindfulness", "mary"} <= set(
        words
    )
    assert all(word.isalpha() and 4 <= len(word) <= 30 for word in words)
    assert not {"of", "in", "st", "7", "co"} & set(words)


def test_words_that_readers_cannot_see_are_not_told() -> None:
    make_resource("Tentative", state="draft")
    make_resource("Tomorrow", listed_at=timezone.now() + timedelta(days=1))
    withdraw(make_resource("Obsolete"))

    assert not {"tentative", "tomorrow", "obsolete"} & set(gather_words(timezone.now()) or {})
    assert "tomorrow" in (gather_words(TEN_YEARS) or {})


def test_words_are_those_of_the_newest_texts_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "VOCABULARY_TEXT_LIMIT", 1)
    monkeypatch.setattr(lookup, "VOCABULARY_CHARACTER_LIMIT", 20)
    make_resource("Ancient", published_on=LISTED.date() - timedelta(days=900))
    make_resource("Modern times", summary="Something beyond the bound", published_on=LISTED.date())
    make_tag("first")
    make_tag("second")

    assert set(gather_words(timezone.now()) or {}) == {"modern", "times", "somethi", "second"}


def test_of_too_many_words_the_most_frequent_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "VOCABULARY_LIMIT", 1)
    make_resource("Stress Management")
    make_resource("Stress Relief")

    assert gather_words(timezone.now()) == {"stress": 2}


def test_words_are_gathered_once_in_ten_minutes(django_assert_num_queries: Any) -> None:
    make_resource("Resilience")
    now, remembered = timezone.now(), LibraryWords()

    assert "resilience" in remembered.at(now)
    make_tag("newcomer")
    with django_assert_num_queries(0):
        assert "newcomer" not in remembered.at(now + VOCABULARY_LIFETIME - timedelta(seconds=1))
    assert "newcomer" in remembered.at(now + VOCABULARY_LIFETIME)
    make_tag("another")
    assert "another" in remembered.at(now - timedelta(hours=1))  # the clock was put right


def test_what_was_remembered_can_be_forgotten() -> None:
    remembered, now = LibraryWords(), timezone.now()
    assert remembered.at(now) == {}
    make_tag("newcomer")

    remembered.clear()

    assert remembered.at(now) == {"newcomer": 1}


def test_a_library_too_slow_for_its_words_does_without_them_for_ten_minutes(django_assert_num_queries: Any) -> None:
    make_many(2000, of=make_resource("Resilience", summary="Of officers and their families. " * 20))
    now, remembered = timezone.now(), LibraryWords()

    with hurried():
        assert remembered.at(now) == {}
    with django_assert_num_queries(0):
        assert remembered.at(now) == {}
    assert Resource.objects.count() == 2001  # the connection is as good as before


def test_old_words_stay_where_new_ones_take_too_long() -> None:
    first = make_resource("Resilience", summary="Of officers and their families. " * 20)
    now, remembered = timezone.now(), LibraryWords()
    assert "resilience" in remembered.at(now)
    make_many(2000, of=first)

    with hurried():
        assert "resilience" in remembered.at(now + VOCABULARY_LIFETIME)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_no_library_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_WORDS", "SELECT pg_terminate_backend(pg_backend_pid())" + " -- %s" * 11)
    remembered = LibraryWords()

    with pytest.raises(OperationalError):
        remembered.at(timezone.now())
    connection.close()


def test_nobody_waits_while_another_gathers() -> None:
    remembered, now = LibraryWords(), timezone.now()
    make_tag("newcomer")
    found: list[Any] = []
    with remembered._gathering:
        asking = threading.Thread(target=lambda: found.append(remembered.at(now)))
        asking.start()
        asking.join(timeout=5)

    assert found == [{}]
    assert remembered.at(now) == {"newcomer": 1}
