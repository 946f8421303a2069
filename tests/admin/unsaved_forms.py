"""Forms of the admin with words in them, and what keeps them from being saved, for real. For tests."""

import resource as limits
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from library.models import HelpLineChange, Resource, Section
from tests.accounts.people import LOGIN
from tests.admin.conftest import filled_in
from tests.admin.roles import PASSWORD
from tests.factories import make_help_line, make_section
from tests.reading import Element, read

ADD = "/admin/library/resource/add/?kind=site"
WORDS = "Sleep well & <wake> up.\n\nSecond line, “quoted”."
# What a browser sends of a text with lines.
SENT = WORDS.replace("\n", "\r\n")


def sign_in_again(client: Client) -> None:
    """As in another tab: a new session, and a new CSRF cookie."""
    token = read(client.get(LOGIN).content).all("input", name="csrfmiddlewaretoken")
    if not token:  # signed in already: out first, on the admin's own page
        client.post("/admin/account/logout/", {"csrfmiddlewaretoken": token_on(client.get("/admin/"))})
        token = read(client.get(LOGIN).content).all("input", name="csrfmiddlewaretoken")
    data = {"login": "curator", "password": PASSWORD, "csrfmiddlewaretoken": token[0]["value"]}
    assert client.post(LOGIN, data).status_code == 302


def token_on(page: Any) -> str:
    return read(page.content).all("input", name="csrfmiddlewaretoken")[0]["value"]


class OpenForms:
    """Three forms with words in them, opened before anything goes wrong."""

    def __init__(self, client: Client) -> None:
        section, line = make_section(), make_help_line()
        self.typed: dict[str, dict[str, Any]] = {ADD: {"title": "Sleep", "summary": SENT, "section": section.pk}}
        self.typed[f"/admin/library/helpline/{line.pk}/change/"] = {"audience": "Anyone, “quoted” & <all>"}
        self.typed[f"/admin/library/section/{section.pk}/change/"] = {"title": "Podcasts & <more>", "intro": SENT}
        self.sent = {path: filled_in(client.get(path)) | typed for path, typed in self.typed.items()}
        self.section, self.line = section, line

    def saved(self) -> list[int]:
        """How often each form is saved."""
        changed = HelpLineChange.objects.filter(line=self.line).count()
        title = Section.objects.filter(pk=self.section.pk, title="Podcasts & <more>", intro=WORDS).count()
        return [Resource.objects.filter(title="Sleep", summary=" ".join(WORDS.split())).count(), changed, title]


@contextmanager
def session_over() -> Iterator[None]:
    Session.objects.all().delete()
    yield


@contextmanager
def sessions_held() -> Iterator[None]:
    """They can be read, and not be written to."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout TO '60s'")
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM django_session FOR UPDATE")
        yield


@contextmanager
def disk_full(room: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: writing fails as on a full disk."""
    soft, hard = limits.getrlimit(limits.RLIMIT_FSIZE)
    limits.setrlimit(limits.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        limits.setrlimit(limits.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def failing(code: str) -> Iterator[None]:
    """Each new entry meets this error of PostgreSQL's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'for a test' USING ERRCODE = '{code}'; END $$"
        )
        cursor.execute("CREATE TRIGGER failing BEFORE INSERT ON library_resource EXECUTE FUNCTION failing()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION failing() CASCADE")


def shown(page: Any) -> list[str]:
    """What stands in the boxes of the page, as a browser shows it."""
    return [box.source.removeprefix("\n") for box in read(page.content).all("textarea")]


def form_on(page: Any) -> Element:
    return read(page.content).one("form", class_="reader-form")


def try_again(client: Client, page: Any, **more: Any) -> Any:
    """What pressing the button of the page answers."""
    form = form_on(page)
    data: dict[str, Any] = {}
    for field in form.all("input", "textarea"):
        if field.get("type") != "file":
            value = field.source.removeprefix("\n").replace("\n", "\r\n") if field.tag == "textarea" else field["value"]
            data.setdefault(field["name"], []).append(value.replace("\r\r\n", "\r\n"))
    return client.post(form["action"], data | more)
