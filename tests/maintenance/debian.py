"""PostgreSQL 15 as Debian ships it, for the tests: a server of its own that wants a password, with TLS and without."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.processes import free_port

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
PASSWORD = "p%w o'rd"
IN_ADDRESS = "p%25w%20o%27rd"


def run(*command: object) -> None:
    """As a user that PostgreSQL is willing to run as."""
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run([str(word) for word in command], user=user, cwd="/", check=True, capture_output=True)


@contextlib.contextmanager
def debian_server() -> Iterator[str]:
    """The beginning of an address of a database there: put its name and parameters behind it."""
    folder = Path(tempfile.mkdtemp(prefix="library-pg15-"))
    port = free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
    try:
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        access = ["--auth=scram-sha-256", "--username=library", f"--pwfile={folder}/password"]
        run(PROGRAMS / "initdb", "--no-sync", "--locale=C.UTF-8", *access, "-D", folder / "data")
        certificate = ["-keyout", folder / "data/server.key", "-out", folder / "data/server.crt", "-days", "2"]
        run("openssl", "req", "-new", "-x509", "-nodes", "-subj", "/CN=localhost", *certificate)
        settings = f"-c ssl=on -c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -p {port}"
        run(PROGRAMS / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", settings, "start")
        try:
            yield f"postgres://library:{IN_ADDRESS}@127.0.0.1:{port}/"
        finally:
            run(PROGRAMS / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
