"""`/resources/<slug>/transcript/`: what is said in an episode, paragraph by paragraph."""

import pytest
from django.test import Client

from library.db.edit_cache import edit_cache
from library.pages.markdown import PART_SIZE
from tests.factories import TEN_YEARS, make_help_line, make_resource, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db

TWO_PARAGRAPHS = "Welcome to the show.\nToday:\n\n \n<b>sleep</b> & shift work."


def test_shows_each_paragraph_under_an_address_of_its_own(client: Client) -> None:
    make_resource(
        "Officer Fatigue", slug="officer-fatigue", transcript=TWO_PARAGRAPHS, content_note="Describes a loss."
    )

    response = client.get("/resources/officer-fatigue/transcript/")
    page = read(response.content)

    assert response.status_code == 200
    assert page.one("h1").words == "Transcript of Officer Fatigue"
    assert [(each["id"], each.words) for each in page.one("div", class_="transcript").all("p")] == [
        ("p_1", "Paragraph 1 Welcome to the show. Today:"),
        ("p_2", "Paragraph 2 <b>sleep</b> & shift work."),
    ]
    assert [link["href"] for link in page.all("a", class_="paragraph-link")] == ["#p_1", "#p_2"]
    assert "Describes a loss." in page.words
    assert page.one("link", rel="canonical")["href"] == "http://testserver/resources/officer-fatigue/transcript/"
    assert "Parts" not in response.text


def test_the_page_of_the_episode_leads_to_it_only_where_there_is_one(client: Client) -> None:
    make_resource(slug="with", transcript=TWO_PARAGRAPHS)
    make_resource(slug="without")

    assert 'href="/resources/with/transcript/"' in client.get("/resources/with/").text
    assert "transcript" not in client.get("/resources/without/").text
    assert client.get("/resources/without/transcript/").status_code == 404


def test_a_long_one_is_cut_into_parts(client: Client) -> None:
    paragraphs = [f"Paragraph {number} of {'many words ' * 1000}" for number in range(12)]
    make_resource(slug="long", transcript="\n\n".join(paragraphs))

    first, second = (read(client.get(f"/resources/long/transcript/{query}").content) for query in ("", "?page=2"))

    assert first.one("div", class_="transcript").all("p")[-1]["id"] == "p_5"
    assert second.one("div", class_="transcript").all("p")[0]["id"] == "p_6"
    assert second.one("title").words.startswith("Transcript of Building Personal Resilience, part 2")
    assert [(link["href"], link.get("aria-current")) for link in second.all("nav", class_="pages")[0].all("a")] == [
        ("/resources/long/transcript/", None),
        ("/resources/long/transcript/?page=2", "page"),
        ("/resources/long/transcript/?page=3", None),
    ]
    assert client.get("/resources/long/transcript/?page=9")["Location"] == "/resources/long/transcript/?page=3"
    assert len(client.get("/resources/long/transcript/").content) < 2 * PART_SIZE


def test_its_old_address_leads_to_the_new_one(client: Client) -> None:
    resource = make_resource(slug="old", transcript=TWO_PARAGRAPHS)
    resource.slug = "new"
    resource.save()

    response = client.get("/resources/old/transcript/")

    assert (response.status_code, response["Location"]) == (301, "/resources/new/transcript/")


def test_goes_with_its_episode(client: Client) -> None:
    withdraw(make_resource(slug="withdrawn", transcript=TWO_PARAGRAPHS))
    make_resource(slug="draft", transcript=TWO_PARAGRAPHS, state="draft")
    make_resource(slug="scheduled", transcript=TWO_PARAGRAPHS, listed_at=TEN_YEARS)

    codes = [client.get(f"/resources/{slug}/transcript/").status_code for slug in ("withdrawn", "draft", "scheduled")]

    assert codes == [410, 404, 404]


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries) -> None:
    make_help_line()
    make_resource(slug="short", transcript="Short.")
    make_resource(slug="long", transcript="Long. " * 20_000)
    for slug in ("short", "long"):
        edit_cache.clear()
        # The state of the library, the episode, its transcript, the help lines.
        with django_assert_num_queries(6):
            client.get(f"/resources/{slug}/transcript/")
