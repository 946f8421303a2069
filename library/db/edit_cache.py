"""What this process has worked out of the library, kept until the next edit: values, and parts of pages.

A request for a public page begins with reading the state of the library (`middleware.page_cache`): the number of the
last edit, the last dates that were reached, the day. What is worked out under one state is right for as long as the
state is the same, in every process on every machine. Without a state, in the admin and in commands, nothing is kept.
Never keep what somebody searched for.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.core.cache.backends.base import BaseCache

# So many values; then all are worked out anew.
KEPT_LIMIT = 20_000

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")

_state: ContextVar[object] = ContextVar("state of the library", default=None)
_MISSING = object()


@contextmanager
def state_known(state: object) -> Iterator[None]:
    """Inside, this thread works under `state`, and what it works out may be kept."""
    token = _state.set(state)
    try:
        yield
    finally:
        _state.reset(token)


def is_state_known() -> bool:
    return _state.get() is not None


class _Values:
    """Those of one state. All threads of the process share them."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Keep nothing, as a process that has just begun."""
        self.state: object = None
        self.by_key: dict[Hashable, Any] = {}

    def get(self, key: Hashable, default: Any) -> Any:
        with self.lock:
            return self.by_key.get(key, default) if self.state == _state.get() else default

    def get_or_make(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is kept under `key`, else what `make` returns, which nobody may change."""
        value: Any = self.get(key, _MISSING)
        if value is _MISSING:
            value = make()
            self.put(key, value)
        return value  # type: ignore[no-any-return]

    def put(self, key: Hashable, value: Any) -> None:
        """Keep it under this thread's state.

        A slower thread may still work under an older one. It replaces the newer values then, and they are worked out
        again; but no value is ever returned under a state it wasn't worked out under.
        """
        state = _state.get()
        if state is None:
            return
        with self.lock:
            if self.state != state or len(self.by_key) >= KEPT_LIMIT:
                self.state, self.by_key = state, {}
            self.by_key[key] = value


edit_cache = _Values()


def until_next_edit(function: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
    """Keep what a function returns for the same arguments. Nobody may change what it returns."""

    @wraps(function)
    def kept(*args: Arguments.args, **named: Arguments.kwargs) -> Value:
        key = (function, args, tuple(named.items()))
        return edit_cache.get_or_make(key, lambda: function(*args, **named))

    return kept


class UntilNextEdit(BaseCache):
    """Django's cache for `{% cache %}` in templates, which keeps a part of a page until the next edit."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return edit_cache.get(key, default)

    def set(self, key: str, value: Any, timeout: Any = None, version: int | None = None) -> None:
        edit_cache.put(key, value)
