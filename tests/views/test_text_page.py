"""`/about/`, `/about/checks/`, `/privacy/`, `/accessibility/`, `/linking/`: the site's own texts."""

import re

import pytest
from django.test import Client
from django.utils import formats, timezone

from library.models import Page
from tests.factories import make_help_line, make_identity, make_page
from tests.reading import read

pytestmark = pytest.mark.django_db

TEXTS = {
    "about": "/about/",
    "checks": "/about/checks/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "linking": "/linking/",
}


@pytest.mark.parametrize(("name", "path"), TEXTS.items())
def test_shows_the_text(client: Client, name: str, path: str) -> None:
    make_page(name, title="A title", body="## Why\n\nBecause.")

    response = client.get(path)
    page = read(response.content)

    assert response.status_code == 200
    assert page.one("h1").words == "A title"
    assert page.one("title").words == "A title – Officer Mental Health Resources"
    assert page.one("main").all("h2")[0].words == "Why"
    assert page.one("link", rel="canonical")["href"] == f"http://testserver{path}"
    today = formats.date_format(timezone.localdate())
    assert f"Updated {today}" in page.one("main").words


def test_shows_a_curators_change_at_once(client: Client) -> None:
    page = make_page("about", body="Before.")
    before = client.get("/about/")
    page.body = "After."
    page.save()

    response = client.get("/about/", headers={"If-None-Match": before["ETag"]})

    assert response.status_code == 200
    assert "After." in response.text


@pytest.mark.parametrize("path", TEXTS.values())
def test_without_its_text_there_is_no_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_privacy_page_shows_the_line_of_the_log_and_nobody_keeps_it(client: Client) -> None:
    make_page("privacy")

    response = client.get("/privacy/?q=secret", headers={"Referer": "http://from.example/", "User-Agent": "secret"})
    line = read(response.content).one("section", class_="log-line").one("code").words

    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC GET /privacy/ 200", line)
    assert response["Cache-Control"] == "no-store"
    assert "Internet Archive" not in response.text
    make_identity(asks_archive=True, saves_to_archive=True)
    text = client.get("/privacy/").text
    assert "asks the Internet Archive, another organization, for copies" in text
    assert "ask it to keep pages" in text


def test_costs_two_queries(client: Client, django_assert_num_queries) -> None:
    make_page("about")
    make_help_line()

    with django_assert_num_queries(3):  # the state of the library, the text, the help lines
        client.get("/about/")
    assert Page.objects.count() == 1
