"""Numbers of rows, as addresses and forms bring them."""

from collections.abc import Collection
from typing import Any


def only_ids(values: Collection[Any]) -> list[str]:
    """Those of `values` that can be the id of a row."""
    return [str(value) for value in values if str(value).isascii() and str(value).isdigit() and len(str(value)) < 19]
