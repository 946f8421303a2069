"""`manage.py run_imports` with a reader that does to its process what a file does that nobody has foreseen.

A file says in its first line what is to happen: `!raise`, `!hang`, `!fill`, `!kill` or `!crash`. Any other is read as
ever.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO

import django
from django.conf import settings
from django.core.management import execute_from_command_line

django.setup()
settings.RUN_IMPORTS = [sys.executable, "-m", "tests.imports.faulty_worker", "run_imports"]

from library.imports import supervisor, worker  # noqa: E402
from library.imports.readers import read_plan, read_rows  # noqa: E402

supervisor.STALLED_AFTER = 8.0
supervisor.MEMORY_LIMIT = 700_000_000


def fill() -> None:
    filled = []
    while True:
        filled.append(bytearray(100_000_000))


def fail() -> None:
    raise AssertionError("Nobody has foreseen this.")


FAULTS = {
    b"!raise\n": fail,
    b"!hang\n": lambda: time.sleep(600),
    b"!fill\n": fill,
    b"!kill\n": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"!crash\n": os.abort,
}


def faulty(read: Callable[..., Any]) -> Callable[..., Any]:
    def reader(stream: BinaryIO, *args: Any) -> Any:
        fault = FAULTS.get(stream.readline())
        if fault:
            fault()
        stream.seek(0)
        return read(stream, *args)

    return reader


worker.read_plan, worker.read_rows = faulty(read_plan), faulty(read_rows)

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
