"""What a server process does when an hour ends. What it does without a database is in `views/test_database_away`."""

from contextlib import closing
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from library.db.locks import Lock
from library.history.snapshot import snapshot_of, versions_of
from library.models import AuditEntry, FileImport, ImportChunk, OpenCount, PictureFile, RateLimitCounter, Resource
from library.server.scheduler import run_every_hour
from tests.factories import make_resource


@pytest.mark.django_db(transaction=True)
def test_forgets_what_was_counted_in_the_hour_and_waits_for_the_end_of_the_next() -> None:
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            raise StopIteration
        RateLimitCounter.objects.hit("one 1234", 5, timezone.now())
        RateLimitCounter.objects.hit("one 5678", 5, timezone.now() + timedelta(hours=1))

    with pytest.raises(StopIteration):
        run_every_hour(wait)

    assert [mark.mark for mark in RateLimitCounter.objects.all()] == ["one 5678"]
    assert all(0 < seconds <= 3600 for seconds in waited)


@pytest.mark.django_db(transaction=True)
def test_withdraws_what_has_expired() -> None:
    make_resource(listed_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() + timedelta(seconds=1))
    Resource.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    calls = iter([lambda: None])

    with pytest.raises(StopIteration):
        run_every_hour(lambda _seconds: next(calls)())

    resource = Resource.objects.get()
    assert resource.state == "withdrawn"
    entry = AuditEntry.objects.acts().get()
    assert (entry.kind, entry.object_id, entry.user) == ("changed", resource.pk, None)
    assert entry.comment == "It was listed here for a limited time."
    newest, first = versions_of(Resource, resource.pk)
    assert [snapshot_of(version).fields["state"] for version in (newest, first)] == ["withdrawn", "published"]


@pytest.mark.django_db(transaction=True)
def test_writes_nothing_into_the_history_where_nothing_has_expired() -> None:
    make_resource(listed_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() + timedelta(days=1))
    calls = iter([lambda: None])

    with pytest.raises(StopIteration):
        run_every_hour(lambda _seconds: next(calls)())

    assert Resource.objects.get().state == "published"
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deletes_expired_sessions() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.create(session_key="a" * 32, session_data="x", expire_date=past)
    calls = iter([lambda: None])

    with pytest.raises(StopIteration):
        run_every_hour(lambda _seconds: next(calls)())

    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deletes_counts_after_the_days_that_the_privacy_page_names() -> None:
    OpenCount.objects.count_one(make_resource().ref, timezone.now() - timedelta(days=500))
    calls = iter([lambda: None])

    with pytest.raises(StopIteration):
        run_every_hour(lambda _seconds: next(calls)())

    assert not OpenCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deletes_files_of_pictures_that_nothing_names() -> None:
    PictureFile.objects.create(name="bpr2345-0000000000000000.webp", content=b"x")
    calls = iter([lambda: None])

    with pytest.raises(StopIteration):
        run_every_hour(lambda _seconds: next(calls)())

    assert not PictureFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deletes_files_of_imports_that_nobody_has_decided_on_for_a_week() -> None:
    week_ago = timezone.now() - timedelta(days=7)
    old, young = (
        FileImport.objects.create(name=name, has_file=True, state="checked", uploaded_at=day, requested_at=day)
        for name, day in (("old.csv", week_ago), ("young.csv", week_ago + timedelta(hours=1)))
    )
    for file_import in (old, young):
        ImportChunk.objects.store(file_import, [b"a"])
    calls = iter([lambda: None])

    with pytest.raises(StopIteration):
        run_every_hour(lambda _seconds: next(calls)())

    assert ImportChunk.objects.get().file_import == young
    assert list(FileImport.objects.order_by("name").values_list("state", flat=True)) == ["forgotten", "checked"]


@pytest.mark.django_db(transaction=True)
def test_leaves_the_files_of_imports_alone_while_somebody_works_on_one() -> None:
    day = timezone.now() - timedelta(days=8)
    old = FileImport.objects.create(name="old.csv", has_file=True, state="checked", uploaded_at=day, requested_at=day)
    ImportChunk.objects.store(old, [b"a"])
    calls = iter([lambda: None])

    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.IMPORT_WORKER.value])
        with pytest.raises(StopIteration):
            run_every_hour(lambda _seconds: next(calls)())

    assert old.chunks.exists()
    assert FileImport.objects.get().state == "checked"
