"""`/resources/`: all resources, searched, filtered, sorted, paged."""

from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models import Section
from library.search.filters import read_query
from library.search.matching import MATCH_LIMIT
from library.search.results import search
from library.views.lists import list_context
from tests.factories import (
    TEN_YEARS,
    make_category,
    make_crisis_term,
    make_help_line,
    make_many,
    make_publisher,
    make_resource,
    make_resources,
    make_section,
    withdraw,
)
from tests.reading import Element, read

pytestmark = pytest.mark.django_db


def titles(page: Element) -> list[str]:
    return [entry.one("a").words for entry in page.all("li", class_="entry")]


def list_page(client: Client, query: str = "") -> Element:
    response = client.get(f"/resources/{query}")
    assert response.status_code == 200
    return read(response.content)


def test_lists_resources_of_all_sections_newest_first(client: Client) -> None:
    make_resource("Old", published_on=date(2013, 1, 1))
    make_resource("New", section=make_section("forums"), published_on=date(2020, 2, 1))
    make_resource("Undated", section=make_section("websites"))

    page = list_page(client)

    assert page.one("h1").words == "All resources"
    assert titles(page) == ["New", "Old", "Undated"]
    assert page.one("link", rel="canonical")["href"] == "http://testserver/resources/"
    assert "3 resources" in page.one("p", role="status").words


def test_hides_what_is_not_public(client: Client) -> None:
    make_resource("Shown")
    make_resource("Draft of tomorrow", state="draft")
    make_resource("Scheduled", listed_at=TEN_YEARS)
    withdraw(make_resource("Taken away"))

    assert titles(list_page(client)) == ["Shown"]


def test_finds_words_and_keeps_them_in_the_box(client: Client) -> None:
    make_resource("Building Personal Resilience")
    make_resource("Officer Fatigue")

    page = list_page(client, "?q=resilience")

    assert titles(page) == ["Building Personal Resilience"]
    assert page.one("h1").words == "Search results for “resilience”"
    assert page.one("input", name="q")["value"] == "resilience"


def test_shows_words_as_words(client: Client) -> None:
    hostile = "<script>alert</script>\"'"

    response = client.get("/resources/", {"q": hostile})
    page = read(response.content)

    assert "<script>alert" not in response.text
    assert page.one("input", name="q")["value"] == hostile
    assert hostile in page.one("h1").words


def test_marks_chosen_filters_and_offers_the_way_out_of_each(client: Client) -> None:
    make_resource("Officer Fatigue", categories=[make_category("sleep", "Sleep")], publisher=make_publisher())

    page = list_page(client, "?category=sleep&kind=podcast&page=1")

    checked = [box for box in page.all("input", type="checkbox") if box.get("checked") is not None]
    assert [(box["name"], box["value"]) for box in checked] == [("kind", "podcast"), ("category", "sleep")]
    assert [(link.words, link["href"]) for link in page.one("div", class_="chosen").all("a")] == [
        ("Remove filter: Type: Podcast episode ×", "/resources/?category=sleep"),
        ("Remove filter: Topic: Sleep ×", "/resources/?kind=podcast"),
        ("Clear all filters", "/resources/"),
    ]


def test_every_filter_has_a_legend_and_every_box_a_label(client: Client) -> None:
    make_resource(
        "Officer Fatigue",
        categories=[make_category("sleep", "Sleep")],
        publisher=make_publisher(),
        tags=["night shift"],
        published_on=date(2020, 1, 1),
        audience=["officer", "family"],
        access="open",
        running_minutes=12,
    )
    make_resource("Course", kind="course", categories=[make_category()], publisher=make_publisher("bja", "BJA"))
    make_resource("Site", kind="site", tags=["stress"], published_on=date(2018, 1, 1))

    page = list_page(client)

    assert [legend.words for legend in page.all("legend")] == [
        "Type",
        "Topic",
        "Tag",
        "Publisher",
        "Audience",
        "Year",
        "Access",
        "Length",
    ]
    for label in page.all("label", class_="choice"):
        assert label.one("input")["value"]
        assert label.words
    form = page.one("form", id="filter_form")
    assert form["method"] == "get"
    assert {button["type"] for button in form.all("button")} == {"submit"}


def test_sorts(client: Client) -> None:
    make_resource("B", published_on=date(2020, 1, 1))
    make_resource("A", published_on=date(2013, 1, 1))

    page = list_page(client, "?sort=title")

    assert titles(page) == ["A", "B"]
    assert [option["value"] for option in page.all("option") if option.get("selected") is not None] == ["title"]


def test_never_echoes_what_it_does_not_know(client: Client) -> None:
    make_resource()

    for name in ("kind", "color", "category", "tag", "publisher", "year", "access", "length", "sort"):
        response = client.get(f"/resources/?{name}=orange")
        assert response.status_code == 200
        assert "orange" not in response.text
    assert "Your filters" not in response.text


def test_an_empty_library_says_so(client: Client) -> None:
    assert "Nothing here yet." in list_page(client).words


def test_nothing_found_offers_ways_on_that_work(client: Client) -> None:
    make_resource("Officer Fatigue", categories=[make_category("sleep", "Sleep")])

    main = list_page(client, "?q=canine&kind=podcast").one("main")
    ways = main.one("div", class_="nothing-found")

    items = ways.all("li")

    assert titles(main) == []
    assert [(way.words, way.one("a")["href"]) for way in (*items[:2], *items[-2:])] == [
        ("Without your search words 1 resource", "/resources/?kind=podcast"),
        ("Clear all filters 1 resource", "/resources/"),
        ("Sleep", "/resources/?category=sleep"),
        ("All sections", "/"),
    ]
    assert ways.one("a", href="/suggest/").words == "Tell us what’s missing"
    assert ways.one("div", class_="help-panel").one("a", href="tel:988")
    assert titles(list_page(client, "?kind=podcast")) == ["Officer Fatigue"]


# Pages


def test_page_2_goes_on_where_page_1_ends(client: Client) -> None:
    make_many(44, of=make_resource())

    first, second = list_page(client, "?sort=title"), list_page(client, "?sort=title&page=2")

    assert len(titles(first)) == len(titles(second)) == 20
    assert not set(titles(first)) & set(titles(second))
    assert "page 2 of 3" in second.one("p", role="status").words.lower()
    assert second.one("title").words == "All resources, title A–Z, page 2 – Officer Mental Health Resources"
    pages = second.one("nav", **{"aria-label": "Pages"})
    assert [(link["href"], link.words, link.get("aria-current")) for link in pages.all("a")] == [
        ("/resources/?sort=title", "Previous page", None),
        ("/resources/?sort=title", "Page 1", None),
        ("/resources/?sort=title&page=2", "Page 2", "page"),
        ("/resources/?sort=title&page=3", "Page 3", None),
        ("/resources/?sort=title&page=3", "Next page", None),
    ]
    assert second.one("link", rel="canonical")["href"] == "http://testserver/resources/?sort=title&page=2"


def test_one_page_needs_no_page_links(client: Client) -> None:
    make_resources(20)

    assert list_page(client).all("nav", **{"aria-label": "Pages"}) == []


@pytest.mark.parametrize("number", ["3", "99", "500", "501", "999999999999"])
def test_a_page_behind_the_end_leads_to_the_last(client: Client, number: str) -> None:
    make_many(20, of=make_resource())

    response = client.get(f"/resources/?page={number}&kind=podcast&color=orange")

    assert (response.status_code, response["Location"]) == (302, "/resources/?kind=podcast&page=2")


def test_a_page_behind_an_empty_list_leads_to_its_only_page(client: Client) -> None:
    response = client.get("/resources/?page=2")

    assert (response.status_code, response["Location"]) == (302, "/resources/")


@pytest.mark.parametrize("number", ["", "0", "-1", "1.5", "NaN", "one", "１２", "²", "1 OR 1=1"])
def test_what_is_no_page_is_the_first(client: Client, number: str) -> None:
    make_many(20, of=make_resource())

    response = client.get("/resources/", {"page": number, "sort": "title"})

    assert response.status_code == 200
    assert "page 1 of 2" in read(response.content).one("p", role="status").words.lower()


def test_shows_500_pages_of_a_library_of_any_size_and_says_so(client: Client) -> None:
    make_many(10_020, of=make_resource())

    status = list_page(client).one("p", role="status").words.lower()
    assert "10,021 resources" in status
    assert "page 1 of 500" in status
    last = list_page(client, "?page=500")
    assert len(titles(last)) == 20
    assert "We show the first 10,000 only." in last.one("p", class_="list-end").words
    assert "list-end" not in client.get("/resources/").text
    assert client.get("/resources/?page=501")["Location"] == "/resources/?page=500"


# Words


def test_finds_the_newest_thousand_of_a_word_in_more_and_says_so(client: Client) -> None:
    make_resource("Officer Fatigue", published_on=date(2013, 1, 1), tags=["old"])
    make_many(MATCH_LIMIT, of=make_resource("Officer Sleep", published_on=date(2020, 1, 1)))

    page = list_page(client, "?q=officer")

    assert "more than 1,000" in page.one("p", role="status").words
    assert "Here are the newest 1,000." in page.one("p", class_="list-end").words
    assert "page 1 of 50" in page.one("p", role="status").words.lower()
    assert titles(list_page(client, "?q=officer&tag=old")) == ["Officer Fatigue"]
    assert "1,002 resources" in list_page(client).one("p", role="status").words


def test_shows_why_an_entry_was_found(client: Client) -> None:
    make_resource("One", summary="How <b>officers</b> sleep.")
    transcript = "Words. " * 200 + "Then we talk about sleeping & <i>dreams</i>. " + "Words. " * 200
    make_resource("Two", transcript=transcript)

    response = client.get("/resources/?q=sleep")
    page = read(response.content)

    assert [mark.words for mark in page.all("mark")] == ["sleep", "sleeping"]
    assert "&lt;b&gt;officers&lt;/b&gt; <mark>sleep</mark>." in response.text
    assert "talk about <mark>sleeping</mark> &amp; " in response.text
    assert "mark" not in {element.name for element in list_page(client, "?kind=podcast").all("mark")}


def test_marks_words_with_accents_as_they_are_written(client: Client) -> None:
    make_resource("One", summary="A résumé of the “naïve” way.")
    make_resource("Two", transcript="Wörter. " * 200 + "Then Zoé wrote her ﬁne Résumé, “all” of it. " + "Words. " * 200)

    page = list_page(client, "?q=resume")

    assert [mark.words for mark in page.all("mark")] == ["résumé", "Résumé"]
    assert "A résumé of the “naïve” way." in page.words
    assert "Then Zoe\u0301 wrote her ﬁne Résumé" in page.one("p", class_="entry-passage").words


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("?q=suicide", True),
        ("?category=suicide-prevention", True),
        ("?q=fatigue", False),
        ("?category=sleep", False),
        ("?kind=podcast", False),
        ("", False),
    ],
)
def test_offers_a_way_off_the_page_where_its_title_speaks_of_a_crisis(
    client: Client, query: str, offered: bool
) -> None:
    make_crisis_term("suicide")
    make_resource(
        categories=[make_category("suicide-prevention", "Suicide prevention"), make_category("sleep", "Sleep")]
    )

    assert bool(list_page(client, query).all("p", class_="leave")) == offered


def test_crawlers_keep_single_filters_and_no_words_or_combinations(client: Client) -> None:
    make_resource("Officer Fatigue", tags=["sleep"])

    def robots(query: str) -> list[str | None]:
        return [meta["content"] for meta in list_page(client, query).all("meta", name="robots")]

    assert robots("") == robots("?kind=podcast") == robots("?tag=sleep&page=1&sort=title") == []
    assert robots("?q=officer") == robots("?kind=podcast&tag=sleep") == robots("?kind=podcast&kind=site") == ["noindex"]


# Counts


def counts(page: Element, name: str) -> dict[str, str]:
    labels = [label for label in page.all("label", class_="choice") if label.one("input")["name"] == name]
    return {str(label.one("input")["value"]): label.one("span", class_="count").words for label in labels}


def test_counts_each_value_under_every_filter_but_its_own(client: Client) -> None:
    sleep, stress = make_category("sleep", "Sleep"), make_category("stress", "Stress")
    make_resource("One", categories=[sleep])
    make_resource("Two", categories=[sleep, stress])
    make_resource("Three", kind="site", categories=[stress])

    page = list_page(client, "?kind=podcast&category=stress")

    assert titles(page) == ["Two"]
    assert counts(page, "kind") == {"course": "(0)", "podcast": "(1)", "review": "(0)", "forum": "(0)", "site": "(1)"}
    assert counts(page, "category") == {"sleep": "(2)", "stress": "(1)"}
    empty = [label.one("input")["value"] for label in page.all("label") if label.get("data-empty") is not None]
    assert empty == ["course", "review", "forum", "open", "account", "agency-email"]


# Cost


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        # The state of the library, the counts, their names, the ids and the entries of the page, the help lines.
        ("", 7),
        # And the tag, the entries that have its bits, the counts of tags without it, and words of a crisis, which the
        # title of the list might have.
        ("?tag=sleep", 11),
        # And the counts for each of both filters.
        ("?kind=podcast&year=2020", 10),
        # And synonyms, crisis words, guides, topics, the help lines by name, and the words as the database writes
        # them; here the matches of every filter are found on their own, after a look at a sample of the newest entries
        # and a question to the index of words.
        ("?q=officer&kind=podcast", 18),
    ],
)
def test_costs_the_same_queries_whatever_it_holds(
    client: Client, django_assert_num_queries, query: str, queries: int
) -> None:
    make_help_line()
    for _round in range(2):
        make_resources(10, tags=["sleep"], published_on=date(2020, 1, 1))
        with django_assert_num_queries(queries):
            client.get(f"/resources/{query}")


@pytest.mark.parametrize("query", ["", "q=fatigue&kind=podcast", "q=fatigeu&tag=sleep", "tag=sleep&category=gone"])
def test_its_template_asks_the_database_for_the_help_lines_of_every_page_alone(query: str) -> None:
    make_crisis_term("suicide")
    make_category("gone", "Gone").delete()
    make_resource("Officer Fatigue", section=make_section("forums", intro="Talk."), tags=["sleep"])
    request = RequestFactory().get("/sections/forums/")
    list_query = read_query(QueryDict(query), Section.objects.get())
    context = list_context(request, list_query, search(list_query, timezone.now()))

    with CaptureQueriesContext(connection) as queries:
        page = read(render_to_string("library/list.html", context, request))

    assert [each["sql"] for each in queries if "library_helpline" not in each["sql"]] == []
    assert page.one("form", id="filter_form")["action"] == "/sections/forums/"
