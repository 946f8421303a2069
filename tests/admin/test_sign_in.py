"""Curators sign in and out; their cookies are for the admin's addresses alone."""

import pytest
from django.test import Client

from library.models import User

PASSWORD = "a long and quiet night 7"


@pytest.fixture
def curator(curator: User) -> User:
    curator.set_password(PASSWORD)
    curator.save()
    return curator


@pytest.fixture
def strict_client() -> Client:
    """A client that is checked for forgery, as every browser is."""
    return Client(enforce_csrf_checks=True)


def sign_in(client: Client, password: str = PASSWORD) -> int:
    page = client.get("/admin/login/?next=/admin/", follow=True)
    token = page.context["csrf_token"]
    answer = client.post(
        "/admin/account/login/",
        {"login": "curator", "password": password, "next": "/admin/", "csrfmiddlewaretoken": str(token)},
        headers={"origin": "http://testserver"},
    )
    return answer.status_code


def test_curator_signs_in_and_out(curator: User, strict_client: Client) -> None:
    assert sign_in(strict_client) == 302
    page = strict_client.get("/admin/")
    assert page.status_code == 200
    token = str(page.context["csrf_token"])
    assert strict_client.post("/admin/logout/", {"csrfmiddlewaretoken": token}).status_code == 200
    assert strict_client.get("/admin/").status_code == 302


def test_wrong_password_stays_outside(curator: User, strict_client: Client) -> None:
    assert sign_in(strict_client, "wrong") == 200
    assert strict_client.get("/admin/").status_code == 302


def test_every_cookie_is_for_the_admin_alone(curator: User, strict_client: Client) -> None:
    sign_in(strict_client)
    page = strict_client.get("/admin/library/tag/add/")
    form = {"name": "sleep", "slug": "", "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    assert strict_client.post("/admin/library/tag/add/", form).status_code == 302
    assert "was added" in strict_client.get("/admin/library/tag/").content.decode()
    paths = {name: cookie["path"] for name, cookie in strict_client.cookies.items()}
    assert paths == {"csrftoken": "/admin/", "sessionid": "/admin/", "known_device": "/admin/account/"}
    for cookie in strict_client.cookies.values():
        assert cookie["samesite"] == "Strict"
        assert cookie["httponly"]


def test_browsers_are_told_to_name_the_origin_of_a_form(curator: User) -> None:
    """With “no-referrer” they send “Origin: null”, and nobody could sign in."""
    assert Client().get("/admin/account/login/").headers["Referrer-Policy"] == "same-origin"


def test_pages_of_the_admin_are_kept_by_nobody(signed_in: Client) -> None:
    assert "no-store" in signed_in.get("/admin/").headers["Cache-Control"]


def test_curators_are_made_inactive_and_not_deleted(signed_in: Client, curator: User) -> None:
    other = User.objects.create_user("other")
    assert signed_in.post(f"/admin/library/user/{other.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()


def test_who_is_no_superuser_cannot_become_one(curator: User) -> None:
    editor = User.objects.create_user("editor", is_staff=True)
    permissions = editor.user_permissions.model.objects.filter(codename__in=["view_user", "change_user"])
    editor.user_permissions.set(permissions)
    client = Client()
    client.force_login(editor)
    address = f"/admin/library/user/{editor.pk}/change/"
    form = {"username": "editor", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert client.post(address, form).status_code == 302
    editor.refresh_from_db()
    assert not editor.is_superuser
    assert client.post(f"/admin/library/user/{curator.pk}/password/", {"password1": "x"}).status_code == 403
