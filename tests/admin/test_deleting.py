"""What can be deleted, what cannot, and the words in which a refusal comes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Category, Publisher, Resource, Section, Tag
from tests.admin.conftest import refuse
from tests.factories import (
    make_category,
    make_publisher,
    make_resource,
    make_resources,
    make_section,
    make_series,
    make_tag,
)
from tests.reading import read

YES = {"post": "yes"}


def delete(client: Client, row: Any) -> Any:
    return client.post(f"/admin/library/{row._meta.model_name}/{row.pk}/delete/", YES)


def delete_chosen(client: Client, *rows: Any) -> Any:
    address = f"/admin/library/{rows[0]._meta.model_name}/"
    form = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    return client.post(address, form | YES)


def test_drafts_can_be_deleted(signed_in: Client) -> None:
    draft = make_resource(state="draft", listed_at=None, tags=["sleep"], categories=[make_category()])
    section = make_section("books", state="draft")
    assert delete(signed_in, draft).status_code == 302
    assert delete(signed_in, section).status_code == 302
    assert not Resource.objects.exists()
    assert not Section.objects.filter(anchor="books").exists()


def test_scheduled_resource_can_be_deleted_until_readers_see_it(signed_in: Client) -> None:
    assert delete(signed_in, make_resource(listed_at=timezone.now() + timedelta(days=1))).status_code == 302
    assert not Resource.objects.exists()


def test_what_readers_have_seen_has_no_delete_button_and_says_why(signed_in: Client) -> None:
    for row in (make_resource(), make_section("books")):
        page = signed_in.get(f"/admin/library/{row._meta.model_name}/{row.pk}/change/").content.decode()
        assert "deletelink" not in page
        assert "readers have seen" in page.lower()
        assert delete(signed_in, row).status_code == 403
        row.refresh_from_db()


@pytest.mark.parametrize("model", ["resource", "section"])
def test_resources_and_sections_are_not_deleted_many_at_once(signed_in: Client, model: str) -> None:
    draft = make_resource(state="draft", listed_at=None, section=make_section(state="draft"))
    row = draft if model == "resource" else draft.section
    page = signed_in.get(f"/admin/library/{model}/")
    assert "delete_selected" not in page.content.decode()
    delete_chosen(signed_in, row)
    row.refresh_from_db()


def test_draft_section_with_entries_names_what_stands_in_the_way(signed_in: Client) -> None:
    section = make_section("books", state="draft")
    make_resources(12, section=section)
    page = read(signed_in.get(f"/admin/library/section/{section.pk}/delete/").content)
    assert len(page.one("ul", id="deleted-objects").all("li")) == 11
    assert "… and more" in page.words
    assert delete(signed_in, section).status_code == 200
    section.refresh_from_db()


def test_publisher_and_series_in_use_cannot_be_deleted(signed_in: Client) -> None:
    series = make_series()
    make_resource(series=series, publisher=series.publisher)
    for row in (series, series.publisher):
        page = delete(signed_in, row)
        assert page.status_code == 200
        assert page.context["protected"]
        assert delete_chosen(signed_in, row).status_code == 200
        row.refresh_from_db()


def test_publisher_without_resources_can_be_deleted(signed_in: Client) -> None:
    assert delete(signed_in, make_publisher()).status_code == 302
    assert delete_chosen(signed_in, make_publisher(), make_publisher("theiacp", "IACP")).status_code == 302
    assert not Publisher.objects.exists()


def test_category_and_tag_say_how_many_resources_lose_them(signed_in: Client) -> None:
    category, tag = make_category(), make_tag("sleep")
    make_resources(3, categories=[category], tags=["sleep"])
    for row in (category, tag):
        page = signed_in.get(f"/admin/library/{row._meta.model_name}/{row.pk}/delete/")
        assert "3 entries have it (published: 3). They stay, without it." in page.content.decode()
        assert delete(signed_in, row).status_code == 302
    assert not Category.objects.exists()
    assert not Tag.objects.exists()
    assert Resource.objects.count() == 3


def test_deletion_asks_no_more_of_the_database_for_ten_more_resources(
    signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    category = make_category()
    address = f"/admin/library/category/{category.pk}/delete/"
    counts = []
    for title in ("Sleep", "Rest"):
        make_resources(10, title, categories=[category])
        with django_assert_max_num_queries(15) as captured:
            signed_in.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_resource_that_became_public_meanwhile_is_refused_in_plain_words(signed_in: Client) -> None:
    refuse("DELETE", "The resource has been public. Withdraw it instead of deleting it.")
    draft = make_resource(state="draft", listed_at=None)
    response = delete(signed_in, draft)
    assert response.status_code == 302
    page = signed_in.get(response["Location"]).content.decode()
    assert "Withdraw it instead of deleting it." in page
    draft.refresh_from_db()
