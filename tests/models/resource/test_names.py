"""Addresses of resources as the database keeps them: old slugs, permanent refs, nothing public deleted."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from library.models import FormerSlug, Resource
from tests.factories import LISTED, TEN_YEARS, make_resource, withdraw
from tests.refusing import commit, refused

pytestmark = pytest.mark.django_db


def former_slugs_of(resource: Resource) -> list[str]:
    return sorted(str(former) for former in resource.former_slugs.all())


def test_a_changed_slug_stays_with_its_resource() -> None:
    resource = make_resource("Officer Fatigue")
    resource.slug = "fatigue"
    resource.save()

    assert former_slugs_of(resource) == ["officer-fatigue"]


def test_a_bulk_update_and_plain_sql_keep_it_too() -> None:
    resource = make_resource("Officer Fatigue")
    Resource.objects.update(slug="fatigue")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE library_resource SET slug = 'sleep'")

    assert former_slugs_of(resource) == ["fatigue", "officer-fatigue"]


def test_a_resource_can_go_back_to_a_slug_of_its_own() -> None:
    resource = make_resource("Officer Fatigue")
    for slug in ("fatigue", "officer-fatigue"):
        resource.slug = slug
        resource.full_clean()
        resource.save()

    assert former_slugs_of(resource) == ["fatigue"]


def test_a_former_slug_is_never_given_to_another_resource() -> None:
    resource = make_resource("Officer Fatigue")
    Resource.objects.update(slug="fatigue")
    other = make_resource("Officer Health")

    with refused("belonged to another resource once"):
        Resource.objects.filter(pk=other.pk).update(slug="officer-fatigue")
    with refused("belonged to another resource once"):
        Resource.objects.bulk_create(
            [Resource(kind="site", slug="officer-fatigue", title="New", section=other.section, position=9)]
        )
    other.slug = "officer-fatigue"
    with pytest.raises(ValidationError, match="belonged to another resource"):
        other.full_clean()
    assert former_slugs_of(resource) == ["officer-fatigue"]


def test_a_former_slug_is_kept_once() -> None:
    resource = make_resource("Officer Fatigue")
    Resource.objects.update(slug="fatigue")

    with refused("former_slug_unique"):
        FormerSlug.objects.create(slug="officer-fatigue", resource=resource)


def test_a_ref_never_changes() -> None:
    resource = make_resource()

    with refused("is permanent"):
        Resource.objects.update(ref="other23")
    resource.ref = "other23"
    with refused("is permanent"):
        resource.save()


def test_a_save_without_a_change_of_the_ref_passes() -> None:
    make_resource().save()


def test_a_public_resource_cannot_be_deleted() -> None:
    resource = make_resource("Officer Fatigue")

    with refused('"officer-fatigue" has been public'):
        resource.delete()
    with refused("has been public"):
        Resource.objects.all().delete()
    with refused("has been public"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM library_resource")


def test_a_withdrawn_resource_cannot_be_deleted() -> None:
    withdraw(make_resource())

    with refused("has been public"):
        Resource.objects.all().delete()


def test_a_draft_can_be_deleted_with_all_that_hangs_on_it() -> None:
    resource = make_resource(state="draft", tags=["sleep"])
    Resource.objects.update(slug="changed")

    resource.delete()
    commit()

    assert not FormerSlug.objects.exists()


def test_a_resource_that_nobody_has_seen_yet_can_be_deleted() -> None:
    make_resource(listed_at=TEN_YEARS).delete()
    commit()

    assert not Resource.objects.filter(listed_at__lte=LISTED).exists()


@pytest.mark.parametrize(
    "change", [{"state": "draft"}, {"listed_at": None}, {"listed_at": datetime(2900, 1, 1, tzinfo=UTC)}]
)
def test_what_readers_have_seen_is_not_hidden_again(change: dict[str, object]) -> None:
    resource = make_resource()

    with refused("has been public"):
        Resource.objects.filter(pk=resource.pk).update(**change)


def test_a_draft_with_a_date_that_has_passed_can_be_deleted() -> None:
    make_resource(state="draft", listed_at=datetime(2020, 1, 1, tzinfo=UTC)).delete()

    assert not Resource.objects.exists()
