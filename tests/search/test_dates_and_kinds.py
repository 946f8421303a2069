"""Entries are found by kind and date, as readers see both, after those that have the same words as a title."""

from datetime import date

import pytest
from django.http import QueryDict
from django.utils import timezone

from library.models import Resource
from library.models.resource.kinds import PLURALS, Kind
from library.pages.cards import link_texts
from library.search.filters import read_query
from library.search.results import search
from tests.factories import make_resource, make_section

pytestmark = pytest.mark.django_db


def found(words: str) -> list[str]:
    parameters = QueryDict(mutable=True)
    parameters["q"] = words
    results = search(read_query(parameters), timezone.now())
    return [] if results.has_some_words else [row.title for row in results.resources]


def test_a_date_is_found_as_exactly_as_it_is_known() -> None:
    make_resource("Day", published_on=date(2013, 1, 5))
    make_resource("Month", published_on=date(2013, 1, 1), published_precision="month")
    make_resource("Year", published_on=date(2013, 1, 1), published_precision="year")
    make_resource("Fall", published_on=date(2014, 9, 30), published_precision="day")
    make_resource("Undated")
    make_resource("Incident", kind="review", incident_date="October 3, 1999")

    expected = {
        "2013": {"Day", "Month", "Year"},
        "january 2013": {"Day", "Month"},
        "Jan. 2013": {"Day", "Month"},
        '"January 2013"': {"Month"},
        "Jan. 5, 2013": {"Day"},
        "1 January 2013": set(),
        "sept 2014": {"Fall"},
        "Sep 30": {"Fall"},
        "September 2013": set(),
        "october 1999": {"Incident"},
    }
    assert {words: set(found(words)) for words in expected} == expected

    Resource.objects.filter(title="Month").update(published_precision="year")
    Resource.objects.filter(title="Incident").update(incident_date="")
    assert (found("january 2013"), found("1999")) == (["Day"], [])


def test_a_kind_is_found_by_its_name_and_with_a_date() -> None:
    section = make_section("entries")
    for place, kind in enumerate(Kind):
        day = date(2018 + place, 2, 1)
        make_resource(f"Entry {kind.value.upper()}X", kind=kind.value, section=section, published_on=day)
    for kind in Kind:
        title = [f"Entry {kind.value.upper()}X"]
        assert found(str(kind.label)) == found(str(PLURALS[kind])) == title
    assert (found("podcast 2019"), found("podcast 2018")) == (["Entry PODCASTX"], [])


def test_what_has_the_words_as_its_title_comes_first() -> None:
    for number in range(30):
        make_resource(f"Sleep {number}", kind="course", published_on=date(2018, 1, 1 + number))
    make_resource("The 2018 Course in January", kind="site", published_on=date(1999, 1, 1))

    for words in ("course", "2018", "january", "course 2018", "january 2018"):
        assert found(words)[0] == "The 2018 Course in January", words


def test_the_text_of_a_link_finds_its_entry() -> None:
    for day in (date(2013, 1, 1), date(2013, 2, 1), date(2014, 1, 1)):
        make_resource("Officer Suicides", published_on=day, published_precision="month")
    make_resource("Officer Suicides", published_on=date(2014, 2, 26))
    entries = list(Resource.objects.order_by("pk"))

    for entry, text in zip(entries, link_texts(entries), strict=True):
        parameters = QueryDict(mutable=True)
        parameters["q"] = text
        assert [row.pk for row in search(read_query(parameters), timezone.now()).resources] == [entry.pk], text
