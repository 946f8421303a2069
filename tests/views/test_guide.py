"""The page of a guide, and its card above the results of a search."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_category, make_crisis_term, make_guide, make_help_line, make_resource, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_shows_its_note_its_resources_in_order_and_where_to_go_on(client: Client) -> None:
    resources = [make_resource("Zzz"), withdraw(make_resource("Gone")), make_resource("Aaa")]
    guide = make_guide("Sleep", *resources, categories=[make_category()], note="What **this** is for.")
    guide.related.set([make_guide("Stress"), make_guide("Draft", state="draft")])

    page = read(client.get("/guides/sleep/").content)

    assert page.one("h1").words == "Sleep"
    assert "What this is for." in page.words
    assert [link.words for link in page.all("a", class_="entry-title")] == ["Zzz", "Aaa"]
    assert [tile["href"] for tile in page.all("a", class_="tile")] == ["/guides/stress/", "/topics/resilience-stress/"]


def test_says_once_whether_it_was_reviewed_when_and_by_whom(client: Client) -> None:
    make_guide("Sleep")
    make_guide("Stress", reviewed_on=date(2026, 1, 5), reviewer="Jo Roe, psychologist")
    make_guide("Peers", reviewed_on=date(2026, 1, 5))

    assert client.get("/guides/sleep/").content.decode().count("Not reviewed yet.") == 1
    assert "Reviewed Jan. 5, 2026 by Jo Roe, psychologist." in read(client.get("/guides/stress/").content).words
    assert "Reviewed Jan. 5, 2026." in read(client.get("/guides/peers/").content).words


@pytest.mark.parametrize("is_first", [True, False])
def test_its_help_lines_stand_above_the_note_where_they_come_first(client: Client, is_first: bool) -> None:
    line = make_help_line("COPLINE", call_number="1-800-267-5463", position=3)
    guide = make_guide("Sleep", make_resource(), note="The note.", help_lines_first=is_first)
    guide.help_lines.add(line)

    response = client.get("/guides/sleep/")

    text = response.content.decode()
    assert (text.index('id="help_now"') < text.index("The note.")) is is_first
    assert 'href="tel:18002675463"' in text
    assert ("https://www.weather.gov/" in text) is is_first


def test_a_guide_that_speaks_of_a_crisis_has_help_lines_first_in_any_case_and_a_way_off(client: Client) -> None:
    make_help_line()
    make_crisis_term("suicide")
    make_guide("After a suicide", note="The note.")

    text = client.get("/guides/after-a-suicide/").content.decode()

    assert text.index('id="help_now"') < text.index("The note.")
    assert "https://www.weather.gov/" in text


def test_old_slug_leads_to_it_withdrawn_is_gone_and_a_draft_is_not_there(client: Client) -> None:
    guide = make_guide("Sleep")
    guide.slug = "rest"
    guide.save()
    make_guide("Old", state="withdrawn", withdrawn_reason="Look at “Rest”.")
    make_guide("Draft", state="draft")

    moved, gone = client.get("/guides/sleep/"), client.get("/guides/old/")

    assert (moved.status_code, moved["Location"]) == (301, "/guides/rest/")
    assert gone.status_code == 410
    assert "Look at “Rest”." in gone.content.decode()
    assert client.get("/guides/draft/").status_code == 404
    assert client.get("/guides/nowhere/").status_code == 404


def test_tells_machines_what_it_shows(client: Client) -> None:
    make_guide("Sleep", make_resource("Aaa"), reviewed_on=date(2026, 1, 5), reviewer="Jo Roe")

    text = client.get("/guides/sleep/").content.decode()

    for part in ('"@type": "WebPage"', '"lastReviewed": "2026-01-05"', '"name": "Jo Roe"', '"name": "Aaa"'):
        assert part in text


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries: Any) -> None:
    make_help_line()
    guide = make_guide("Sleep", *[make_resource(f"Sleep {number}") for number in range(10)])
    for number in range(5):
        guide.related.add(make_guide(f"Stress {number}"))

    # The guide, its categories, resources, help lines, words of a crisis, related guides; the state, the strip.
    with django_assert_num_queries(8):
        client.get("/guides/sleep/")


def test_its_card_stands_above_the_results_that_one_of_its_phrases_leads_to(client: Client) -> None:
    make_guide("Sleep", make_resource("Night work"), note="[Help](/help/) to rest.", phrases="can’t sleep")

    page = read(client.get("/resources/?q=I+cant+sleep").content)
    card = page.one("section", class_="guide-card")

    assert card.one("a")["href"] == reverse("guide", args=["sleep"])
    assert "Help to rest." in card.words
    assert "guide-card" not in client.get("/resources/?q=work").content.decode()
