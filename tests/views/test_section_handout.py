"""`/sections/<anchor>/handout/`: a section's first entries on one sheet, to print and to hand out."""

from datetime import date

import pytest
from django.test import Client

from library.models import Section
from library.pages.qr_codes import qr_code
from tests.factories import TEN_YEARS, make_help_line, make_resource, make_resources, make_section, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_lists_its_entries_with_their_short_addresses(client: Client) -> None:
    section = make_section("podcasts", title="Podcasts – The Beat", order="newest")
    make_resource("Old", ref="old2345", section=section, published_on=date(2013, 1, 1), content_note="Sad.")
    make_resource("New", ref="new2345", section=section, published_on=date(2020, 2, 1))
    make_resource("Elsewhere", section=make_section("forums"))

    response = client.get("/sections/podcasts/handout/")
    page = read(response.content)

    assert response.status_code == 200
    assert page.one("h1").words == "Podcasts – The Beat"
    assert [entry.one("a").words for entry in page.all("li", class_="entry")] == ["New", "Old"]
    assert [short.words for short in page.all("p", class_="short-address")] == [
        "http://testserver/r/new2345/",
        "http://testserver/r/old2345/",
    ]
    assert "Content note: Sad." in page.all("li", class_="entry")[1].words
    assert page.one("figcaption").words == "http://testserver/s/podcasts/"
    assert str(qr_code("http://testserver/s/podcasts/")) in response.text
    assert "more" not in page.one("article").words


def test_says_how_many_more_there_are(client: Client) -> None:
    make_resources(7)
    assert "in this section" not in client.get("/sections/podcasts/handout/").text

    make_resources(1, title="Officer Health")
    assert "This section has one more." in client.get("/sections/podcasts/handout/").text

    make_resources(1, title="Officer Sleep")
    page = read(client.get("/sections/podcasts/handout/").content)
    assert len(page.all("li", class_="entry")) == 7
    assert "This section has 2 more." in page.words


def test_leaves_out_what_readers_cannot_see(client: Client) -> None:
    make_section("podcasts")
    make_resource("Draft", state="draft")
    make_resource("Scheduled", listed_at=TEN_YEARS)
    withdraw(make_resource("Withdrawn"))

    page = read(client.get("/sections/podcasts/handout/").content)

    assert page.all("li", class_="entry") == []
    assert "Nothing here yet." in page.words


def test_paper_says_how_old_it_is_and_search_engines_leave_it_out(client: Client) -> None:
    make_section("podcasts")

    page = read(client.get("/sections/podcasts/handout/").content)
    paper = page.one("main").all("p", class_="print-only")[0].words

    assert paper.startswith("Printed on ")
    assert paper.endswith(". Check for a newer copy at http://testserver/sections/podcasts/handout/")
    assert page.one("meta", name="robots")["content"] == "noindex"
    assert page.one("link", rel="canonical")["href"] == "http://testserver/sections/podcasts/handout/"


def test_the_page_of_the_section_leads_to_it(client: Client) -> None:
    make_section("podcasts")

    links = read(client.get("/sections/podcasts/").content).all("a", href="/sections/podcasts/handout/")

    assert [link.words for link in links] == ["Print a handout"]


def test_an_older_anchor_leads_to_it(client: Client) -> None:
    make_section("podcasts")
    Section.objects.update(anchor="the-beat")

    response = client.get("/sections/podcasts/handout/")

    assert (response.status_code, response["Location"]) == (301, "/sections/the-beat/handout/")


def test_goes_with_its_section(client: Client) -> None:
    make_section("podcasts", state="withdrawn", withdrawn_reason="See the forums.")
    make_section("forums", state="draft")

    withdrawn = client.get("/sections/podcasts/handout/")

    assert withdrawn.status_code == 410
    assert "See the forums." in withdrawn.text
    assert client.get("/sections/forums/handout/").status_code == 404
    assert client.get("/sections/never/handout/").status_code == 404


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries) -> None:
    make_help_line()
    make_resources(3)
    # The state of the library, the section with its total and first entries, the entries, the help lines.
    with django_assert_num_queries(4):
        client.get("/sections/podcasts/handout/")
    make_resources(10, title="Officer Health")
    with django_assert_num_queries(4):
        client.get("/sections/podcasts/handout/")
