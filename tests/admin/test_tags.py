"""The tags of an entry in its form: what divides them, which tag a name is, and what is suggested."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from library.accounts.permissions import Role
from library.models import Resource, Tag
from library.models.taxonomy import split_tags
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import make_resource, make_tag

pytestmark = pytest.mark.django_db
SUGGESTIONS = "/admin/library/resource/tags/"


def save(client: Client, resource: Resource, **typed: str) -> list[str]:
    """The entry's tags when its form was saved with what was typed."""
    address = f"/admin/library/resource/{resource.pk}/change/"
    assert client.post(address, filled_in(client.get(address), **typed)).status_code == 302
    return sorted(resource.tags.names())


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("officer wellness", ["officer wellness"]),
        ("sleep, shift  work; stress\r\nPTSD\n", ["PTSD", "shift work", "sleep", "stress"]),
        ('"sleep"', ['"sleep"']),
        ("PTSD, ptsd,, ;", ["PTSD"]),
        ("cafe\u0301, caf\u00e9", ["caf\u00e9"]),
        ("\uff30\uff34\uff33\uff24\uff0c sleep", ["PTSD", "sleep"]),
        ("sl\u200beep\u202e, sl\u00adeep, \u200b", ["sleep"]),
    ],
)
def test_commas_semicolons_and_lines_divide_and_nothing_else(typed: str, names: list[str]) -> None:
    assert split_tags(typed) == names


def test_form_takes_tags_as_they_are_typed(signed_in: Client) -> None:
    make_tag("PTSD")
    make_tag("\u0130stanbul")
    entry = make_resource("Sleep")

    assert save(signed_in, entry, tags="officer wellness; ptsd\nistanbul") == [
        "PTSD",
        "officer wellness",
        "\u0130stanbul",
    ]
    assert Tag.objects.count() == 3


def test_a_tag_that_is_there_in_other_letters_is_refused_with_the_reason(signed_in: Client) -> None:
    make_tag("\u0130stanbul")
    make_tag("caf\u00e9")
    sleep = make_tag("sleep")
    for address in ("/admin/library/tag/add/", f"/admin/library/tag/{sleep.pk}/change/"):
        for name in ("istanbul", "cafe\u0301", "CAF\u00c9", "\uff43afe\u0301"):
            answer = signed_in.post(address, filled_in(signed_in.get(address), name=name))
            assert answer.status_code == 200
            assert "There’s already a tag with this name." in answer.content.decode(), name
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["caf\u00e9", "sleep", "\u0130stanbul"]


def test_the_same_tag_comes_from_the_form_in_any_letters(signed_in: Client) -> None:
    make_tag("caf\u00e9")
    entry = make_resource("Sleep")

    for typed in ("cafe\u0301", "CAFE\u0301", "\uff43af\u00e9"):
        assert save(signed_in, entry, tags=typed) == ["caf\u00e9"]
    assert Tag.objects.count() == 1


def test_form_that_is_saved_as_it_was_leaves_older_tags_alone(signed_in: Client) -> None:
    for name in ('"sleep"', "shift work, at night", "cafe\u0301"):
        make_tag(name)
    entry = make_resource("Sleep", tags=['"sleep"', "shift work, at night", "cafe\u0301"])
    before = sorted(entry.tags.names())

    assert save(signed_in, entry, title="Another title") == before
    assert Tag.objects.count() == 3


def test_suggestions_begin_with_that_very_tag_and_are_few(signed_in: Client) -> None:
    for name in ["sleep", "Sleep deprivation", "good sleep", *(f"asleep {number:02}" for number in range(12))]:
        make_tag(name)
    make_resource("One", tags=["sleep"])

    found = signed_in.get(SUGGESTIONS, {"q": " SLEEP"}).json()["tags"]

    assert found[:2] == [{"name": "sleep", "entries": 1}, {"name": "Sleep deprivation", "entries": 0}]
    assert len(found) == 8
    assert signed_in.get(SUGGESTIONS).json() == {"tags": []}
    assert signed_in.get(SUGGESTIONS, {"q": "\u200b%"}).json() == {"tags": []}


def test_suggestions_are_for_those_who_edit_entries() -> None:
    make_tag("sleep")
    looking = make_person("looking")
    looking.user_permissions.set(Permission.objects.filter(codename="view_resource"))

    assert client_of(make_person("author", Role.AUTHOR)).get(SUGGESTIONS, {"q": "sl"}).json()["tags"]
    assert client_of(looking).get(SUGGESTIONS, {"q": "sl"}).status_code == 403
    assert Client().get(SUGGESTIONS, {"q": "sl"}).status_code == 302
