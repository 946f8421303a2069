"""Every page has the identity of now: name, operator, time zone, cached or not, in every process."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Page
from tests.factories import make_identity, make_page, make_resource, make_section
from tests.reading import read

pytestmark = pytest.mark.django_db

# Cached, with words, a page that is none, and one that is refused.
PAGES = ["/about/", "/", "/resources/?q=sleep", "/nothing/", "/report/", "/resources/\0/"]


@pytest.fixture(autouse=True)
def pages() -> None:
    make_page("about", title="About")
    make_page("library")
    make_resource(section=make_section("podcasts"))


@pytest.mark.parametrize("path", PAGES)
def test_a_new_name_is_on_the_next_page(client: Client, path: str) -> None:
    assert "Officer Mental Health Resources" in read(client.get(path).content).one("title").words
    make_identity(name="Officer <Wellness>")

    page = read(client.get(path).content)

    assert "Officer <Wellness>" in page.one("title").words
    assert page.one("link", rel="search")["title"] == "Officer <Wellness>"
    assert "From Officer <Wellness>" in page.one("footer").words
    assert "Officer <Wellness>" in page.one("body").words.replace(page.one("footer").words, "")
    assert "Officer Mental Health Resources" not in page.words


def test_a_kept_page_is_another_one_then(client: Client) -> None:
    etag = client.get("/about/")["ETag"]
    assert client.get("/about/", headers={"If-None-Match": etag}).status_code == 304

    make_identity(operator="Springfield Police")

    response = client.get("/about/", headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert response["ETag"] != etag


def test_another_process_sees_it_too(client: Client) -> None:
    """Each client has middleware of its own, and so a cache of its own."""
    other = Client()
    assert client.get("/about/").content == other.get("/about/").content

    make_identity(operator="Springfield Police")

    assert b"Springfield Police" in client.get("/about/").content
    assert b"Springfield Police" in other.get("/about/").content


def test_a_home_screen_has_the_short_name(client: Client) -> None:
    make_identity(name="Springfield Officer Wellness Library", short_name="Wellness")

    page = read(client.get("/about/").content)

    assert page.one("meta", name="apple-mobile-web-app-title")["content"] == "Wellness"
    assert page.one("meta", name="application-name")["content"] == "Wellness"


def test_days_begin_when_those_of_the_site_do(client: Client) -> None:
    Page.objects.update(updated_at=datetime(2026, 11, 24, 6, tzinfo=UTC))
    assert "Updated Nov. 24, 2026" in client.get("/about/").text

    make_identity(time_zone="America/Los_Angeles")

    assert "Updated Nov. 23, 2026" in client.get("/about/").text
    assert timezone.get_current_timezone_name() == "America/New_York"


def test_the_footer_says_who_runs_it_who_reviewed_it_and_what_it_is(client: Client) -> None:
    def operator() -> str:
        return read(client.get("/nothing/").content).one("p", class_="site-operator").words

    assert operator() == "This is not an official government site."
    make_identity(operator="Springfield Police", reviewer="Jo Doe, police psychologist", reviewed_on="2026-11-01")
    assert operator() == (
        "Run by Springfield Police. Reviewed by Jo Doe, police psychologist on Nov. 1, 2026. "
        "This is not an official government site."
    )
    contact = {"operator_url": "https://example.org/", "operator_contact": "wellness@example.org"}
    make_identity(operator="Springfield Police", official_of="the City of Springfield", **contact)
    assert operator() == (
        "Run by Springfield Police. Contact: wellness@example.org. The official site of the City of Springfield."
    )
    links = read(client.get("/nothing/").content).one("p", class_="site-operator").all("a")
    assert [link["href"] for link in links] == ["https://example.org/", "mailto:wellness@example.org"]


def test_the_about_page_says_that_nobody_has_put_a_name_to_it(client: Client) -> None:
    page = read(client.get("/about/").content)
    assert page.one("div", class_="prose").all("h2")[-1].words == "Which agency runs this site"
    assert page.one("div", class_="prose").all("p")[-1].words == (
        "No agency is listed as running this copy of the library. This is not an official government site."
    )

    make_identity(operator="Springfield Police")

    assert "No agency" not in client.get("/about/").text


def test_the_emergency_number_and_the_way_off_are_the_agencys(client: Client) -> None:
    make_page("help", title="Help lines", body="Each line says whom it is for.")
    make_identity(emergency_number="1 12", emergency_text="Someone hurt?", leave_url="https://www.nps.gov/")

    page = read(client.get("/help/").content)

    heading = page.one("main").all("h2")[0]
    assert (heading.words, heading.one("a")["href"]) == ("Someone hurt? Call 1 12", "tel:112")
    assert page.one("p", class_="leave").one("a")["href"] == "https://www.nps.gov/"


def test_machines_learn_who_runs_it(client: Client) -> None:
    make_identity(name="Officer Wellness", operator="Springfield Police", operator_url="https://example.org/")

    data = read(client.get("/").content).one("script", type="application/ld+json").source

    assert '"name": "Officer Wellness"' in data
    assert '{"@type": "Organization", "name": "Springfield Police", "url": "https://example.org/"}' in data


def test_what_names_nobody_costs_no_query_for_it(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
    with django_assert_num_queries(2):  # the sections, their aliases
        client.get("/anchors.json")
