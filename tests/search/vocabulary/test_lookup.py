"""What a reader's words mean: synonyms, crises, best bets."""

from typing import Any

import pytest
from django.db import connection

from library.search.vocabulary.crisis import load_crisis_words
from library.search.vocabulary.lookup import best_bets_for, load_synonyms
from tests.factories import make_best_bet, make_crisis_term, make_resource, make_synonyms

pytestmark = pytest.mark.django_db


# Synonyms


def test_each_term_leads_to_the_others_of_its_group(django_assert_num_queries: Any) -> None:
    make_synonyms("PTSD", "PTSD", "Post-traumatic stress", "posttraumatic stress")
    make_synonyms("EAP", "EAP", "employee assistance program")

    with django_assert_num_queries(1):
        found = load_synonyms()

    assert found == {
        "ptsd": ("post-traumatic stress", "posttraumatic stress"),
        "post traumatic stress": ("ptsd", "posttraumatic stress"),
        "posttraumatic stress": ("ptsd", "post-traumatic stress"),
        "eap": ("employee assistance program",),
        "employee assistance program": ("eap",),
    }


def test_groups_that_share_a_term_are_not_chained_and_some_lead_one_way() -> None:
    make_synonyms("Anxiety", "anxiety", "on edge")
    make_synonyms("Hypervigilance", "hypervigilance", "On edge")
    make_synonyms("Flashbacks", "flashbacks", finds="PTSD")

    found = load_synonyms()

    assert found["on edge"] == ("anxiety", "hypervigilance")
    assert found["anxiety"] == ("on edge",)
    assert found["flashbacks"] == ("ptsd",)
    assert "ptsd" not in found


def test_a_library_without_synonyms_has_none() -> None:
    assert load_synonyms() == {}


# Crises


def test_a_crisis_word_is_recognised_in_any_case_with_any_signs(django_assert_num_queries: Any) -> None:
    make_crisis_term("Can't go on")

    for words in ("can't go on", "CAN’T GO ON", "i cant go on.", '"can\'t go-on"', "-can't go on"):
        with django_assert_num_queries(1):
            assert load_crisis_words().are_in(words), words
    for words in ("", "go on", "can go on", "can't go in"):
        assert not load_crisis_words().are_in(words), words


def test_a_misspelled_crisis_word_is_recognised_and_its_lookalike_is_not() -> None:
    make_crisis_term("hopeless", lookalikes="Homeless, topless")

    assert load_crisis_words().are_in("hoplesss") is True
    assert load_crisis_words().are_in("homeless outreach") is False


def test_without_crisis_words_nothing_is_a_crisis() -> None:
    assert not load_crisis_words().are_in("suicide")


def test_crisis_words_are_told_to_the_speller() -> None:
    make_crisis_term("Self-harm")
    make_crisis_term("hopeless", lookalikes="homeless")

    words = load_crisis_words()

    assert words.terms == ["hopeless", "self harm"]
    assert words.lookalikes == {"homeless"}


# Best bets


def test_best_bets_stand_in_the_order_of_their_places(django_assert_num_queries: Any) -> None:
    third, first, second = (make_resource(f"Sleep {number}") for number in (3, 1, 2))
    make_best_bet("shift work", third)
    make_best_bet("Shift-work", first, position=1)
    make_best_bet("shift work", second)
    make_best_bet("shift", make_resource("Other"))

    with django_assert_num_queries(1):
        found = best_bets_for('"SHIFT work"')

    assert found == [first.pk, third.pk, second.pk]


def test_other_or_more_words_have_no_best_bets() -> None:
    make_best_bet("shift work", make_resource())

    for words in ("", "shift", "work shift", "shift work sleep", "shiftwork", "shiff work"):
        assert best_bets_for(words) == [], words


def test_best_bets_are_found_by_their_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT resource_id FROM library_bestbet WHERE folded = 'a' ORDER BY position LIMIT 10")
        assert "best_bet_once" in str(cursor.fetchall())
