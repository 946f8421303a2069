"""What an import leaves behind when it does not come to its end, and when somebody writes at the same time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from library.imports.importer import BATCH, import_resources
from library.imports.readers import Row
from library.imports.tables import UnreadableFile
from library.models import Publisher, Resource, Section, Tag
from library.search.index.full_rebuild import RebuildResult, rebuild
from tests.factories import make_publisher, make_resource, make_section
from tests.imports.conftest import NOW, row, rows_at, take
from tests.models.test_search_index import titles_matching, total
from tests.processes import eventually

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


def edit_without_waiting(edit: Callable[[], None]) -> None:
    """Do this in another connection, which waits for no lock."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout TO '5s'")
            edit()
        except OperationalError as fault:
            faults.append(fault)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert faults == []


@contextmanager
def working_off_paused() -> Iterator[Callable[[], None]]:
    """An import stops before it works off what it has added; the function waits until one has."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")
        cursor.execute(
            "CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF current_setting('lock_timeout')"
            " = '0' THEN PERFORM pg_advisory_xact_lock(1); END IF; RETURN NULL; END $$"
        )
        cursor.execute("CREATE TRIGGER paused AFTER INSERT ON library_searchwords EXECUTE FUNCTION pause()")

        def wait() -> None:
            eventually(lambda: is_waiting(cursor))

        yield wait
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION pause CASCADE")


def is_waiting(cursor: Any) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted)")
    return bool(cursor.fetchone()[0])


def test_curators_add_and_move_entries_while_rows_are_written() -> None:
    section, old = make_section("podcasts"), make_resource("Old")

    def edit() -> None:
        make_resource("Meanwhile", section=section)
        old.section = make_section("news")
        old.save()
        section.save(update_fields=["title"])

    def go_on(rows: int) -> None:
        if rows == BATCH:
            edit_without_waiting(edit)

    make_resource("Moves", section=make_section("forums"), url="https://example.org/2")
    take(*rows_at(BATCH + 1, categories=["New"]), on_progress=go_on, create_missing=True)

    titles = list(section.resources.order_by("position").values_list("title", flat=True))
    assert titles[0] == "Meanwhile"
    assert sorted(titles[1:]) == sorted(f"Officer Fatigue {place}" for place in range(1, BATCH + 2))
    assert total("all") == BATCH + 3


def test_curators_save_while_an_import_works_off_what_it_has_added() -> None:
    section, publisher = make_section("podcasts"), make_publisher("alpha", "Alpha Office")
    old = make_resource("Old")

    def run() -> None:
        take(*rows_at(BATCH + 1, publisher="Alpha Office"))
        connection.close()

    def edit() -> None:
        make_resource("Meanwhile", section=section)
        Resource.objects.filter(pk=old.pk).update(title="Newer")
        Publisher.objects.filter(pk=publisher.pk).update(name="Bravo Office")

    importer = threading.Thread(target=run)
    with working_off_paused() as wait:
        importer.start()
        wait()
        edit_without_waiting(edit)
        assert titles_matching("meanwhile") == ["Meanwhile"]
    importer.join()

    assert titles_matching("newer") == ["Newer"]
    assert len(titles_matching("bravo fatigue")) == total("publisher", publisher.pk) == BATCH + 1
    assert titles_matching("alpha") == []
    assert total("all") == BATCH + 3
    assert rebuild() == RebuildResult(0, 0)
