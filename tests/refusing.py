"""What the database itself refuses, now or at commit. For tests."""

import contextlib
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction


@contextlib.contextmanager
def refused(words: str) -> Iterator[None]:
    """The block breaks a rule of the database whose name or message holds `words`; nothing of it stays."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():  # noqa: PT012 - the block is the caller's
        yield
        connection.check_constraints()  # those that wait for the commit too


def commit() -> None:
    """Hold what is held at commit."""
    connection.check_constraints()
