"""What a reader's words mean: synonyms, crises, guides."""

from typing import Any

import pytest

from library.search.vocabulary.crisis import load_crisis_words
from library.search.vocabulary.lookup import guides_for, load_synonyms
from tests.factories import make_crisis_term, make_guide, make_synonyms

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


# Guides


def test_a_guide_is_found_by_a_phrase_anywhere_in_the_words(django_assert_num_queries: Any) -> None:
    guide = make_guide("Sleep", phrases="Can’t sleep\nnight-shift")

    for words in ("cant sleep", "I CAN'T SLEEP!", "after a night shift, tired"):
        with django_assert_num_queries(1):
            assert guides_for(words, {}) == (guide,), words


def test_parts_of_a_phrase_or_of_a_word_find_no_guide() -> None:
    make_guide("Sleep", phrases="night shift")

    for words in ("", "?", "night", "shift night", "nightshift", "night shifts", "night and shift"):
        assert guides_for(words, {}) == (), words


def test_the_guide_with_the_longest_phrase_comes_first_and_three_are_enough() -> None:
    guides = [make_guide(title, phrases=title) for title in ("a", "sleep", "night", "night shift")]

    assert guides_for("a night shift without sleep", {}) == (guides[3], guides[2], guides[1])


def test_drafts_and_withdrawn_guides_are_not_found() -> None:
    make_guide("One", phrases="sleep", state="draft")
    make_guide("Two", phrases="sleep", state="withdrawn", withdrawn_reason="It was old.")

    assert guides_for("sleep", {}) == ()
