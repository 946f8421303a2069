"""Lists as pages show them: no two links with the same words, dated ones by year."""

from datetime import date

import pytest

from library.models import Resource
from library.pages.cards import Year, by_year, cards_of, in_one_group
from tests.factories import make_publisher, make_resource

pytestmark = pytest.mark.django_db

JANUARY_2013 = {"published_on": date(2013, 1, 1), "published_precision": "month"}


def texts(*resources: Resource) -> list[str]:
    return [card.link_text for card in cards_of(resources)]


def test_a_title_that_is_alone_is_the_link() -> None:
    assert texts(make_resource("Officer Fatigue"), make_resource("Officer Health")) == [
        "Officer Fatigue",
        "Officer Health",
    ]


def test_nothing_is_an_empty_list() -> None:
    assert cards_of([]) == []


def test_equal_titles_are_told_apart_by_the_date() -> None:
    november, october = (
        make_resource("Gender Diversity in Policing", published_on=date(2018, month, 1), published_precision="month")
        for month in (11, 10)
    )

    assert texts(november, october, make_resource("Rhabdomyolysis")) == [
        "Gender Diversity in Policing, November 2018",
        "Gender Diversity in Policing, October 2018",
        "Rhabdomyolysis",
    ]


def test_equal_titles_of_one_month_are_told_apart_by_the_speaker() -> None:
    first = make_resource("Officer Suicides", speaker="Andrew O'Hara", **JANUARY_2013)
    second = make_resource("Officer Suicides", **JANUARY_2013)

    assert texts(first, second) == [
        "Officer Suicides, January 2013, with Andrew O'Hara",
        "Officer Suicides, January 2013",
    ]


def test_equal_titles_are_told_apart_by_the_publisher() -> None:
    first = make_resource("Officer Suicides", publisher=make_publisher())
    second = make_resource("Officer Suicides", publisher=make_publisher("bja", "BJA"))

    assert texts(first, second) == ["Officer Suicides, COPS Office", "Officer Suicides, BJA"]


def test_equal_titles_are_told_apart_by_the_ref_where_nothing_else_differs() -> None:
    first = make_resource("Officer Suicides", ref="aaaa222", **JANUARY_2013)
    second = make_resource("Officer Suicides", ref="aaaa333", **JANUARY_2013)

    assert texts(first, second) == [
        "Officer Suicides, January 2013, ref aaaa222",
        "Officer Suicides, January 2013, ref aaaa333",
    ]


def test_a_title_that_looks_like_another_with_its_date_differs_too() -> None:
    first = make_resource("Officer Suicides", **JANUARY_2013)
    second = make_resource("Officer Suicides", speaker="Jane Doe", **JANUARY_2013)
    lookalike = make_resource("Officer Suicides, January 2013")

    link_texts = texts(first, second, lookalike)

    assert len(set(link_texts)) == 3


def test_titles_that_differ_only_in_case_differ_for_the_ear_too() -> None:
    link_texts = texts(make_resource("Officer Fatigue", ref="aaaa222"), make_resource("OFFICER FATIGUE", ref="aaaa333"))

    assert len({text.lower() for text in link_texts}) == 2


def test_dated_entries_are_grouped_by_year() -> None:
    days = {"New": date(2020, 2, 1), "Same year": date(2020, 1, 1), "Old": date(2013, 1, 1), "Undated": None}
    cards = cards_of(make_resource(title, published_on=day) for title, day in days.items())

    assert [(year.label, [card.link_text for card in year.cards]) for year in by_year(cards)] == [
        ("2020", ["New", "Same year"]),
        ("2013", ["Old"]),
        ("Undated", ["Undated"]),
    ]


def test_other_entries_stand_in_one_group_without_a_label() -> None:
    cards = cards_of([make_resource()])

    assert in_one_group(cards) == [Year("", cards)]
    assert in_one_group([]) == []
    assert by_year([]) == []


@pytest.mark.parametrize("url", ["https://www.example.org/course", ""])
def test_every_entry_says_what_it_asks_of_the_reader(url: str) -> None:
    (card,) = cards_of([make_resource("Officer Fatigue", url=url, access="account", access_note="It is free.")])

    assert card.facts.count("Account required") == card.facts.count("It is free.") == 1
