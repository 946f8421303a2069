"""A signed-in curator, rows of every model, and forms filled in as a browser sends them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from library.models import Resource, User
from tests.admin.roles import PASSWORD
from tests.factories import make_report, missed
from tests.reading import fields_of, read
from tests.support.models import make_one_of_each

# What a browser says of a form that one of the site's own pages sends.
BROWSER = {"Accept": "text/html,*/*;q=0.8", "Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def curator(db: None) -> User:
    return User.objects.create_superuser("curator")


@pytest.fixture
def signed_in(curator: User) -> Client:
    """A client in which the curator has signed in; an error in a view is raised in the test."""
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def tab(db: None, settings: Any) -> Iterator[Client]:
    """A browser in which the curator has signed in. It's told of an error as people are, and every token is checked."""
    settings.ADMIN_STATEMENT_TIMEOUT = 0.3
    client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=BROWSER)
    client.force_login(User.objects.create_superuser("curator", password=PASSWORD))
    yield client
    with connection.cursor() as cursor:  # no table of a model, so nobody else empties it
        cursor.execute("DELETE FROM library_attempt")


@pytest.fixture
def every_model(curator: User) -> dict[str, Any]:
    """One row of each model that curators edit, by the end of its addresses."""
    rows = make_one_of_each()
    versioned = {f"library/{model._meta.model_name}": row for model, row in rows.items()}
    return versioned | {
        "library/readerreport": make_report(resource=rows[Resource]),
        "library/zeroresultterm": missed("gambling"),
        "library/user": curator,
        "auth/group": Group.objects.create(name="Editors"),
    }


def filled_in(page: HttpResponse, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form on this page, with these changes."""
    form = next(form for form in read(page.content.decode()).all("form") if (form.get("id") or "").endswith("_form"))
    return fields_of(form) | changes


def refuse(command: str, words: str, *, table: str = "library_resource", code: str = "23001") -> None:
    """Let the database refuse this command for a table, from now to the end of the test. Before any row is made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = '{code}'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER refused BEFORE {command} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()")
