"""What crawlers, browsers and operators expect of any site."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories import make_identity
from tests.reading import read


@pytest.mark.django_db
def test_robots_may_read_everything_but_the_admin(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == "User-agent: *\nDisallow: /admin/\n\nSitemap: http://testserver/sitemap.xml\n"


@pytest.mark.django_db
def test_a_browser_can_search_the_library(client: Client) -> None:
    response = client.get("/opensearch.xml")
    description = ElementTree.fromstring(response.content)
    names = {"o": "http://a9.com/-/spec/opensearch/1.1/"}

    assert response["Content-Type"] == "application/opensearchdescription+xml"
    assert description.find("o:Url", names).attrib == {
        "type": "text/html",
        "template": "http://testserver/resources/?q={searchTerms}",
    }
    assert 0 < len(description.findtext("o:ShortName", namespaces=names)) <= 16
    assert 0 < len(description.findtext("o:LongName", namespaces=names)) <= 48
    assert description.findtext("o:Image", namespaces=names) == "http://testserver/favicon.ico"


@pytest.mark.django_db
def test_the_about_page_tells_whom_to_tell_until_somebody_is_named(client: Client, settings) -> None:
    settings.SECURITY_CONTACT = ""

    assert client.get("/.well-known/security.txt").text.startswith("Contact: http://testserver/about/\n")


@pytest.mark.django_db
def test_who_runs_the_site_is_told_where_nobody_else_is_named(client: Client, settings) -> None:
    settings.SECURITY_CONTACT = ""
    make_identity(operator="Springfield Police", operator_contact="(555) 010-0199")

    assert client.get("/.well-known/security.txt").text.startswith("Contact: tel:5550100199\n")


@pytest.mark.django_db
def test_a_browser_knows_the_library_by_its_names(client: Client) -> None:
    make_identity(name="Springfield Officer Wellness Library", short_name="Wellness")

    description = ElementTree.fromstring(client.get("/opensearch.xml").content)

    names = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert description.findtext("o:ShortName", namespaces=names) == "Wellness"
    assert description.findtext("o:LongName", namespaces=names) == "Springfield Officer Wellness Library"


@pytest.mark.django_db
def test_says_whom_to_tell_of_a_security_problem(client: Client, settings) -> None:
    settings.SECURITY_CONTACT = "mailto:security@example.org"

    response = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=100) < left < timedelta(days=365)


def test_the_process_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.text, response["Cache-Control"]) == (200, "ok\n", "no-store")


@pytest.mark.django_db
def test_is_ready_when_the_database_is_migrated(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.text, response["Cache-Control"]) == (200, "ready\n", "no-store")


@pytest.mark.django_db
def test_is_not_ready_while_a_migration_waits(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'library'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "migrations wait" in response.text


@pytest.mark.django_db
def test_pages_name_the_icon_and_the_search(client: Client) -> None:
    head = read(client.get("/nothing/").content).one("head")

    assert head.one("link", rel="icon")["href"] == "/favicon.ico"
    assert head.one("link", rel="search")["href"] == "/opensearch.xml"
