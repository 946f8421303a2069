"""Older versions and deleted rows come back whole; what stays as it is stays; a refusal changes nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from library.history.record import record, record_before
from library.history.restore import EditConflict, RestoreError, recently_deleted, recover, restore
from library.history.snapshot import VERSIONED_MODELS, snapshot_now, versions_of
from library.models import (
    AuditEntry,
    Category,
    HelpLine,
    Page,
    Publisher,
    Resource,
    Section,
    Series,
    SynonymGroup,
    Tag,
    User,
    Version,
)
from tests.factories import (
    make_category,
    make_guide,
    make_help_line,
    make_many,
    make_publisher,
    make_resource,
    make_resources,
    make_section,
    make_tag,
    withdraw,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def kept(row: Any) -> Version:
    """The row as it is now, kept."""
    record_before(type(row), [row.pk], now=NOW)
    record(type(row), [row.pk], AuditEntry.Kind.CHANGED, by=None, now=NOW)
    return versions_of(type(row), row.pk)[0]


def deleted(row: Any) -> Version:
    pk = row.pk
    record(type(row), [pk], AuditEntry.Kind.DELETED, by=None, now=NOW)
    row.delete()
    return versions_of(type(row), pk)[0]


def token_of(version: Version) -> str:
    """What the row of this version is now."""
    now = snapshot_now(version.model, version.object_id)
    assert now is not None
    return now.token


def bring_back(version: Version) -> Any:
    return restore(version, seen=token_of(version), by=None, now=NOW).row


def test_text_and_relations_and_tags_come_back() -> None:
    resource = make_resource(
        summary="Rest.", publisher=make_publisher(), categories=[make_category()], tags=["PTSD", "sleep"]
    )
    old = kept(resource)
    resource.title, resource.summary, resource.publisher = "Other", "", None
    resource.save()
    resource.categories.clear()
    resource.tags.set(["other"])
    bring_back(old)
    resource.refresh_from_db()
    assert (resource.title, resource.summary) == ("Building Personal Resilience", "Rest.")
    assert resource.publisher.name == "COPS Office"
    assert sorted(resource.tags.names()) == ["PTSD", "sleep"]
    assert [category.name for category in resource.categories.all()] == ["Resilience and stress"]


def test_restore_is_kept_and_can_be_undone() -> None:
    maria = User.objects.create_user("maria")
    resource = make_resource()
    old = kept(resource)
    resource.title = "Other"
    resource.save()
    between = kept(resource)
    restore(old, seen=token_of(old), by=maria, now=NOW)
    entry = AuditEntry.objects.acts().first()
    assert entry is not None
    assert (entry.kind, entry.user) == ("restored", maria)
    assert "March 1, 2026" in entry.comment
    assert bring_back(between).title == "Other"


def test_restore_leaves_state_dates_permanent_names_and_place() -> None:
    first = make_resource(state="draft")
    make_resources(2, section=first.section)
    old = kept(first)
    first.title, first.state, first.listed_at = "Other", "published", timezone.now()
    first.full_clean()
    first.save()
    first.section.move_entry(first.pk, "down")
    before = Resource.objects.values("state", "listed_at", "ref", "position", "slot").get(pk=first.pk)
    assert bring_back(old).title == "Building Personal Resilience"
    assert Resource.objects.values("state", "listed_at", "ref", "position", "slot").get(pk=first.pk) == before


def test_restore_leaves_what_was_found_on_a_day() -> None:
    resource = make_resource()
    old = kept(resource)
    today = {"link_state": "dead", "link_checked_on": NOW.date(), "reviewed_on": NOW.date(), "review_by": NOW.date()}
    Resource.objects.update(title="Other", **today)
    assert bring_back(old).title == "Building Personal Resilience"
    assert Resource.objects.values(*today).get() == today


def test_restore_of_a_row_that_is_another_than_was_seen_changes_nothing() -> None:
    resource = make_resource()
    old = kept(resource)
    seen = token_of(old)
    Resource.objects.update(title="Bob’s title")
    versions = Version.objects.count()
    with pytest.raises(EditConflict):
        restore(old, seen=seen, by=None, now=NOW)
    assert Resource.objects.get().title == "Bob’s title"
    assert Version.objects.count() == versions


def test_withdrawn_entry_stays_withdrawn_with_its_reason() -> None:
    resource = make_resource()
    old = kept(resource)
    resource.title = "Other"
    withdraw(resource)
    bring_back(old)
    resource.refresh_from_db()
    assert (resource.state, resource.title) == ("withdrawn", "Building Personal Resilience")
    assert resource.withdrawn_reason


def test_old_address_name_comes_back_and_the_other_goes_on_working() -> None:
    resource = make_resource(slug="old-name")
    old = kept(resource)
    resource.slug = "new-name"
    resource.save()
    assert bring_back(old).slug == "old-name"
    assert [former.slug for former in resource.former_slugs.all()] == ["new-name"]


def test_taken_address_name_refuses_and_changes_nothing() -> None:
    resource = make_resource(slug="old-name", state="draft", tags=["sleep"])
    old = kept(resource)
    resource.slug, resource.title = "new-name", "Other"
    resource.save()
    resource.former_slugs.all().delete()
    resource.tags.clear()
    make_resource(slug="old-name")
    versions = Version.objects.count()
    with pytest.raises(RestoreError, match="Another resource has this URL name"):
        bring_back(old)
    resource.refresh_from_db()
    assert (resource.title, list(resource.tags.all())) == ("Other", [])
    assert Version.objects.count() - versions <= 1


def test_what_is_gone_is_left_out_and_named_and_a_tag_is_made_again() -> None:
    resource = make_resource(publisher=make_publisher(), categories=[make_category()], tags=["sleep"])
    old = kept(resource)
    resource.publisher = None
    resource.save()
    Category.objects.all().delete()
    Tag.objects.all().delete()
    resource.title = "Other"
    resource.save()
    type(make_publisher("bja", "BJA")).objects.filter(slug="cops-office").delete()
    done = restore(old, seen=token_of(old), by=None, now=NOW)
    assert done.left_out == ("Publisher: COPS Office", "Categories: Resilience and stress")
    assert list(resource.tags.names()) == ["sleep"]


def test_version_of_today_restores_nothing() -> None:
    with pytest.raises(RestoreError, match="already matches"):
        bring_back(kept(make_resource()))


def test_every_other_model_is_restored(every_row: dict[type, Any]) -> None:
    changes: dict[str, Any] = {"terms": "cism\ncritical incident stress management", "position": 7}
    for model, row in every_row.items():
        name = VERSIONED_MODELS[model]
        old, before = kept(row), getattr(row, name)
        for field, value in ({name: "Other"} | changes).items():
            if field == name or (hasattr(row, field) and model is not Section and model is not Resource):
                setattr(row, field, value)
        row.save()
        bring_back(old)
        row.refresh_from_db()
        assert getattr(row, name) == before


def test_section_keeps_its_anchor_and_a_page_its_html_follows() -> None:
    section, page = make_section(intro="**Old**"), Page.objects.create(name="about", title="About", body="Old")
    old, old_page = kept(section), kept(page)
    section.change_anchor("episodes")
    section.intro = "New"
    section.save()
    page.body = "New"
    page.save()
    bring_back(old)
    bring_back(old_page)
    section.refresh_from_db()
    page.refresh_from_db()
    assert (section.anchor, section.intro) == ("episodes", "**Old**")
    assert "<strong>Old</strong>" in section.intro_html
    assert "Old" in page.body_html


def test_deleted_entry_is_recovered_whole() -> None:
    draft = make_resource(
        state="draft",
        published_on=date(2018, 5, 1),
        publisher=make_publisher(),
        categories=[make_category()],
        tags=["PTSD", "sleep"],
        transcript="What is said.",
    )
    make_resources(2, section=draft.section)
    before = snapshot_now(Resource, draft.pk)
    pk, ref, address = draft.pk, draft.ref, draft.get_absolute_url()
    row = recover(deleted(draft), by=None, now=NOW).row
    assert (row.pk, row.ref, row.get_absolute_url()) == (pk, ref, address)
    assert snapshot_now(Resource, pk) == before
    row.refresh_from_db()
    assert (row.position, row.state) == (4, "draft")
    assert AuditEntry.objects.filter(kind="recovered", object_id=pk).exists()


def test_scheduled_entry_comes_back_as_a_draft() -> None:
    scheduled = make_resource(listed_at=timezone.now() + timedelta(days=1))
    assert recover(deleted(scheduled), by=None, now=NOW).row.state == "draft"


def test_deleted_category_and_tag_come_back_with_their_guides_and_entries_drafts_too() -> None:
    had: dict[str, Any] = {"categories": [make_category()], "tags": ["sleep"]}
    guide = make_guide("After a shooting", categories=had["categories"])
    resources = [*make_resources(2, **had), make_resource("Rest", state="draft", **had)]
    category, tag = Category.objects.get(), Tag.objects.get()
    versions = [deleted(category), deleted(tag)]
    for version in versions:
        recover(version, by=None, now=NOW)
    assert Category.objects.get().resources.count() == 3
    assert list(Category.objects.get().guides.all()) == [guide]
    assert all(list(resource.tags.names()) == ["sleep"] for resource in resources)


def test_what_cannot_be_recovered_says_why_and_changes_nothing() -> None:
    section = make_section("books", state="draft")
    draft = make_resource(state="draft", section=section)
    gone = deleted(draft)
    gone_section = deleted(section)
    with pytest.raises(RestoreError, match="Section: Books"):
        recover(gone, by=None, now=NOW)
    assert recover(gone_section, by=None, now=NOW).row.anchor == "books"
    row = recover(gone, by=None, now=NOW).row
    assert row.section.anchor == "books"
    with pytest.raises(RestoreError, match="already back"):
        recover(gone, by=None, now=NOW)


def test_entry_whose_address_name_was_taken_comes_back_under_another() -> None:
    draft = make_resource("Sleep", slug="sleep", state="draft")
    ref, gone = draft.ref, deleted(draft)
    other = make_resource("Sleep", slug="sleep")
    done = recover(gone, by=None, now=NOW)
    assert done.renamed == "Its URL name “sleep” has been taken since, so it’s now “sleep-2”."
    assert (done.row.slug, done.row.ref, done.row.title) == ("sleep-2", ref, "Sleep")
    assert versions_of(Resource, done.row.pk)[0].entry.comment == done.renamed
    gone = deleted(done.row)
    other.slug = "sleep-2"
    other.save()
    other.slug = "rest"
    other.save()
    assert recover(gone, by=None, now=NOW).row.slug == "sleep-2-2"


def test_section_whose_anchor_was_taken_comes_back_under_another() -> None:
    books = make_section("books", state="draft")
    gone = deleted(books)
    other = make_section("books")
    other.change_anchor("reading")
    done = recover(gone, by=None, now=NOW)
    assert done.renamed == "Its anchor “books” has been taken since, so it’s now “books-2”."
    assert (done.row.anchor, done.row.state) == ("books-2", "draft")
    assert Section.objects.with_name("books").get() == other


@pytest.mark.parametrize("model", [Category, Tag, Publisher, Series])
def test_address_name_of_a_filter_value_or_series_that_was_taken_is_numbered(
    every_row: dict[type, Any], model: type
) -> None:
    row: Any = every_row[model]
    Resource.objects.update(series=None, publisher=None)
    Series.objects.exclude(pk=row.pk if model is Series else None).delete()
    slug, gone = row.slug, deleted(row)
    row.pk, row._state.adding = None, True
    setattr(row, VERSIONED_MODELS[model], "Another")
    row.save()
    done = recover(gone, by=None, now=NOW)
    assert (done.row.slug, f"“{slug}-2”" in done.renamed) == (f"{slug}-2", True)
    assert snapshot_now(model, done.row.pk) is not None


@pytest.mark.parametrize("model", [Category, Tag, Publisher, SynonymGroup])
def test_name_that_was_taken_is_told_with_a_way_out_that_works(every_row: dict[type, Any], model: type) -> None:
    row: Any = every_row[model]
    Resource.objects.update(series=None, publisher=None)
    Series.objects.all().delete()
    name, gone = row.name, deleted(row)
    row.pk, row._state.adding, row.name = None, True, name.upper()
    row.save()
    with pytest.raises(RestoreError, match="Rename that one"), transaction.atomic():
        recover(gone, by=None, now=NOW)
    row.name, row.terms = "Another", "sleep\nrest"
    row.save()
    assert recover(gone, by=None, now=NOW).row.name == name


def test_recently_deleted_is_what_is_still_gone_newest_first(django_assert_num_queries: Any) -> None:
    abouts = list(ContentType.objects.get_for_models(*VERSIONED_MODELS).values())
    one, two = deleted(make_tag("sleep")), deleted(make_help_line())
    three = deleted(make_tag("rest"))
    assert list(recently_deleted(abouts)) == [three, two, one]
    recover(three, by=None, now=NOW)
    assert [version.label for version in recently_deleted(abouts)] == [str(two), "sleep"]
    deleted(Tag.objects.get(name="rest"))
    assert [version.label for version in recently_deleted(abouts)] == ["rest", str(two), "sleep"]
    with django_assert_num_queries(1):
        list(recently_deleted(abouts))
    assert list(recently_deleted(list(ContentType.objects.get_for_models(HelpLine).values()))) == [two]


def test_what_was_deleted_before_a_thousand_others_is_still_found() -> None:
    draft = make_resource("Sleep", state="draft")
    section, gone = draft.section, deleted(draft)
    other = make_resource("Import", state="draft", section=section)
    make_many(1000, of=other)
    record(Resource, list(Resource.objects.values_list("pk", flat=True)), AuditEntry.Kind.DELETED, by=None, now=NOW)
    Resource.objects.all().delete()
    found = recently_deleted(list(ContentType.objects.get_for_models(Resource).values()))
    assert found.count() == 1002
    assert found.last() == gone
    assert recover(gone, by=None, now=NOW).row.title == "Sleep"
    assert found.count() == 1001
