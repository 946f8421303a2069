"""Which databases a process that serves pages connects to, and how: as readers, who wait."""

from copy import deepcopy
from typing import Any

from django.conf import LazySettings

from library.db.circuit_breaker import GuardedConnection
from library.db.pooling import reader_databases

DATABASE: dict[str, Any] = {
    "NAME": "library",
    "OPTIONS": {"connect_timeout": 3, "tcp_user_timeout": 25_000, "options": "-c statement_timeout=60s"},
}
POOLER: dict[str, Any] = {"NAME": "pooled", "OPTIONS": {"connect_timeout": 3, "tcp_user_timeout": 25_000}}
IN_TIME = {"connect_timeout": 3, "tcp_user_timeout": 2000, "connection_factory": GuardedConnection}


def test_a_reader_has_two_seconds_for_a_statement_and_an_answer(settings: LazySettings) -> None:
    databases = reader_databases({"default": DATABASE})

    assert settings.READER_OPTIONS.startswith("-c statement_timeout=2s")
    assert databases == {
        "default": {
            "NAME": "library",
            "START_PATIENCE": 2,
            "OPTIONS": IN_TIME | {"options": settings.READER_OPTIONS},
        }
    }


def test_with_a_pooler_pages_go_through_it_and_all_else_past_it(settings: LazySettings) -> None:
    databases = reader_databases({"default": DATABASE, "pool": POOLER})

    # A pooler takes no options: its role has them.
    assert databases["default"] == {"NAME": "pooled", "OPTIONS": IN_TIME}
    assert databases["direct"] == reader_databases({"default": DATABASE})["default"]
    assert list(databases) == ["default", "direct"]


def test_the_settings_stay_as_they_are() -> None:
    given = {"default": deepcopy(DATABASE), "pool": deepcopy(POOLER)}

    reader_databases(given)

    assert given == {"default": DATABASE, "pool": POOLER}
