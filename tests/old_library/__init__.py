"""A library as an earlier version of this code left it: what must start on today's code, and lose nothing.

`python -m tests.old_library` makes one on the code it runs in: `library.sql.gz`, a dump that any PostgreSQL from 15 on
takes, and beside it `expected.json.gz`, the rows of each table and every public page as of `MOMENT`. Both are kept as
an older version made them and made anew only on purpose: the same files with newer code prove nothing of the older one.
"""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

FOLDER = Path(__file__).parent
DUMP = FOLDER / "library.sql.gz"
EXPECTED = FOLDER / "expected.json.gz"
# It has signed and encrypted what is in the dump, and nothing else anywhere.
SECRET_KEY = "for-tests-only-the-key-of-the-old-library"
# When the pages were asked for; everything in the library had happened by then.
MOMENT = datetime(2026, 11, 30, 7, tzinfo=UTC)
# The secret of Ann's authenticator app is not kept, her passkey is made of her name (`SoftwarePasskey`).
ANN, BOB, EVE = "ann", "bob", "eve"


class Clock:
    """What `timezone.now` is replaced by: it stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **time: float) -> None:
        self.moment += timedelta(**time)


@contextmanager
def clock_at(moment: datetime) -> Iterator[Clock]:
    """Have the process, though not its database, believe that it is then."""
    real, clock = timezone.now, Clock(moment)
    timezone.now = clock
    try:
        yield clock
    finally:
        timezone.now = real


def expected() -> dict[str, Any]:
    """`rows`: how many each table has. `pages`: of each path its status, where it leads to, its type and its text."""
    return json.loads(gzip.decompress(EXPECTED.read_bytes()))


def statements() -> str:
    """The dump as SQL that a cursor executes."""
    return gzip.decompress(DUMP.read_bytes()).decode()
