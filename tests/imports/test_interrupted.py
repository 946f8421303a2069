"""What an import leaves behind when it does not come to its end, and when somebody writes at the same time."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from library.imports.importer import BATCH, import_resources
from library.imports.readers import Row, UnreadableFile
from library.models import Publisher, Resource, Section, Tag
from tests.factories import make_resource, make_section
from tests.imports.conftest import NOW, row, rows_at, take

pytestmark = pytest.mark.django_db(transaction=True)


def nothing_came() -> bool:
    models = (Resource, Publisher, Tag)
    return not any(model.objects.exists() for model in models) and Section.objects.count() == 1


def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing() -> None:
    make_section("podcasts")

    def rows() -> Iterator[Row]:
        yield from rows_at(BATCH + 10, tags=["new"], publisher="New", section="News")
        raise UnreadableFile("The file isn’t in UTF-8.", 1012)

    with pytest.raises(UnreadableFile):
        import_resources(rows(), now=NOW, create_missing=True, skip_bad=True)

    assert nothing_came()


def test_a_connection_that_is_cut_leaves_nothing() -> None:
    make_section("podcasts")

    def cut(rows: int) -> None:
        assert Resource.objects.count() == rows == BATCH
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        other.close()
        time.sleep(0.2)

    with pytest.raises(OperationalError):
        take(*rows_at(2 * BATCH, tags=["new"], publisher="New", section="News"), create_missing=True, on_progress=cut)

    connection.close()
    assert nothing_came()


def test_what_the_database_refuses_leaves_nothing() -> None:
    make_section("podcasts")

    def spoil(_rows: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE library_resource SET position = 1")  # refused at the end

    with pytest.raises(IntegrityError, match="resource_position_unique"):
        take(*rows_at(20), on_progress=spoil)

    assert nothing_came()


def test_the_reader_stops_when_the_writer_does() -> None:
    make_section("podcasts")
    read, threads = [], threading.active_count()

    def rows() -> Iterator[Row]:
        for one in rows_at(10 * BATCH):
            read.append(one)
            yield one

    def stop(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_resources(rows(), now=NOW, on_progress=stop)

    assert len(read) == BATCH
    assert threading.active_count() == threads
    assert nothing_came()


def test_two_imports_of_the_same_file_at_once_add_it_once() -> None:
    make_section("podcasts")
    results = []

    def run() -> None:
        try:
            results.append(take(*rows_at(50, tags=["new"], publisher="New")))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(result.created for result in results) == [0, 0, 50]
    assert sorted(result.unchanged for result in results) == [0, 50, 50]
    assert Resource.objects.count() == 50


def test_an_edit_that_comes_first_is_waited_for_and_kept() -> None:
    old = make_resource("Old", url=row().texts["url"], summary="By hand.")
    results = []

    def run() -> None:
        try:
            results.append(take(row(title="Imported")))
        finally:
            connection.close()

    with transaction.atomic():
        Resource.objects.select_for_update().get(pk=old.pk)
        thread = threading.Thread(target=run)
        thread.start()
        time.sleep(0.5)
        assert results == []
        Resource.objects.filter(pk=old.pk).update(summary="Corrected.", credit="Written meanwhile.")
    thread.join()

    old.refresh_from_db()
    assert (old.title, old.summary, old.credit) == ("Imported", "Corrected.", "Written meanwhile.")


def test_an_entry_that_is_added_meanwhile_stands_behind_the_imported_ones() -> None:
    section = make_section("podcasts")
    added = []

    def add() -> None:
        try:
            added.append(make_resource("Meanwhile", section=section))
        finally:
            connection.close()

    thread = threading.Thread(target=add)

    def begin(rows: int) -> None:
        if rows == BATCH:
            thread.start()
            time.sleep(0.3)

    take(*rows_at(BATCH + 1), on_progress=begin)
    thread.join()

    assert added[0].position == BATCH + 2
