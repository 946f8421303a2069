"""Many values as one parameter of a statement."""

from collections.abc import Iterable
from typing import Literal

from django.db.models.expressions import RawSQL


def one_of(values: Iterable[str] | Iterable[int], kind: Literal["text", "bigint"] = "text") -> RawSQL:
    """What `field__in` takes instead of the values themselves, of the database's type `kind`."""
    return unnested(array_of(values), kind)


def unnested(array: str, kind: Literal["text", "bigint"] = "bigint") -> RawSQL:
    """The same for an array that is written already (`array_of`)."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [array])  # noqa: S611 - one of two words


def array_of(values: Iterable[object]) -> str:
    """An array as PostgreSQL writes it, for `%s::text[]` and the like; None is NULL.

    From a list the driver makes one expression for each value, and the database took longer to read those than to
    write the rows. Source of the form: PostgreSQL's documentation, “Array Input and Output Syntax”.
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
