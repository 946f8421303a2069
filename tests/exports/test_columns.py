"""Cells: what a spreadsheet would run is made inert, and comes back as it was."""

import pytest

from library.exports.columns import COLUMNS, LISTS, TAKES, TEXTS, as_inert, as_meant, as_text, join_list, split_list

FORMULAS = [
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "'＝1",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "'=1",
    "''@x",
]
PLAIN = ["", "Resilience", "'tis", "a=b", "1 - 2", "988"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_is_left_at_the_beginning_of_a_cell(text: str) -> None:
    assert as_inert(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert as_inert(text) == as_text(text) == as_meant(text) == text


@pytest.mark.parametrize("text", FORMULAS + PLAIN)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert as_meant(as_inert(text)) == as_meant(as_text(text)) == text


def test_lists_come_back_as_they_were() -> None:
    values = ("sleep", "a|b", "shift work", "work, life; rest", "end\\")

    assert join_list(values, "categories") == r"sleep | a\|b | shift work | work, life; rest | end" + "\\"
    for column in LISTS:
        assert split_list(join_list(values, column), column) == values
    assert split_list("sleep| stress |,|", "categories") == ("sleep", "stress", ",")
    assert split_list("", "categories") == ()


def test_tags_are_divided_as_in_the_form() -> None:
    assert split_list("sleep, shift work; stress\nptsd", "tags") == ("sleep", "shift work", "stress", "ptsd")


def test_every_column_says_what_it_takes() -> None:
    assert set(COLUMNS) == {*TEXTS, *LISTS} == set(TAKES)
