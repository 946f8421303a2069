"""Each step in a process of its own, watched until it ends, however it ends.

A file can make Python crash, hang or run out of memory, and the system can kill it. None of that may hold up the next
file: the parent process survives, ends what is left of the step, and writes on the import what happened.
"""

import resource
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

from library.db.locks import Lock, end_sessions, idle_seconds, session_lock
from library.models import FileImport
from library.server.programs import WITH_SITE

from .worker import revert_step, take_step

STEP = "--step"
# A step is over when its connection runs no statement for this long. Every statement has a time limit of its own.
STALLED_AFTER = 180.0  # seconds
MEMORY_LIMIT = 2_000_000_000  # bytes of address space
_POLL_SECONDS = 5.0


def run_step(file_import: FileImport, _now: datetime) -> None:
    """Take its step in a child process. If the child dies, say so on the import."""
    end_sessions(Lock.IMPORT_STEP)  # of a child whose parent was killed
    command = [*settings.RUN_IMPORTS, STEP, str(file_import.pk), WITH_SITE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        try:
            has_stalled = not _wait_for(child)
        finally:
            child.kill()
            end_sessions(Lock.IMPORT_STEP)
    if child.returncode and (has_stalled or child.returncode not in {-signal.SIGTERM, -signal.SIGINT}):
        revert_step(file_import, _exit_message(child.returncode, has_stalled))


def _wait_for(child: "subprocess.Popen[bytes]") -> bool:
    """Wait for the end of the child; False as soon as it does nothing any more."""
    started = time.monotonic()
    while True:
        with suppress(subprocess.TimeoutExpired):
            child.wait(min(_POLL_SECONDS, STALLED_AFTER))
            return True
        idle = idle_seconds(Lock.IMPORT_STEP)
        if (time.monotonic() - started if idle is None else idle) > STALLED_AFTER:
            return False


def _exit_message(status: int, has_stalled: bool) -> str:
    if has_stalled:
        return gettext(
            "Processing this file stopped making progress, so we ended it. Nothing was written. Split the file into"
            " smaller ones, or save it again as CSV, and try again."
        )
    if status < 0:
        return gettext(
            "The system stopped processing this file, most likely because the server ran out of memory. Nothing"
            " was written. Split the file into smaller ones and try again. If that doesn’t help, tell the operator."
        )
    return gettext(
        "Processing this file failed with an unexpected error. Nothing was written. Open the file, save it"
        " again, and try again. If that doesn’t help, tell the operator: the server’s log has the details."
    )


def take_step_in_child(pk: int, clock: Callable[[], datetime]) -> bool:
    """In the child process: take the step of this import, within bounds; whether there was one to take."""
    with suppress(ValueError, OSError):  # not every system has this limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    with session_lock(Lock.IMPORT_STEP):
        file_import = FileImport.objects.waiting().filter(pk=pk).first()
        if file_import:
            take_step(file_import, clock())
        return file_import is not None
