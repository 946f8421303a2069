"""Curators see words that found nothing on five different days, help with them, and drop them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.timezone import localdate

from library.accounts.permissions import Role
from library.models import AuditEntry, User, ZeroResultDay, ZeroResultTerm
from library.models.zero_result_term import mark_of
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import miss, missed
from tests.reading import read

pytestmark = pytest.mark.django_db
WORDS = "/admin/library/zeroresultterm/"


def test_former_address_leads_to_that_of_today(signed_in: Client) -> None:
    answer = signed_in.get("/admin/library/missedword/?q=sleep")
    assert (answer.status_code, answer["Location"]) == (301, f"{WORDS}?q=sleep")


def test_the_most_frequent_stand_first_and_younger_ones_nowhere(signed_in: Client) -> None:
    miss("gambling", days=5)
    miss("lawyer", days=7)
    miss("divorce", days=4)

    page = signed_in.get(WORDS)

    assert [row.word for row in page.context["cl"].result_list] == ["lawyer", "gambling"]
    assert "divorce" not in page.text
    assert signed_in.get(f"{WORDS}divorce/change/").status_code == 302  # “perhaps it was deleted?”


def test_one_leads_to_the_search_that_found_nothing(signed_in: Client) -> None:
    page = signed_in.get(f"{WORDS}{missed('gambling').pk}/change/")

    assert "/resources/?q=gambling" in {link["href"] for link in read(page.content).all("a")}
    assert "what time of day" in page.text


def test_a_word_is_neither_added_nor_changed(signed_in: Client) -> None:
    word = missed("gambling")

    assert signed_in.get(f"{WORDS}add/").status_code == 403
    assert signed_in.post(f"{WORDS}{word.pk}/change/", {"word": "mine"}).status_code == 403
    assert ZeroResultTerm.objects.get() == word


def test_a_word_that_is_done_with_is_deleted_with_its_days(signed_in: Client) -> None:
    miss("gambling")
    miss("lawyer")
    miss("divorce", days=1)

    page = signed_in.post(f"{WORDS}gambling/delete/", {"post": "yes"}, follow=True)
    assert "was deleted successfully" in page.text
    form = {"action": "delete_selected", "_selected_action": ["lawyer"], "index": "0", "post": "yes"}
    signed_in.post(WORDS, form)

    assert list(ZeroResultDay.objects.values_list("mark", flat=True)) == [mark_of("divorce", localdate())]
    assert list(AuditEntry.objects.values_list("subject", "total")) == [("", 1), ("", 1)]
    assert not LogEntry.objects.exists()


def test_only_who_may_delete_does(client: Client) -> None:
    word = missed("gambling")
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(viewer.user_permissions.model.objects.filter(codename="view_zeroresultterm"))
    client.force_login(viewer)

    assert client.get(WORDS).status_code == 200
    assert client.post(f"{WORDS}{word.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ZeroResultTerm.objects.exists()


@pytest.mark.parametrize("key", ["%27", "_00", "x" * 500, "1"])
def test_any_other_key_is_no_error(signed_in: Client, key: str) -> None:
    for page in ("change", "delete", "history"):
        assert signed_in.get(f"{WORDS}{key}/{page}/", follow=True).status_code in {200, 400, 404}


def test_a_word_that_becomes_one_of_a_crisis_is_no_longer_known(signed_in: Client) -> None:
    miss("overdose")
    address = "/admin/library/crisisterm/add/"

    answer = signed_in.post(address, filled_in(signed_in.get(address), term="overdose"))

    assert answer.status_code == 302
    assert not ZeroResultDay.objects.exists()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.PUBLISHER])
def test_who_is_told_to_delete_a_word_can(role: Role) -> None:
    miss("gambling")
    client = client_of(make_person("eve", role))
    assert read(client.get(f"{WORDS}gambling/change/").content).all("a", class_="deletelink")

    assert client.post(f"{WORDS}gambling/delete/", {"post": "yes"}).status_code == 302

    assert not ZeroResultDay.objects.exists()


def test_an_author_deletes_no_word() -> None:
    miss("gambling")
    author = client_of(make_person("author", Role.AUTHOR))
    assert author.post(f"{WORDS}gambling/delete/", {"post": "yes"}).status_code == 403
    assert ZeroResultTerm.objects.exists()
