"""The lines that every page shows: those of the strip and of paper, and their copy for the day the database is away."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from library.help_lines.cards import PRINTED_LINES, help_cards, help_lines_for_pages, next_change
from library.help_lines.offline_copy import offline_page, read_copy
from library.models import HelpLine
from tests.conftest import ROOT
from tests.factories import make_help_line
from tests.reading import read

# A Monday; of what is made here, only what says so was verified on another day.
NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
LONG_AGO = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _verified_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.factories.localdate", lambda: NOON.date())


@pytest.mark.django_db
def test_the_strip_shows_the_first_line_that_is_marked_for_it() -> None:
    make_help_line("Other", call_number="1-800-267-5463", position=0)
    make_help_line("Second", call_number="222", in_strip=True, position=2)
    first = make_help_line()

    assert help_lines_for_pages(NOON)[0] == first


@pytest.mark.django_db
def test_the_strip_is_never_empty() -> None:
    (spare,) = help_lines_for_pages(NOON)

    assert (spare.call_number, spare.text_number) == ("988", "988")


@pytest.mark.django_db
def test_paper_shows_the_line_of_the_strip_and_the_next_ones_for_a_crisis() -> None:
    make_help_line("Treatment referral", call_number="1-800-662-4357", is_crisis=False, position=0)
    for place in (5, 4, 3, 2):
        make_help_line(f"Place {place}", call_number="1-800-267-5463", position=place)
    make_help_line("988 Suicide & Crisis Lifeline", call_number="988", in_strip=True, position=9)

    names = [line.name for line in help_lines_for_pages(NOON)]

    assert len(names) == PRINTED_LINES
    assert names == ["988 Suicide & Crisis Lifeline", "Place 2", "Place 3", "Place 4"]


@pytest.mark.django_db
def test_paper_shows_the_spare_line_before_others_where_none_is_for_the_strip() -> None:
    for place in range(1, 6):
        make_help_line(f"Place {place}", call_number="1-800-267-5463", position=place)

    names = [line.name for line in help_lines_for_pages(NOON)]

    assert names == ["988 Suicide & Crisis Lifeline", "Place 1", "Place 2", "Place 3"]


@pytest.mark.django_db
def test_a_line_that_was_not_verified_in_time_loses_its_place_in_the_strip() -> None:
    make_help_line("Old", call_number="1-800-267-5463", in_strip=True, position=0, verified_on=LONG_AGO)
    make_help_line("New", call_number="1-800-662-4357", in_strip=True, position=2)

    assert [line.name for line in help_lines_for_pages(NOON)] == ["New", "Old"]
    later = NOON + timedelta(days=91)
    assert [line.name for line in help_lines_for_pages(later)] == ["988 Suicide & Crisis Lifeline", "Old", "New"]


@pytest.mark.django_db
def test_988_never_loses_it() -> None:
    first = make_help_line(call_number="988", in_strip=True, verified_on=LONG_AGO)

    assert help_lines_for_pages(NOON) == [first]


@pytest.mark.django_db
def test_the_spare_line_does_not_stand_there_twice() -> None:
    make_help_line(call_number="988", position=1)
    make_help_line("COPLINE", call_number="1-800-267-5463")

    assert [line.name for line in help_lines_for_pages(NOON)] == ["988 Suicide & Crisis Lifeline", "COPLINE"]


# Cards


@pytest.mark.django_db
def test_cards_say_what_is_so_now_and_when_the_first_of_them_changes() -> None:
    hours = {"availability": "weekly", "first_day": 1, "last_day": 1, "time_zone": "America/New_York"}
    make_help_line("Later", call_number="1", **hours, opens_at=time(9), closes_at=time(17), position=1)
    make_help_line("Sooner", call_number="1", **hours, opens_at=time(13), closes_at=time(14), position=2)
    make_help_line("Always", call_number="1", availability="always", verified_on=LONG_AGO, position=3)
    make_help_line("Unknown", call_number="1", position=4)

    cards = help_cards(HelpLine.objects.all(), NOON)

    assert [card.opening and card.opening.is_open for card in cards] == [True, False, True, None]
    assert [card.is_overdue for card in cards] == [False, False, True, False]
    assert next_change(cards) == NOON + timedelta(hours=1)
    assert next_change(cards[2:]) is None


@pytest.mark.django_db
def test_the_spare_line_has_a_card_without_a_day() -> None:
    (card,) = help_cards(help_lines_for_pages(NOON), NOON)
    words = read(render_to_string("library/_help_line.html", {"card": card})).words

    assert (card.opening, card.is_overdue) == (None, False)
    assert "Call 988" in words
    assert "verified" not in words


# The copy


@pytest.mark.django_db
def test_the_copy_has_what_was_read_last(settings) -> None:
    make_help_line()
    make_help_line("COPLINE", call_number="1-800-267-5463", call_note="1-800-COPLINE", hours="24/7", notes="private")
    help_lines_for_pages(NOON)
    assert [(line.name, line.call_digits, line.hours) for line in read_copy()] == [
        ("988 Suicide & Crisis Lifeline", "988", ""),
        ("COPLINE", "18002675463", "24/7"),
    ]
    assert "private" not in Path(settings.HELP_LINES_COPY).read_text()

    HelpLine.objects.filter(name="COPLINE").update(call_number="1-800-662-4357")
    help_lines_for_pages(NOON)
    assert read_copy()[1].call_number == "1-800-662-4357"


@pytest.mark.django_db
def test_the_copy_is_written_when_it_changes_and_not_before(settings) -> None:
    make_help_line()
    help_lines_for_pages(NOON)
    before = Path(settings.HELP_LINES_COPY).stat()

    help_lines_for_pages(NOON)
    assert Path(settings.HELP_LINES_COPY).stat().st_ino == before.st_ino
    assert [path.name for path in Path(settings.HELP_LINES_COPY).parent.iterdir()] == ["help_lines.json"]


@pytest.mark.django_db
def test_a_place_that_cannot_be_written_to_costs_no_page(settings, tmp_path: Path) -> None:
    settings.HELP_LINES_COPY = tmp_path / "nowhere" / "help_lines.json"
    first = make_help_line()

    assert help_lines_for_pages(NOON) == [first]
    assert read_copy() == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", "3", '"988"', "[3]", '[{"name": "988"}]', "[[]]", "\0", "\xff"]
)
def test_a_broken_copy_is_none(settings, text: str) -> None:
    Path(settings.HELP_LINES_COPY).write_text(text, encoding="latin-1")

    assert read_copy() == []
    assert "tel:988" in offline_page("503.html")


def test_a_copy_with_a_number_that_is_no_text_is_none(settings) -> None:
    fields = ("name", "call_number", "call_note", "text_number", "text_word", "chat_url", "audience", "hours")
    Path(settings.HELP_LINES_COPY).write_text(json.dumps([dict.fromkeys(fields, 988)]))

    assert read_copy() == []


@pytest.mark.django_db
def test_a_page_without_a_database_shows_the_lines_of_the_copy(django_assert_num_queries) -> None:
    make_help_line("Peer line", call_number="1-800-662-4357", in_strip=True)
    make_help_line("Texting", text_number="741741", text_word="HOME", audience="Anyone in the USA")
    help_lines_for_pages(NOON)

    with django_assert_num_queries(0):
        page = read(offline_page("500.html"))

    strip = page.one("aside", class_="help-strip")
    assert [link["href"] for link in strip.all("a")] == ["tel:18006624357", "#other_lines"]
    assert page.one("h2", id="other_lines")
    assert [line.words for line in page.one("ul", class_="copied-help").all("li")] == [
        "Peer line Anyone in the USA Call 1-800-662-4357",
        "Texting Anyone in the USA Text HOME to 741741",
    ]


# The copies for the day the database is away


def starting_lines() -> dict[str, dict[str, str]]:
    rows = json.loads((ROOT / "fixtures" / "06_help_lines.json").read_text())
    return {row["fields"]["name"]: row["fields"] for row in rows}


@pytest.mark.django_db
def test_the_spare_line_is_the_one_of_the_starting_content() -> None:
    lines = starting_lines()
    (in_strip,) = [line for line in lines.values() if line["in_strip"]]
    (spare,) = help_lines_for_pages(NOON)

    for field in ("name", "call_number", "text_number", "audience"):
        assert getattr(spare, field) == in_strip[field]


def test_the_strip_without_a_database_shows_numbers_of_the_starting_content() -> None:
    lines = starting_lines()
    strip = read(render_to_string("_shared/_help_without_database.html"))
    numbers = {link["href"] for link in strip.all("a")}

    assert numbers == {"tel:988", "sms:988", "tel:18002675463"}
    assert lines["988 Suicide & Crisis Lifeline"]["call_number"] == "988"
    assert lines["988 Suicide & Crisis Lifeline"]["text_number"] == "988"
    assert lines["COPLINE"]["call_number"] == "1-800-267-5463"
    assert "COPLINE for officers: 1-800-267-5463" in strip.words
