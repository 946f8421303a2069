"""Rows to values: by the rules that the models have, with every reason at once."""

from datetime import date
from typing import Any

import pytest

from library.imports.readers import Row, RowError
from library.imports.rows import EXAMPLE_ADDRESS, Entry, entry_of
from tests.imports.conftest import row


def read(**cells: Any) -> Entry:
    entry = entry_of(row(**cells))
    assert isinstance(entry, Entry)
    return entry


def reasons(**cells: Any) -> dict[str, str]:
    errors = entry_of(row(line=9, **cells))
    assert isinstance(errors, tuple)
    assert {error.line for error in errors} == {9}
    return {error.column: error.reason for error in errors}


def test_reads_every_column() -> None:
    entry = read(
        summary=" Calm \n under\tpres\xadsure.\u200b ",
        publisher="\ufeffCOPS\xa0Office",
        published="2020-02",
        categories=["Sleep", "sleep", "Stress"],
        tags=["PTSD", "ptsd", "\u202dpeer  support\u202c"],
    )

    assert entry.fields == {
        "title": "Building Personal Resilience",
        "kind": "podcast",
        "summary": "Calm under pressure.",
        "url": "https://example.org/resilience",
        "address_key": "example.org/resilience",
        "published_on": date(2020, 2, 1),
        "published_precision": "month",
    }
    assert (entry.section, entry.publisher) == ("podcasts", "COPS Office")
    assert entry.categories == ("Sleep", "Stress")
    assert entry.tags == ("PTSD", "peer support")
    assert entry.key == "example.org/resilience"


def test_what_the_row_lacks_is_not_set() -> None:
    entry = entry_of(Row(2, {"url": "https://example.org/"}))

    assert isinstance(entry, Entry)
    assert entry.fields == {"url": "https://example.org/", "address_key": "example.org"}
    assert (entry.section, entry.publisher, entry.categories, entry.tags) == ("", "", (), ())


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2020", date(2020, 1, 1), "year"),
        ("2020-12", date(2020, 12, 1), "month"),
        ("2020-02-29", date(2020, 2, 29), "day"),
        ("1900", date(1900, 1, 1), "year"),
        ("2/28/2020", date(2020, 2, 28), "day"),
        ("Feb-20", date(2020, 2, 1), "month"),
        ("43889", date(2020, 2, 28), "day"),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text: str, day: date, precision: str) -> None:
    fields = read(published=text).fields

    assert (fields["published_on"], fields["published_precision"]) == (day, precision)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2020-13",
        "2021-02-29",
        "20",
        "0000",
        "２０２０",
        "-2020",
        "2020-",
    ],
)
def test_what_is_no_date_is_told(text: str) -> None:
    assert reasons(published=text) == {"published": f"“{text}” isn’t a date. Use 2020, 2020-02, or 2020-02-28."}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1899", "Enter a year from 1900 on."),
        ("0001", "Enter a year from 1900 on."),
        ("2101-01", "That date is in the future. Enter the day it was published."),
        ("9999-12-31", "That date is in the future. Enter the day it was published."),
    ],
)
def test_a_year_out_of_reach_is_told(text: str, words: str) -> None:
    assert reasons(published=text) == {"published": words}


def test_how_a_date_was_understood_is_noted() -> None:
    (note,) = read(published="3/2/2020").notes

    assert note == ("date", "Dates were read as Americans write them, such as “3/2/2020” as 2020-03-02.")
    assert read(published="2020-03").notes == ()


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#NAME?", "Err:502"])
def test_an_error_of_a_spreadsheet_is_no_value(text: str) -> None:
    reason = f"The spreadsheet has an error in this cell, {text}. Correct it, or empty the cell."

    assert reasons(publisher=text, title=text) == {"publisher": reason, "title": reason}


def test_html_of_an_old_system_is_removed_and_noted() -> None:
    entry = read(title="Rest &amp; sleep", summary='<p>Calm<br/>words.</p><ul><li><a href="x">More</a></li></ul>')

    assert (entry.fields["title"], entry.fields["summary"]) == ("Rest & sleep", "Calm words. More")
    assert [note for _sort, note in entry.notes] == [
        "HTML was removed from the column title.",
        "HTML was removed from the column summary.",
    ]
    assert read(title="Fatigue <3 hours & AT&T <name>").fields["title"] == "Fatigue <3 hours & AT&T <name>"


@pytest.mark.parametrize("text", ["podcast", "PODCAST", "Podcast episode", "podcast  EPISODE", "Podcast-Episodes"])
def test_a_kind_has_a_name_and_a_label(text: str) -> None:
    assert read(kind=text).fields["kind"] == "podcast"


def test_an_unknown_kind_is_told_with_those_there_are() -> None:
    assert reasons(kind="novel") == {
        "kind": "“novel” isn’t a kind of resource. Use one of these: course, podcast, review, forum, site."
    }


@pytest.mark.parametrize("column", ["title", "kind", "section", "summary", "url", "publisher", "published"])
@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x85", "\ud800"])
def test_no_text_has_control_characters_or_halves_of_characters(column: str, sign: str) -> None:
    assert set(reasons(**{column: f"https://example.org/{sign}a"})) == {column}


@pytest.mark.parametrize("column", ["categories", "tags"])
def test_no_list_has_them_either(column: str) -> None:
    assert set(reasons(**{column: ["sleep", "a\x00"]})) == {column}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("title", "a" * 301),
        ("section", "a" * 121),
        ("summary", "a" * 701),
        ("publisher", "a" * 201),
        ("url", "https://example.org/" + "a" * 2000),
        ("categories", ["a" * 81]),
        ("tags", ["a" * 61]),
        ("tags", [f"tag {number}" for number in range(31)]),
    ],
)
def test_what_is_too_long_for_the_library_is_told(column: str, text: str) -> None:
    reason = reasons(**{column: text})[column].lower()
    assert "at most" in reason or "up to" in reason


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org/", "javascript:alert(1)", "https://a:b@example.org/", "https://a b.org"]
)
def test_an_address_that_no_browser_opens_is_told(url: str) -> None:
    assert set(reasons(url=url)) == {"url"}


def test_a_tag_needs_a_letter() -> None:
    assert reasons(tags=["–"]) == {"tags": "Every tag needs a letter or a digit."}


def test_without_an_address_nothing_could_be_recognised() -> None:
    words = "Add a web address. Without one, a second import couldn’t recognize this entry."

    assert reasons(url=None) == {"url": words}
    assert reasons(url=None, published="soon").keys() == {"url", "published"}


def test_all_reasons_are_told_at_once() -> None:
    assert reasons(kind="novel", published="soon", url="nowhere").keys() == {"kind", "published", "url"}


def test_what_could_not_be_read_is_told_and_nothing_about_its_address() -> None:
    unread = RowError(3, "", "This line is not one JSON object")

    assert entry_of(Row(3, errors=(unread,))) == (unread,)


def test_a_row_with_a_ref_needs_no_address() -> None:
    entry = read(url=None, ref="bpr2345")

    assert (entry.key, entry.ref) == ("ref:bpr2345", "bpr2345")
    assert "url" not in entry.fields


def test_the_example_of_the_template_is_never_taken() -> None:
    assert reasons(url=EXAMPLE_ADDRESS) == {"": "This is the template’s example. Delete this row."}
