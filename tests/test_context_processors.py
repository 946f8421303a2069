"""What every page knows: the name of the site, the line of the strip and the lines for paper."""

import json

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from library.context_processors import PRINTED_LINES, every_page, lines_at_hand
from tests.conftest import ROOT
from tests.factories import make_help_line
from tests.reading import read


@pytest.mark.django_db
def test_the_strip_shows_the_first_line_that_is_marked_for_it() -> None:
    make_help_line("Other", call_number="1-800-267-5463", position=0)
    make_help_line("Second", call_number="222", in_strip=True, position=2)
    first = make_help_line()

    assert lines_at_hand()[0] == every_page(RequestFactory().get("/"))["strip_line"] == first


@pytest.mark.django_db
def test_the_strip_is_never_empty() -> None:
    (spare,) = lines_at_hand()

    assert (spare.call_number, spare.text_number) == ("988", "988")


@pytest.mark.django_db
def test_paper_shows_the_line_of_the_strip_and_the_next_ones_for_a_crisis() -> None:
    make_help_line("Treatment referral", call_number="1-800-662-4357", is_crisis=False, position=0)
    for place in (5, 4, 3, 2):
        make_help_line(f"Place {place}", call_number="1-800-267-5463", position=place)
    make_help_line("988 Suicide & Crisis Lifeline", call_number="988", in_strip=True, position=9)

    names = [line.name for line in lines_at_hand()]

    assert len(names) == PRINTED_LINES
    assert names == ["988 Suicide & Crisis Lifeline", "Place 2", "Place 3", "Place 4"]


@pytest.mark.django_db
def test_paper_shows_the_spare_line_before_others_where_none_is_for_the_strip() -> None:
    for place in range(1, 6):
        make_help_line(f"Place {place}", call_number="1-800-267-5463", position=place)

    names = [line.name for line in lines_at_hand()]

    assert names == ["988 Suicide & Crisis Lifeline", "Place 1", "Place 2", "Place 3"]


@pytest.mark.django_db
def test_the_strip_and_paper_cost_one_query(django_assert_num_queries) -> None:
    make_help_line()
    context = every_page(RequestFactory().get("/"))

    with django_assert_num_queries(1):
        assert context["strip_line"].call_number == "988"
        assert [line.name for line in context["printed_lines"]] == ["988 Suicide & Crisis Lifeline"]


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
    (spare,) = lines_at_hand()

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
