"""Ends what the site has started as soon as its master process is gone, even when that was killed.

The master holds the writing end of a pipe and never writes to it. However the master ends, the kernel closes that end,
and whoever reads the other one learns of it at once. Linux could send a signal instead (`PR_SET_PDEATHSIG`), but does
so when the thread ends that started the process, and other systems have nothing like it.
"""

import os
import threading
from collections.abc import Callable

GRACE = 1.0  # seconds in which what is under way may still finish

_ends: list[int] = []  # of the pipe: where to read, where to write


def tie() -> None:
    """In the master, before it forks: from now on, what follows it ends with it."""
    _ends[:] = os.pipe()


def follow(finish: Callable[[], object]) -> None:
    """In a process that the master has forked: end with the master, as `end_with` does."""
    reading, writing = _ends
    os.close(writing)
    end_with(reading, finish)


def for_programs() -> int | None:
    """The end to read, which a program gets as its standard input; None in a process without a master."""
    return _ends[0] if _ends else None


def end_with(reading: int, finish: Callable[[], object]) -> None:
    """Once the other end of the pipe is closed, call `finish` in a thread, and end this process when it returns.

    `finish` should take `GRACE` seconds at the most.
    """
    threading.Thread(target=_end, args=(reading, finish), name="lifeline", daemon=True).start()


def _end(reading: int, finish: Callable[[], object]) -> None:
    os.read(reading, 1)
    finish()
    os._exit(1)
