"""Each curator asks for the weekly mail on a page of their own; an administrator can for others."""

import pytest
from django.test import Client

from library.models import User
from tests.admin.conftest import filled_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/library/user/weekly-mail/"


@pytest.fixture
def author(client: Client) -> User:
    """Somebody who may see and change nothing, signed in."""
    author = User.objects.create_user("author", email="author@example.org", is_staff=True)
    client.force_login(author)
    return author


def test_any_curator_asks_for_it_and_for_no_more_of_it(client: Client, author: User) -> None:
    assert "author@example.org" in client.get(PAGE).text

    page = client.post(PAGE, {"wants_digest": "on"}, follow=True)
    author.refresh_from_db()
    assert author.wants_digest
    assert "You’ll get the weekly email." in page.text

    page = client.post(PAGE, {}, follow=True)
    author.refresh_from_db()
    assert not author.wants_digest
    assert "You won’t get the weekly email." in page.text


def test_without_an_address_it_is_refused_in_plain_words(client: Client, author: User) -> None:
    User.objects.update(email="")
    assert "have an email address yet" in client.get(PAGE).text

    page = client.post(PAGE, {"wants_digest": "on"})

    assert page.status_code == 200
    assert "Email needs an address to go to." in page.text
    author.refresh_from_db()
    assert not author.wants_digest
    assert client.post(PAGE, {}).status_code == 302


def test_nothing_else_of_anybody_is_changed(client: Client, author: User) -> None:
    other = User.objects.create_user("other", email="other@example.org")

    client.post(PAGE, {"wants_digest": "on", "email": "evil@example.org", "is_superuser": "on", "id": other.pk})

    author.refresh_from_db()
    other.refresh_from_db()
    assert (author.email, author.is_superuser, author.wants_digest) == ("author@example.org", False, True)
    assert not other.wants_digest


def test_it_says_whether_this_site_can_send_mail(client: Client, author: User, settings) -> None:
    assert "can’t send email yet" in client.get(PAGE).text
    settings.EMAIL_HOST, settings.SITE_ADDRESS = "mail.example.org", "https://library.example.org"
    assert "can’t send email yet" not in client.get(PAGE).text


def test_it_is_for_curators_alone(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/admin/login/?next={PAGE}"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.create_superuser("curator"))
    assert strict.post(PAGE, {"wants_digest": "on"}).status_code == 403


def test_an_administrator_can_ask_for_it_for_others(signed_in: Client) -> None:
    other = User.objects.create_user("other", is_staff=True)
    address = f"/admin/library/user/{other.pk}/change/"

    refused = signed_in.post(address, filled_in(signed_in.get(address), wants_digest="on"))
    assert "Email needs an address to go to." in refused.text
    signed_in.post(address, filled_in(signed_in.get(address), wants_digest="on", email="other@example.org"))

    other.refresh_from_db()
    assert (other.wants_digest, other.email) == (True, "other@example.org")
