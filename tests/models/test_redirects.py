"""Slugs that filters had before: kept on every path that writes, and given back to the row that takes them."""

import pytest
from django.db import connection
from django.db.models import Case, Value, When

from library.models import Category, FormerValue, LibraryVersion, Publisher, Tag
from tests.factories import make_category, make_publisher, make_tag
from tests.refusing import refused

pytestmark = pytest.mark.django_db

MAKERS = {
    Category: lambda name: make_category(name, name),
    Tag: make_tag,
    Publisher: lambda name: make_publisher(name, name),
}


def former_values() -> list[tuple[str, str, int]]:
    return list(FormerValue.objects.order_by("facet", "slug").values_list("facet", "slug", "target_id"))


@pytest.mark.parametrize("model", MAKERS)
def test_a_slug_that_is_changed_leads_to_its_row(model) -> None:
    row = MAKERS[model]("sleep")

    model.objects.update(slug="rest")

    assert former_values() == [(model._meta.model_name, "sleep", row.pk)]
    assert str(FormerValue.objects.get()) == f"{model._meta.model_name}=sleep"


@pytest.mark.parametrize("model", MAKERS)
def test_a_slug_of_a_row_that_is_deleted_is_remembered(model) -> None:
    row = MAKERS[model]("sleep")

    model.objects.all()._raw_delete(using="default")

    assert former_values() == [(model._meta.model_name, "sleep", row.pk)]


def test_a_new_name_without_a_new_slug_leaves_nothing_behind() -> None:
    make_tag("sleep")

    Tag.objects.update(name="Sleep", slug="sleep")

    assert former_values() == []


def test_who_takes_a_slug_has_it() -> None:
    first = make_tag("sleep")
    Tag.objects.update(slug="rest")
    make_tag("sleep again")
    Tag.objects.filter(name="sleep again").update(slug="sleep")

    assert former_values() == [("tag", "sleep-again", Tag.objects.get(slug="sleep").pk)]

    Tag.objects.filter(slug="sleep").delete()
    Tag.objects.filter(pk=first.pk).update(slug="sleep")

    assert [slug for _facet, slug, _row in former_values()] == ["rest", "sleep-again"]


def test_the_slug_that_a_row_has_again_is_not_a_former_one() -> None:
    tag = make_tag("sleep")
    Tag.objects.update(slug="rest")
    Tag.objects.update(slug="sleep")

    assert former_values() == [("tag", "rest", tag.pk)]


def test_a_slug_of_one_facet_is_free_in_another() -> None:
    make_category("sleep", "Sleep")
    make_tag("sleep")
    Category.objects.all().delete()

    assert [(facet, slug) for facet, slug, _row in former_values()] == [("category", "sleep")]
    assert Tag.objects.get().slug == "sleep"


def test_a_statement_that_hands_slugs_on_remembers_only_those_without_a_row() -> None:
    first, second = make_tag("a"), make_tag("c")
    names = Case(When(pk=second.pk, then=Value("b")), When(pk=first.pk, then=Value("c")))

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE library_tag DROP CONSTRAINT IF EXISTS library_tag_slug_key")
    Tag.objects.update(slug=names)

    assert former_values() == [("tag", "a", first.pk)]


def test_rows_that_were_merged_lead_to_the_one_that_stays_and_to_themselves_once_recovered() -> None:
    sleep, rest = make_tag("sleep"), make_tag("rest")
    gone = rest.pk
    Tag.objects.filter(pk=gone).update(slug="resting")
    rest.delete()
    FormerValue.objects.filter(target_id=gone).update(target_id=sleep.pk)

    assert FormerValue.objects.stand_ins(Tag, [gone, sleep.pk]) == {gone: sleep.pk}
    assert FormerValue.objects.stand_ins(Category, [gone]) == {}

    Tag.objects.create(pk=gone, name="rest", slug="resting")

    assert former_values() == [("tag", "rest", gone)]
    assert FormerValue.objects.stand_ins(Tag, [gone]) == {}


def test_a_facet_has_a_slug_once_and_only_three_facets_have_any() -> None:
    FormerValue.objects.create(facet="tag", slug="sleep", source_id=1, target_id=1)

    with refused("former_value_unique"):
        FormerValue.objects.create(facet="tag", slug="sleep", source_id=2, target_id=2)
    with refused("former_value_facet_known"):
        FormerValue.objects.create(facet="kind", slug="podcast", source_id=1, target_id=1)


def test_a_change_of_where_it_leads_is_an_edit_that_readers_see() -> None:
    FormerValue.objects.create(facet="tag", slug="sleep", source_id=1, target_id=1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    before = LibraryVersion.objects.get().number

    FormerValue.objects.update(target_id=2)

    assert LibraryVersion.objects.get().number > before
