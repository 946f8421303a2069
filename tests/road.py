"""What keeps a database from doing what it is asked: no road to it, reading alone, locks. For real. For tests."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper


class Road:
    """The only way to the database: a name of its socket that can be taken away, with all connections cut."""

    def __init__(self, folder: Path, target: Path, cut: Callable[[], None]) -> None:
        self.name = folder / target.name
        self.target = target
        self.cut = cut
        self.open()

    def open(self) -> None:
        self.name.symlink_to(self.target)

    def close(self) -> None:
        self.name.unlink()
        self.cut()


@contextlib.contextmanager
def only_road() -> Iterator[Road]:
    """Inside, every request reaches the database by this road only."""
    own = connections["default"]
    socket = Path(own.settings_dict["HOST"]) / f".s.PGSQL.{own.settings_dict['PORT'] or 5432}"
    if not socket.is_socket():
        pytest.skip("needs a database on a Unix socket")
    folder = Path(tempfile.mkdtemp(prefix="library-road-"))
    by_road = DatabaseWrapper(own.settings_dict | {"HOST": str(folder), "CONN_MAX_AGE": 60}, "default")

    def cut() -> None:
        with own.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

    connections["default"] = by_road
    try:
        yield Road(folder, socket, cut)
    finally:
        by_road.close()
        connections["default"] = own
        shutil.rmtree(folder)


@contextlib.contextmanager
def database_stopped() -> Iterator[None]:
    with only_road() as road:
        road.close()
        yield


@contextlib.contextmanager
def read_only() -> Iterator[None]:
    """As on a standby, or while a provider looks after the disk."""
    name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
    with contextlib.closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        connection.close()
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            connection.close()


@contextlib.contextmanager
def tables_locked(*tables: str) -> Iterator[None]:
    """Nobody else can even read these."""
    with contextlib.closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout TO '60s'")
        cursor.execute("BEGIN")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        yield


@contextlib.contextmanager
def table_missing(table: str) -> Iterator[None]:
    """As in a database that is not the code's: a fault that nobody foresaw."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")
