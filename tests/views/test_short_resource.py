"""`/r/<ref>/`: the permanent short link to a resource."""

import pytest
from django.test import Client

from library.models import Resource
from tests.factories import TEN_YEARS, make_resource, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db


def test_leads_to_the_page_of_today(client: Client) -> None:
    make_resource("Officer Fatigue", ref="fat2345")
    assert client.get("/r/fat2345/")["Location"] == "/resources/officer-fatigue/"

    Resource.objects.update(slug="sleep")
    response = client.get("/r/fat2345/")

    assert (response.status_code, response["Location"]) == (302, "/resources/sleep/")


def test_says_why_a_resource_was_withdrawn_and_what_to_use_instead(client: Client) -> None:
    successor = make_resource("Building Personal Resilience")
    withdraw(make_resource("Officer Fatigue", ref="fat2345"), "It was replaced.", successor=successor)

    response = client.get("/r/fat2345/")
    main = read(response.content).one("main")

    assert response.status_code == 410
    assert "It was replaced." in main.words
    assert main.one("a", href="/resources/building-personal-resilience/")


def test_knows_nothing_of_what_readers_cannot_see(client: Client) -> None:
    make_resource("Draft", ref="dra2345", state="draft")
    make_resource("Later", ref="lat2345", listed_at=TEN_YEARS)

    assert client.get("/r/dra2345/").status_code == 404
    assert client.get("/r/lat2345/").status_code == 404


@pytest.mark.parametrize("ref", ["nothing", "FAT2345", "fat2345%20", "1", "%F0%9F%98%B4", "a" * 5000])
def test_knows_no_other_ref(client: Client, ref: str) -> None:
    make_resource("Officer Fatigue", ref="fat2345")

    assert client.get(f"/r/{ref}/").status_code == 404


def test_costs_one_query(client: Client, django_assert_num_queries) -> None:
    make_resource(ref="fat2345")

    with django_assert_num_queries(1):
        client.get("/r/fat2345/")
