"""What every page knows: the name of the site and the line of the strip."""

import json

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from library.context_processors import every_page, strip_line
from tests.conftest import ROOT
from tests.factories import make_help_line
from tests.reading import read


@pytest.mark.django_db
def test_the_strip_shows_the_first_line_that_is_marked_for_it() -> None:
    make_help_line("Other", call_number="1-800-267-5463", position=0)
    make_help_line("Second", call_number="222", in_strip=True, position=2)
    first = make_help_line()

    assert strip_line() == first


@pytest.mark.django_db
def test_the_strip_is_never_empty() -> None:
    assert (strip_line().call_number, strip_line().text_number) == ("988", "988")


@pytest.mark.django_db
def test_a_page_that_shows_nothing_costs_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        context = every_page(RequestFactory().get("/"))
    assert context["site_name"] == "Officer Mental Health Resources"
    assert str(context["site_root"]) == "http://testserver"


def test_an_unknown_host_has_no_root() -> None:
    request: HttpRequest = RequestFactory().get("/", HTTP_HOST="evil.example")

    assert str(every_page(request)["site_root"]) == ""


# The copies for the day the database is away


def starting_lines() -> dict[str, dict[str, str]]:
    rows = json.loads((ROOT / "fixtures" / "06_help_lines.json").read_text())
    return {row["fields"]["name"]: row["fields"] for row in rows}


@pytest.mark.django_db
def test_the_spare_line_is_the_one_of_the_starting_content() -> None:
    lines = starting_lines()
    (in_strip,) = [line for line in lines.values() if line["in_strip"]]
    spare = strip_line()

    for field in ("name", "call_number", "text_number"):
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
