"""Libraries with rows in them, each with a server of its own, and what is done to them from outside."""

import contextlib
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from config.embedded_postgres.programs import clients
from config.embedded_postgres.server import EMBEDDED_PORT, PrivateServer
from tests.old_library import statements
from tests.processes import Process, first_run, temporary_data_dir

# Rows that no backup has: of people's sessions, of attempts to sign in, of readers' forms, of trusted devices.
LEFT_OUT = """
    INSERT INTO django_session VALUES ('left-out', '', now() + interval '1 day');
    INSERT INTO library_attempt (key, failures, expires) VALUES ('left-out', 1, now() + interval '1 day');
    INSERT INTO library_formmark (mark, number, until) VALUES ('left-out', 1, now() + interval '1 day');
    INSERT INTO library_trusteddevice (user_id, token_hash, created_at, expires)
        SELECT min(id), 'left-out', now(), now() + interval '1 day' FROM library_user"""


@dataclass(frozen=True)
class Library:
    """A data directory and what else its commands are told."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *words: str, **more: str) -> Process:
        given = {"DATA_DIR": str(self.data_dir), "DURABLE": "false"} | self.environment | more
        return Process([sys.executable, "-W", "error", *words], **given)

    def manage(self, *words: str, **more: str) -> tuple[int, str]:
        """The exit status and what was printed."""
        return self._finished(self.start("manage.py", *words, **more))

    def python(self, program: str, **more: str) -> tuple[int, str]:
        return self._finished(self.start("-c", f"import django; django.setup()\n{program}", **more))

    def succeeds(self, *words: str, **more: str) -> str:
        status, output = self.manage(*words, **more)
        assert status == 0, output
        return output

    def refuses(self, *words: str, **more: str) -> str:
        """The one sentence with which a command ends."""
        status, output = self.manage(*words, **more)
        assert status == 1, output
        assert output.startswith("CommandError: "), output
        assert output.count("\n") == 1, output
        return output.removeprefix("CommandError: ").strip()

    def back_up(self, *words: str, **more: str) -> Path:
        return Path(self.succeeds("backup", *words, **more).split("edit ", 1)[1].split(": ", 1)[1].split(" (")[0])

    @contextlib.contextmanager
    def cursor(self, database: str = "library") -> Iterator[Any]:
        """Into the embedded server, which runs for as long as the block does."""
        server = PrivateServer(self.data_dir, durable=False)
        try:
            connection = psycopg2.connect(host=server.use(), port=EMBEDDED_PORT, user="library", dbname=database)
            connection.autocommit = True
            try:
                with connection.cursor() as cursor:
                    yield cursor
            finally:
                connection.close()
        finally:
            server.leave()

    def _finished(self, process: Process) -> tuple[int, str]:
        try:
            return process.ended(), process.output
        finally:
            process.close()


@contextlib.contextmanager
def new_library(*, like: Path | None = None) -> Iterator[Library]:
    with temporary_data_dir(like=like) as folder:
        yield Library(folder, {"DJANGO_SETTINGS_MODULE": "config.settings"})


def manifest_of(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as tar:
        return json.load(tar.extractfile("manifest.json"))


@dataclass(frozen=True)
class BackedUp:
    """A library with the starting content, a backup of it, and what the command printed."""

    library: Library
    path: Path
    output: str


@pytest.fixture(scope="package")
def backed_up() -> Iterator[BackedUp]:
    """Made once, to be read: a test that changes a library takes a copy."""
    with new_library(like=first_run().data_dir) as library:
        with library.cursor() as cursor:
            cursor.execute(LEFT_OUT)
        output = library.succeeds("backup")
        (path,) = (library.data_dir / "backups").iterdir()
        yield BackedUp(library, path, output)


@pytest.fixture
def library(backed_up: BackedUp) -> Iterator[Library]:
    """A copy of that library, without backups."""
    with new_library(like=backed_up.library.data_dir) as copy:
        shutil.rmtree(copy.data_dir / "backups")
        yield copy


@pytest.fixture(scope="package")
def older() -> Iterator[Library]:
    """A library that an older version has made (`tests.old_library`): its migrations have been merged since."""
    with new_library() as library:
        with library.cursor("postgres") as cursor:
            cursor.execute("CREATE DATABASE library TEMPLATE template0")
        with library.cursor() as cursor:
            cursor.execute(statements())
        yield library


def sha256sum_agrees(folder: Path) -> bool:
    return subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=False).returncode == 0


def contents_of(path: Path) -> str:
    """The list of what a dump holds, by PostgreSQL's own program."""
    with tarfile.open(path) as tar:
        dump = tar.extractfile("database.dump").read()
    listed = subprocess.run([clients("18") / "pg_restore", "--list"], input=dump, capture_output=True, check=True)
    return listed.stdout.decode()
