"""Help lines by what people call them."""

import pytest

from library.models import HelpLine
from library.search.help_lines import lines_named

LINES = [
    HelpLine(name="988 Suicide & Crisis Lifeline", call_number="988", text_number="988", audience="Anyone in the USA"),
    HelpLine(
        name="COPLINE",
        call_number="1-800-267-5463",
        call_note="1-800-COPLINE",
        audience="Current and former officers and their families in the U.S. and Canada",
        search_words="cop line",
    ),
    HelpLine(name="Crisis Text Line", text_number="741741", text_word="HOME", audience="Anyone in the USA"),
    HelpLine(
        name="Veterans Crisis Line",
        call_number="988",
        call_note="then press 1",
        text_number="838255",
        audience="Veterans, including veteran officers",
    ),
    HelpLine(
        name="Cop2Cop (New Jersey)",
        call_number="1-866-267-2267",
        call_note="1-866-COP-2COP",
        audience="New Jersey law enforcement and families",
        place="New Jersey",
    ),
    HelpLine(name="POPPA (New York City)", call_number="1-888-267-7267", place="New York City", search_words="NYPD"),
]


def named(words: str) -> list[str]:
    return [line.name.split(" (")[0] for line in lines_named(words, LINES)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("copline", ["COPLINE"]),
        ("COPLINE number", ["COPLINE"]),
        ("cop line", ["COPLINE"]),
        ("1-800-267-5463", ["COPLINE"]),
        ("1 800 267 5463", ["COPLINE"]),
        ("8002675463", ["COPLINE"]),
        ("1-800-COPLINE", ["COPLINE"]),
        ("veteran", ["Veterans Crisis Line"]),
        ("veterans hotline", ["Veterans Crisis Line"]),
        ("crisis text line", ["Crisis Text Line"]),
        ("text line", ["Crisis Text Line"]),
        ("741741", ["Crisis Text Line"]),
        ("new jersey", ["Cop2Cop"]),
        ("cop2cop", ["Cop2Cop"]),
        ("nypd", ["POPPA"]),
        ("help line for families", ["COPLINE", "Cop2Cop"]),
        ("988", ["988 Suicide & Crisis Lifeline", "Veterans Crisis Line"]),
    ],
)
def test_a_line_is_found_by_name_letters_digits_place_and_audience(words: str, names: list[str]) -> None:
    assert named(words) == names


@pytest.mark.parametrize(
    "words", ["sleep", "law enforcement", "officer", "new officer", "text messaging policy", "", "the"]
)
def test_other_words_name_none(words: str) -> None:
    assert named(words) == []
