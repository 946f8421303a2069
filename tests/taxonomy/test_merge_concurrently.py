"""Two curators at the same time: one merges while the other merges, deletes or edits."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from library.models import Resource, Tag, TaggedResource
from library.taxonomy.merge import CannotMerge, merge_values
from tests.factories import make_resource

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at_the_same_time(*jobs: Callable[[], object]) -> list[BaseException]:
    """Run these side by side, each with a connection of its own; what they raised."""
    raised: list[BaseException] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        try:
            start.wait()
            job()
        except (CannotMerge, IntegrityError) as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_of_two_merges_into_each_other_one_is_done() -> None:
    entry = make_resource("One", tags=["sleep", "slepe"])
    pks = list(Tag.objects.values_list("pk", flat=True))

    raised = at_the_same_time(
        lambda: merge_values(Tag, pks, pks[0], by=None, now=NOW),
        lambda: merge_values(Tag, pks, pks[1], by=None, now=NOW),
    )

    assert [str(error) for error in raised] == [
        "One of them was merged or deleted in the meantime. See what’s left, and choose again."
    ]
    assert entry.tags.count() == 1


def test_an_entry_that_gets_the_tag_at_that_moment_is_told_or_has_the_one_that_stays() -> None:
    entry = make_resource("One", tags=["sleep", "slepe"])
    other = make_resource("Two")
    stays, gone = Tag.objects.get(name="sleep"), Tag.objects.get(name="slepe")

    def give() -> None:
        with transaction.atomic():
            Resource.objects.select_for_update(no_key=True, of=("self",)).get(pk=other.pk)
            TaggedResource.objects.create(tag=gone, content_object=other)

    at_the_same_time(lambda: merge_values(Tag, [stays.pk, gone.pk], stays.pk, by=None, now=NOW), give)

    assert entry.tags.count() in {1, 2}
    assert not TaggedResource.objects.exclude(tag__in=Tag.objects.all()).exists()
    if not Tag.objects.filter(pk=gone.pk).exists():
        assert set(TaggedResource.objects.values_list("tag", flat=True)) == {stays.pk}
