"""Check constraints of one row in one query, with the errors that Django has of each."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from library.models import Resource
from tests.factories import make_help_line, make_resource, make_section

pytestmark = pytest.mark.django_db


def errors_of(row: models.Model, exclude: tuple[str, ...] = ()) -> list[str]:
    try:
        row.validate_constraints(exclude=exclude)
    except ValidationError as error:
        return error.messages
    return []


def errors_of_each(row: models.Model) -> list[str]:
    """As Django has them, which asks one constraint after the other."""
    errors = []
    for constraint in type(row)._meta.constraints:
        try:
            constraint.validate(type(row), row)
        except ValidationError as error:
            errors += error.messages
    return errors


def test_a_row_that_keeps_them_all_is_asked_about_once() -> None:
    for row in (make_resource(), make_section("forums"), make_help_line()):
        unique = sum(not isinstance(each, models.CheckConstraint) for each in row._meta.constraints)
        with CaptureQueriesContext(connection) as queries:
            assert errors_of(row) == []

        asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        assert len(asked) <= unique + 1, asked


@pytest.mark.parametrize(
    "broken",
    [
        {"language": "xx"},
        {"language": "xx", "published_precision": "day"},
        {"state": "withdrawn", "withdrawn_reason": "", "country": "XX", "kind": "site", "host": "Somebody"},
        # A bare value that the database cannot take: what else is broken is still found.
        {"reviewed_on": "never", "language": "xx"},
    ],
)
def test_each_that_a_row_breaks_is_named_as_ever(broken: dict[str, Any]) -> None:
    row = make_resource()
    for name, value in broken.items():
        setattr(row, name, value)

    assert errors_of(row) == errors_of_each(row) != []


def test_those_about_an_excluded_field_are_passed_over() -> None:
    row = make_resource()
    row.language, row.country = "xx", "XX"

    assert errors_of(row, exclude=("language",)) == ["Constraint “resource_country_known” is violated."]
    assert errors_of(row, exclude=("language", "country")) == []
    assert errors_of(row, exclude=tuple(field.name for field in Resource._meta.fields)) == []
