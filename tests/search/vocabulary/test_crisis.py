"""Whose crisis it is that somebody types."""

import pytest

from library.search.vocabulary.crisis import load_crisis_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starting_content")]


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("suicidal", "self"),
        ("i want to die", "self"),
        ("wanted to kill myself", "self"),
        ("i wanna end my life", "self"),
        ("i cant do this any more", "self"),
        ("taking myself off the board", "self"),
        ("my wife left me and i want to die", "self"),
        ("ya no puedo más", "self"),
        ("my husband wants to die", "other"),
        ("thinking of killing herself", "other"),
        ("worried about my partner", "other"),
        ("friend is suicidal", "other"),
        ("my officer is talking about suicide", "other"),
        ("gave away his things", "other"),
        ("coworker killed himself", "loss"),
        ("my husband died by suicide", "loss"),
        ("my friend took her own life", "loss"),
        ("lost someone to suicide", "loss"),
        ("after a suicide", "loss"),
    ],
)
def test_help_is_worded_for_whom_it_is_about(words: str, about: str) -> None:
    assert load_crisis_words().kind_of(words) == about


@pytest.mark.parametrize(
    "words",
    [
        "sleep",
        "drinking water",
        "worried about pension",
        "partner",
        "spouse support",
        "killed in the line of duty",
        "officers killed",
        "time off",
        "going on leave",
        "released",
        "got hired",
        "get along with my sergeant",
    ],
)
def test_ordinary_searches_are_left_alone(words: str) -> None:
    assert load_crisis_words().kind_of(words) is None
