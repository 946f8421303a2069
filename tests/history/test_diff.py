"""What differs between two versions, field by field, in words."""

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest

from library.history.diff import Part, difference, parts_between
from library.history.snapshot import Snapshot, snapshot_now
from library.media.images import make_picture
from library.models import HelpLine, Picture, Resource
from tests.factories import make_category, make_help_line, make_publisher, make_resource
from tests.photographs import photograph


def now_of(row: Any) -> Snapshot:
    found = snapshot_now(type(row), row.pk)
    assert found is not None
    return found


def told(parts: tuple[Part, ...]) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "inserted": "[+{}+]"}
    return "".join(signs[part.kind].format(part.text) for part in parts)


def test_text_differs_word_by_word() -> None:
    parts = parts_between("Sleep and fatigue of officers.", "Rest and fatigue of all officers.")
    assert told(parts) == "[-Sleep -][+Rest +]and fatigue of [+all +]officers."


def test_text_differs_line_by_line() -> None:
    assert told(parts_between("## Why\n\n- one\n- two\n", "## Why\n\n- one\n- three\n- two\n")) == (
        "## Why\n\n- one\n[+- three\n+]- two\n"
    )


def test_list_differs_item_by_item() -> None:
    assert told(parts_between(["PTSD", "sleep"], ["rest", "sleep"])) == "sleep[-PTSD-][+rest+]"


@pytest.mark.parametrize(("before", "after"), [("", ""), ("same", "same"), ([], []), ([], "")])
def test_nothing_differs_where_nothing_does(before: Any, after: Any) -> None:
    assert parts_between(before, after) == ()


@pytest.mark.parametrize(("before", "after"), [("", "new"), ("old", ""), ("a\nb", "b\na"), ("a b c", "c b a")])
def test_parts_make_up_both_texts(before: str, after: str) -> None:
    parts = parts_between(before, after)
    assert "".join(part.text for part in parts if part.kind != "inserted") == before
    assert "".join(part.text for part in parts if part.kind != "removed") == after


def test_long_texts_are_told_apart_soon_and_shown_in_part() -> None:
    one = "\n".join(f"line {number} of it" for number in range(20_000))
    started = time.monotonic()
    parts = parts_between(one, one.replace(" of ", " for "))
    assert time.monotonic() - started < 3
    assert sum(len(part.text) for part in parts) < 30_000
    (start, removed, inserted, end) = parts_between(f"{one}\nold\n{one}", f"{one}\nnew\n{one}")
    assert (removed.text, inserted.text) == ("old\n", "new\n")
    assert "[…]" in start.text
    assert "[…]" in end.text


def test_choices_and_relations_and_dates_stand_in_words(db: None) -> None:
    resource = make_resource(publisher=make_publisher(), categories=[make_category()], tags=["sleep"])
    before = now_of(resource)
    resource.access = "account"
    resource.publisher = make_publisher("bja", "BJA")
    resource.published_on, resource.published_precision = date(2018, 5, 1), "month"
    resource.listed_at = datetime(2026, 1, 5, 17, tzinfo=UTC)
    resource.save()
    resource.categories.clear()
    resource.tags.set(["sleep", "PTSD"])
    found = {field.label: told(field.parts) for field in difference(Resource, before, now_of(resource))}
    assert "Account required" in found.pop("Access")
    assert "Jan. 5, 2026" in found.pop("Listed from")
    assert found == {
        "Publisher": "[-COPS Office-][+BJA+]",
        "Published on": "[+May 1, 2018+]",
        "Precision": "[+Month and year+]",
        "Categories": "[-Resilience and stress-]",
        "Tags": "sleep[+PTSD+]",
    }


def test_yes_and_no_stand_in_words(db: None) -> None:
    line = make_help_line()
    before = now_of(line)
    line.in_strip = False
    line.save()
    (field,) = difference(HelpLine, before, now_of(line))
    assert told(field.parts) == "[-Yes-][+No+]"


def test_new_row_shows_what_it_has_and_nothing_empty(db: None) -> None:
    found = {field.name for field in difference(Resource, None, now_of(make_resource(tags=["sleep"])))}
    assert {"title", "section", "tags"} <= found
    assert not {"summary", "publisher", "categories"} & found


def test_name_of_what_is_gone_is_still_known(db: None) -> None:
    resource = make_resource(publisher=make_publisher())
    before = now_of(resource)
    Resource.objects.filter(pk=resource.pk).update(publisher=None)
    resource.publisher.delete()
    (field,) = difference(Resource, before, now_of(resource))
    assert told(field.parts) == "[-COPS Office-]"


def test_field_that_a_version_does_not_know_yet_is_no_difference(db: None) -> None:
    now = now_of(make_resource(summary="Rest."))
    old = Snapshot({name: value for name, value in now.fields.items() if name != "summary"}, now.names)
    assert difference(Resource, old, now) == []


@pytest.mark.django_db
def test_picture_and_its_words_are_lines_of_their_own() -> None:
    resource = make_resource()
    none = now_of(resource)
    Picture.objects.store(resource, make_picture(photograph()), alt="Two officers talk.", decorative=False)
    one, picture = now_of(resource), Picture.objects.get()
    assert {field.label: told(field.parts) for field in difference(Resource, none, one)} == {
        "Picture": f"[+960 × 720 pixels, {picture.name}+]",
        "What the picture shows": "[+Two officers talk.+]",
    }
    Picture.objects.store(resource, None, alt="", decorative=True)
    assert {field.label: told(field.parts) for field in difference(Resource, one, now_of(resource))} == {
        "What the picture shows": "[-Two officers talk.-]",
        "Decorative": "[-No-][+Yes+]",
    }


@pytest.mark.django_db
def test_what_an_older_version_did_not_keep_is_no_difference() -> None:
    today = now_of(make_resource())
    older = Snapshot({name: value for name, value in today.fields.items() if name != "owner"}, today.names)
    today.fields["owner"] = 7
    assert difference(Resource, today, older) == []
    assert difference(Resource, older, today) == []
