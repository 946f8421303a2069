"""How much work something is, whatever else the machine does meanwhile."""

import sys
import time
from collections.abc import Callable
from typing import Any


def calls_of(work: Callable[[], object]) -> int:
    """How many functions of Python and of C it calls, and how often generators go on: a loop too many shows in that."""
    calls = 0

    def count(_frame: Any, event: str, _function: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def growth(work: Callable[[int], object], small: int, large: int) -> float:
    """How many times the work on so little is the work on so much, of this process alone, the best of three times.

    For what C does in one call. Anything below five milliseconds counts as five.
    """

    def seconds(size: int) -> float:
        begun = time.process_time()
        work(size)
        return max(time.process_time() - begun, 0.005)

    few, many = (min(seconds(size) for _time in range(3)) for size in (small, large))
    return many / few
