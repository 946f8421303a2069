"""The one form about the site: who may change it, what it keeps, and what it refuses in a sentence."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from library.accounts.permissions import Role
from library.history.snapshot import versions_of
from library.models import Picture, PictureFile, SiteIdentity
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import make_identity
from tests.photographs import photograph
from tests.reading import read

pytestmark = pytest.mark.django_db

FORM = "/admin/library/siteidentity/1/change/"


@pytest.fixture(autouse=True)
def row() -> SiteIdentity:
    return make_identity()


def chosen(content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", content or photograph("PNG", (1600, 400)), "image/png")


def save(client: Client, **typed: Any) -> Any:
    form = filled_in(client.get(FORM), **typed)
    return client.post(FORM, {name: value for name, value in form.items() if value is not None})


def errors_of(page: Any) -> dict[str, list[str]]:
    assert page.status_code == 200
    return dict(page.context["adminform"].form.errors)


def test_the_list_is_the_form(signed_in: Client) -> None:
    response = signed_in.get("/admin/library/siteidentity/")

    assert (response.status_code, response["Location"]) == (302, FORM)
    assert signed_in.get("/admin/library/siteidentity/add/").status_code == 403


def test_is_saved_shown_everywhere_and_kept_in_the_history(signed_in: Client, row: SiteIdentity) -> None:
    response = save(signed_in, name="Officer Wellness", operator="Springfield Police", accent="#2E7D32")

    assert response.status_code == 302
    admin = read(signed_in.get("/admin/").content)
    assert "Officer Wellness – curators" in admin.one("title").words
    assert "Officer Wellness – curators" in admin.one("div", id="site-name").words
    newest = versions_of(SiteIdentity, row.pk)[0]
    assert (newest.label, newest.data["fields"]["operator"]) == ("Officer Wellness", "Springfield Police")
    assert signed_in.get(f"/admin/library/siteidentity/1/history/{newest.pk}/").status_code == 200


def test_offers_every_time_zone_those_of_the_united_states_first(signed_in: Client, row: SiteIdentity) -> None:
    groups = read(signed_in.get(FORM).content).one("select", name="time_zone").all("optgroup")
    zones = [[option["value"] for option in group.all("option")] for group in groups]

    assert (groups[0]["label"], groups[1]["label"], zones[0][0]) == ("United States", "Africa", "America/New_York")
    assert {"Europe/Paris", "Australia/Sydney", "America/Toronto"} <= {zone for group in zones for zone in group}
    assert save(signed_in, time_zone="Europe/Paris").status_code == 302
    row.refresh_from_db()
    assert row.time_zone == "Europe/Paris"
    assert read(signed_in.get(FORM).content).one("option", value="Europe/Paris").get("selected") is not None
    assert list(errors_of(save(signed_in, time_zone="Mars/Olympus"))) == ["time_zone"]


def test_a_weak_color_comes_back_with_a_sentence(signed_in: Client) -> None:
    page = save(signed_in, accent="#162e51", logo_file=chosen())

    assert errors_of(page) == {
        "accent": ["Its contrast on the dark page is 1.19 to 1; it must be at least 3 to 1. Try #5c6d85."],
        "logo_file": ["Choose the logo again. Browsers don’t keep a file when a form comes back."],
    }


def test_who_it_is_has_to_be_said_first(signed_in: Client) -> None:
    page = save(signed_in, operator_contact="wellness@example.org")

    assert errors_of(page) == {"__all__": ["Enter who runs the site before its contact details or official status."]}


def test_a_logo_is_made_small_shown_replaced_and_removed(signed_in: Client, row: SiteIdentity) -> None:
    assert save(signed_in, logo_file=chosen()).status_code == 302
    row.refresh_from_db()
    first = row.logo_id
    assert first.startswith("sitelogo-")
    image = read(signed_in.get(FORM).content).one("div", class_="field-logo_shown").one("img")
    assert (image["src"], image["alt"]) == (f"/media/{first}", "The logo")

    assert save(signed_in, name="Officer Wellness").status_code == 302
    row.refresh_from_db()
    assert row.logo_id == first
    assert save(signed_in, logo_file=chosen(photograph("PNG", (50, 50)))).status_code == 302
    row.refresh_from_db()
    assert row.logo_id not in {None, first}
    assert save(signed_in, logo_removed="on").status_code == 302
    row.refresh_from_db()
    assert row.logo_id is None
    assert [signed_in.get(f"/media/{first}").status_code, PictureFile.objects.count()] == [404, 2]


def test_a_logo_of_before_can_be_brought_back(signed_in: Client, row: SiteIdentity) -> None:
    save(signed_in, logo_file=chosen())
    version = versions_of(SiteIdentity, row.pk)[0]
    save(signed_in, logo_removed="on")
    Picture.objects.delete_files()

    address = f"/admin/library/siteidentity/1/history/{version.pk}/"
    response = signed_in.post(address, filled_in_restore(signed_in.get(address)))

    assert response.status_code == 302
    assert SiteIdentity.objects.get().logo_id == version.data["fields"]["logo"]


def filled_in_restore(page: Any) -> dict[str, Any]:
    fields = read(page.content).all("input", type="hidden")
    return {field["name"]: field["value"] for field in fields if field.get("name")}


def test_a_file_goes_when_nothing_names_it_any_more(row: SiteIdentity) -> None:
    name = "sitelogo-0123456789abcdef.webp"
    PictureFile.objects.store(name, b"logo")
    make_identity(logo_id=name)
    Picture.objects.delete_files()
    assert PictureFile.objects.filter(name=name).exists()

    make_identity()
    Picture.objects.delete_files()

    assert not PictureFile.objects.filter(name=name).exists()


def test_what_is_no_picture_is_refused(signed_in: Client) -> None:
    assert list(errors_of(save(signed_in, logo_file=chosen(b"<svg/>")))) == ["logo_file"]


@pytest.mark.parametrize(("role", "may_change"), [(Role.AUTHOR, False), (Role.EDITOR, False), (Role.PUBLISHER, True)])
def test_who_publishes_may_change_it_and_others_may_look(role: Role, may_change: bool) -> None:
    client = client_of(make_person("someone", role))
    page = client.get(FORM)

    assert page.status_code == 200
    assert bool(read(page.content).all("input", id="id_name")) is may_change
    sent = filled_in(page, name="Mine") if may_change else {"name": "Mine"}
    assert client.post(FORM, sent).status_code == (302 if may_change else 403)
    assert SiteIdentity.objects.get().name == ("Mine" if may_change else "")


def test_the_first_page_says_that_nobody_has_put_a_name_to_it(signed_in: Client) -> None:
    text = "No agency has put its name to this site."
    assert text in signed_in.get("/admin/").text

    make_identity(operator="Springfield Police")

    assert text not in signed_in.get("/admin/").text


def test_the_second_person_to_save_sees_both_texts(signed_in: Client) -> None:
    form = filled_in(signed_in.get(FORM), name="Mine")
    save(signed_in, name="Theirs")

    response = signed_in.post(FORM, {name: value for name, value in form.items() if value is not None})

    assert response.status_code == 409
    assert "Theirs" in response.text
