"""The anchor contract as the database keeps it, on every path that writes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from library.models import Section, SectionAlias
from tests.factories import make_resource, make_section
from tests.refusing import commit, refused

pytestmark = pytest.mark.django_db


def aliases_of(section: Section) -> list[str]:
    return [alias.anchor for alias in section.aliases.all()]


def test_a_changed_anchor_stays_as_an_alias() -> None:
    section = make_section("podcasts", since=date(2026, 11, 23))
    section.anchor = "the-beat"
    section.save()

    alias = section.aliases.get()
    assert (alias.anchor, alias.since, str(alias)) == ("podcasts", date(2026, 11, 23), "podcasts")


def test_every_anchor_it_ever_had_stays() -> None:
    section = make_section("podcasts")
    for anchor in ("the-beat", "audio", "listening"):
        Section.objects.filter(pk=section.pk).update(anchor=anchor)

    assert aliases_of(section) == ["audio", "podcasts", "the-beat"]


def test_a_change_in_plain_sql_keeps_the_old_anchor_too() -> None:
    section = make_section("podcasts")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE library_section SET anchor = 'the-beat'")

    assert aliases_of(section) == ["podcasts"]


def test_a_change_of_the_heading_leaves_the_anchor_alone() -> None:
    section = make_section("podcasts")
    section.title = "Audio"
    section.save()

    assert aliases_of(section) == []
    assert Section.objects.get().anchor == "podcasts"


def test_a_section_can_go_back_to_an_anchor_of_its_own() -> None:
    section = make_section("podcasts")
    for anchor in ("the-beat", "podcasts"):
        section.anchor = anchor
        section.full_clean()
        section.save()
    commit()

    assert aliases_of(section) == ["the-beat"]


def test_an_alias_is_never_given_to_another_section() -> None:
    section = make_section("podcasts")
    Section.objects.update(anchor="the-beat")
    other = make_section("forums")

    with refused("belonged to another section once"):
        Section.objects.filter(pk=other.pk).update(anchor="podcasts")
    with refused("belonged to another section once"):
        Section.objects.bulk_create([Section(anchor="podcasts", title="New", position=9)])
    other.anchor = "podcasts"
    with pytest.raises(ValidationError, match="belonged to another section"):
        other.full_clean()
    assert aliases_of(section) == ["podcasts"]


def test_an_anchor_in_use_is_no_alias_of_another_section() -> None:
    make_section("podcasts")
    other = make_section("forums")

    with refused("is in use by a section"):
        SectionAlias.objects.create(anchor="podcasts", section=other)
    alias = SectionAlias.objects.create(anchor="boards", section=other)
    with refused("is in use by a section"):
        SectionAlias.objects.filter(pk=alias.pk).update(anchor="podcasts")


def test_an_alias_is_kept_once() -> None:
    section = make_section("podcasts")
    Section.objects.update(anchor="the-beat")

    with refused("section_alias_anchor_unique"):
        SectionAlias.objects.create(anchor="podcasts", section=section)


def test_a_published_section_cannot_be_deleted() -> None:
    section = make_section("podcasts")

    with refused('"podcasts" would be lost'):
        section.delete()
    with refused("would be lost"):
        Section.objects.all().delete()
    assert Section.objects.exists()


def test_a_withdrawn_section_cannot_be_deleted() -> None:
    make_section("podcasts", state="withdrawn", withdrawn_reason="See the forums.")

    with refused("would be lost"):
        Section.objects.all().delete()


def test_a_draft_can_be_deleted() -> None:
    make_section("podcasts", state="draft").delete()
    commit()

    assert not Section.objects.exists()


def test_a_section_with_entries_cannot_be_deleted() -> None:
    section = make_section("podcasts", state="draft")
    make_resource(section=section, state="draft")

    with pytest.raises(ProtectedError):
        section.delete()


def test_an_alias_cannot_be_deleted_or_renamed() -> None:
    make_section("podcasts")
    Section.objects.update(anchor="the-beat")

    with refused('"podcasts" would be lost'):
        SectionAlias.objects.all().delete()
    with refused('"podcasts" would be lost'):
        SectionAlias.objects.update(anchor="audio")


def test_a_merge_hands_every_anchor_to_the_survivor() -> None:
    survivor, merged = make_section("podcasts"), make_section("audio")
    Section.objects.filter(pk=merged.pk).update(anchor="listening")
    entry = make_resource(section=merged)

    with transaction.atomic():
        entry.position = None
        entry.section = survivor
        entry.save()
        merged.aliases.update(section=survivor)
        merged.delete()
        SectionAlias.objects.create(anchor="listening", section=survivor)
        commit()

    assert aliases_of(survivor) == ["audio", "listening"]
    assert list(Section.objects.with_name("audio")) == [survivor]


@pytest.mark.django_db(transaction=True)
def test_a_deletion_is_refused_at_the_real_commit() -> None:
    section = make_section("podcasts")

    with pytest.raises(IntegrityError, match="would be lost"), transaction.atomic():
        section.delete()  # passes here, and is refused where the block ends

    assert Section.objects.exists()


def test_a_section_that_readers_have_seen_is_not_hidden_again() -> None:
    make_section("podcasts")

    with refused("has been public"):
        Section.objects.update(state="draft")


def test_an_anchor_is_public_since_the_day_it_was_taken() -> None:
    section = make_section("podcasts", since=date(2020, 1, 1))
    section.change_anchor("the-beat")
    section.refresh_from_db()

    assert section.since == timezone.localdate()
    assert section.aliases.get().since == date(2020, 1, 1)
