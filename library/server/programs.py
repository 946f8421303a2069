"""Programs that work beside the site, apart from any request: how it starts them, and how they end with it. No models.

They end with the site, however that ends: the next one may have other code, and tables to change that they would hold.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import connections

from . import lifeline

WITH_SITE = "--with-site"


def start_program(command: Sequence[str]) -> None:
    """Start a program; nothing happens where that can't be done."""
    words, stdin, lifeline_end = list(command), subprocess.DEVNULL, lifeline.for_programs()
    if lifeline_end is not None:
        words, stdin = [*words, WITH_SITE], lifeline_end
    try:
        program = subprocess.Popen(words, stdin=stdin, stdout=subprocess.DEVNULL)
    except OSError:
        return
    # Somebody has to take note of its end, or the system keeps a place for it.
    threading.Thread(target=program.wait, daemon=True).start()


def stop_with_site() -> None:
    """From now on, this program ends when the site that has started it ends, and what it has not finished is undone."""
    lifeline.end_with(sys.stdin.fileno(), partial(_interrupt, connections["default"]))


def _interrupt(database: Any) -> None:
    """Interrupt the main thread, which is deaf while the database works on a statement: that is canceled too."""
    os.kill(os.getpid(), signal.SIGINT)
    if database.connection is not None:
        with suppress(database.Database.Error):
            database.connection.cancel()
    time.sleep(lifeline.GRACE)
