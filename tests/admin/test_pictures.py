"""The picture on the form of a resource: chosen, described, replaced, taken away, refused."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from library.history.snapshot import versions_of
from library.models import AuditEntry, Picture, PictureFile, Resource, User
from tests.admin.conftest import filled_in
from tests.factories import make_resource, make_section
from tests.photographs import photograph
from tests.reading import read

pytestmark = pytest.mark.django_db


def form_of(resource: Resource) -> str:
    return f"/admin/library/resource/{resource.pk}/change/"


def chosen(content: bytes = b"", name: str = "../../evil.php") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or photograph(), "text/html")


def save(client: Client, resource: Resource, **typed: Any) -> Any:
    form = filled_in(client.get(form_of(resource)), **typed)
    return client.post(form_of(resource), {name: value for name, value in form.items() if value is not None})


def errors_of(page: Any) -> set[str]:
    assert page.status_code == 200
    return set(page.context["adminform"].form.errors)


def files() -> list[str]:
    """Those that readers get."""
    names = PictureFile.objects.values_list("name", flat=True)
    return sorted(name for name in names if Picture.objects.content_for_readers(name))


def test_keeps_a_picture_under_a_name_of_ours_and_shows_it(signed_in: Client) -> None:
    resource = make_resource()
    assert save(signed_in, resource, picture_file=chosen(), picture_alt="Two officers talk.").status_code == 302
    picture = Picture.objects.get(resource=resource)
    assert files() == [picture.name]
    page = read(signed_in.get(form_of(resource)).content)
    image = page.one("div", class_="field-picture_shown").one("img")
    assert (image["src"], image["alt"]) == (picture.get_absolute_url(), "Two officers talk.")
    assert page.one("input", id="id_picture_alt")["value"] == "Two officers talk."


def test_new_entry_can_have_one_too(signed_in: Client) -> None:
    address = "/admin/library/resource/add/?kind=site"
    typed = {"title": "Sleep", "section": make_section("websites").pk, "picture_file": chosen()}
    page = signed_in.get(address)
    assert signed_in.post(address, filled_in(page, **typed, picture_decorative="on")).status_code == 302
    assert Picture.objects.get().decorative


def test_saving_without_a_picture_leaves_it_as_it_is(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, picture_file=chosen(), picture_alt="Two officers talk.")
    before = Picture.objects.get()
    assert save(signed_in, resource, title="Mended", picture_alt="Three officers.").status_code == 302
    after = Picture.objects.get()
    assert (after.name, after.alt) == (before.name, "Three officers.")


def test_is_replaced_and_taken_away_with_its_file(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, picture_file=chosen(), picture_alt="One")
    save(signed_in, resource, picture_file=chosen(photograph("PNG", (50, 50))), picture_alt="Two")
    assert files() == [Picture.objects.get().name]
    assert save(signed_in, resource, picture_removed="on").status_code == 302
    assert files() == []
    assert not Picture.objects.exists()


def test_goes_with_a_draft_that_is_deleted(signed_in: Client) -> None:
    draft = make_resource(state="draft")
    save(signed_in, draft, picture_file=chosen(), picture_alt="One")
    signed_in.post(f"/admin/library/resource/{draft.pk}/delete/", {"post": "yes"})
    assert not Resource.objects.exists()
    assert files() == []


def test_change_of_it_alone_is_one_act_and_one_version_that_say_what_it_was(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, picture_file=chosen(), picture_alt="One")
    name = Picture.objects.get().name
    save(signed_in, resource, picture_removed="on")
    assert [entry.kind for entry in AuditEntry.objects.acts()] == ["changed", "changed"]
    newest = versions_of(Resource, resource.pk)[0]
    page = read(signed_in.get(f"/admin/library/resource/{resource.pk}/history/{newest.pk}/").content)
    done = page.all("dl", class_="differences")[0].words
    assert "What the picture shows [removed: One ]" in done
    assert f"Picture [removed: 960 × 720 pixels, {name} ]" in done


def test_version_shows_its_picture_to_curators_and_to_nobody_else(signed_in: Client, client: Client) -> None:
    resource, other = make_resource(), make_resource("Other")
    save(signed_in, resource, picture_file=chosen(), picture_alt="Two officers talk.")
    name, with_one = Picture.objects.get().name, versions_of(Resource, resource.pk)[0]
    save(signed_in, resource, picture_removed="on")
    history = f"/admin/library/resource/{resource.pk}/history/"
    page = read(signed_in.get(f"{history}{with_one.pk}/").content)
    image = page.one("p", class_="field-picture_shown").one("img")
    assert (image["src"], image["alt"]) == (
        f"/admin/library/resource/{resource.pk}/picture/{name}",
        "Two officers talk.",
    )
    shown = signed_in.get(image["src"])
    assert (shown.status_code, shown["Content-Type"], shown.content[:4]) == (200, "image/webp", b"RIFF")
    assert client.get(image["src"]).status_code == 302
    assert client.get(f"/media/{name}").status_code == 404
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", is_staff=True))
    assert stranger.get(image["src"]).status_code == 403
    newest = versions_of(Resource, resource.pk)[0]
    assert not read(signed_in.get(f"{history}{newest.pk}/").content).all("p", class_="field-picture_shown")
    for pk, wanted in ((other.pk, name), (10**30, name), (resource.pk, f"{resource.ref}-..%2F{name}")):
        answer = signed_in.get(f"/admin/library/resource/{pk}/picture/{wanted}", follow=True)
        assert answer.status_code in {200, 404}
        assert not answer.content.startswith(b"RIFF")


def test_older_version_brings_its_picture_back_and_one_without_takes_it_away(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, picture_file=chosen(), picture_alt="One")
    one = Picture.objects.get()
    save(signed_in, resource, picture_file=chosen(photograph("PNG", (50, 50))), picture_alt="", picture_decorative="on")
    two = Picture.objects.get()
    save(signed_in, resource, picture_removed="on")
    assert files() == []
    *_newer, with_two, with_one, without = versions_of(Resource, resource.pk)
    for version, name, alt in ((with_one, one.name, "One"), (with_two, two.name, "")):
        restore(signed_in, resource, version)
        assert Picture.objects.values_list("name", "alt").get() == (name, alt)
        assert files() == [name]
    assert signed_in.get(two.get_absolute_url()).status_code == 200
    restore(signed_in, resource, without)
    assert not Picture.objects.exists()
    assert files() == []


def restore(client: Client, resource: Resource, version: Any) -> None:
    page = f"/admin/library/resource/{resource.pk}/history/{version.pk}/"
    seen = read(client.get(page).content).one("input", name="_seen")["value"]
    answer = client.post(page, {"_seen": seen})
    assert answer["Location"] == form_of(resource)


def test_deleted_draft_is_recovered_with_its_picture(signed_in: Client) -> None:
    draft = make_resource(state="draft")
    save(signed_in, draft, picture_file=chosen(), picture_alt="One")
    before = Picture.objects.get()
    signed_in.post(f"/admin/library/resource/{draft.pk}/delete/", {"post": "yes"})
    deleted = read(signed_in.get("/admin/library/auditentry/deleted/").content).one("input", name="version")["value"]
    assert files() == []
    signed_in.post("/admin/library/auditentry/deleted/", {"version": deleted})
    after = Picture.objects.get(resource__ref=draft.ref)
    assert (after.name, after.alt, after.width, after.height) == (before.name, "One", 960, 720)
    assert signed_in.get(after.get_absolute_url()).status_code == 200


def test_picture_whose_file_is_gone_is_left_out_and_named(signed_in: Client) -> None:
    draft = make_resource(state="draft")
    save(signed_in, draft, picture_file=chosen(), picture_alt="One")
    name = Picture.objects.get().name
    signed_in.post(f"/admin/library/resource/{draft.pk}/delete/", {"post": "yes"})
    PictureFile.objects.filter(name=name).delete()
    deleted = read(signed_in.get("/admin/library/auditentry/deleted/").content).one("input", name="version")["value"]
    page = signed_in.post("/admin/library/auditentry/deleted/", {"version": deleted}, follow=True)
    assert f"Left out, because they no longer exist: Picture: {name}." in read(page.content).words
    assert not Picture.objects.exists()


def test_needs_words_or_the_word_that_it_decorates_and_not_both(signed_in: Client) -> None:
    resource = make_resource()
    neither = save(signed_in, resource, picture_file=chosen())
    both = save(signed_in, resource, picture_file=chosen(), picture_alt="One", picture_decorative="on")
    assert errors_of(neither) == {"picture_alt", "picture_file"}
    assert errors_of(both) == {"picture_decorative", "picture_file"}
    save(signed_in, resource, picture_file=chosen(), picture_alt="One")
    assert errors_of(save(signed_in, resource, picture_alt="")) == {"picture_alt"}
    assert save(signed_in, make_resource("Plain"), picture_alt="").status_code == 302


@pytest.mark.parametrize("content", [b"<html>", b"GIF89a", b"\xff\xd8\xff\xe0"])
def test_what_is_no_picture_is_told_and_the_rest_of_the_form_stays(signed_in: Client, content: bytes) -> None:
    resource = make_resource()
    page = save(signed_in, resource, picture_file=chosen(content), picture_alt="One", title="Typed")
    assert errors_of(page) == {"picture_file"}
    assert "Save it as JPEG, PNG, or WebP and choose it again." in page.content.decode()
    assert (filled_in(page)["title"], filled_in(page)["picture_alt"]) == ("Typed", "One")
    assert files() == []


def test_form_that_comes_back_says_that_the_picture_has_to_be_chosen_again(signed_in: Client) -> None:
    resource = make_resource()
    page = save(signed_in, resource, picture_file=chosen(), picture_alt="One", slug="not an address")
    assert errors_of(page) == {"slug", "picture_file"}
    assert "Choose the picture again" in page.content.decode()
    assert files() == []


@pytest.mark.parametrize(("length", "status"), [("100000001", 413), ("9" * 4000, 413), ("²", 400), ("-1", 400)])
def test_form_larger_than_any_form_is_refused_before_it_is_read(client: Client, length: str, status: int) -> None:
    response = client.post("/admin/login/", b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH=length)

    assert response.status_code == status
