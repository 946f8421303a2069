"""Of what readers search for in vain, single words are counted by day; of what they open, a number."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models import OpenCount, ZeroResultDay
from library.models.zero_result_term import mark_of
from library.usage.counts import count_zero_result, countable_term, purge_counts, purge_crisis_words
from tests.factories import make_crisis_term, make_resource, make_section, miss

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def counted(*words: str) -> set[str]:
    """Those of these words that were counted today; of none of them any other is known."""
    today = {mark_of(word, day): word for word in words for day in (timezone.localdate(), NOW.date())}
    return {today.get(mark, "another") for mark in ZeroResultDay.objects.values_list("mark", flat=True)}


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("gambling", "gambling"),
        ("  Gambling ", "gambling"),
        ("Entrenché", "entrenche"),
        ("emt", "emt"),
        ("a" * 30, "a" * 30),
    ],
)
def test_one_word_of_letters_is_counted_as_it_is_searched(typed: str, word: str) -> None:
    assert countable_term(typed) == word


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ab",
        "a" * 31,
        "Jane Doe",
        "jane doe",
        "i want a lawyer",
        "badge4711",
        "2125550100",
        "doe@example.org",
        '"gambling"',
        "-gambling",
        "gambling,",
        "o'neill",
        "shift-work",
        "сон",
        "睡眠不足",
        "\u2167\u2167\u2167",
        "²²²",
    ],
)
def test_nothing_else_ever_is(typed: str) -> None:
    assert countable_term(typed) == ""


def test_a_search_in_vain_is_counted_once_a_day_and_nothing_else_of_it(client: Client) -> None:
    make_resource("Officer Fatigue")

    for _time in range(3):
        assert client.get("/resources/?q=gambling").status_code == 200

    (row,) = ZeroResultDay.objects.all()
    assert (row.mark, row.word, row.day) == (mark_of("gambling", row.day), None, timezone.localdate())


def test_what_found_something_is_not_counted(client: Client) -> None:
    make_resource("Officer Fatigue")

    client.get("/resources/?q=fatigue")
    client.get("/resources/")

    assert counted() == set()


def test_a_search_in_a_part_of_the_library_says_nothing_about_all_of_it(client: Client) -> None:
    make_section("forums")
    make_resource("Officer Fatigue")

    client.get("/resources/?q=gambling&kind=podcast")
    client.get("/sections/forums/?q=gambling")
    assert counted() == set()
    client.get("/resources/?q=gambling&sort=title")
    assert counted("gambling") == {"gambling"}


@pytest.mark.parametrize(
    "typed", ["suicide", "SUICIDE", "suicde", "suicidehotline", "killmyself", "killing", "kms", "die"]
)
def test_words_of_a_crisis_are_never_counted(client: Client, typed: str) -> None:
    for term in ("suicide", "kill myself", "kms", "want to die"):
        make_crisis_term(term)

    client.get(f"/resources/?q={typed}")
    count_zero_result(typed, NOW)

    assert counted() == set()


def test_words_that_become_words_of_a_crisis_are_forgotten() -> None:
    miss("gambling")
    miss("overdose")
    make_crisis_term("overdose")

    purge_crisis_words()

    assert set(ZeroResultDay.objects.values_list("word", flat=True)) == {"gambling"}


def test_word_that_became_one_of_a_crisis_before_its_fifth_day_is_never_written_down() -> None:
    miss("overdose", days=4, until=NOW.date() - timedelta(1))
    make_crisis_term("overdose")

    count_zero_result("overdose", NOW)
    purge_crisis_words()

    assert set(ZeroResultDay.objects.values_list("word", flat=True)) == {None}


def test_old_counts_of_both_kinds_are_deleted() -> None:
    ZeroResultDay.objects.create(mark="0" * 32, day=date(2026, 1, 1))
    OpenCount.objects.create(resource=make_resource(), day=date(2024, 1, 1), number=3)

    assert purge_counts(NOW.date()) == 2
    assert purge_counts(NOW.date()) == 0


def test_a_search_in_vain_costs_one_query_more_and_only_for_a_single_word(client: Client) -> None:
    def queries(words: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/resources/", {"q": words})
        return len(captured)

    queries("anything")  # the library's own words are gathered once
    assert queries("gambling") == queries("9gambling") + 1


def test_a_library_that_cannot_be_written_answers_all_the_same(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")

    count_zero_result("gambling", NOW)
