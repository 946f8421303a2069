"""Searches with the signs that phones and word processors write."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from library.search.filters import read_query
from library.search.results import search
from library.search.text_query import tidy_words
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
    assert {words: number_found(words) for words in counts} == counts


def number_found(words: str) -> int:
    parameters = QueryDict(mutable=True)
    parameters["q"] = words
    return search(read_query(parameters), timezone.now()).total.number
