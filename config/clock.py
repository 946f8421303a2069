"""What a server process does by the clock, whether or not anybody asks for a page.

What was counted of the readers' forms ends with its hour: the privacy page promises it.
"""

import threading
import time
from collections.abc import Callable
from typing import NoReturn

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from library.models import FormMark
from library.taking_in import seconds_left

PATIENCE = 60.0  # seconds until a database that was away is asked again


def start() -> None:
    """Begin, in a thread that ends with its process."""
    threading.Thread(target=forget_every_hour, name="clock", daemon=True).start()


def forget_every_hour(wait: Callable[[float], object] = time.sleep) -> NoReturn:
    """When an hour ends, delete what was counted in it. `wait` takes seconds."""
    while True:
        wait(seconds_left(timezone.now()))
        while not _forget():
            wait(PATIENCE)


def _forget() -> bool:
    """Whether the database has forgotten. Leaves no connection open: the next hour is far away."""
    try:
        FormMark.objects.forget(timezone.now())
    except (DatabaseError, InterfaceError):
        return False
    finally:
        connection.close()
    return True
