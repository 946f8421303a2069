"""A PostgreSQL 15 of the system, the oldest that the library runs on: started for some tests, and gone after them.

`python -m tests.postgres15 ARGUMENTS` runs pytest with these arguments on one.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
MISSING = "PostgreSQL 15 is not on this machine: its tests are skipped. Debian has it as postgresql-15."
_OPTIONS = "-c listen_addresses= -c fsync=off -c autovacuum=off -c max_connections=50 -c unix_socket_directories="


def is_missing() -> bool:
    return not (PROGRAMS / "initdb").exists()


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Its address, without the name of a database. It never looks at its tables by itself, as a busy one may not."""
    # Not pytest's own folder: that of another user is closed, and root may not run the server.
    folder = Path(tempfile.mkdtemp(prefix="postgres15-"))
    owner = _somebody_else() if os.geteuid() == 0 else None
    try:
        if owner:
            shutil.chown(folder, owner)
        _run(owner, "initdb", "-D", folder / "data", "-U", "library", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"{_OPTIONS}{folder}"
        _run(owner, "pg_ctl", "start", "-w", "-D", folder / "data", "-l", folder / "log", "-o", options)
        try:
            yield f"postgres://library@{str(folder).replace('/', '%2F')}"
        finally:
            _run(owner, "pg_ctl", "stop", "-m", "immediate", "-D", folder / "data")
    finally:
        shutil.rmtree(folder)


def _somebody_else() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(owner: str | None, program: str, *arguments: object) -> None:
    command = [str(PROGRAMS / program), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=owner, cwd="/")


def main(arguments: list[str]) -> int:
    if is_missing():
        print(MISSING)
        return 0
    with server() as address:
        environment = os.environ | {"TEST_DATABASE_URL": f"{address}/library"}
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
