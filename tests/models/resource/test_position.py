"""The place of a resource in its section: its own, the last one at first, and another one by a change of places."""

import threading

import pytest
from django.db import connection

from library.models import Resource
from tests.factories import make_resource, make_resources, make_section, section_of
from tests.refusing import commit, refused

pytestmark = pytest.mark.django_db


def test_takes_the_last_place_of_its_section() -> None:
    first, second = make_resources(2)
    elsewhere = make_resource(section=make_section("forums"))

    assert [first.position, second.position, elsewhere.position] == [1, 2, 1]


def test_two_entries_of_a_section_cannot_have_one_place() -> None:
    _first, second = make_resources(2)

    with refused("resource_position_unique"):
        Resource.objects.filter(pk=second.pk).update(position=1)


def test_two_entries_can_change_places() -> None:
    first, second = make_resources(2)

    Resource.objects.filter(pk=first.pk).update(position=2)
    Resource.objects.filter(pk=second.pk).update(position=1)
    commit()

    assert list(first.section.resources.in_library_order()) == [second, first]


def test_an_entry_that_moves_takes_the_last_place_of_its_new_section() -> None:
    moving, _staying = make_resources(2)
    forums = make_section("forums")
    make_resources(2, title="LEO Near Miss", section=forums)

    moving.section = forums
    moving.full_clean(exclude=["position"])
    moving.save()
    commit()

    assert moving.position == 3
    moving.save()
    assert moving.position == 3


@pytest.mark.django_db(transaction=True)
def test_entries_added_at_once_get_places_of_their_own() -> None:
    section = section_of("podcasts")
    errors: list[BaseException] = []

    def add(number: int) -> None:
        try:
            for place in range(3):
                resource = Resource(kind="site", slug=f"entry-{number}-{place}", title="Entry", section=section)
                resource.save()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    assert sorted(section.resources.values_list("position", flat=True)) == list(range(1, 19))
