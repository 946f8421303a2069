"""The site that is killed: its three kinds of processes, and how long it takes to be whole again."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from tests.processes import ROOT, Process, free_port, status_of

WORKERS = 2
PATIENCE = 300.0  # seconds for a start, on a machine that has much else to do
TARGETS = ("master", "worker", "postgres")

VERSIONS = """
    SELECT object_id, data -> 'fields' ->> 'summary'
    FROM library_version JOIN django_content_type AS type ON type.id = entity_type_id
    WHERE app_label = 'library' AND model = 'resource' AND object_id = ANY(%s) ORDER BY library_version.id"""


class Site:
    """Served from a data directory of its own, durably; started again at once when its master is killed."""

    def __init__(self, data_dir: Path) -> None:
        self.port = free_port()
        self._cluster = data_dir / "postgres"
        self._settings = {
            "DATA_DIR": str(data_dir),
            "DURABLE": "true",
            "PORT": self.port,
            "REQUIRE_SECOND_FACTOR": "false",
            "WEB_CONCURRENCY": str(WORKERS),
        }
        self._started: list[Process] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, program: str) -> None:
        """Run some Python in the site's environment, apart from its processes."""
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", program]
        environment = {"PATH": os.defpath} | self._settings
        subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=PATIENCE)

    def start(self) -> None:
        self._start()
        until(self._is_whole)

    def kill(self, target: str, chosen: float) -> float:
        """Kill it (`chosen`, below 1, says which worker); the seconds until the site is whole again."""
        victim = {"master": self._master, "postgres": self._postmaster}.get(target, lambda: self._worker(chosen))()
        begun = time.monotonic()
        victim.kill()
        if target == "master":
            self._started[-1].popen.wait()
            self._start()
        until(lambda: not _lives(victim))
        until(self._is_whole)
        return time.monotonic() - begun

    def close(self) -> None:
        """Stop it as Ctrl-C does, and let nothing remain."""
        for process in reversed(self._started):
            if process.popen.poll() is None:
                process.interrupt()
            process.close()

    def entries(self, number: int) -> list[int]:
        return [row[0] for row in self._ask("SELECT id FROM library_resource ORDER BY id LIMIT %s", number)]

    def histories(self, entries: Sequence[int]) -> dict[int, list[str]]:
        """The summary of each version of these entries, oldest first, and last the one that readers see."""
        summaries = defaultdict(list)
        for entry, summary in self._ask(VERSIONS, list(entries)):
            summaries[entry].append(summary)
        for entry, summary in self._ask("SELECT id, summary FROM library_resource WHERE id = ANY(%s)", list(entries)):
            if summaries[entry][-1:] != [summary]:
                summaries[entry].append(f"not in the history: {summary}")
        return summaries

    def _start(self) -> None:
        self._started.append(Process([sys.executable, "manage.py", "serve"], **self._settings))

    def _ask(self, question: str, *values: Any) -> list[Any]:
        with contextlib.closing(psycopg2.connect(host=self._cluster, user="library", dbname="library")) as connection:
            cursor = connection.cursor()
            cursor.execute(question, values)
            return list(cursor.fetchall())

    # Its processes

    def _master(self) -> psutil.Process:
        return psutil.Process(self._started[-1].popen.pid)

    def _workers(self) -> list[psutil.Process]:
        return [process for process in self._master().children() if _lives(process) and "serve" in process.cmdline()]

    def _worker(self, chosen: float) -> psutil.Process:
        workers = self._workers()
        return workers[int(chosen * len(workers))]

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(int((self._cluster / "postmaster.pid").read_text().splitlines()[0]))

    def _is_whole(self) -> bool:
        """Whether it answers with its database, and with all of its workers."""
        latest = self._started[-1]
        assert latest.popen.poll() is None, f"the site has ended with {latest.ended()}:\n{latest.output}"
        with contextlib.suppress(OSError, http.client.HTTPException, psutil.Error, ValueError, IndexError):
            answers = status_of(self.port, "/readyz") == 200
            return answers and _lives(self._postmaster()) and len(self._workers()) == WORKERS
        return False


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the site is not whole again"
        time.sleep(0.05)


def _lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False
