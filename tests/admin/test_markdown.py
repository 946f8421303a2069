"""The preview of a Markdown text: what saving would make of it, and nothing saved."""

import pytest
from django.test import Client

from library.models import User
from library.pages.markdown import MARKDOWN_LIMIT
from tests.admin.conftest import filled_in
from tests.factories import make_page, make_resource, make_section
from tests.reading import read

pytestmark = pytest.mark.django_db

BODY = "/admin/library/resource/markdown/body/"


@pytest.mark.parametrize(
    ("address", "name", "heading"),
    [
        (BODY, "body", "h4"),
        ("/admin/library/section/markdown/intro/", "intro", "h3"),
        ("/admin/library/page/markdown/body/", "body", "h2"),
    ],
)
def test_shows_the_text_as_its_page_would(signed_in: Client, address: str, name: str, heading: str) -> None:
    text = "## Goals\n\n- **one**\n- [two](https://example.org/)"
    shown = read(signed_in.post(address, {name: text}).content).one("div", id="markdown_preview")
    assert shown.one(heading).words == "Goals"
    assert [item.words for item in shown.all("li")] == ["one", "two"]
    assert shown.one("a")["rel"] == "noreferrer"


def test_is_the_very_html_that_saving_makes(signed_in: Client) -> None:
    text = "## Goals\n\n<script>x</script> ![no picture](x) [bad](javascript:x)\n\n1. one"
    resource = make_resource(kind="forum", body=text)
    assert resource.body_html in signed_in.post(BODY, {"body": text}).content.decode()


def test_each_form_has_a_button_that_sends_its_text_there(signed_in: Client) -> None:
    forum = make_resource(kind="forum", body="Text")
    forms = {
        f"/admin/library/resource/{forum.pk}/change/": BODY,
        "/admin/library/resource/add/?kind=forum": BODY,
        f"/admin/library/section/{make_section('here').pk}/change/": "/admin/library/section/markdown/intro/",
        f"/admin/library/page/{make_page().pk}/change/": "/admin/library/page/markdown/body/",
    }
    for form, preview in forms.items():
        button = read(signed_in.get(form).content).one("button", formtarget="_blank")
        assert button["formaction"] == preview


def test_takes_the_whole_form_and_saves_nothing(signed_in: Client) -> None:
    forum = make_resource(kind="forum", body="Before")
    page = signed_in.get(f"/admin/library/resource/{forum.pk}/change/")
    answer = signed_in.post(BODY, filled_in(page, body="After", title="Typed"))
    assert "After" in answer.content.decode()
    forum.refresh_from_db()
    assert (forum.body, forum.title) == ("Before", "Building Personal Resilience")


def test_no_text_and_too_much_text_are_told(signed_in: Client) -> None:
    assert "No text yet." in signed_in.post(BODY).content.decode()
    longest = signed_in.post(BODY, {"body": "x" * MARKDOWN_LIMIT})
    too_long = signed_in.post(BODY, {"body": "x" * (MARKDOWN_LIMIT + 1)})
    assert (longest.status_code, too_long.status_code) == (200, 422)
    assert "longer than 20,000 characters" in too_long.content.decode()


def test_other_fields_and_methods_are_refused(signed_in: Client) -> None:
    assert signed_in.get(BODY).status_code == 405
    assert signed_in.post("/admin/library/resource/markdown/title/").status_code == 404
    assert signed_in.post("/admin/library/publisher/markdown/body/").status_code in {302, 404}


def test_is_for_those_who_may_write_only(client: Client) -> None:
    assert client.post(BODY, {"body": "x"})["Location"].startswith("/admin/login/")
    client.force_login(User.objects.create_user("reader", is_staff=True))
    assert client.post(BODY, {"body": "x"}).status_code == 403
