"""The desk's one search leads to any row by what is remembered of it; and any public page leads to its form."""

import pytest
from django.test import Client

from library.accounts.permissions import Role
from library.models import Category, Page, User
from tests.admin.roles import client_of, make_person
from tests.factories import make_category, make_guide, make_page, make_publisher, make_resource, make_section, make_tag
from tests.reading import read

pytestmark = pytest.mark.django_db


def found(client: Client, words: str) -> dict[str, list[str]]:
    """What the page names, by list."""
    page = read(client.get("/admin/search/", {"q": words}).content.decode())
    groups = page.all("section", class_="found_group")
    return {group.one("h2").words: [row.words for row in group.all("li")] for group in groups}


def form_of(row: object) -> str:
    return f"/admin/library/{row._meta.model_name}/{row.pk}/change/"  # type: ignore[attr-defined]


def test_an_address_or_a_ref_leads_to_its_entry_at_once(signed_in: Client) -> None:
    entry = make_resource(
        "Sleep", slug="sleep", ref="9bcd2f3", url="https://www.example.org/course?id=6", state="draft"
    )
    make_resource("Another course", url="https://www.example.org/course?id=7")

    for pasted in (
        "https://www.example.org/course?id=6",
        "http://www.example.org/course/?id=6&utm_source=newsletter&fbclid=x#part-2",
        "example.org/course?id=6",
        "  WWW.EXAMPLE.ORG/course?id=6  ",
        "9bcd2f3",
        "9BCD2F3",
        "http://testserver/r/9bcd2f3",
        "http://testserver/resources/sleep/?from=mail",
        "/r/9bcd2f3/",
    ):
        response = signed_in.get("/admin/search/", {"q": pasted})
        assert (pasted, response.headers.get("Location")) == (pasted, form_of(entry))


def test_everything_is_found_by_its_name_in_its_list(signed_in: Client) -> None:
    make_resource("Night shifts and sleep", state="draft", tags=["night work"])
    make_guide("When night never ends", make_resource("Peer support"))
    make_category("Nights")
    make_publisher("night-desk", "The Night Desk")
    make_section("nights", title="Night life")
    make_page(Page.Name.ABOUT)
    User.objects.create_user("nightingale")

    groups = found(signed_in, "night")

    assert list(groups) == ["Resources", "Guides", "Sections", "Categories", "Tags", "Publishers", "Curators"]
    assert groups["Tags"] == ["night work · Entries in night work"]
    assert groups["Curators"] == ["nightingale"]
    assert found(signed_in, "nothing is called this") == {}
    assert found(signed_in, "") == {}


def test_a_site_names_all_its_entries_here_and_in_the_list(signed_in: Client) -> None:
    for path in ("", "/sleep", "/sleep?page=2"):
        make_resource(f"At {path}", url=f"https://www.example.org{path}")
    make_resource("Elsewhere", url="https://example.organic.test/sleep")

    for words, titles in [
        ("example.org", {"At ", "At /sleep", "At /sleep?page=2"}),
        ("https://example.org/sleep?page=2&utm_source=mail", {"At /sleep?page=2"}),
        ("https://example.org/sleep/x", set()),
    ]:
        listed = signed_in.get("/admin/library/resource/", {"q": words}).context["cl"].result_list
        assert {entry.title for entry in listed} == titles
    make_resource("The same site", url="https://example.org")
    assert len(found(signed_in, "example.org")["Resources"]) == 4


def test_more_than_ten_lead_to_the_whole_list(signed_in: Client) -> None:
    for number in range(11):
        make_tag(f"shift {number:02}")

    page = signed_in.get("/admin/search/", {"q": "shift"}).content.decode()

    assert len(found(signed_in, "shift")["Tags"]) == 10
    assert 'href="/admin/library/tag/?q=shift"' in page


def test_people_are_found_by_those_who_look_after_them_alone() -> None:
    editor, nobody = client_of(make_person("nightingale", Role.EDITOR)), client_of(make_person("nightowl"))
    resource = make_resource("Night shifts", ref="9bcd2f3")

    assert list(found(editor, "night")) == ["Resources"]
    assert found(nobody, "night") == {}
    assert nobody.get("/admin/search/", {"q": resource.ref}).status_code == 200
    assert Client().get("/admin/search/", {"q": "night"}).headers["Location"].startswith("/admin/login/")


def test_every_public_page_leads_to_its_form(signed_in: Client) -> None:
    resource = make_resource("Sleep", slug="sleep", ref="9bcd2f3")
    section, category = make_section("nights"), Category.objects.create(slug="rest", name="Rest")
    guide = make_guide("Night shift", resource, slug="night-shift")
    pages = {name: make_page(name) for name in (Page.Name.ABOUT, Page.Name.PRIVACY, Page.Name.LIBRARY)}
    resource.slug = "sleep-well"
    resource.save()

    for path, address in [
        ("/r/9bcd2f3", form_of(resource)),
        ("/r/9bcd2f3/", form_of(resource)),
        ("/resources/sleep-well/", form_of(resource)),
        ("/resources/sleep/transcript/", form_of(resource)),
        ("/s/nights/", form_of(section)),
        ("/sections/nights/handout/", form_of(section)),
        ("/guides/night-shift/", form_of(guide)),
        ("/topics/rest/", form_of(category)),
        ("/help/", "/admin/library/helpline/"),
        ("/resources/", "/admin/library/resource/"),
        ("/about/", form_of(pages[Page.Name.ABOUT])),
        ("/privacy/", form_of(pages[Page.Name.PRIVACY])),
        ("/", form_of(pages[Page.Name.LIBRARY])),
    ]:
        response = signed_in.get(f"/admin/edit{path}")
        assert (path, response.headers["Location"]) == (path, address)


def test_what_is_no_page_leads_to_the_first_page_with_a_message(signed_in: Client) -> None:
    for path in ("/resources/no-such-entry/", "/nowhere/", "/healthz", "/admin/", "//example.org/"):
        page = signed_in.get(f"/admin/edit{path}", follow=True)
        assert page.redirect_chain == [("/admin/", 302)], path
        assert "There’s nothing to edit at" in page.content.decode()


def test_readers_pages_know_nothing_of_who_is_signed_in(signed_in: Client) -> None:
    make_resource("Sleep", slug="sleep")

    page, for_readers = signed_in.get("/resources/sleep/"), Client().get("/resources/sleep/")

    assert page.content == for_readers.content
    assert b"/admin/" not in for_readers.content
    assert "Cookie" not in for_readers.headers.get("Vary", "")
    assert not for_readers.cookies
    assert Client().get("/admin/edit/resources/sleep/").headers["Location"].startswith("/admin/login/")
