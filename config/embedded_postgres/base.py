"""What Django sees: its own PostgreSQL backend, with a server that starts at the first connection and not at import.

The settings are NAME, DATA_DIR (where the server keeps its files), DURABLE (False for tests: faster, and a power cut
loses the data) and START_PATIENCE (seconds to wait for a server that has to be started). How the server lives and dies
is `server`'s business.
"""

import contextlib
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db.backends.postgresql import base, client
from django.db.backends.postgresql.psycopg_any import errors, sql
from django.db.utils import OperationalError

from config.embedded_postgres.cluster import ROLE
from config.embedded_postgres.programs import ServerUnavailable, program
from config.embedded_postgres.server import EMBEDDED_PORT, START_PATIENCE, PrivateServer


class DatabaseUnavailable(OperationalError, CommandError):
    """A request answers 503 to this as to any lost database; a command prints its one sentence and ends with 1."""


@functools.cache
def server_of(data_dir: Path, durable: bool) -> PrivateServer:
    """The one server of a data directory, for all connections of this process."""
    return PrivateServer(data_dir, durable=durable)


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except ServerUnavailable as error:
        raise DatabaseUnavailable(str(error)) from error


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the psql that comes with the server."""

    executable_name = program("psql")

    def runshell(self, parameters: Any) -> None:
        self.connection.ensure_connection()
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections to the private server; each new one starts it again if it has died."""

    client_class = DatabaseClient

    @property
    def server(self) -> PrivateServer:
        return server_of(Path(self.settings_dict["DATA_DIR"]), self.settings_dict.get("DURABLE", True))

    @property
    def _patience(self) -> float:
        return float(self.settings_dict.get("START_PATIENCE", START_PATIENCE))

    def get_connection_params(self) -> dict[str, Any]:
        with _plainly():
            folder = self.server.use(self._patience)
        self.settings_dict.update(HOST=str(folder), PORT=str(EMBEDDED_PORT), USER=ROLE, PASSWORD="")
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            with _plainly():
                conn_params["host"] = str(self.server.revive(self._patience))
            self._create_database(conn_params)
            return super().get_new_connection(conn_params)

    def _create_database(self, conn_params: dict[str, Any]) -> None:
        """Make the database if it is missing, as it is in a new cluster; another process may do so at this moment."""
        name = conn_params["dbname"]
        connection = self.Database.connect(**(conn_params | {"dbname": "postgres"}))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    with contextlib.suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        finally:
            connection.close()
