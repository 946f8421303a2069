"""Categories, tags, and a test for each thing that we use of django-taggit."""

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError

from library.models import Category, Resource, Tag, TaggedResource
from tests.factories import make_category, make_resource, make_tag
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def tags_of(resource: Resource) -> list[str]:
    return list(resource.tags.order_by("name").values_list("name", flat=True))


# Categories


def test_a_category_is_known_by_its_slug() -> None:
    category = make_category("peer-support", "Peer support")

    assert str(category) == "Peer support"
    assert Category.objects.get_by_natural_key(*category.natural_key()) == category


def test_categories_stand_in_the_order_of_their_names() -> None:
    make_category("stress", "Stress")
    make_category("ethics", "Ethics")

    assert [category.slug for category in Category.objects.all()] == ["ethics", "stress"]


def test_two_categories_cannot_have_one_slug_or_one_name_in_any_case() -> None:
    make_category("peer-support", "Peer support")
    other = make_category("ethics", "Ethics")

    with refused("category_slug_unique"):
        Category.objects.filter(pk=other.pk).update(slug="peer-support")
    with refused("category_name_unique"):
        Category.objects.filter(pk=other.pk).update(name="PEER SUPPORT")
    with pytest.raises(ValidationError, match="category with this name"):
        Category(slug="peers", name="peer SUPPORT").full_clean()


def test_curators_order_the_categories_and_a_new_one_stands_last() -> None:
    stress, ethics = make_category("stress", "Stress"), make_category("ethics", "Ethics")
    assert list(Category.objects.in_order()) == [stress, ethics]

    assert Category.objects.move(ethics.pk, "up", [stress.pk, ethics.pk])
    assert not Category.objects.move(ethics.pk, "up")

    assert list(Category.objects.in_order()) == [ethics, stress]
    assert list(Category.objects.in_order())[-1].get_absolute_url() == "/topics/stress/"


def test_two_categories_cannot_have_one_place() -> None:
    stress = make_category("stress", "Stress")
    ethics = Category.objects.create(slug="ethics", name="Ethics", position=stress.position)

    assert ethics.position == stress.position + 1
    with refused("category_position_unique"):
        Category.objects.filter(pk=ethics.pk).update(position=stress.position)


# Tags: what we use of django-taggit


def test_adds_tags_in_any_case_as_one() -> None:
    first, second = make_resource("One"), make_resource("Two")
    first.tags.add("PTSD", "sleep")
    second.tags.add("ptsd", "Ptsd")

    assert tags_of(first) == ["PTSD", "sleep"]
    assert tags_of(second) == ["PTSD"]
    assert Tag.objects.count() == 2


def test_adds_a_tag_once() -> None:
    resource = make_resource(tags=["sleep"])
    resource.tags.add("sleep")
    resource.tags.add("Sleep")

    assert TaggedResource.objects.count() == 1


def test_sets_tags_whatever_there_was_before() -> None:
    resource = make_resource(tags=["sleep", "stress"])
    resource.tags.set(["STRESS", "fitness"])

    assert tags_of(resource) == ["fitness", "stress"]


def test_removes_one_tag_and_leaves_the_word() -> None:
    resource = make_resource(tags=["sleep", "stress"])
    resource.tags.remove("sleep")

    assert tags_of(resource) == ["stress"]
    assert Tag.objects.filter(name="sleep").exists()


def test_clears_all_tags_of_one_resource() -> None:
    resource, other = make_resource("One", tags=["sleep"]), make_resource("Two", tags=["sleep"])
    resource.tags.clear()

    assert (tags_of(resource), tags_of(other)) == ([], ["sleep"])


def test_makes_a_slug_and_another_one_when_it_is_taken() -> None:
    resource = make_resource(tags=["Shift work", "Shift-work"])

    assert sorted(resource.tags.values_list("slug", flat=True)) == ["shift-work", "shift-work_1"]


def test_a_renamed_tag_keeps_its_address_and_its_resources() -> None:
    resource = make_resource(tags=["PTSD"])
    tag = Tag.objects.get()
    tag.name = "post-traumatic stress"
    tag.save()

    assert tags_of(resource) == ["post-traumatic stress"]
    assert Tag.objects.get().slug == "ptsd"


def test_two_tags_cannot_have_one_name_in_any_case() -> None:
    make_tag("PTSD")

    with refused("tag_name_unique_in_any_case"):
        Tag.objects.bulk_create([Tag(name="ptsd", slug="other")])
    with refused("slug"):
        Tag.objects.bulk_create([Tag(name="other", slug="ptsd")])
    with pytest.raises(ValidationError, match="tag with this name"):
        Tag(name="Ptsd", slug="other").full_clean()


def test_a_resource_has_a_tag_once() -> None:
    resource = make_resource(tags=["sleep"])

    with refused("tagged_resource_once"):
        TaggedResource.objects.bulk_create([TaggedResource(content_object=resource, tag=Tag.objects.get())])


def test_finds_resources_by_any_of_several_tags_each_once() -> None:
    both = make_resource("Both", tags=["sleep", "stress"])
    one = make_resource("One", tags=["stress"])
    make_resource("None")
    sleep, stress = Tag.objects.order_by("name")

    assert list(Resource.objects.with_tags([sleep, stress]).order_by("id")) == [both, one]
    assert list(Resource.objects.with_tags([sleep])) == [both]


def test_a_deleted_tag_leaves_its_resources() -> None:
    make_resource(tags=["sleep"])
    Tag.objects.all().delete()

    assert Resource.objects.exists()
    assert not TaggedResource.objects.exists()


def test_a_deleted_draft_leaves_its_tags() -> None:
    make_resource(state="draft", tags=["sleep"]).delete()

    assert Tag.objects.exists()


def test_tags_have_natural_keys() -> None:
    resource = make_resource(tags=["sleep"])
    tag, tagged = Tag.objects.get(), TaggedResource.objects.get()

    assert tag.natural_key() == ["sleep"]
    assert Tag.objects.get_by_natural_key("sleep") == tag
    assert tagged.natural_key() == [resource, tag]
    assert TaggedResource.objects.get_by_natural_key(resource, tag) == tagged


def test_tags_travel_in_fixtures_without_primary_keys() -> None:
    make_resource(tags=["sleep"])
    rows = serializers.serialize(
        "json",
        TaggedResource.objects.all(),
        use_natural_foreign_keys=True,
        use_natural_primary_keys=True,
    )
    TaggedResource.objects.all().delete()

    (item,) = serializers.deserialize("json", rows)
    item.save()

    assert tags_of(Resource.objects.get()) == ["sleep"]
