"""One row of each model of which versions are kept."""

from typing import Any

import pytest

from tests.support.models import make_one_of_each


@pytest.fixture
def every_row(db: None) -> dict[type, Any]:
    return make_one_of_each()
