"""`/resources/<slug>/handout/`: one sheet about a resource, to print and to hand out."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from library.pages.qr_codes import qr_code
from tests.factories import TEN_YEARS, make_help_line, make_publisher, make_resource, make_resources, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_says_what_it_is_what_it_asks_and_where_to_find_it(client: Client) -> None:
    make_help_line()
    make_resource(
        "Building Personal Resilience",
        ref="bpr2345",
        publisher=make_publisher(),
        published_on=date(2020, 2, 1),
        published_precision="month",
        summary="How to build it.",
        content_note="Describes a loss.",
        url="https://cops.usdoj.gov/beat",
        access="account",
        access_note="Free of charge.",
    )

    response = client.get("/resources/building-personal-resilience/handout/")
    page = read(response.content)
    sheet = page.one("article").words

    assert response.status_code == 200
    assert page.one("h1").words == "Building Personal Resilience"
    for words in (
        "Podcast episode",
        "COPS Office",
        "February 2020",
        "How to build it.",
        "Content note: Describes a loss.",
        "https://cops.usdoj.gov/beat",
        "Account required. Free of charge.",
    ):
        assert words in sheet, words
    assert page.one("figcaption").words == "http://testserver/r/bpr2345/"
    assert str(qr_code("http://testserver/r/bpr2345/")) in response.text
    assert "988" in page.one("footer").one("div", class_="print-only").words


def test_paper_says_how_old_it_is_and_where_a_newer_copy_is(client: Client) -> None:
    make_resource(slug="resilience")

    paper = read(client.get("/resources/resilience/handout/").content).one("main").all("p", class_="print-only")[0]

    assert paper.words.startswith("Printed on ")
    assert paper.words.endswith(". Check for a newer copy at http://testserver/resources/resilience/handout/")


def test_says_how_old_the_resource_is(client: Client) -> None:
    today = timezone.localdate()
    make_resource("Old", published_on=today.replace(year=today.year - 13, day=1), published_precision="month")

    assert "(13 years ago)" in read(client.get("/resources/old/handout/").content).one("main").words


def test_is_nothing_for_search_engines(client: Client) -> None:
    make_resource(slug="resilience")

    page = read(client.get("/resources/resilience/handout/?any=thing").content)

    assert page.one("meta", name="robots")["content"] == "noindex"
    assert page.one("link", rel="canonical")["href"] == "http://testserver/resources/resilience/handout/"


def test_the_page_of_the_resource_leads_to_it_and_back(client: Client) -> None:
    make_resource(slug="resilience")

    there = read(client.get("/resources/resilience/").content).all("a", href="/resources/resilience/handout/")
    back = read(client.get("/resources/resilience/handout/").content).one("p", class_="crumbs").one("a")

    assert [link.words for link in there] == ["Print a handout"]
    assert back["href"] == "/resources/resilience/"


def test_its_old_address_leads_to_the_new_one(client: Client) -> None:
    resource = make_resource(slug="old")
    resource.slug = "new"
    resource.save()

    response = client.get("/resources/old/handout/")

    assert (response.status_code, response["Location"]) == (301, "/resources/new/handout/")


def test_goes_with_its_resource(client: Client) -> None:
    withdraw(make_resource(slug="withdrawn"), reason="Its publisher took it off the web.")
    make_resource(slug="draft", state="draft")
    make_resource(slug="scheduled", listed_at=TEN_YEARS)
    names = ("withdrawn", "draft", "scheduled", "never")

    assert [client.get(f"/resources/{name}/handout/").status_code for name in names] == [410, 404, 404, 404]
    assert "Its publisher took it off the web." in client.get("/resources/withdrawn/handout/").text


def test_costs_the_same_queries_whatever_the_library_holds(client: Client, django_assert_num_queries) -> None:
    make_help_line()
    make_resource(slug="resilience")
    # The state of the library, the resource with all it belongs to, the help lines.
    with django_assert_num_queries(5):
        client.get("/resources/resilience/handout/")
    make_resources(10)
    with django_assert_num_queries(5):
        client.get("/resources/resilience/handout/")
