"""`/resources/?tag=old`: the address of a filter that was renamed goes on working, and says when the filter is gone."""

import pytest
from django.http import QueryDict
from django.test import Client

from library.models import Category, FormerValue, Publisher, Tag
from library.search.filters import read_query
from tests.factories import make_category, make_publisher, make_resource, make_tag
from tests.reading import Element, read

pytestmark = pytest.mark.django_db
GONE = "That tag was removed, so we’ve left it out of this list."


def list_page(client: Client, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200
    return read(response.content)


def titles(page: Element) -> list[str]:
    return [entry.one("a").words for entry in page.all("li", class_="entry")]


@pytest.fixture(autouse=True)
def entries(db: None) -> None:
    make_resource(
        "Rest",
        tags=["sleep"],
        categories=[make_category("fatigue", "Fatigue")],
        publisher=make_publisher("cops", "COPS Office"),
    )
    make_resource("Other", tags=["peers"])


@pytest.mark.parametrize(
    ("facet", "model", "slug"),
    [("tag", Tag, "sleep"), ("category", Category, "fatigue"), ("publisher", Publisher, "cops")],
)
@pytest.mark.parametrize("path", ["/resources/", "/sections/podcasts/"])
def test_an_older_slug_shows_the_list_of_today_and_its_address(client: Client, facet, model, slug, path) -> None:
    as_before = list_page(client, f"{path}?{facet}={slug}").one("h1").words
    model.objects.filter(slug=slug).update(slug="today")

    page = list_page(client, f"{path}?{facet}={slug}")

    assert titles(page) == ["Rest"]
    assert page.one("h1").words == as_before
    assert page.one("link", rel="canonical")["href"] == f"http://testserver{path}?{facet}=today"
    assert "no longer" not in page.words


def test_an_older_slug_and_the_one_of_today_are_one_filter(client: Client) -> None:
    Tag.objects.filter(slug="sleep").update(slug="rest")

    page = list_page(client, "/resources/?tag=sleep&tag=rest&tag=peers")

    assert page.one("link", rel="canonical")["href"] == "http://testserver/resources/?tag=peers&tag=rest"
    assert titles(page) == ["Other", "Rest"]


def test_a_slug_that_was_merged_shows_the_list_of_the_one_that_stays(client: Client) -> None:
    stays = Tag.objects.get(slug="peers")
    Tag.objects.filter(slug="sleep").delete()
    FormerValue.objects.update(target_id=stays.pk)

    page = list_page(client, "/resources/?tag=sleep")

    assert titles(page) == ["Other"]
    assert page.one("h1").words == "Resources tagged peers"


def test_a_filter_that_was_deleted_is_left_out_and_readers_are_told(client: Client) -> None:
    list_page(client, "/resources/?tag=sleep&kind=podcast")  # kept, were it not for the edit
    Tag.objects.filter(slug="sleep").delete()

    page = list_page(client, "/resources/?tag=sleep&kind=podcast")

    assert titles(page) == ["Other", "Rest"]
    assert GONE in page.words
    assert page.one("link", rel="canonical")["href"] == "http://testserver/resources/?kind=podcast"
    assert GONE not in list_page(client, "/resources/?kind=podcast").words


def test_one_that_never_was_is_ignored_and_nothing_is_said(client: Client) -> None:
    page = list_page(client, "/resources/?tag=never&category=never&publisher=never")

    assert titles(page) == ["Other", "Rest"]
    assert "no longer" not in page.words
    assert "never" not in page.words


def test_an_older_anchor_of_a_section_leads_to_the_filter_of_today(client: Client) -> None:
    Tag.objects.filter(slug="sleep").update(slug="rest")
    make_resource().section.change_anchor("episodes")

    response = client.get("/sections/podcasts/?tag=sleep")

    assert (response.status_code, response["Location"]) == (301, "/sections/episodes/?tag=rest")


@pytest.mark.parametrize(
    ("query", "number"), [("tag=sleep", 1), ("tag=never", 2), ("tag=once", 3), ("tag=once&tag=never&tag=peers", 3)]
)
def test_only_a_slug_without_a_row_costs_more_than_its_query(query, number, django_assert_num_queries) -> None:
    make_tag("once")
    Tag.objects.filter(slug="once").update(slug="now")

    with django_assert_num_queries(number):
        assert read_query(QueryDict(query)).deleted == ()
