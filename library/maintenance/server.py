"""A PostgreSQL server as backups see it: how to reach it, and the client programs that fit it.

The wheel has two sets of clients. 16 is for servers 15 and 16: what pg_dump 18 writes sets `transaction_timeout`, which
those don't know, so it couldn't be restored where it came from. 18 is for 17 and 18. Neither set can do TLS; for a
remote server that needs it, the machine's own clients have to be of the server's version.
"""

import contextlib
import ipaddress
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg2  # type: ignore[import-untyped]
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import make_dsn  # type: ignore[import-untyped]

from config.embedded_postgres.programs import ServerUnavailable, clients, reason_in
from library.maintenance.errors import MaintenanceError

# Major version of a server: major version of the wheel's clients for it.
_CLIENTS = {15: 16, 16: 16, 17: 18, 18: 18}
# Where Debian and Red Hat put the clients of each version.
_SYSTEM_FOLDERS = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin")
# Reading a whole table takes long, and waiting for somebody who changes it is in vain.
_PATIENT = "-c statement_timeout=0 -c lock_timeout=5s -c idle_in_transaction_session_timeout=0"
# What Django adds to libpq's parameters, and what is given elsewhere.
_LEFT_OUT = {"client_encoding", "cursor_factory", "dbname", "options", "password"}


@dataclass(frozen=True)
class Server:
    """How to reach a server. `parameters` are libpq's, without a database and without a password."""

    parameters: dict[str, str]
    password: str
    major: int
    needs_tls: bool

    @classmethod
    def behind(cls, connection: BaseDatabaseWrapper) -> "Server":
        """The server that Django's connection reaches, of several hosts that very one.

        Raises MaintenanceError for a secret that could only be passed on where everyone on the machine can read it.
        """
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise MaintenanceError(f"The database doesn't answer: {reason_in(str(error))}.") from error
        info = connection.connection.info
        given = connection.get_connection_params().items()
        parameters = {name: str(value) for name, value in given if name not in _LEFT_OUT}
        if "sslpassword" in parameters:
            raise MaintenanceError("DATABASE_URL has an sslpassword, which backups can't use: use a key without one.")
        parameters |= {"host": info.host, "port": str(info.port)}
        wants_tls = parameters.get("sslmode", "prefer") in {"require", "verify-ca", "verify-full"}
        needs_tls = wants_tls or (info.ssl_in_use and not _is_local(info.host))
        return cls(parameters, info.password or "", info.server_version // 10_000, needs_tls)

    @contextlib.contextmanager
    def connect(self, database: str) -> Iterator[Any]:
        """A connection of its own, in autocommit and without a time limit. Raises MaintenanceError."""
        secret = {"password": self.password} if self.password else {}
        try:
            connection = psycopg2.connect(**self.parameters, **secret, dbname=database, options=_PATIENT)
        except psycopg2.OperationalError as error:
            raise MaintenanceError(f"Can't connect to the database “{database}”: {reason_in(str(error))}.") from error
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()

    def client(self, at_least: int = 0) -> "Client":
        """The clients that fit this server, and read a dump of the version `at_least` where the choice is free.

        Raises MaintenanceError when there are none.
        """
        if self.needs_tls:
            return _system_client(max(self.major, at_least))
        wheel = _CLIENTS.get(self.major)
        if wheel is None:
            raise MaintenanceError(
                f"The database is PostgreSQL {self.major}; the site can back up and restore "
                f"PostgreSQL {min(_CLIENTS)} to {max(_CLIENTS)}."
            )
        try:
            folder = clients(str(wheel))
        except ServerUnavailable as error:
            raise MaintenanceError(str(error)) from error
        if not (folder / "pg_dump").exists():
            raise MaintenanceError(
                f"There are no client programs for PostgreSQL {self.major} in {folder}: "
                "install the packages of requirements.txt again."
            )
        return Client(folder, wheel)


@dataclass(frozen=True)
class Client:
    """A set of pg_dump and pg_restore, and its major version."""

    folder: Path
    major: int

    @contextlib.contextmanager
    def running(self, program: str, *options: str, on: tuple[Server, str] | None = None) -> Iterator["Running"]:
        """The program at work, perhaps on a database of a server, its input and output piped. Killed at the end.

        The password goes through the environment: everyone on the machine can read a command line.
        """
        address, secret = [], {}
        if on:
            server, database = on
            address = [f"--dbname={make_dsn(**server.parameters, dbname=database)}"]
            secret = {"PGPASSWORD": server.password} if server.password else {}
        inherited = {name: value for name, value in os.environ.items() if name.startswith("PG") or name == "HOME"}
        with tempfile.TemporaryFile() as messages:
            process = subprocess.Popen(
                [str(self.folder / program), *options, *address],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=messages,
                env=inherited | secret | {"PATH": os.defpath, "LC_ALL": "C"},
            )
            try:
                yield Running(process, process.stdin, process.stdout, messages)  # type: ignore[arg-type]
            finally:
                process.kill()
                for stream in (process.stdin, process.stdout):
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()  # type: ignore[union-attr]
                process.wait()


@dataclass(frozen=True)
class Running:
    """A client program at work."""

    process: subprocess.Popen[bytes]
    input: IO[bytes]
    output: IO[bytes]
    messages: IO[bytes]

    def reads(self, chunks: Iterable[bytes]) -> None:
        """Give it its input, until it has enough."""
        with contextlib.suppress(BrokenPipeError):
            try:
                for chunk in chunks:
                    self.input.write(chunk)
            finally:
                self.input.close()

    def failure(self) -> str:
        """Wait for its end; the reason for which it failed, "" when it didn't."""
        if self.process.wait() == 0:
            return ""
        self.messages.seek(0)
        return reason_in(self.messages.read().decode(errors="replace").replace("ERROR: ", "error:"))


def _system_client(major: int) -> Client:
    for pattern in _SYSTEM_FOLDERS:
        folder = Path(pattern.format(major))
        if (folder / "pg_dump").exists():
            return Client(folder, major)
    raise MaintenanceError(
        f"The connection to the database uses TLS, which needs the client programs of PostgreSQL {major} itself: "
        f"install them (on Debian and Ubuntu: apt install postgresql-client-{major})."
    )


def _is_local(host: str) -> bool:
    """Whether what is sent there stays on this machine."""
    if host.startswith(("/", "@")) or host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
