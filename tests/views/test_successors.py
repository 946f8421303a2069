"""What the page of a withdrawn entry names where its successor is withdrawn, too."""

import pytest
from django.test import Client

from library.models import Resource
from tests.factories import make_resource, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db


def chain_of(*titles: str) -> list[Resource]:
    """Withdrawn entries, each replaced by the one before it."""
    chain: list[Resource] = []
    for title in titles:
        chain.append(withdraw(make_resource(title), successor=chain[-1] if chain else None))
    return chain


def test_names_the_first_one_that_readers_can_use_of_those_that_replaced_each_other(
    client: Client, django_assert_num_queries
) -> None:
    third, second, _first = chain_of("Third", "Second", "First")
    client.get("/resources/first/")
    with django_assert_num_queries(5):
        response = client.get("/resources/first/")
    assert "Its replacement has been removed, too." in response.text

    Resource.objects.filter(pk=third.pk).update(successor=make_resource("Building Personal Resilience"))

    with django_assert_num_queries(6):
        response = client.get("/resources/first/")
    main = read(response.content).one("main")
    assert main.one("a", href="/resources/building-personal-resilience/").words == "Building Personal Resilience"
    assert "Second" not in main.words
    assert "What replaced it" not in main.words
    assert "Building Personal Resilience" in client.get(f"/r/{second.ref}/").text


def test_entries_that_replace_each_other_in_a_circle_name_none(client: Client) -> None:
    third, _second, first = chain_of("Third", "Second", "First")
    Resource.objects.filter(pk=third.pk).update(successor=first)
    response = client.get("/resources/first/")
    assert response.status_code == 410
    assert "Its replacement has been removed, too." in response.text


def test_ten_that_replaced_each_other_are_followed_and_no_more(client: Client) -> None:
    out = make_resource("Building Personal Resilience")
    chain = chain_of(*(f"Older {number}" for number in range(11)))
    Resource.objects.filter(pk=chain[0].pk).update(successor=out)
    assert [out.title in client.get(f"/resources/older-{number}/").text for number in (8, 9, 10)] == [True, True, False]
