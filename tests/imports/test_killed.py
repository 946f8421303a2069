"""A program that works on imports and is killed: nothing is half written, its page knows it, and it starts again."""

import threading
import time

import pytest
from django.db import OperationalError, connection

from library.imports.importer import BATCH
from library.models import FileImport, ImportedRow, Resource
from library.models.file_import import is_worker_running
from tests.factories import make_section
from tests.imports.asking import HEADER, ask, checked, work
from tests.imports.conftest import NOW
from tests.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [f"Officer Fatigue {number},podcast,podcasts,https://example.org/{number}" for number in range(2 * BATCH)]


def kill_when_it_has_begun(backend: int, seen: list[int]) -> None:
    """Cut the connection as soon as progress is told, and note how many resources could be seen then."""
    try:
        eventually(lambda: FileImport.objects.get().rows_done >= BATCH, every=0.01)
        seen.append(Resource.objects.count())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    finally:
        connection.close()


@pytest.mark.parametrize("step", ["importing", "undoing"])
def test_a_step_that_is_killed_is_as_if_it_had_not_begun(step: str) -> None:
    make_section("podcasts")
    file_import = checked(*ROWS, header=HEADER)
    if step == "undoing":
        ask(file_import, "importing")
    resources, rows = Resource.objects.count(), ImportedRow.objects.count()
    seen: list[int] = []
    backend = connection.connection.info.backend_pid
    if step == "importing":
        killer = threading.Thread(target=kill_when_it_has_begun, args=(backend, seen))
    else:
        killer = threading.Thread(target=kill_soon, args=(backend, seen))
    assert FileImport.objects.ask(file_import.pk, file_import.state, step, NOW)
    killer.start()

    with pytest.raises(OperationalError):
        work()
    killer.join()
    connection.close()

    assert seen == [resources]
    assert (Resource.objects.count(), ImportedRow.objects.count()) == (resources, rows)
    assert FileImport.objects.get().state == step
    eventually(lambda: not is_worker_running())
    assert work() == 1
    assert FileImport.objects.get().state == {"importing": "imported", "undoing": "undone"}[step]
    assert Resource.objects.count() == (len(ROWS) if step == "importing" else 0)


def kill_soon(backend: int, seen: list[int]) -> None:
    """Cut the connection while it deletes."""
    try:
        eventually(is_worker_running, every=0.01)
        time.sleep(0.2)
        seen.append(Resource.objects.count())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    finally:
        connection.close()
