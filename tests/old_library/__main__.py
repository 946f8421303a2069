"""`python -m tests.old_library`: make the dump, and what is expected of it, anew on the code it runs in."""

import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

# The tests' own setup, in a data directory that nobody else has; it is set up while it is imported.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="library-old-")

from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_test_environment

import tests.conftest  # noqa: F401 - before any model
from config.embedded_postgres.programs import clients
from tests.old_library import DUMP, EXPECTED, MOMENT, SECRET_KEY, clock_at
from tests.old_library.building import build, start_of
from tests.old_library.looking import pages, rows_of_tables
from tests.processes import eventually, postgres_of

# What servers before 17 don't know, and what psql alone understands.
_LEFT_OUT = re.compile(r"^(SET transaction_timeout = 0;|\\(un)?restrict \w+)\n", re.MULTILINE)


def main() -> None:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    with override_settings(SECRET_KEY=SECRET_KEY):
        with clock_at(start_of(MOMENT)) as clock:
            build(clock)
            assert clock() < MOMENT
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE django_session, library_attempt, library_formmark")
        write(DUMP, dump())
        with clock_at(MOMENT):
            expected = {"rows": rows_of_tables(), "pages": pages()}
    write(EXPECTED, json.dumps(expected, ensure_ascii=False, indent=0, sort_keys=True))
    connection.close()


def dump() -> str:
    """The database as SQL that any cursor can execute."""
    to = connection.settings_dict
    command = [clients("18") / "pg_dump", "-h", to["HOST"], "-p", to["PORT"], "-U", to["USER"], "-d", to["NAME"]]
    options = ["--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges"]
    done = subprocess.run([*command, *options], stdout=subprocess.PIPE, check=True)
    return _LEFT_OUT.sub("", done.stdout.decode())


def write(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    try:
        main()
    finally:
        for process in postgres_of(Path(os.environ["DATA_DIR"])):
            process.kill()
        eventually(lambda: not postgres_of(Path(os.environ["DATA_DIR"])))
        shutil.rmtree(os.environ["DATA_DIR"])
