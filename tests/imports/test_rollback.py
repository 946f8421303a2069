"""A whole import taken back; or nothing of it, where somebody has edited any of its entries since."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType

from library.history.record import record, record_before
from library.history.restore import recently_deleted
from library.imports.rollback import UndoResult, undo
from library.models import AuditEntry, Category, Guide, Publisher, Resource, Section, Tag
from library.taxonomy.merge import merge_values
from tests.factories import (
    make_category,
    make_guide,
    make_publisher,
    make_resource,
    make_section,
    make_series,
    make_tag,
)
from tests.imports.asking import ask, imported
from tests.imports.conftest import NOW

pytestmark = pytest.mark.django_db

NEW = "Building Personal Resilience,podcast,podcasts,https://example.org/1"
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def section() -> Section:
    return make_section("podcasts")


def values_of(resource: Resource) -> Any:
    resource = Resource.objects.get(pk=resource.pk)
    return (
        [getattr(resource, name) for name in ("title", "summary", "url", "address_key", "published_on")],
        [resource.published_precision, resource.publisher_id, resource.section_id, resource.position],
        sorted(resource.categories.values_list("name", flat=True)),
        sorted(resource.tags.values_list("name", flat=True)),
    )


def make_old() -> Resource:
    return make_resource(
        "Old title",
        url="https://example.org/2",
        summary="Old words.",
        publisher=make_publisher(),
        categories=[make_category("sleep", "Sleep")],
        tags=["fatigue"],
        published_on=date(2020, 2, 1),
        published_precision="month",
    )


CHANGES = "New title,podcast,forums,http://example.org/2/,New words.,peer,ptsd,2021,BJA"


def test_gives_every_old_value_back() -> None:
    make_resource("First")
    old = make_old()
    make_resource("Last")
    make_section("forums")
    make_category("peer", "Peer support")
    before = values_of(old)
    file_import = imported(CHANGES)
    assert all(was != now for was, now in zip(before[0][:3], values_of(old)[0][:3], strict=True))
    assert values_of(old)[2:] == (["Peer support"], ["ptsd"])

    ask(file_import, "undoing", LATER)

    assert values_of(old) == before
    assert (file_import.state, file_import.message) == (
        "undone",
        "Undone: 1 as before, 0 drafts deleted, 0 withdrawn. 2 publishers and tags it created were deleted.",
    )
    old.refresh_from_db()
    assert old.updated_at == LATER


def test_tells_how_many_entries_are_done() -> None:
    make_old()
    file_import = imported("New title,podcast,podcasts,https://example.org/2", NEW)
    progress: list[int] = []

    undo(file_import, LATER, on_progress=progress.append)

    assert progress == [1, 1, 2]


def test_takes_the_last_place_where_the_old_one_is_taken(section: Section) -> None:
    first, old = make_resource("First"), make_old()
    make_section("forums")
    make_category("peer", "Peer support")
    file_import = imported(CHANGES)
    newer = make_resource("Newer")
    assert newer.position == old.position

    ask(file_import, "undoing", LATER)

    assert list(section.resources.order_by("position")) == [first, newer, old]


def test_deletes_drafts_and_withdraws_what_readers_could_see() -> None:
    drafts, public = imported(NEW), imported("Fatigue,podcast,podcasts,https://example.org/9", publish=True)

    ask(drafts, "undoing", LATER)
    ask(public, "undoing", LATER)

    resource = Resource.objects.get()
    assert (resource.title, resource.state, resource.withdrawn_at) == ("Fatigue", "withdrawn", LATER)
    assert resource.withdrawn_reason == "This was added by mistake and has been removed."
    assert drafts.message == "Undone: 0 as before, 1 drafts deleted, 0 withdrawn."
    assert public.message == "Undone: 0 as before, 0 drafts deleted, 1 withdrawn."


def test_publishers_and_tags_that_it_made_go_too() -> None:
    used = make_publisher("cops-office", "COPS Office"), make_tag("ptsd")
    file_import = imported(
        f"{NEW},,,sleep|ptsd|shift work,,BJA", "Fatigue,podcast,podcasts,https://example.org/9,,,sleep,,COPS Office"
    )

    ask(file_import, "undoing", LATER)

    assert file_import.message == (
        "Undone: 0 as before, 2 drafts deleted, 0 withdrawn. 3 publishers and tags it created were deleted."
    )
    assert ((Publisher.objects.get(), Tag.objects.get()), Resource.objects.count()) == (used, 0)
    deleted = recently_deleted([ContentType.objects.get_for_model(Tag)])
    assert sorted(version.label for version in deleted) == ["shift work", "sleep"]


def test_publishers_and_tags_that_something_else_uses_stay() -> None:
    file_import = imported(f"{NEW},,,sleep|ptsd,,BJA", "Fatigue,podcast,podcasts,https://example.org/9,,,,,NIJ")
    make_resource("Other", publisher=Publisher.objects.get(name="BJA"), tags=["sleep"], state="draft")
    make_series(Publisher.objects.get(name="NIJ"))

    ask(file_import, "undoing", LATER)

    assert sorted(Publisher.objects.values_list("name", flat=True)) == ["BJA", "NIJ"]
    assert Tag.objects.get().name == "sleep"
    assert file_import.message.endswith("1 publisher or tag it created was deleted.")


def test_publishers_and_tags_that_somebody_edited_stay() -> None:
    file_import = imported(f"{NEW},,,sleep|ptsd,,BJA")
    publisher, tag = Publisher.objects.get(), Tag.objects.get(name="sleep")
    for row in (publisher, tag):
        record_before(type(row), [row.pk], now=LATER)
        type(row).objects.filter(pk=row.pk).update(name="Another")
        record(type(row), [row.pk], AuditEntry.Kind.CHANGED, by=None, now=LATER)

    ask(file_import, "undoing", LATER)

    assert (Publisher.objects.get(), Tag.objects.get()) == (publisher, tag)


def test_what_readers_could_see_keeps_its_publisher_and_tags() -> None:
    file_import = imported(f"{NEW},,,sleep,,BJA", publish=True)

    ask(file_import, "undoing", LATER)

    withdrawn = Resource.objects.get()
    assert (withdrawn.state, withdrawn.publisher.name) == ("withdrawn", "BJA")
    assert [tag.name for tag in withdrawn.tags.all()] == ["sleep"]


def test_nothing_that_it_made_goes_while_an_edit_stands_in_the_way() -> None:
    file_import = imported(f"{NEW},,,sleep,,BJA", "Fatigue,podcast,podcasts,https://example.org/9")
    edit(Resource.objects.get(title="Fatigue"))

    ask(file_import, "undoing", LATER)

    assert (Publisher.objects.count(), Tag.objects.count(), Resource.objects.count()) == (1, 1, 2)


def test_categories_and_sections_that_it_made_stay() -> None:
    row = "Building Personal Resilience,podcast,Night shift,https://example.org/1,,Sleep"
    ask(imported(row, create_missing=True), "undoing", LATER)

    assert (Category.objects.get().name, Section.objects.filter(title="Night shift").count()) == ("Sleep", 1)


def edit(resource: Resource) -> None:
    resource.credit = "Corrected."
    resource.save()


EDITS: list[Callable[[Resource], Any]] = [
    edit,
    lambda resource: Resource.objects.filter(pk=resource.pk).update(title="Another"),
    lambda resource: Resource.objects.filter(pk=resource.pk).update(section=make_section("forums")),
    lambda resource: resource.categories.add(make_category("peer", "Peer support")),
    lambda resource: resource.tags.add("new"),
    lambda resource: resource.tags.clear(),
    lambda resource: Resource.objects.filter(pk=resource.pk).update(state="published", listed_at=LATER),
]


@pytest.mark.parametrize("change", EDITS, ids=["form", "title", "section", "category", "tag", "no tags", "state"])
def test_undoes_nothing_where_any_entry_was_edited_since(change: Callable[[Resource], Any]) -> None:
    old = make_old()
    file_import = imported("New title,podcast,podcasts,https://example.org/2", f"{NEW},,,sleep")
    new = Resource.objects.get(url="https://example.org/1")
    change(new)
    seen = values_of(old), values_of(new)

    ask(file_import, "undoing", LATER)

    assert (values_of(old), values_of(new)) == seen
    assert file_import.state == "imported"
    assert file_import.message == "Nothing was undone: 1 entry has been edited since the import."
    assert [row.resource_id for row in file_import.rows.filter(blocks_undo=True)] == [new.pk]


def test_can_be_asked_for_again_when_nothing_stands_in_the_way_any_more() -> None:
    file_import = imported(NEW)
    Resource.objects.update(title="Another")
    ask(file_import, "undoing", LATER)
    Resource.objects.update(title="Building Personal Resilience")

    ask(file_import, "undoing", LATER)

    assert file_import.state == "undone"
    assert not file_import.rows.filter(blocks_undo=True).exists()


def test_places_and_link_checks_are_no_edits(section: Section) -> None:
    make_resource("First")
    file_import = imported(NEW)
    resource = Resource.objects.get(url="https://example.org/1")
    section.move_entry(resource.pk, "top")
    Resource.objects.filter(pk=resource.pk).update(link_state="alive", link_checked_on=NOW.date())

    ask(file_import, "undoing", LATER)

    assert file_import.state == "undone"


def test_a_draft_that_was_deleted_since_is_nothing_to_undo() -> None:
    file_import = imported(NEW, "Fatigue,podcast,podcasts,https://example.org/9")
    Resource.objects.get(url="https://example.org/1").delete()

    ask(file_import, "undoing", LATER)

    assert file_import.state == "undone"
    assert not Resource.objects.exists()


def test_rows_that_changed_nothing_may_be_edited() -> None:
    same = make_resource("Building Personal Resilience", url="https://example.org/1")
    file_import = imported(NEW, "Fatigue,podcast,podcasts,https://example.org/9")
    edit(same)

    ask(file_import, "undoing", LATER)

    assert file_import.state == "undone"
    assert Resource.objects.get() == same


def test_what_was_deleted_since_stays_deleted_and_the_rest_comes_back() -> None:
    old = make_old()
    make_category("peer", "Peer support")
    file_import = imported("Old title,podcast,podcasts,https://example.org/2,New words.,peer,ptsd,2021,BJA", NEW)
    for model, name in ((Category, "Sleep"), (Tag, "fatigue"), (Publisher, "COPS Office")):
        model.objects.get(name=name).delete()

    ask(file_import, "undoing", LATER)

    assert file_import.state == "undone"
    assert file_import.message == (
        "Undone: 1 as before, 1 drafts deleted, 0 withdrawn. "
        "1 entry lost a category, tag, or publisher that has been deleted since. "
        "2 publishers and tags it created were deleted."
    )
    (_title, summary, *_address), (_precision, publisher, *_place), categories, tags = values_of(old)
    assert (summary, publisher, categories, tags) == ("Old words.", None, [], [])


def test_a_merge_of_what_an_entry_was_given_stands_in_the_way() -> None:
    make_old()
    file_import = imported("Old title,podcast,podcasts,https://example.org/2,New words.,,ptsd,2021,BJA")
    gone, stays = Tag.objects.get(name="ptsd"), Tag.objects.get(name="fatigue")
    merge_values(Tag, [gone.pk, stays.pk], stays.pk, by=None, now=LATER)

    ask(file_import, "undoing", LATER)

    assert file_import.message == "Nothing was undone: 1 entry has been edited since the import."


def test_what_an_entry_had_before_and_was_merged_since_comes_back_as_what_it_was_merged_into() -> None:
    old = make_old()
    file_import = imported("Old title,podcast,podcasts,https://example.org/2,New words.,,ptsd,2021,BJA")
    for model, name, other in (
        (Tag, "fatigue", make_tag("sleep")),
        (Publisher, "COPS Office", make_publisher("office", "COPS")),
    ):
        merge_values(model, [model.objects.get(name=name).pk, other.pk], other.pk, by=None, now=LATER)

    ask(file_import, "undoing", LATER)

    assert file_import.message == (
        "Undone: 1 as before, 0 drafts deleted, 0 withdrawn. 2 publishers and tags it created were deleted."
    )
    assert values_of(old)[3] == ["sleep"]
    old.refresh_from_db()
    assert str(old.publisher) == "COPS"


def test_says_so_where_another_entry_has_come_to_need_a_new_one() -> None:
    file_import = imported(NEW)
    make_resource("Other", successor=Resource.objects.get())

    ask(file_import, "undoing", LATER)

    assert file_import.state == "imported"
    assert file_import.message == (
        "Nothing was undone: drafts that would be deleted are now needed elsewhere. “Building Personal Resilience” "
        "replaces “Other”: choose another replacement there first."
    )
    assert file_import.rows.get(blocks_undo=True).title == "Building Personal Resilience"
    assert Resource.objects.count() == 2

    Resource.objects.update(successor=None)
    ask(file_import, "undoing", LATER)
    assert (file_import.state, Resource.objects.get().title) == ("undone", "Other")


def test_a_guide_with_one_of_its_drafts_stands_in_the_way() -> None:
    file_import = imported(NEW, "Fatigue,podcast,podcasts,https://example.org/9")
    guide = make_guide("Stress", Resource.objects.get(title="Fatigue"))
    edit(Resource.objects.get(url="https://example.org/1"))

    ask(file_import, "undoing", LATER)

    assert file_import.message == (
        "Nothing was undone: 1 entry has been edited since the import. Drafts that would be deleted are now needed "
        "elsewhere. “Fatigue” is in the guide “Stress”: take it out of there first."
    )
    assert file_import.rows.filter(blocks_undo=True).count() == 2
    assert (Guide.objects.get(), Resource.objects.count()) == (guide, 2)


def test_of_many_that_are_needed_ten_are_named() -> None:
    file_import = imported(NEW)
    new = Resource.objects.get()
    for number in range(12):
        make_resource(f"Other {number:02}", successor=new)

    ask(file_import, "undoing", LATER)

    assert "“Other 09”" in file_import.message
    assert "“Other 10”" not in file_import.message
    assert file_import.message.endswith("… and more")


def test_an_entry_whose_old_section_is_gone_stays_where_it_is() -> None:
    old = make_resource(
        "Old title", url="https://example.org/2", section=make_section("books", state="draft"), state="draft"
    )
    file_import = imported("New title,podcast,podcasts,https://example.org/2")
    Section.objects.get(anchor="books").delete()

    ask(file_import, "undoing", LATER)

    old.refresh_from_db()
    assert (old.title, old.section.anchor, file_import.state) == ("Old title", "podcasts", "undone")
    assert (
        "1 entry stays in its current section, because the earlier one has been deleted or merged since."
        in file_import.message
    )


def test_counts_in_words() -> None:
    assert str(UndoResult(edited=2)) == "Nothing was undone: 2 entries have been edited since the import."
