"""“Which column is what?”: files with columns of their own names are matched, checked, and matched anew."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from library.accounts.permissions import Role
from library.imports.worker import run_imports
from library.models import FileImport, Resource
from tests.admin.roles import client_of, make_person
from tests.factories import make_resource, make_section
from tests.reading import Element, read

ADD = "/admin/library/fileimport/add/"
MINE = "Name,Link,Notes\nCalm,https://example.org/1,for later\nSleep,https://example.org/2,\n"
ANSWER = {"kind": "site", "section": "websites", "column_0": "title", "column_1": "url", "column_2": ""}


@pytest.fixture(autouse=True)
def _section(db: None) -> None:
    make_section("websites")


def uploaded(client: Client, content: str, name: str = "list.csv", **fields: str) -> str:
    """The address of the page of an import, when its columns were looked at."""
    response: Any = client.post(ADD, {"file": SimpleUploadedFile(name, content.encode()), **fields})
    run_imports(timezone.now)
    return str(response["Location"])


def page(client: Client, address: str) -> Element:
    return read(client.get(address).content.decode()).one("div", id="content-main")


def answer(client: Client, address: str, **values: str) -> str:
    response = client.post(address, {"do": "columns"} | ANSWER | values)
    if response.status_code == 200:
        return read(response.content.decode()).one("div", id="content-main").words
    run_imports(timezone.now)
    return page(client, address).words


def chosen(select: Element) -> str:
    return next((option["value"] for option in select.all("option") if "selected" in option.attributes), "")


def test_columns_of_other_names_are_proposed_with_values_and_then_checked(signed_in: Client) -> None:
    address = uploaded(signed_in, MINE)

    shown = page(signed_in, address)
    selects = [shown.one("select", id=f"id_column_{place}") for place in range(3)]
    assert [chosen(select) for select in selects] == ["title", "url", ""]
    assert "Calm · Sleep" in shown.words
    assert [chosen(shown.one("select", id=f"id_{name}")) for name in ("kind", "section")] == ["site", "websites"]
    assert FileImport.objects.get().state == "columns"

    text = answer(signed_in, address)
    assert "New entries: 2." in text
    assert "Name: Title" in text
    assert "Notes: left out" in text
    assert "isn’t imported" not in text


def test_columns_of_a_checked_file_can_be_changed(signed_in: Client) -> None:
    address = uploaded(signed_in, MINE)
    answer(signed_in, address)
    assert page(signed_in, address).one("a", href="?columns").words == "Change columns"
    assert chosen(page(signed_in, f"{address}?columns").one("select", id="id_column_2")) == ""

    answer(signed_in, address, column_2="summary")

    signed_in.post(address, {"do": "import"})
    run_imports(timezone.now)
    assert set(Resource.objects.values_list("title", "summary", "kind")) == {
        ("Calm", "for later", "site"),
        ("Sleep", "", "site"),
    }


def test_a_file_with_our_names_is_checked_at_once(signed_in: Client) -> None:
    address = uploaded(signed_in, "title,kind,section,url\nCalm,Web page,websites,https://example.org/1\n")

    assert "New entries: 1." in page(signed_in, address).words


def test_a_known_entry_gets_no_default(signed_in: Client) -> None:
    make_resource("Old", kind="podcast", section=make_section("podcasts"), url="https://example.org/1")

    text = answer(signed_in, uploaded(signed_in, MINE))

    assert "New entries: 1. Entries that change: 1. No changes needed: 0. Bad rows: 0." in text
    assert "section : Podcasts →" not in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"column_1": ""}, "Choose the column that has this: Web address."),
        ({"column_2": "title"}, "Only one column can be this."),
        ({"section": ""}, "Choose one, or the column that has it."),
        ({"column_2": "price"}, "Select a valid choice."),
    ],
)
def test_an_answer_with_a_fault_says_which(signed_in: Client, values: dict[str, str], words: str) -> None:
    address = uploaded(signed_in, MINE)

    assert words in answer(signed_in, address, **values)
    assert FileImport.objects.get().state == "columns"


def test_columns_are_for_those_who_may_decide(signed_in: Client) -> None:
    address = uploaded(signed_in, MINE, publish="yes")
    editor = client_of(make_person("editor", Role.EDITOR))

    assert editor.post(address, {"do": "columns"} | ANSWER).status_code == 403
    assert editor.get(address).status_code == 200
    assert "can’t be done now" in signed_in.post(address, {"do": "import"}, follow=True).content.decode()


def test_words_of_a_header_are_never_markup(signed_in: Client) -> None:
    content = signed_in.get(uploaded(signed_in, "<b>Name,Link\n<i>x,y\n")).content.decode()

    assert "<b>Name" not in content
    assert "<i>x" not in content
    assert "&lt;b&gt;Name" in content
