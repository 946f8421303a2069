"""What stands above and below what a reader asked for: help lines, topics, some of the words, related entries."""

import pytest
from django.test import Client

from library.models import Category
from tests.factories import (
    make_category,
    make_crisis_term,
    make_help_line,
    make_page,
    make_resource,
    make_resources,
    make_section,
    withdraw,
)
from tests.reading import Element, read
from tests.sending import send

pytestmark = pytest.mark.django_db


def page_at(client: Client, path: str) -> Element:
    response = client.get(path)
    assert response.status_code == 200
    return read(response.content)


def titles(page: Element) -> list[str]:
    return [entry.one("a", class_="entry-title").words for entry in page.all("li", class_="entry")]


# Words


def test_where_nothing_has_all_words_it_shows_what_has_most_of_them_and_says_so(client: Client) -> None:
    make_resource("Peer Support for Deputies")
    make_resource("Sleep and Shift Work")

    page = page_at(client, "/resources/?q=peer+support+in+my+small+town")
    assert titles(page) == ["Peer Support for Deputies"]
    assert "No resource has all of your words. These have some of them." in page.one("main").words
    assert titles(page_at(client, "/resources/?q=shift+gardening")) == ["Sleep and Shift Work"]
    assert titles(page_at(client, "/resources/?q=sleep+gardening+knitting+cooking")) == []
    assert titles(page_at(client, "/resources/?q=sleep+near+me")) == ["Sleep and Shift Work"]
    assert titles(page_at(client, "/resources/?q=%22sleep+support%22")) == []
    assert "all of your words" not in page_at(client, "/resources/?q=sleep+work").one("main").words


def test_audience_language_and_section_are_searched(client: Client) -> None:
    section = make_section("self-help", title="Self-Help")
    make_resource("Depresión", kind="site", section=section, language="es", audience=["chaplain", "peer-supporter"])

    for words in ("chaplain", "chaplains", "peer+supporter", "spanish", "español", "self-help"):
        assert titles(page_at(client, f"/resources/?q={words}")) == ["Depresión"], words
    section.title = "Tools"
    section.save()
    assert titles(page_at(client, "/resources/?q=tools")) == ["Depresión"]


def test_topics_are_named_by_their_names_and_scopes(client: Client) -> None:
    Category.objects.create(
        slug="fatigue", name="Fatigue, sleep and shift work", scope="Shift length, overtime and sleep."
    )
    make_category("other", "Ethics")
    make_resource("Overtime")

    (topics,) = page_at(client, "/resources/?q=overtime").all("p", class_="found-topics")
    assert [link.words for link in topics.all("a")] == ["Fatigue, sleep and shift work"]
    assert page_at(client, "/resources/?q=gardening").all("p", class_="found-topics") == []


def test_a_facet_of_which_everything_has_the_same_value_is_left_out(client: Client) -> None:
    make_resources(2, kind="podcast")
    assert page_at(client, "/sections/podcasts/").all("details", id="facet_kind") == []
    make_resource("Course", kind="course")
    assert page_at(client, "/sections/podcasts/").one("details", id="facet_kind")
    assert page_at(client, "/sections/podcasts/?kind=course").one("details", id="facet_kind")


def test_the_filters_can_be_skipped(client: Client) -> None:
    page = page_at(client, "/resources/")
    assert page.one("a", href="#list_results").words == "Skip to the results"
    assert page.one("section", id="list_results")["tabindex"] == "-1"


# Help


def lines_in(page: Element, part: str) -> list[str]:
    (box,) = page.all("section", class_=part)
    return [line.one("h3").words for line in box.all("li", class_="help-line")]


def test_a_help_line_is_found_by_name(client: Client) -> None:
    make_help_line("988 Suicide & Crisis Lifeline", call_number="988")
    make_help_line("COPLINE", call_number="1-800-267-5463", position=200)

    assert lines_in(page_at(client, "/resources/?q=copline"), "help-named") == ["COPLINE"]
    assert page_at(client, "/resources/?q=sleep").all("section", class_="help-named") == []


def test_a_line_that_words_of_a_crisis_name_comes_first(client: Client) -> None:
    make_crisis_term("copline")
    make_help_line("988 Suicide & Crisis Lifeline", call_number="988")
    make_help_line("COPLINE", call_number="1-800-267-5463", position=200)

    page = page_at(client, "/resources/?q=copline")
    assert lines_in(page, "help-now") == ["COPLINE", "988 Suicide & Crisis Lifeline"]
    assert page.all("section", class_="help-named") == []


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("suicide", "You can talk to someone now"),
        ("my+wife+is+suicidal", "Worried about someone?"),
        ("my+partner+died+by+suicide", "Have you lost someone?"),
    ],
)
def test_help_is_worded_for_whom_it_is_about(client: Client, words: str, heading: str) -> None:
    make_crisis_term("suicide")
    make_crisis_term("suicidal")
    make_help_line()

    page = page_at(client, f"/resources/?q={words}")
    assert page.one("section", class_="help-now").one("h2").words == heading


def test_lists_of_such_a_subject_have_the_help_lines_and_the_way_off(client: Client) -> None:
    make_crisis_term("suicide")
    make_help_line()
    make_resource("A", categories=[make_category("suicide-prevention", "Suicide prevention")], tags=["officer suicide"])

    for path in ("/resources/?category=suicide-prevention", "/resources/?tag=officer-suicide"):
        page = page_at(client, path)
        assert page.one("section", class_="help-now").one("a", href="tel:988")
        assert page.one("p", class_="leave")
    assert page_at(client, "/resources/?kind=podcast").all("section", class_="help-now") == []


def test_an_entry_with_such_a_content_note_has_the_help_lines_and_the_way_off(client: Client) -> None:
    make_crisis_term("suicide")
    make_help_line()
    noted, other = (
        make_resource("A", content_note="Mentions suicide."),
        make_resource("B", content_note="About shootings."),
    )

    page = page_at(client, noted.get_absolute_url())
    assert page.one("div", class_="help-panel").one("a", href="tel:988")
    assert page.one("p", class_="leave")
    assert page_at(client, other.get_absolute_url()).all("div", class_="help-panel") == []


def test_nothing_found_shows_the_help_lines_topics_fewer_words_and_a_way_to_tell_us(client: Client) -> None:
    make_help_line("988 Suicide & Crisis Lifeline", call_number="988", text_number="988")
    make_help_line("COPLINE", call_number="1-800-267-5463")
    make_category("other", "Other")
    make_resource("Officer Fatigue", categories=[make_category("sleep", "Sleep")])

    nothing = page_at(client, "/resources/?q=fatigue+gardening+knitting+cooking").one("div", class_="nothing-found")

    ways = {link["href"]: link.words for link in nothing.all("a")}
    assert ways["/resources/?q=fatigue"] == "Only “fatigue”"
    assert ways["/suggest/"] == "Tell us what’s missing"
    assert {"tel:988", "sms:988", "tel:18002675463", "/help/"} <= ways.keys()
    assert "Sleep" in ways.values()
    assert "Other" not in ways.values()


def test_what_is_sent_is_looked_through_for_a_crisis_in_the_answer_alone(client: Client) -> None:
    make_crisis_term("want to die")
    make_help_line()

    sent = send(client, "/report/", reason="other", words="The link is dead and I want to die")
    assert sent.status_code == 200
    page = read(sent.content)
    assert page.one("h1").words == "Thank you. We got it."
    assert page.one("section", class_="help-now").one("a", href="tel:988")
    assert "no-store" in sent["Cache-Control"]
    assert send(client, "/report/", reason="other", words="The link is dead")["Location"] == "/report/thanks/"


# More of the same


def test_related_entries_share_most_tags_then_a_category(client: Client) -> None:
    sleep = make_category("sleep", "Sleep")
    entry = make_resource("Night Shift", tags=["sleep", "shift"], categories=[sleep])
    make_resource("By category", categories=[sleep])
    make_resource("One tag", tags=["sleep"])
    make_resource("Two tags", tags=["sleep", "shift"])
    make_resource("Hidden", tags=["sleep", "shift"], state="draft")
    withdraw(make_resource("Gone", tags=["sleep", "shift"]))
    make_resource("Other", tags=["ethics"])

    assert titles(page_at(client, entry.get_absolute_url())) == ["Two tags", "One tag", "By category"]


def test_the_library_page_offers_no_topic_without_entries(client: Client) -> None:
    make_page("library")
    make_category("empty", "Empty")
    make_resource(categories=[make_category("sleep", "Sleep")])

    topics = page_at(client, "/").one("div", class_="ways-in").all("a")
    assert [(topic.words, topic["href"]) for topic in topics] == [("Sleep", "/topics/sleep/")]


def test_fewer_words_keep_phrases_whole_and_leave_out_what_was_excluded(client: Client) -> None:
    make_resource("Peer Support")
    make_resource("Sleep")

    nothing = page_at(client, "/resources/?q=%22peer+support%22+sleep+-gardening").one("div", class_="nothing-found")
    ways = [link.words for link in nothing.all("a") if link.words.startswith("Only")]
    assert ways == ['Only “"peer support"”', "Only “sleep”"]


def test_the_library_page_names_what_was_added_last_and_whom_to_call(client: Client) -> None:
    make_help_line(call_number="988")
    make_page("library")
    make_resources(7, "Entry")

    page = page_at(client, "/")
    links = page.one("div", class_="recent").all("a")
    assert [link.words for link in links] == ["Entry 7", "Entry 6", "Entry 5", "Entry 4", "Entry 3"]
    assert page.one("div", class_="help-panel").one("a", href="tel:988")


def test_the_help_lines_stand_above_all_other_ways_on_where_nothing_was_found(client: Client) -> None:
    make_help_line()
    make_resource("Officer Fatigue", categories=[make_category("sleep", "Sleep")])

    nothing = page_at(client, "/resources/?q=gardening").one("div", class_="nothing-found")

    assert [heading.words for heading in nothing.all("h2")] == ["Want to talk to someone?", "Browse"]
