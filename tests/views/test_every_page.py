"""The starting content, and every public page of it."""

import json
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.template.backends.django import Template
from django.test import Client
from django.utils.safestring import SafeString
from pytest_django import DjangoDbBlocker

from library.db.edit_cache import edit_cache
from library.maintenance.seed_content import LoadResult
from library.models import Category, Resource, Section
from library.urls import urlpatterns
from tests.conftest import ROOT
from tests.reading import Element, read
from tests.support.pages import ERROR_PAGES, LISTS, PUBLIC_PAGES, SHEETS, TEXTS_AND_FORMS

pytestmark = pytest.mark.usefixtures("starting_content", "db")

FIXED = LISTS + SHEETS + TEXTS_AND_FORMS


@pytest.fixture(scope="module")
def pages(starting_content: LoadResult, django_db_blocker: DjangoDbBlocker) -> dict[str, Element]:
    """Every public page by its path, fetched once."""
    client = Client()
    with django_db_blocker.unblock():
        rows = (*Section.objects.all(), *Resource.objects.all(), *Category.objects.all())
        paths = FIXED + [row.get_absolute_url() for row in rows]
        answers = {path: client.get(path) for path in paths}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: read(answer.content) for path, answer in answers.items()}


def links_of(page: Element) -> set[str]:
    return {link["href"] for link in page.all("a")}


def test_every_page_is_there_and_well_made(pages: dict[str, Element]) -> None:
    titles: dict[str, str] = {}
    assert len(pages) == len(FIXED) + 5 + 58 + 16

    for path, page in pages.items():
        assert len(page.all("h1")) == 1, path
        assert [len(page.all(tag)) for tag in ("main", "header", "footer")] == [1, 1, 1], path
        ids = [element["id"] for element in page.descendants if element.get("id")]
        assert len(ids) == len(set(ids)), path
        for element in page.descendants:
            for name in ("aria-labelledby", "for"):
                assert element.get(name) is None or element[name] in ids, (path, element[name])
        for script in page.all("script", type="application/ld+json"):
            json.loads(script.source)
        titles.setdefault(page.one("title").words, path)

    assert len(titles) == len(pages)


def test_templates_ask_the_database_for_nothing_but_the_help_lines(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendering: list[bool] = []
    statements: list[str] = []

    def render(template: Template, *values: Any, **named: Any) -> SafeString:
        rendering.append(True)
        text = render_as_ever(template, *values, **named)
        rendering.pop()
        return text

    def execute(run: Any, sql: str, *values: Any) -> Any:
        if rendering:
            statements.append(sql)
        return run(sql, *values)

    render_as_ever = Template.render
    monkeypatch.setattr(Template, "render", render)
    with connection.execute_wrapper(execute):
        for path in PUBLIC_PAGES + ERROR_PAGES:
            client.get(path)

    assert statements
    assert [sql for sql in statements if "library_helpline" not in sql] == []


def test_a_page_is_the_same_with_parts_that_were_kept_and_without(pages: dict[str, Element]) -> None:
    for path in (*LISTS, *SHEETS, "/help/", "/about/", "/resources/leo-near-miss/", "/sections/podcasts/"):
        edit_cache.clear()
        first = Client().get(path)  # each client has a cache of whole pages of its own
        assert Client().get(path).content == first.content, path


def test_every_page_begins_with_the_skip_link_and_the_help_strip(pages: dict[str, Element]) -> None:
    for page in pages.values():
        body = page.one("body")
        first, second = [part for part in body.parts if isinstance(part, Element)][:2]
        assert (first.tag, first["href"]) == ("a", "#main_content")
        assert [link["href"] for link in second.all("a")] == ["tel:988", "sms:988", "/help/"]


def test_headings_skip_no_level(pages: dict[str, Element]) -> None:
    for path, page in pages.items():
        main = page.one("main")
        levels = [int(heading.tag[1]) for heading in main.all("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), (path, levels)


def test_every_link_inside_leads_somewhere(client: Client, pages: dict[str, Element]) -> None:
    ids = {element["id"] for element in pages["/"].descendants if element.get("id")}
    statuses = dict.fromkeys(pages, 200)

    for path, page in pages.items():
        for link in links_of(page):
            address, _, fragment = link.partition("#")
            if fragment:
                fragments = {element["id"] for element in page.descendants if element.get("id")} if not address else ids
                assert fragment in fragments, (path, link)
            if address.startswith("/") and address not in statuses:
                statuses[address] = client.get(address).status_code

    assert set(statuses.values()) == {200, 302}
    assert {address for address, status in statuses.items() if status == 302} == {
        address for address in statuses if address.startswith("/r/")
    }


def test_links_to_elsewhere_tell_nobody_where_the_reader_came_from(pages: dict[str, Element]) -> None:
    for path, page in pages.items():
        for link in page.one("main").all("a"):
            if urlsplit(link["href"]).scheme in {"http", "https"} and "testserver" not in link["href"]:
                assert "noreferrer" in link["rel"], (path, link["href"])
                assert link.get("target") is None


def test_no_link_text_of_a_list_stands_for_two_addresses(pages: dict[str, Element]) -> None:
    for path, page in pages.items():
        texts: dict[str, str] = {}
        for entry in page.all("li", class_="entry"):
            link = entry.all("a", class_="entry-title")[0]
            assert texts.setdefault(link.words.casefold(), link["href"]) == link["href"], path


def test_printed_pages_end_with_help_lines_and_where_all_of_them_are(pages: dict[str, Element]) -> None:
    for path, page in pages.items():
        paper = page.one("footer").one("div", class_="print-only")
        assert [line.words for line in paper.all("li")] == [
            "988 Suicide & Crisis Lifeline: call 988 text 988 Anyone in the United States 24/7",
            "COPLINE: call 1-800-267-5463 (1-800-COPLINE) "
            "Current and former officers and their families in the U.S. and Canada 24/7",
            "Crisis Text Line: text HOME to 741741 Anyone in the United States 24/7",
            "Veterans Crisis Line: call 988 (then press 1) text 838255 Veterans, including veteran officers 24/7",
        ], path
        assert "All help lines: http://testserver/help/" in paper.words
        assert page.all("aside", class_="help-strip")[0].one("span", class_="print-only").words == (
            "http://testserver/help/"
        )


def test_printed_pages_say_where_they_are_from(pages: dict[str, Element]) -> None:
    footer = pages["/about/"].one("footer").words

    assert "From Officer Mental Health Resources at http://testserver/about/" in footer


def test_every_address_of_the_site_is_meant() -> None:
    """A new address is a new promise: it gets its own test and stands here."""
    assert [str(pattern.pattern) for pattern in urlpatterns] == [
        "",
        "sections/<str:anchor>/",
        "resources/",
        "search/",
        "resources/<str:slug>/",
        "resources/<str:slug>/transcript/",
        "guides/<str:slug>/",
        "topics/<str:slug>/",
        "media/<str:name>",
        "preview/<str:token>/",
        "sections/<str:anchor>/handout/",
        "resources/<str:slug>/handout/",
        "pack/",
        "s/<str:anchor>/",
        "s/<str:anchor>/qr.svg",
        "r/<str:ref>/",
        "r/<str:ref>/qr.svg",
        "r/<str:ref>/opened/",
        "anchors.json",
        "help/",
        "about/",
        "about/checks/",
        "privacy/",
        "accessibility/",
        "linking/",
        "report/",
        "report/thanks/",
        "suggest/",
        "sitemap.xml",
        "sitemap-<section>.xml",
        "robots.txt",
        "opensearch.xml",
        ".well-known/security.txt",
        "favicon.ico",
        "apple-touch-icon.png",
        "accent-<str:digits>.css",
        "healthz",
        "readyz",
    ]


# The library page, as the original page was


@pytest.fixture
def library_page(pages: dict[str, Element]) -> Element:
    return pages["/"]


class _Words(HTMLParser):
    """All words of a page, without the spaces."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    def handle_data(self, data: str) -> None:
        self.words += "".join(data.split()).casefold()


def test_every_line_of_the_original_page_is_on_it(client: Client) -> None:
    page = _Words()
    page.feed(client.get("/").text)
    lines = (ROOT / "tests" / "starting_content" / "seed.txt").read_text(encoding="utf-8").splitlines()
    # It relied on a color, and there is none of that name.
    lines.remove("Click on an orange link to jump to a specific resource section")

    assert len(lines) > 80
    for line in lines:
        assert "".join(line.removeprefix("- ").split()).casefold() in page.words, line


def test_its_sections_stand_in_their_order(library_page: Element) -> None:
    assert [(section["id"], section.all("h2")[0].words) for section in library_page.all("section")] == [
        ("online-training", "Online Training Resources"),
        ("critical-incident-reviews", "Critical Incident Reviews"),
        ("podcasts", "Podcasts – The Beat"),
        ("forums", "Forums"),
        ("websites", "Websites and Resources"),
    ]


def test_each_section_has_its_entries(library_page: Element) -> None:
    counts = {section["id"]: len(section.all("li", class_="entry")) for section in library_page.all("section")}

    assert counts == {
        "online-training": 3,
        "critical-incident-reviews": 23,
        "podcasts": 23,
        "forums": 2,
        "websites": 7,
    }


def test_the_jump_list_names_each_section_as_its_heading_does(library_page: Element) -> None:
    jumps = library_page.one("nav", id="section_list")

    assert [(link["href"], link.words) for link in jumps.all("a")] == [
        (f"#{section['id']}", section.all("h2")[0].words) for section in library_page.all("section")
    ]


def test_the_group_has_its_three_goals_as_a_list(library_page: Element) -> None:
    (group, _near_miss) = library_page.one("section", id="forums").all("li", class_="entry")
    (goals,) = group.one("div", class_="prose").all("ul")

    assert [goal.words[:27] for goal in goals.all("li")] == [
        "To create an opportunity an",
        "To bring together law enfor",
        "To broadly disseminate info",
    ]


def test_every_episode_has_its_month(library_page: Element) -> None:
    podcasts = library_page.one("section", id="podcasts")
    dates = [(time["datetime"], time.words) for time in podcasts.all("time")]

    assert len(dates) == 23
    assert dates[0] == ("2020-02", "February 2020")
    assert dates[-1] == ("2013-01", "January 2013")
    assert all(len(machine) == 7 for machine, _words in dates)


def test_the_two_officer_suicides_of_january_2013_have_different_links(library_page: Element) -> None:
    podcasts = library_page.one("section", id="podcasts")
    links = [link for link in podcasts.all("a", class_="entry-title") if link.words.startswith("Officer Suicides")]

    assert len(links) == 2
    assert len({link.words for link in links}) == len({link["href"] for link in links}) == 2
    assert all("January 2013" in link.words for link in links)
