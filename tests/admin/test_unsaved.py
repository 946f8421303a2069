"""A form that can't be saved comes back with every word, and is saved once when the cause is gone: real causes."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from library.models import FileImport, Resource
from tests.admin.conftest import filled_in
from tests.admin.unsaved_forms import (
    ADD,
    WORDS,
    OpenForms,
    disk_full,
    failing,
    form_on,
    session_over,
    sessions_held,
    shown,
    sign_in_again,
    try_again,
)
from tests.photographs import photograph
from tests.reading import read
from tests.road import database_stopped, read_only, tables_locked

pytestmark = pytest.mark.django_db(transaction=True)
# Not even the forms can be shown again; not even who is signed in can be read.
FORMS = ("library_section", "library_resource", "library_helpline")
SESSIONS = ("django_session",)
CAUSES: dict[str, tuple[Callable[[], Any], int]] = {
    "stopped": (database_stopped, 503),
    "read-only": (read_only, 503),
    "forms locked": (partial(tables_locked, *FORMS), 503),
    "sessions locked": (partial(tables_locked, *SESSIONS), 503),
    "session over": (session_over, 403),
}


@pytest.mark.parametrize(("cause", "status"), CAUSES.values(), ids=CAUSES)
def test_every_word_comes_back_and_is_saved_once(tab: Client, cause: Callable[[], Any], status: int) -> None:
    forms = OpenForms(tab)

    with cause():
        pages = {path: tab.post(path, sent) for path, sent in forms.sent.items()}

    assert forms.saved() == [0, 0, 0]
    for path, page in pages.items():
        assert page.status_code == status, path
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert ("Retry-After" in page.headers) is (page.status_code == 503)
        for text in forms.typed[path].values():
            assert isinstance(text, int) or text.replace("\r\n", "\n") in [w.replace("\r\n", "\n") for w in shown(page)]
    if cause is session_over:
        sign_in_again(tab)
    for page in pages.values():
        assert try_again(tab, page).status_code == 302
    assert forms.saved() == [1, 1, 1]


def test_form_that_no_longer_fits_the_sign_in_is_saved_with_one_more_press(tab: Client) -> None:
    forms = OpenForms(tab)
    sign_in_again(tab)

    pages = {path: tab.post(path, sent) for path, sent in forms.sent.items()}

    assert forms.saved() == [0, 0, 0]
    for path, page in pages.items():
        assert page.status_code == 403
        assert "You’ve signed in again since you opened this form" in read(page.content).words
        assert forms.typed[path].keys() - {"section"} <= {box["name"] for box in read(page.content).all("textarea")}
        assert try_again(tab, page).status_code == 302
    assert forms.saved() == [1, 1, 1]


def test_browser_that_lost_its_cookies_gets_one_that_the_page_fits(tab: Client) -> None:
    forms = OpenForms(tab)
    tab.cookies.clear()

    page = tab.post(ADD, forms.sent[ADD])
    assert page.status_code == 403
    assert page.cookies["csrftoken"]["samesite"] == "Strict"

    page = try_again(tab, page)
    assert "You’re signed out" in read(page.content).words
    sign_in_again(tab)
    assert try_again(tab, page).status_code == 302
    assert forms.saved()[0] == 1


def test_picture_that_finds_no_room_costs_no_word(tab: Client, settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    forms = OpenForms(tab)
    large = SimpleUploadedFile("two officers.jpg", bytes(3_000_000), "image/jpeg")
    sent = forms.sent[ADD] | {"picture_alt": "Two officers talk.", "picture_file": large}

    with disk_full(1_000_000):
        page = tab.post(ADD, sent)

    assert page.status_code == 503
    assert list(tmp_path.glob("*.upload*")) == []
    assert {"Sleep", WORDS, "Two officers talk."} <= {text.replace("\r\n", "\n") for text in shown(page)}
    assert "Picture: choose “two officers.jpg” again" in form_on(page).words
    assert form_on(page)["enctype"] == "multipart/form-data"

    small = SimpleUploadedFile("two officers.jpg", photograph(), "image/jpeg")
    assert try_again(tab, page, picture_file=small).status_code == 302
    assert forms.saved()[0] == 1
    assert Resource.objects.get().picture.alt == "Two officers talk."


def test_file_to_import_that_finds_no_room_is_chosen_again(tab: Client, settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    path = "/admin/library/fileimport/add/"
    sent = filled_in(tab.get(path), publish="yes")

    with disk_full(1_000_000):
        page = tab.post(path, sent | {"file": SimpleUploadedFile("reviews.csv", bytes(3_000_000))})

    assert page.status_code == 503
    assert "File: choose “reviews.csv” again" in form_on(page).words
    again = try_again(tab, page, file=SimpleUploadedFile("reviews.csv", b"title,kind\n"))
    assert again.status_code == 302
    assert FileImport.objects.get().publish is True


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [("53100", 503, "can’t save anything right now"), ("42P01", 500, "It’s our error")],
    ids=["the disk of the database is full", "a fault of ours"],
)
def test_nothing_that_the_database_says_costs_a_word(tab: Client, code: str, status: int, words: str) -> None:
    forms = OpenForms(tab)

    with failing(code):
        page = tab.post(ADD, forms.sent[ADD])

    assert page.status_code == status
    assert words in read(page.content).words
    assert "Sleep" in shown(page)
    assert try_again(tab, page).status_code == 302
    assert forms.saved()[0] == 1


def test_what_is_saved_is_not_called_unsaved_where_the_session_cannot_be_stored(tab: Client) -> None:
    forms = OpenForms(tab)

    with sessions_held():
        answers = [tab.post(path, sent).status_code for path, sent in forms.sent.items()]

    assert answers == [302, 302, 302]
    assert forms.saved() == [1, 1, 1]
