"""What someone who can sign in and has no role learns at the desk: nothing of what is in it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver

from library.accounts.permissions import Role
from library.models import Resource, User
from tests.admin.roles import client_of, make_person
from tests.factories import make_resource

pytestmark = pytest.mark.django_db
SECRET = "Quietly drafted"


@pytest.fixture
def draft(db: None) -> Resource:
    return make_resource(SECRET, state="draft")


@pytest.fixture
def nobody(db: None) -> Client:
    """Signed in, with “staff status” and no right at all."""
    return client_of(make_person("nobody"))


def paths_of(patterns: list[Any], draft: Resource, before: str = "/admin/") -> Iterator[str]:
    """Every address of the admin, about this draft wherever one has a number in it."""
    for pattern in patterns:
        part = str(pattern.pattern)
        part = re.sub(r"<(\w+:)?content_type_id>", str(ContentType.objects.get_for_model(Resource).pk), part)
        part = re.sub(r"\^\(\?P<app_label>.*\)/\$", "library/", part)
        part = re.sub(r"<[^>]+>", str(draft.pk), part)
        if isinstance(pattern, URLResolver):
            yield from paths_of(pattern.url_patterns, draft, before + part)
        elif isinstance(pattern, URLPattern) and "(?P<url>" not in part:
            yield before + part


def test_no_address_of_the_desk_tells_a_title(nobody: Client, draft: Resource, every_model: dict[str, Any]) -> None:
    paths = list(paths_of(admin.site.get_urls(), draft))
    rows = [f"/admin/{model}/{row.pk}/{page}/" for model, row in every_model.items() for page in ("change", "history")]
    words = {SECRET, draft.slug}  # readers see the rest
    assert len(paths) > 100
    led_to: set[str] = set()  # each is opened once, and the first page at the end, which says all that was not said yet
    for path in [*paths, *rows, "/admin/"]:
        answer = nobody.get(path)
        assert answer.status_code in {200, 301, 302, 403, 404, 405}, path
        answer_text = answer.content.decode() if not answer.streaming else b"".join(answer).decode("utf-8", "replace")
        answer_text += str(answer.headers)
        assert not [word for word in words if re.search(rf"\b{re.escape(word)}\b", answer_text)], path
        for _redirect in range(2):
            if answer.status_code in {301, 302} and answer["Location"] not in led_to:
                led_to.add(answer["Location"])
                answer = nobody.get(answer["Location"])
                assert SECRET not in answer.content.decode(), path


def test_view_on_site_needs_the_right_to_see_the_row(nobody: Client, draft: Resource, curator: User) -> None:
    kind = ContentType.objects.get_for_model(Resource).pk
    addresses = [f"/admin/r/{kind}/{draft.pk}/", f"/admin/r/+{kind}/{draft.pk}/", f"/admin/r/{kind}/ {draft.pk}/"]
    for address in addresses:
        answer = nobody.get(address)
        assert answer.status_code == 404
        assert draft.slug not in answer.content.decode()
    author = client_of(make_person("author", Role.AUTHOR))
    assert author.get(addresses[0])["Location"].endswith(f"/resources/{draft.slug}/")
    assert Client().get(addresses[0])["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("end", ["0/1", "x/1", "9999999999999999999999/1", "{kind}/0", "{kind}/x", "{sessions}/1"])
def test_view_on_site_finds_only_rows_of_the_desk(curator: User, end: str) -> None:
    client = client_of(curator)
    numbers = {
        "kind": ContentType.objects.get_for_model(Resource).pk,
        "sessions": ContentType.objects.get(app_label="sessions", model="session").pk,
    }
    assert client.get(f"/admin/r/{end.format(**numbers)}/").status_code == 404


def test_autocomplete_offers_nothing(nobody: Client, draft: Resource) -> None:
    answer = nobody.get(
        "/admin/autocomplete/",
        {"term": "Quiet", "app_label": "library", "model_name": "resource", "field_name": "successor"},
    )
    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()


def test_the_first_page_says_what_is_missing_and_not_that_all_is_done(nobody: Client) -> None:
    words = nobody.get("/admin/").text
    assert "You don’t have permission to view or edit anything." in words
    assert "all caught up" not in words
