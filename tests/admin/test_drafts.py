"""What a page tells the script that keeps a form which was left: whose it is, what came back, and what was saved."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from library.models import Resource, User
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of
from tests.factories import make_resource
from tests.reading import Element, read

ADD = "/admin/library/category/add/"
SCRIPT = "js/admin/drafts"


def mark_on(page: Any) -> Element:
    """What the script reads of whose a page is, on a page that loads it."""
    shown = read(page.content)
    assert [script for script in shown.all("script", type="module") if SCRIPT in script["src"]]
    return shown.one("meta", name="draft")


def offer_on(page: Any) -> Element:
    """The offer inside the form, which is hidden until the script shows it."""
    (form,) = [form for form in read(page.content).all("form") if form.all("div", id="draft")]
    assert form.one("input", name="_draft")["type"] == "hidden"
    offer = form.one("div", id="draft")
    assert offer.get("hidden") is not None
    assert [button["type"] for button in offer.all("button")] == ["button", "button"]
    return offer


def test_every_form_about_one_row_has_the_script_and_its_offer(
    signed_in: Client, curator: User, every_model: dict[str, Any]
) -> None:
    del every_model["library/zeroresultterm"]  # has no form
    for name, row in every_model.items():
        page = signed_in.get(f"/admin/{name}/{row.pk}/change/", follow=True)
        assert offer_on(page).get("data-unsaved") is None
        assert mark_on(page)["data-person"] == str(curator.pk)
    for name in ("section", "guide", "category", "helpline"):
        offer_on(signed_in.get(f"/admin/library/{name}/add/"))


def test_form_that_comes_back_is_one_that_is_not_saved(signed_in: Client) -> None:
    page = signed_in.post(ADD, filled_in(signed_in.get(ADD), name="", _draft="1764529932000"))
    assert page.status_code == 200
    assert offer_on(page).get("data-unsaved") is not None
    assert mark_on(page)["content"] == ""


def test_next_page_says_which_one_was_saved(signed_in: Client) -> None:
    page = signed_in.post(ADD, filled_in(signed_in.get(ADD), name="Rest", _draft="1764529932000"), follow=True)
    assert mark_on(page)["content"] == "1764529932000"


@pytest.mark.parametrize("sent", ["", "x", "1 2", "9" * 30])
def test_what_is_no_id_is_not_kept(signed_in: Client, sent: str) -> None:
    page = signed_in.post(ADD, filled_in(signed_in.get(ADD), name="Rest", _draft=sent), follow=True)
    assert "was added successfully" in read(page.content).words
    assert mark_on(page)["content"] == ""


def test_both_texts_send_the_id_along(signed_in: Client) -> None:
    resource = make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    form = filled_in(signed_in.get(address), summary="Mine", _draft="1764529932000")
    Resource.objects.filter(pk=resource.pk).update(summary="Theirs")
    page = signed_in.post(address, form)
    assert page.status_code == 409
    assert read(page.content).one("input", name="_draft")["value"] == "1764529932000"


def test_whoever_only_looks_is_offered_nothing(db: None) -> None:
    person = User.objects.create_user("reader", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_resource"))
    page = client_of(person).get(f"/admin/library/resource/{make_resource().pk}/change/")
    assert page.status_code == 200
    assert not read(page.content).all("div", id="draft")


def test_page_for_strangers_is_nobodys(db: None) -> None:
    assert mark_on(Client().get("/admin/account/login/"))["data-person"] == ""
