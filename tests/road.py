"""The only road to the database, to be closed and opened: what tests of a lost database stand on."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections
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
