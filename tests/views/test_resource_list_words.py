"""`/resources/?q=…`: what readers' words find, beyond the words themselves, and what stands above it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library.models import ZeroResultDay
from tests.factories import (
    make_crisis_term,
    make_help_line,
    make_resource,
    make_synonyms,
)
from tests.reading import Element, read

pytestmark = pytest.mark.django_db


def search(client: Client, query: str) -> Element:
    response = client.get(f"/resources/?{query}")
    assert response.status_code == 200
    return read(response.content)


def titles(page: Element) -> list[str]:
    return [entry.one("a").words for entry in page.all("li", class_="entry")]


@pytest.mark.parametrize("words", ["suicide", "Sucide", "officer+suicde", "%22suicide%22", "zzz+suicide", "-suicide"])
def test_words_of_a_crisis_put_the_help_lines_first_every_time(client: Client, words: str) -> None:
    make_crisis_term("suicide")
    make_help_line()
    make_resource("Officer Suicides")

    results = search(client, f"q={words}").one("section", class_="results")

    assert results.all("section")[0]["class"] == "help-now"
    assert "tel:988" in [link["href"] for link in results.one("section", class_="help-now").all("a")]
    assert results.all("h2")[0].words == "You can talk to someone now"


def test_help_lines_above_results_say_when_to_use_them_and_leave_the_rest_to_their_own_page(client: Client) -> None:
    make_crisis_term("suicide")
    make_help_line(call_number="988", in_strip=True, reason="you cannot go on", availability="always", run_by="Vibrant")

    (line,) = search(client, "q=suicide").one("section", class_="help-now").all("li", class_="help-line")

    assert line.one("h3").words == "988 Suicide & Crisis Lifeline"
    assert "Open 24/7" in line.words
    assert line.all("p")[0].words == "Call if you cannot go on."
    assert line.all("details", "dd") == []


def test_so_do_words_at_the_end_of_all_that_somebody_has_to_say(client: Client) -> None:
    make_crisis_term("want to die")
    make_help_line()
    sentence = "i have been on the force for twenty years now and nobody at home understands me and i want to die"

    assert search(client, "q=" + sentence.replace(" ", "+")).one("section", class_="help-now")


def test_other_words_do_not(client: Client) -> None:
    make_crisis_term("suicide")
    make_help_line()

    for query in ("q=sleep", "q=officer+decide", "kind=podcast", ""):
        assert search(client, query).all("section", class_="help-now") == []


def test_nothing_that_was_searched_for_is_stored(client: Client) -> None:
    make_crisis_term("suicide")

    with CaptureQueriesContext(connection) as queries:
        client.get("/resources/?q=suicide+hopeless")

    assert {query["sql"].split()[0] for query in queries} <= {"SELECT", "WITH", "SAVEPOINT", "RELEASE"}


def test_words_of_one_meaning_find_the_same(client: Client) -> None:
    make_synonyms("PTSD", "ptsd", "post-traumatic stress")
    make_resource("Living with Post-Traumatic Stress")
    make_resource("PTSD in Patrol")

    both = ["Living with Post-Traumatic Stress", "PTSD in Patrol"]
    assert sorted(titles(search(client, "q=PTSD"))) == sorted(titles(search(client, "q=post-traumatic+stress"))) == both


def test_a_slip_is_mended_where_that_finds_something(client: Client) -> None:
    make_resource("Officer Fatigue")
    make_resource("Shift Work", kind="site")

    page = search(client, "q=offcer+fatique")
    ways = [(way.words, way.one("a")["href"]) for way in page.one("div", class_="nothing-found").all("li")[:1]]

    assert ways[0] == ("Did you mean “officer fatigue”? 1 resource", "/resources/?q=officer+fatigue")
    assert titles(search(client, "q=officer+fatigue")) == ["Officer Fatigue"]
    assert "Did you mean" not in search(client, "q=offcer+fatique&kind=site").words
    assert "Did you mean" not in search(client, "q=officer").words
    assert "Did you mean" not in search(client, "q=xyzzyx").words


@pytest.mark.parametrize(
    ("typed", "title", "meant"),
    [
        ("rollcall", "Roll Call Training", "roll call"),
        ("nearmiss", "Learning from a Near Miss", "near miss"),
        ("coresponder", "A Co-Responder Program", "co responder"),
        ("k-9", "Caring for K9 Handlers", "k9"),
        ("k9", "Caring for K-9 Handlers", "k-9"),
    ],
)
def test_words_written_together_or_apart_lead_to_each_other(client: Client, typed: str, title: str, meant: str) -> None:
    make_resource(title)
    way = search(client, f"q={typed}").one("div", class_="nothing-found").all("li")[0]
    assert way.words == f"Did you mean “{meant}”? 1 resource"
    assert titles(search(client, way.one("a")["href"].partition("?")[2])) == [title]


def test_words_that_are_never_searched_are_said_to_be_and_not_counted(client: Client) -> None:
    make_resource("To Be the Officer")
    for query in ("q=the", "q=to+be+or+not+to+be", "q=%22the%22&kind=podcast"):
        page = search(client, query).one("div", class_="nothing-found")
        assert page.all("p")[0].words == "Words as common as these aren’t searched. Add a word for what you need."
    assert not ZeroResultDay.objects.exists()
    assert titles(search(client, "q=the+officer")) == ["To Be the Officer"]
    assert "aren’t searched" not in search(client, "q=zebra").words
    assert ZeroResultDay.objects.count() == 1


def test_a_word_of_a_crisis_is_never_mended_away(client: Client) -> None:
    make_crisis_term("suicidal")
    make_resource("Suicide Bombings and Suicidality")

    assert "Did you mean" not in search(client, "q=suicidal+zzz").words
