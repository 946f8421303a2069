"""`/sitemap.xml` and its files: every public page, in files that nobody has to count."""

from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from library.pages.sitemaps import FILE_SIZE
from tests.factories import TEN_YEARS, make_category, make_guide, make_resource, make_resources, make_section, withdraw

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return [loc.text or "" for loc in ElementTree.fromstring(response.content).iterfind("*/s:loc", NAMES)]


def test_names_every_file(client: Client) -> None:
    assert addresses(client, "/sitemap.xml") == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-sections.xml",
        "http://testserver/sitemap-topics.xml",
        "http://testserver/sitemap-guides.xml",
        "http://testserver/sitemap-resources.xml",
    ]


def test_names_every_fixed_page(client: Client) -> None:
    assert addresses(client, "/sitemap-pages.xml") == [
        "http://testserver/",
        "http://testserver/resources/",
        "http://testserver/help/",
        "http://testserver/about/",
        "http://testserver/privacy/",
        "http://testserver/accessibility/",
        "http://testserver/linking/",
        "http://testserver/about/checks/",
    ]


def test_names_the_sections_that_readers_can_browse(client: Client) -> None:
    make_section("podcasts")
    make_section("forums", state="draft")
    make_section("websites", state="withdrawn", withdrawn_reason="Gone.")

    assert addresses(client, "/sitemap-sections.xml") == ["http://testserver/sections/podcasts/"]


def test_names_every_topic_and_the_guides_that_readers_can_see(client: Client) -> None:
    make_category("sleep", "Sleep")
    make_guide("Can’t sleep", slug="cant-sleep")
    make_guide("Draft", state="draft")

    assert addresses(client, "/sitemap-topics.xml") == ["http://testserver/topics/sleep/"]
    assert addresses(client, "/sitemap-guides.xml") == ["http://testserver/guides/cant-sleep/"]


def test_names_the_resources_that_readers_can_see_with_their_last_change(client: Client) -> None:
    shown = make_resource("Shown", id=1)
    make_resource("Draft", id=2, state="draft")
    make_resource("Later", id=3, listed_at=TEN_YEARS)
    withdraw(make_resource("Gone", id=4))

    assert addresses(client, "/sitemap-resources.xml") == ["http://testserver/resources/shown/"]
    tree = ElementTree.fromstring(client.get("/sitemap-resources.xml").content)
    lastmod = tree.findtext("s:url/s:lastmod", namespaces=NAMES)
    assert datetime.fromisoformat(lastmod).date() == timezone.localdate(shown.updated_at)


def test_an_empty_library_has_files_without_addresses(client: Client) -> None:
    assert addresses(client, "/sitemap-sections.xml") == []
    assert addresses(client, "/sitemap-resources.xml") == []


def test_cuts_the_resources_by_their_ids(client: Client) -> None:
    for pk, title in {1: "One", FILE_SIZE: "Two", FILE_SIZE + 1: "Three", 3 * FILE_SIZE: "Four"}.items():
        make_resource(title, id=pk)

    files = [address for address in addresses(client, "/sitemap.xml") if "resources" in address]

    assert files == [
        "http://testserver/sitemap-resources.xml",
        "http://testserver/sitemap-resources.xml?p=2",
        "http://testserver/sitemap-resources.xml?p=3",
    ]
    assert [addresses(client, file.removeprefix("http://testserver")) for file in files] == [
        ["http://testserver/resources/one/", "http://testserver/resources/two/"],
        ["http://testserver/resources/three/"],
        ["http://testserver/resources/four/"],
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/sitemap-nothing.xml",
        "/sitemap-resources.xml?p=0",
        "/sitemap-resources.xml?p=2",
        "/sitemap-resources.xml?p=-1",
        "/sitemap-resources.xml?p=one",
        "/sitemap-resources.xml?p=999999999999999999999",
        "/sitemap-resources.xml?p=" + "9" * 5000,
    ],
)
def test_knows_no_other_file(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries) -> None:
    for _round in range(2):
        make_resources(10)
        with django_assert_num_queries(5):  # the identity, the numbers of sections, topics and guides, the highest id
            client.get("/sitemap.xml")
        with django_assert_num_queries(3):  # the identity, the highest id, the resources of the file
            client.get("/sitemap-resources.xml")
