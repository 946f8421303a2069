"""What every page knows: the name of the site, the lines of the strip and of paper as cards too."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from library.context_processors import every_page
from tests.factories import make_help_line


@pytest.mark.django_db
def test_the_strip_and_paper_cost_one_query(django_assert_num_queries) -> None:
    make_help_line()
    context = every_page(RequestFactory().get("/"))

    with django_assert_num_queries(1):
        assert context["strip_line"].call_number == "988"
        assert [line.name for line in context["printed_lines"]] == ["988 Suicide & Crisis Lifeline"]
        assert [card.line.name for card in context["help_cards"]] == ["988 Suicide & Crisis Lifeline"]


@pytest.mark.django_db
def test_a_page_that_shows_nothing_costs_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        context = every_page(RequestFactory().get("/"))
    assert context["site_name"] == "Officer Mental Health Resources"
    assert str(context["site_root"]) == "http://testserver"


def test_an_unknown_host_has_no_root() -> None:
    request: HttpRequest = RequestFactory().get("/", HTTP_HOST="evil.example")

    assert str(every_page(request)["site_root"]) == ""
