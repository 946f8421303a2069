"""What rows call sections, categories, publishers and tags: known in any case, made where that is wanted."""

from datetime import date

import pytest

from library.models import Category, Publisher, Resource, Section, Tag, TaggedResource
from library.taxonomy.merge import merge_values
from tests.factories import make_category, make_publisher, make_section, make_tag
from tests.imports.conftest import NOW, counts_of, reasons_of, row, take
from tests.refusing import commit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def section() -> Section:
    return make_section("podcasts")


@pytest.mark.parametrize("name", ["podcasts", "PODCASTS", "the-beat", "Podcasts – The Beat", "podcasts – the beat"])
def test_a_section_is_known_by_its_anchor_an_older_one_or_its_title(name: str, section: Section) -> None:
    section.change_anchor("the-beat")
    section.change_anchor("podcasts")
    Section.objects.update(title="Podcasts – The Beat")

    assert counts_of(take(row(section=name))) == (1, 0, 0, 0)
    assert Resource.objects.get().section == section


def test_an_anchor_comes_before_a_title(section: Section) -> None:
    make_section("forums", title="podcasts")

    take(row(section="podcasts"))

    assert Resource.objects.get().section == section


def test_a_title_of_two_sections_is_not_enough() -> None:
    make_section("one", title="News")
    make_section("two", title="news")

    assert reasons_of(row(section="News")) == [
        (2, "section", "Several sections are called “News”. Use the anchor of one of them.")
    ]


@pytest.mark.parametrize("name", ["COPS Office", "cops office", "cops-office", "COPS-OFFICE"])
def test_a_publisher_is_known_by_its_name_or_address_name(name: str) -> None:
    publisher = make_publisher("cops-office", "COPS Office")

    result = take(row(publisher=name))

    assert Resource.objects.get().publisher == publisher
    assert result.warnings == ()


@pytest.mark.parametrize("name", ["Fatigue and sleep", "FATIGUE AND SLEEP", "sleep", "Sleep"])
def test_a_category_is_known_by_its_name_or_address_name(name: str) -> None:
    category = make_category("sleep", "Fatigue and sleep")

    take(row(categories=[name]))

    assert Resource.objects.get().categories.get() == category


def test_a_tag_is_one_in_any_case() -> None:
    tag = make_tag("PTSD")

    take(row(tags=["ptsd"]), row(line=3, url="https://example.org/b", tags=["Ptsd", "Sleep", "SLEEP"]))

    assert TaggedResource.objects.filter(tag=tag).count() == 2
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["PTSD", "Sleep"]


@pytest.mark.parametrize("name", ["Slepe Well", "slepe-well"])
def test_a_name_of_before_a_merge_is_the_one_that_stayed(name: str) -> None:
    for model in (Category, Publisher, Tag):
        gone = model.objects.create(name="Slepe well", slug="slepe-well")
        stays = model.objects.create(name="Sleep well", slug="sleep-well")
        merge_values(model, [gone.pk, stays.pk], stays.pk, by=None, now=NOW)

    take(row(publisher=name, categories=[name], tags=[name]))

    entry = Resource.objects.get()
    assert [str(entry.publisher), str(entry.categories.get()), str(entry.tags.get())] == ["Sleep well"] * 3


def test_a_name_of_something_deleted_is_new() -> None:
    make_tag("sleep").delete()

    take(row(tags=["sleep"]))

    assert str(Resource.objects.get().tags.get()) == "sleep"


def test_new_names_with_the_same_address_name_are_told_apart() -> None:
    take(
        row(publisher="Blue H.E.L.P.", tags=["C", "C++", "睡眠"]),
        row(line=3, publisher="Blue HELP", url="https://example.org/b"),
        row(line=4, publisher="警察", url="https://example.org/c"),
    )

    assert set(Publisher.objects.exclude(name="警察").values_list("slug", flat=True)) == {"blue-help", "blue-help-2"}
    assert len(Publisher.objects.get(name="警察").slug) == 7
    assert set(Tag.objects.values_list("slug", flat=True)) == {"c", "c-2", "睡眠"}


def test_unknown_sections_and_categories_make_a_row_bad() -> None:
    assert reasons_of(row(section="News", categories=["Sleep"], publisher="New", tags=["new"])) == [
        (2, "section", "There’s no section “News”. Correct the name, add it first, or choose to create missing ones."),
        (
            2,
            "categories",
            "There’s no category “Sleep”. Correct the name, add it first, or choose to create missing ones.",
        ),
    ]
    assert not Publisher.objects.exists()
    assert not Tag.objects.exists()


def test_makes_missing_sections_and_categories_when_told_to() -> None:
    result = take(
        row(section="2020 – What’s_new?", categories=["Sleep", "Stress"]),
        row(line=3, section="2020 – WHAT’S_NEW?", categories=["SLEEP"], url="https://example.org/b"),
        create_missing=True,
    )

    assert result.warnings == ("New sections: “2020 – What’s_new?”", "New categories: “Sleep”, “Stress”")
    made = Section.objects.get(title="2020 – What’s_new?")
    assert (made.anchor, made.state, made.position) == ("section-2020-whats-new", "published", 2)
    assert made.since == date(2026, 2, 1)
    made.full_clean()
    assert made.resources.count() == 2
    assert list(Category.objects.values_list("name", "slug")) == [("Sleep", "sleep"), ("Stress", "stress")]
    commit()


def test_a_new_anchor_is_one_that_no_section_ever_had(section: Section) -> None:
    section.change_anchor("the-beat")

    titles = ["Podcasts", "The Beat!", "X", "警察", "a" * 120]
    rows = [row(line=n, section=title, url=f"https://example.org/{n}") for n, title in enumerate(titles, start=2)]
    take(*rows[1:], row(section="Podcasts "), create_missing=True)

    anchors = list(Section.objects.exclude(pk=section.pk).order_by("pk").values_list("anchor", flat=True))
    assert anchors == ["the-beat-2", "section-x", "section", "a" * 61]
    for made in Section.objects.all():
        made.full_clean()


def test_one_import_makes_no_more_than_fifty_of_each() -> None:
    sections = [row(line=n, section=f"New {n}", url=f"https://example.org/{n}") for n in range(1, 61)]
    categories = [row(line=n, categories=[f"New {n}"], url=f"https://example.org/c{n}") for n in range(61, 121)]

    result = take(*sections, *categories, create_missing=True)

    assert (result.bad_rows, result.written) == (20, False)
    assert result.bad[0].reason == (
        "There’s no section “New 51”. An import can create up to 50 new ones. Is this the right column?"
    )
    assert {error.column for error in result.bad} == {"section", "categories"}


def test_nothing_is_made_for_a_row_that_is_bad() -> None:
    result = take(
        row(kind="novel", section="News", categories=["Sleep"], publisher="New", tags=["new"]),
        row(line=3, url="https://example.org/b"),
        create_missing=True,
        skip_bad=True,
    )

    assert counts_of(result) == (1, 0, 0, 1)
    assert (Section.objects.count(), Category.objects.count(), Publisher.objects.count(), Tag.objects.count()) == (
        1,
        0,
        0,
        0,
    )
