"""Searches with the signs that phones and word processors write."""

import unicodedata

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from library.search.filters import read_query
from library.search.results import search
from library.search.text_query import fold, tidy_words
from tests.factories import make_resource


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("officer’s health", "officer's health"),
        ("“officer suicides”", '"officer suicides"'),
        ("well\u2011being and self–care", "well-being and self-care"),
        ("suicides — breaking", "suicides — breaking"),
        ("suicides –breaking", "suicides –breaking"),
    ],
)
def test_typographic_signs_are_plain_ones(typed: str, plain: str) -> None:
    assert tidy_words(typed) == plain


@pytest.mark.django_db
def test_signs_make_no_difference_between_a_search_and_a_title() -> None:
    for title in ("O’Malley on officer’s health", "O'Malley on well\u2011being", "O’Malley: Self–Care"):
        make_resource(title)
    counts = {"O'Malley": 3, "O’Malley": 3, "“officer’s health”": 1, "officer's health": 1}
    counts |= {"o'malley -officer’s": 2}
    counts |= dict.fromkeys(("well-being", "well–being", "self-care", "self—care"), 1)
    counts |= dict.fromkeys(("malley", "MALLEY’S", "omalley", "omal"), 3)
    assert {words: number_found(words) for words in counts} == counts


@pytest.mark.django_db
def test_words_end_at_typographic_signs_and_names_are_found_without_their_apostrophe() -> None:
    make_resource("Grief—and “Anger” at work…", summary="«Duty» 2012–2018 • DʼAngelo")
    make_resource("Mr. OReilly", summary="We’ll be well, but it’s 9 o'clock: don’t go.")
    for words in ("grief", "anger", "work", "duty", "2012", "2018", "dangelo", "d'angelo", "angelo", "well", "oclock"):
        assert number_found(words) == 1, words
    for words in ("o'reilly", "O’Reilly", "oreilly"):
        assert number_found(words) == 1, words
    assert number_found("dont") == 0


@pytest.mark.django_db
def test_the_database_folds_letter_by_letter_as_we_do() -> None:
    """Letters and signs of the Latin, Greek, Cyrillic, Hebrew, Arabic, and Asian scripts before the ideographs."""
    letters = [chr(code) for code in range(0x20, 0x3000) if unicodedata.category(chr(code)) != "Cn"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT library_fold(letter) FROM unnest(%s::text[]) WITH ORDINALITY AS a (letter, place) ORDER BY place",
            [letters],
        )
        folded = [text.lower() for (text,) in cursor]
    assert [letter for letter, text in zip(letters, folded, strict=True) if fold(letter) != text] == []


def number_found(words: str) -> int:
    parameters = QueryDict(mutable=True)
    parameters["q"] = words
    return search(read_query(parameters), timezone.now()).total.number
