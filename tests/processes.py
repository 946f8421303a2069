"""Real processes for tests: started in a session of their own, and ended with everything they started."""

import atexit
import contextlib
import fcntl
import functools
import http.client
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
MEMORY, ENOUGH = Path("/dev/shm"), 2**31  # bytes
PATIENCE = 180.0  # seconds, for machines that have much else to do


class Process:
    """A running program, its lines as they come, and its end."""

    def __init__(self, command: Sequence[str], **environment: str) -> None:
        names = ("HOME", "LANG", "LINK_CHECKS", "PATH", "STARTING_CONTENT")
        inherited = {name: os.environ[name] for name in names if name in os.environ}
        self.popen = subprocess.Popen(
            command,
            cwd=ROOT,
            env=inherited | {"PYTHONUNBUFFERED": "1"} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.output = ""
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.popen.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def line_with(self, words: str) -> str:
        """Wait for a line that holds these words, and return it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            line = self._lines.get(timeout=max(0.1, deadline - time.monotonic()))
            assert line is not None, f"ended without “{words}”:\n{self.output}"
            self.output += line
            if words in line:
                return line.strip()

    def say(self, words: str) -> None:
        self.popen.stdin.write(words + "\n")
        self.popen.stdin.flush()

    def interrupt(self) -> int:
        """What Ctrl-C in a terminal does, to the whole group; the exit status."""
        os.killpg(self.popen.pid, signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end; everything it wrote is in `output`, its exit status is returned."""
        self.popen.stdin.close()
        status = self.popen.wait(PATIENCE)
        self._reader.join(PATIENCE)
        while not self._lines.empty():
            self.output += self._lines.get() or ""
        return status

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self._reader.join(PATIENCE)
        self.popen.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self.popen.stdin.close()


def new_folder(name: str) -> Path:
    """An empty folder with a short path, in memory where the system has much of that: a library has 2,000 files.

    Not pytest's own: that takes away from others the permission to pass through, and the server is another user.
    """
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=MEMORY if has_room else None)).resolve()


@contextlib.contextmanager
def temporary_data_dir(*, like: Path | None = None) -> Iterator[Path]:
    """A data directory, empty or a copy of another; its database is gone at the end."""
    folder = new_folder("library")
    try:
        if like:
            subprocess.run(["cp", "-a", f"{like}/.", folder], check=True)
        yield folder
    finally:
        for process in postgres_of(folder):
            process.kill()
        eventually(lambda: not postgres_of(folder), every=0.01)
        shutil.rmtree(folder)


@dataclass(frozen=True)
class FirstRun:
    """The site started in an empty directory, asked for two pages and interrupted."""

    data_dir: Path
    output: str
    statuses: list[int]
    exit_status: int


def shared_folder() -> Path:
    """A folder for all processes of a test run, gone with the one that asks first: it has to outlive the others."""
    if "SHARED_BY_TESTS" not in os.environ:
        os.environ["SHARED_BY_TESTS"] = folder = str(new_folder("library-tests"))
        atexit.register(shutil.rmtree, folder)
    return Path(os.environ["SHARED_BY_TESTS"]).resolve()


@functools.cache
def first_run() -> FirstRun:
    """Once for all tests: the start takes seconds, its directory is there to be copied."""
    folder = shared_folder() / "first"
    report = folder.with_suffix(".json")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.exists():
            report.write_text(json.dumps(_start_in(folder)))
    return FirstRun(folder, **json.loads(report.read_text()))


def _start_in(folder: Path) -> dict[str, Any]:
    """What a `FirstRun` is made of, with the folder."""
    folder.mkdir()
    port = free_port()
    site = Process([sys.executable, "manage.py", "serve"], DATA_DIR=str(folder), DURABLE="false", PORT=port)
    try:
        site.line_with("The site is at")
        statuses = [status_of(port, path) for path in ("/", "/admin/account/login/")]
        return {"output": site.output, "statuses": statuses, "exit_status": site.interrupt()}
    finally:
        site.close()


def copy_static_files(data_dir: Path) -> None:
    """Spare a site their collection, the slowest part of a start in an empty directory."""
    for name in ("static", "static.collected"):
        subprocess.run(["cp", "-a", first_run().data_dir / name, data_dir], check=True)


def status_of(port: str, path: str = "/", **headers: str) -> int:
    """What a page answers."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def postgres_of(data_dir: Path) -> list[psutil.Process]:
    """The living postmasters with their files below that folder."""
    processes = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE:
                processes += [process] * ("-D" in process.cmdline() and Path(process.cwd()).is_relative_to(data_dir))
    return processes


def eventually(condition: Callable[[], object], every: float = 0.1) -> None:
    """Wait for a condition to become true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(every)


def this_database() -> str:
    """The address of the database of the tests, as DATABASE_URL gives it to another process."""
    given = {name: quote(str(connection.settings_dict[name]), safe="") for name in ("NAME", "HOST", "USER", "PASSWORD")}
    port = f":{connection.settings_dict['PORT']}" if connection.settings_dict["PORT"] else ""
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}{port}/{given['NAME']}"


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
