"""`library.db.prepared`: a queryset's statement, built once, with parameters that have names."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from library.db.prepared import Prepared, PreparedInstances
from library.models import Picture, Resource
from library.models.resource.card_row import card_rows
from library.pages.cards import cards_of
from tests.factories import make_publisher, make_resource, make_resources, make_section, make_series

pytestmark = pytest.mark.django_db

TITLED = Prepared(
    lambda title, now: Resource.objects.published(now).filter(title=title).order_by("id").values_list("slug", "title"),
    title="title",
    now=datetime(1, 1, 1, tzinfo=UTC),
)


def test_finds_what_the_queryset_finds() -> None:
    make_resource("Sleep", slug="one")
    make_resource("Sleep", slug="two")
    make_resource("100 % 'sleep'", slug="three")
    make_resource("Sleep", slug="draft", state="draft")

    now = timezone.now()

    assert TITLED.rows(title="Sleep", now=now) == [("one", "Sleep"), ("two", "Sleep")]
    assert TITLED.rows(title="100 % 'sleep'", now=now) == [("three", "100 % 'sleep'")]
    assert TITLED.part(slice(1, 3), title="Sleep", now=now) == [("two", "Sleep")]


def test_a_sign_of_percent_in_the_statement_stays_one() -> None:
    make_resource("50% off", slug="a")
    offers = Prepared(
        lambda kind: Resource.objects.extra(where=["title LIKE '50%%'"]).filter(kind=kind).values_list("slug"),
        kind="kind",
    )

    assert offers.rows(kind="podcast") == [("a",)]


def test_building_costs_no_query(django_assert_num_queries) -> None:
    now = timezone.now()
    with django_assert_num_queries(1):
        TITLED.rows(title="Sleep", now=now)


def test_instances_come_with_their_relations(django_assert_num_queries) -> None:
    entries = PreparedInstances(
        lambda slug: Resource.objects.with_transcript_mark().filter(slug=slug),
        relations=("publisher", "section", "picture"),
        without=("slot", "transcript"),
        extra=("has_transcript",),
        slug="slug",
    )
    make_resource("Sleep", slug="a", publisher=make_publisher("COPS Office"), section=make_section("podcasts"))
    make_resource("Alone", slug="b", publisher=None, section=make_section("sites"), transcript="Words.")

    with django_assert_num_queries(2):
        (first,), (second,) = entries.rows(slug="a"), entries.rows(slug="b")
        assert (first.publisher.name, first.section.anchor, first.has_transcript) == ("COPS Office", "podcasts", False)
        assert (second.publisher, second.section.anchor, second.has_transcript) == (None, "sites", True)
        with pytest.raises(Picture.DoesNotExist):
            assert first.picture
    assert first == Resource.objects.get(slug="a")
    assert first.transcript == ""  # read when it is asked for
    assert entries.rows(slug="c") == []


def test_cards_of_rows_are_cards_of_resources(django_assert_num_queries) -> None:
    make_resources(5, series=make_series(), published_on=date(2020, 2, 1), url="")
    make_resource("Course", kind="course", series=None, publisher=None, content_note="Describes a death.")
    make_resource("Forum", kind="forum", series=None, body="**Talk.**")
    ids = list(Resource.objects.order_by("-id").values_list("pk", flat=True))

    with django_assert_num_queries(1):
        cards = cards_of(card_rows([*ids, -1]))

    resources = Resource.objects.with_card_relations().in_bulk(ids)
    assert cards == cards_of(resources[pk] for pk in ids)
