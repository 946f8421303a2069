"""What a reader typed comes back whenever the database can't take it, and is taken once when it can again."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from library.db.timeouts import statement_timeout
from library.models import ReaderReport
from tests.factories import make_help_line, make_resource
from tests.reading import Element, read
from tests.road import database_stopped, read_only, table_missing, tables_locked
from tests.sending import form_on, post

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "The <video> is gone.\r\nSince “May”."
FORMS = {
    "/report/?r=bpr2345": {"reason": "other", "words": WORDS},
    "/report/": {"reason": "other", "words": WORDS},
    "/suggest/": {"address": "https://example.org/course", "name": "A course & more", "words": WORDS},
}
CAUSES: dict[str, Callable[[], Any]] = {
    "stopped": database_stopped,
    "read-only": read_only,
    "locked": partial(tables_locked, "library_formmark"),
    "entries locked": partial(tables_locked, "library_resource", "library_readerreport"),
}


def typed(page: Element) -> dict[str, str]:
    """What the form on this page says, as a browser shows it."""
    form = page.one("form", class_="reader-form")
    values = {box["name"]: box.source.removeprefix("\n") for box in form.all("textarea")}
    values |= {field["name"]: field.get("value") or "" for field in form.all("input", type="text")}
    return values | {radio["name"]: radio["value"] for radio in form.all("input", type="radio", checked="")}


@pytest.mark.parametrize("cause", CAUSES.values(), ids=CAUSES)
def test_every_word_comes_back_and_is_taken_once(client: Client, cause: Callable[[], Any]) -> None:
    make_help_line()
    make_resource(ref="bpr2345")
    sent = {path: form_on(client.get(path)) | typed for path, typed in FORMS.items()}

    with statement_timeout(0.3), cause():
        pages = {path: post(client, path, form) for path, form in sent.items()}

    assert not ReaderReport.objects.exists()
    for path, response in pages.items():
        assert response.status_code == 503, path
        assert response["Retry-After"] == "30"
        assert "no-store" in response["Cache-Control"]
        page = read(response.content)
        assert "Nothing you typed is lost" in page.one("div", role="alert").words
        assert page.one("aside", class_="help-strip").all("a")[0]["href"] == "tel:988"
        assert typed(page) == {"homepage": ""} | FORMS[path]
    for path, response in pages.items():
        form = form_on(response) | FORMS[path]
        assert post(client, path, form).status_code == 303
        assert post(client, path, form).status_code == 422  # the very same form
    taken = ReaderReport.objects.values_list("kind", "resource__ref").order_by("kind", "resource__ref")
    assert list(taken) == [("problem", "bpr2345"), ("problem", None), ("suggestion", None)]


@pytest.mark.parametrize("path", FORMS)
def test_a_fault_of_ours_gives_every_word_back(client: Client, path: str) -> None:
    make_resource(ref="bpr2345")
    form = form_on(client.get(path)) | FORMS[path]
    client.raise_request_exception = False

    with table_missing("library_readerreport"):
        page = post(client, path, form)

    assert page.status_code == 500
    assert "no-store" in page["Cache-Control"]
    boxes = read(page.content).one("dl", class_="typed").all("dd")
    words = [typed.replace("\r\n", "\n") for name, typed in FORMS[path].items() if name != "reason"]
    assert [box.source for box in boxes] == words


def test_a_fault_of_ours_gives_another_sites_words_to_nobody(client: Client) -> None:
    form = form_on(client.get("/suggest/")) | FORMS["/suggest/"]
    client.raise_request_exception = False

    with table_missing("library_formmark"):
        pages = [
            post(client, "/suggest/", form, {"Sec-Fetch-Site": "cross-site"}),
            client.post("/suggest/", form, headers={"Sec-Fetch-Site": "same-origin"}),  # not as our form sends it
        ]

    assert all("example.org" not in page.content.decode() for page in pages)


def test_another_sites_form_gets_no_words_back(client: Client) -> None:
    form = form_on(client.get("/suggest/")) | FORMS["/suggest/"]

    with database_stopped():
        page = post(client, "/suggest/", form, {"Sec-Fetch-Site": "cross-site"})

    assert page.status_code == 403
    assert "example.org" not in page.content.decode()


def test_what_is_missing_is_said_besides(client: Client) -> None:
    form = form_on(client.get("/report/"))

    with database_stopped():
        page = read(post(client, "/report/?r=bpr2345", form | {"words": "It is gone"}).content)

    assert "Choose what’s wrong" in page.one("div", role="alert").words
    assert typed(page)["words"] == "It is gone"
