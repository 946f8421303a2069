"""Backups from one version of PostgreSQL into another, and the client programs that fit each."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg2
import pytest

from library.maintenance.errors import MaintenanceError
from library.maintenance.server import Server
from tests.maintenance.conftest import BackedUp, Library, manifest_of, new_library
from tests.maintenance.debian import PASSWORD, PROGRAMS, debian_server

needs_15 = pytest.mark.skipif(not PROGRAMS.exists(), reason="Debian's postgresql-15 isn't installed.")

FILL = """
import io
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_starting_content", stdout=io.StringIO())
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with debian_server() as address:
        connection = psycopg2.connect(f"{address}postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE library")
        connection.close()
        yield address


@pytest.fixture(scope="module")
def on_15(address: str) -> Iterator[Library]:
    """A library with some rows in PostgreSQL 15, reached without TLS."""
    with new_library() as made:
        library = Library(made.data_dir, made.environment | {"DATABASE_URL": f"{address}library?sslmode=disable"})
        assert library.python(FILL) == (0, "")
        yield library


def commands_while(over: threading.Event) -> list[str]:
    """The command lines of all client programs until then."""
    seen = set()
    while not over.wait(0.02):
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.name() in {"pg_dump", "pg_restore"}:
                    seen.add(" ".join(process.cmdline()))
    return sorted(seen)


@needs_15
def test_from_15_into_15_and_18_and_never_back(on_15: Library, address: str, backed_up: BackedUp) -> None:
    over, seen = threading.Event(), []
    watcher = threading.Thread(target=lambda: seen.extend(commands_while(over)))
    watcher.start()
    try:
        output = on_15.succeeds("backup", DATABASE_POOL_URL=f"{address}library")
    finally:
        over.set()
        watcher.join()

    (path,) = (on_15.data_dir / "backups").iterdir()
    manifest = manifest_of(path)
    assert (manifest["server"], manifest["client"]) == (15, 16)
    assert "22 pages are the same" in output
    assert any("pg_dump" in command for command in seen)
    assert not any(PASSWORD in command for command in seen)

    assert "library_before_" in on_15.succeeds("restore", str(path))
    with new_library() as on_18:
        on_18.succeeds("restore", str(path))
        with on_18.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM library_resource")
            assert cursor.fetchone()[0] == manifest["fingerprint"]["tables"]["library_resource"][0] == 58

    assert on_15.refuses("restore", str(backed_up.path)) == (
        "This backup was made from PostgreSQL 18, and the database here is PostgreSQL 15, which can't read it: "
        "use PostgreSQL 18 or newer."
    )


@needs_15
def test_tls_takes_the_clients_of_the_machine_and_a_role_that_may_make_no_database_is_one_sentence(
    on_15: Library, address: str, tmp_path: Path
) -> None:
    path = on_15.back_up(str(tmp_path), "--no-drill", DATABASE_URL=f"{address}library?sslmode=require")
    assert manifest_of(path)["client"] == 15

    connection = psycopg2.connect(f"{address}library")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
    connection.close()
    plain = address.replace("library:", "plain:").replace(address.split(":")[2].split("@")[0], "plain", 1)

    sentence = on_15.refuses("restore", str(path), DATABASE_URL=f"{plain}library?sslmode=disable")

    assert sentence == (
        "A new database can't be made: the database role isn't allowed to. "
        "Have a superuser run ALTER ROLE … CREATEDB, then try again."
    )


@pytest.mark.parametrize(("major", "client"), [(15, 16), (16, 16), (17, 18), (18, 18)])
def test_each_version_has_its_clients(major: int, client: int) -> None:
    chosen = Server({}, "", major, needs_tls=False).client()

    assert chosen.major == client
    assert (chosen.folder / "pg_restore").exists()


@pytest.mark.parametrize("major", [14, 19])
def test_a_version_without_clients_is_refused(major: int) -> None:
    with pytest.raises(MaintenanceError) as refusal:
        Server({}, "", major, needs_tls=False).client()

    assert str(refusal.value) == (
        f"The database is PostgreSQL {major}; the site can back up and restore PostgreSQL 15 to 18."
    )


def test_tls_without_clients_of_that_version_is_refused() -> None:
    with pytest.raises(MaintenanceError) as refusal:
        Server({}, "", 14, needs_tls=True).client()

    assert "postgresql-client-14" in str(refusal.value)
