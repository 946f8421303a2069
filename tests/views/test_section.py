"""`/sections/<anchor>/`: one section, filtered, sorted, paged."""

from datetime import date

import pytest
from django.test import Client

from library.models import Section
from tests.factories import (
    TEN_YEARS,
    make_category,
    make_help_line,
    make_resource,
    make_resources,
    make_section,
    withdraw,
)
from tests.reading import Element, read

pytestmark = pytest.mark.django_db


def titles(page: Element) -> list[str]:
    return [entry.one("a").words for entry in page.all("li", class_="entry")]


def test_shows_all_entries_of_the_section(client: Client) -> None:
    section = make_section("podcasts", title="Podcasts – The Beat", intro="Episodes *worth* an hour.", order="newest")
    make_resource("Old", section=section, published_on=date(2013, 1, 1))
    make_resource("New", section=section, published_on=date(2020, 2, 1))
    make_resource("Elsewhere", section=make_section("forums"))

    response = client.get("/sections/podcasts/")
    page = read(response.content)

    assert response.status_code == 200
    assert page.one("h1").words == "Podcasts – The Beat"
    assert page.one("title").words == "Podcasts – The Beat – Officer Mental Health Resources"
    assert page.one("em").words == "worth"
    assert titles(page) == ["New", "Old"]
    assert page.one("link", rel="canonical")["href"] == "http://testserver/sections/podcasts/"
    assert page.one("p", class_="crumbs").one("a")["href"] == "/#podcasts"
    assert "2 resources" in page.one("p", role="status").words


def test_hides_what_is_not_public(client: Client) -> None:
    make_resource("Shown")
    make_resource("Draft of tomorrow", state="draft")
    make_resource("Scheduled", listed_at=TEN_YEARS)
    withdraw(make_resource("Taken away"))

    assert titles(read(client.get("/sections/podcasts/").content)) == ["Shown"]


def test_is_there_when_it_is_empty(client: Client) -> None:
    make_section("podcasts")

    response = client.get("/sections/podcasts/")

    assert response.status_code == 200
    assert "Nothing here yet." in response.text


def test_filters_within_the_section(client: Client) -> None:
    sleep = make_category("sleep", "Sleep")
    make_resource("Officer Fatigue", categories=[sleep])
    make_resource("Officer Health")
    make_resource("Elsewhere", section=make_section("forums"), categories=[sleep])

    page = read(client.get("/sections/podcasts/?category=sleep").content)

    assert titles(page) == ["Officer Fatigue"]
    assert page.one("form", id="filter_form")["action"] == "/sections/podcasts/"
    assert [link["href"] for link in page.one("div", class_="chosen").all("a")] == ["/sections/podcasts/"] * 2


def test_an_older_anchor_leads_to_the_new_one_for_ever(client: Client) -> None:
    make_section("podcasts")
    Section.objects.update(anchor="the-beat")

    response = client.get("/sections/podcasts/")

    assert (response.status_code, response["Location"]) == (301, "/sections/the-beat/")


def test_an_older_anchor_keeps_the_question(client: Client) -> None:
    make_section("podcasts")
    Section.objects.update(anchor="the-beat")

    response = client.get("/sections/podcasts/?kind=podcast&colour=orange")

    assert response["Location"] == "/sections/the-beat/?kind=podcast"


def test_a_withdrawn_section_is_gone_with_the_reason(client: Client) -> None:
    make_section("podcasts", title="Podcasts – The Beat", state="withdrawn", withdrawn_reason="See the forums.")

    response = client.get("/sections/podcasts/")
    page = read(response.content)

    assert response.status_code == 410
    assert page.one("h1").words == "Podcasts – The Beat"
    assert "See the forums." in page.one("main").words


def test_a_withdrawn_section_is_gone_under_its_older_anchor_too(client: Client) -> None:
    make_section("podcasts", state="withdrawn", withdrawn_reason="See the forums.")
    Section.objects.update(anchor="the-beat")

    assert client.get("/sections/podcasts/").status_code == 410


@pytest.mark.parametrize("path", ["/sections/beat/", "/sections/Podcasts/", "/sections/podcasts%20/", "/sections/1/"])
def test_what_never_was_a_section_is_not_found(client: Client, path: str) -> None:
    make_section("podcasts")

    assert client.get(path).status_code == 404


def test_a_draft_is_not_found(client: Client) -> None:
    make_section("podcasts", state="draft")

    assert client.get("/sections/podcasts/").status_code == 404


def test_goes_on_on_page_2(client: Client) -> None:
    make_resources(21, section=make_section("podcasts", title="Podcasts", order="manual"))

    page = read(client.get("/sections/podcasts/?page=2").content)

    assert titles(page) == ["Officer Fatigue 21"]
    assert page.one("title").words == "Podcasts, page 2 – Officer Mental Health Resources"
    assert page.one("a", rel="prev")["href"] == "/sections/podcasts/"


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries) -> None:
    make_help_line()
    make_resources(10, section=make_section("podcasts"), tags=["night shift"])
    # The state of the library, ids and entries of the page; and once until the next edit: the sections with their
    # anchors, counts and names of filters, the help lines.
    with django_assert_num_queries(9):
        client.get("/sections/podcasts/")
    make_resources(10, title="Officer Health", tags=["sleep"])
    with django_assert_num_queries(9):
        client.get("/sections/podcasts/")


def test_can_be_taken_to_a_phone_of_ones_own(client: Client) -> None:
    make_section("podcasts")

    section, everything = (read(client.get(path).content) for path in ("/sections/podcasts/", "/resources/"))

    assert section.one("figcaption").words == "http://testserver/s/podcasts/"
    assert section.one("img", src="/s/podcasts/qr.svg")["alt"] == "QR code for http://testserver/s/podcasts/"
    assert everything.all("figure") == []
