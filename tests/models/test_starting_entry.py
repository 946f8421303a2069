"""What is remembered of the starting content."""

import pytest

from library.models import StartingEntry
from tests.refusing import refused


@pytest.mark.django_db
def test_a_row_is_remembered_once() -> None:
    entry = StartingEntry.objects.create(model="library.tag", key='["sleep"]')

    assert str(entry) == 'library.tag ["sleep"]'
    with refused("starting_entry_once"):
        StartingEntry.objects.create(model="library.tag", key='["sleep"]')
