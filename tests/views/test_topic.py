"""The page of a topic: a category with its scope, its guides and its entries."""

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Category
from library.taxonomy.merge import merge_values
from tests.factories import make_category, make_crisis_term, make_guide, make_help_line, make_resource, make_resources
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_shows_its_scope_its_guides_and_its_entries(client: Client) -> None:
    sleep = make_category("sleep", "Sleep and shift work")
    Category.objects.update(scope="Shift length, overtime and sleep.")
    make_resource("In it", categories=[sleep])
    make_resource("Not in it")
    make_guide("Can’t sleep", categories=[sleep], slug="cant-sleep")
    make_guide("Draft", categories=[sleep], state="draft")

    page = read(client.get("/topics/sleep/").content)

    assert page.one("h1").words == "Sleep and shift work"
    assert "Shift length, overtime and sleep." in page.words
    assert [tile["href"] for tile in page.all("a", class_="tile")] == ["/guides/cant-sleep/"]
    assert [link.words for link in page.all("a", class_="entry-title")] == ["In it"]
    assert page.one("a", class_="section-all")["href"] == "/resources/?category=sleep"


def test_leads_to_all_entries_where_there_are_more(client: Client) -> None:
    make_resources(30, categories=[make_category("sleep", "Sleep")])

    link = read(client.get("/topics/sleep/").content).one("a", class_="section-all")

    assert (link.words, link["href"]) == ("See all 30 resources", "/resources/?category=sleep")


@pytest.mark.parametrize("near", [2000, 25, 1])
def test_shows_the_newest_entries_wherever_they_stand(
    client: Client, near: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether enough of them are among the newest of all, or the index of categories is asked."""
    monkeypatch.setattr("library.search.results.NEAR", near)
    sleep, stress = make_category("sleep", "Sleep"), make_category("stress", "Stress")
    make_resources(30, "Asleep", categories=[sleep])
    make_resources(10, "Awake", categories=[stress])
    make_resource("Draft", state="draft", categories=[sleep])
    listed = read(client.get("/resources/?category=sleep").content)

    page = read(client.get("/topics/sleep/").content)

    titles = [link.words for link in listed.all("a", class_="entry-title")]
    assert [link.words for link in page.all("a", class_="entry-title")] == titles
    assert len(titles) == 20
    assert page.one("a", class_="section-all").words == "See all 30 resources"


def test_a_topic_without_entries_says_so(client: Client) -> None:
    make_category("sleep", "Sleep")

    assert "Nothing here yet." in client.get("/topics/sleep/").content.decode()


def test_a_delicate_topic_has_the_help_lines_first_and_a_way_off(client: Client) -> None:
    make_help_line()
    make_crisis_term("suicide")
    make_category("suicide-prevention", "Suicide prevention")
    make_category("sleep", "Sleep")

    delicate, other = (client.get(f"/topics/{slug}/").content.decode() for slug in ("suicide-prevention", "sleep"))

    assert 'id="help_now"' in delicate
    assert "https://www.weather.gov/" in delicate
    assert 'id="help_now"' not in other


def test_old_slugs_lead_to_the_topic_of_today_also_after_a_merge(client: Client) -> None:
    sleep, rest = make_category("sleep", "Sleep"), make_category("rest", "Rest")
    sleep.slug = "fatigue"
    sleep.save()
    merge_values(Category, [sleep.pk, rest.pk], rest.pk, by=None, now=timezone.now())

    for slug in ("sleep", "fatigue"):
        response = client.get(f"/topics/{slug}/")
        assert (response.status_code, response["Location"]) == (301, "/topics/rest/")


def test_a_deleted_topic_is_gone_and_what_never_was_is_not_there(client: Client) -> None:
    make_category("sleep", "Sleep").delete()

    gone = client.get("/topics/sleep/")

    assert gone.status_code == 410
    assert "Sleep" in gone.content.decode()
    assert client.get("/topics/nowhere/").status_code == 404


def test_a_resource_leads_to_its_topics(client: Client) -> None:
    resource = make_resource(categories=[make_category("sleep", "Sleep")])

    assert 'href="/topics/sleep/"' in client.get(resource.get_absolute_url()).content.decode()
