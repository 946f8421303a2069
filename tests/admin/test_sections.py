"""Sections: their permanent names change only on purpose, and then old links go on working."""

import pytest
from django.test import Client

from library.models import Section, SectionAlias, User
from tests.admin.conftest import filled_in
from tests.factories import make_page, make_resource, make_section
from tests.reading import read
from tests.refusing import commit


def add(client: Client, **typed: object) -> object:
    address = "/admin/library/section/add/"
    return client.post(address, filled_in(client.get(address), **typed))


def test_new_section_stands_last_on_the_page(signed_in: Client) -> None:
    make_section("podcasts", position=7)
    add(signed_in, title="Books", anchor="books", state="published")
    section = Section.objects.get(anchor="books")
    assert (section.position, section.state) == (8, "published")


def test_new_section_is_not_withdrawn_where_there_is_no_place_for_the_reason(signed_in: Client) -> None:
    assert 'value="withdrawn"' not in signed_in.get("/admin/library/section/add/").content.decode()
    page = add(signed_in, title="Books", anchor="books", state="withdrawn")
    assert page.status_code == 200
    assert "Select a valid choice" in page.content.decode()
    assert not Section.objects.exists()


@pytest.mark.parametrize("anchor", ["Podcasts", "main_content", "9lives", "x", "", "podcasts", "the-beat"])
def test_impossible_and_taken_anchors_are_errors_of_the_field(signed_in: Client, anchor: str) -> None:
    section = make_section("the-beat")
    section.change_anchor("podcasts")
    page = add(signed_in, title="Books", anchor=anchor)
    assert page.status_code == 200
    assert page.context["errors"]
    assert Section.objects.count() == 1


def test_anchor_is_no_field_of_the_form_afterwards(signed_in: Client) -> None:
    section = make_section("podcasts")
    address = f"/admin/library/section/{section.pk}/change/"
    assert signed_in.post(address, filled_in(signed_in.get(address), anchor="radio", title="Radio")).status_code == 302
    section.refresh_from_db()
    assert (section.title, section.anchor) == ("Radio", "podcasts")


def test_anchor_is_public_since_the_day_of_its_publication(signed_in: Client) -> None:
    section = make_section("books", state="draft", since="2020-01-01")
    address = f"/admin/library/section/{section.pk}/change/"
    signed_in.post(address, filled_in(signed_in.get(address), state="published"))
    section.refresh_from_db()
    assert section.since.year >= 2026


def test_changed_anchor_keeps_the_old_one_as_an_alias(signed_in: Client) -> None:
    make_page("library")
    section = make_section("podcasts")
    address = f"/admin/library/section/{section.pk}/anchor/"
    assert address in signed_in.get(f"/admin/library/section/{section.pk}/change/").content.decode()
    assert "keeps working forever" in signed_in.get(address).content.decode()
    response = signed_in.post(address, {"anchor": "the-beat", "confirmed": "on"})
    assert response["Location"] == f"/admin/library/section/{section.pk}/change/"
    assert Client().get("/s/podcasts/")["Location"] == "/#the-beat"
    assert 'id="podcasts"' in Client().get("/").content.decode()
    assert (
        "podcasts" in read(signed_in.get(response["Location"]).content).one("div", class_="field-older_anchors").words
    )
    assert "#podcasts → #the-beat" in signed_in.get(f"/admin/library/section/{section.pk}/history/").content.decode()


@pytest.mark.parametrize(
    "form", [{"anchor": "the-beat"}, {"confirmed": "on"}, {"anchor": "No!", "confirmed": "on"}, {}]
)
def test_anchor_stays_without_a_tick_or_a_name(signed_in: Client, form: dict[str, str]) -> None:
    section = make_section("podcasts")
    assert signed_in.post(f"/admin/library/section/{section.pk}/anchor/", form).status_code == 200
    section.refresh_from_db()
    assert section.anchor == "podcasts"


def test_anchor_of_another_section_of_now_or_before_is_refused(signed_in: Client) -> None:
    other = make_section("forums")
    other.change_anchor("groups")
    section = make_section("podcasts")
    for anchor in ("groups", "forums"):
        page = signed_in.post(f"/admin/library/section/{section.pk}/anchor/", {"anchor": anchor, "confirmed": "on"})
        assert page.status_code == 200
        assert page.context["form"].errors["anchor"]


def test_section_can_have_its_first_anchor_back(signed_in: Client) -> None:
    section = make_section("podcasts")
    for anchor in ("the-beat", "podcasts"):
        signed_in.post(f"/admin/library/section/{section.pk}/anchor/", {"anchor": anchor, "confirmed": "on"})
    assert list(SectionAlias.objects.values_list("anchor", flat=True)) == ["the-beat"]
    commit()


def test_merged_section_leaves_its_entries_and_its_anchors_to_the_other(signed_in: Client) -> None:
    survivor, merged = make_section("websites"), make_section("links")
    merged.change_anchor("addresses")
    make_resource("A site", section=survivor)
    for title in ("First", "Second", "Third"):
        make_resource(title, section=merged)
    merged.move_entry(merged.resources.get(title="Third").pk, "top")
    address = f"/admin/library/section/{merged.pk}/merge/"
    page = read(signed_in.get(address).content)
    assert "Its 3 entries move" in page.words
    assert [option.words for option in page.one("select").all("option")] == ["---------", "Websites"]
    response = signed_in.post(address, {"survivor": survivor.pk, "confirmed": "on"})
    commit()
    assert response["Location"] == f"/admin/library/section/{survivor.pk}/change/"
    titles = survivor.resources.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["A site", "Third", "First", "Second"]
    assert not Section.objects.filter(pk=merged.pk).exists()
    for anchor in ("links", "addresses"):
        assert Client().get(f"/s/{anchor}/")["Location"] == "/#websites"
    assert "3 entries moved" in signed_in.get(response["Location"]).content.decode()


def test_merging_costs_the_same_queries_for_ten_more_entries(
    signed_in: Client, django_assert_num_queries: object, django_assert_max_num_queries: object
) -> None:
    survivor = make_section("websites")
    counts = []
    for number in (2, 3, 12):  # the first time content types are asked for; of one entry alone its name is kept, too
        merged = make_section(f"links-{number}")
        for entry in range(number):
            make_resource(f"Site {number} {entry}", section=merged)
        with django_assert_max_num_queries(45) as captured:  # type: ignore[operator]
            signed_in.post(f"/admin/library/section/{merged.pk}/merge/", {"survivor": survivor.pk, "confirmed": "on"})
        counts.append(len(captured))
    assert counts[-2] == counts[-1]


def test_nothing_is_merged_without_a_tick_or_into_what_readers_cannot_see(signed_in: Client) -> None:
    merged, draft = make_section("links"), make_section("drafts", state="draft")
    for form in (
        {"survivor": draft.pk, "confirmed": "on"},
        {"survivor": merged.pk, "confirmed": "on"},
        {"survivor": "x"},
    ):
        assert signed_in.post(f"/admin/library/section/{merged.pk}/merge/", form).status_code == 200
    survivor = make_section("websites")
    assert signed_in.post(f"/admin/library/section/{merged.pk}/merge/", {"survivor": survivor.pk}).status_code == 200
    assert Section.objects.count() == 3


def test_withdrawal_needs_a_reason(signed_in: Client) -> None:
    section = make_section()
    address = f"/admin/library/section/{section.pk}/change/"
    page = signed_in.post(address, filled_in(signed_in.get(address), state="withdrawn"))
    assert "withdrawn_reason" in page.context["adminform"].form.errors
    form = filled_in(signed_in.get(address), state="withdrawn", withdrawn_reason="Its podcast has ended.")
    assert signed_in.post(address, form).status_code == 302
    assert Client().get("/s/podcasts/").status_code == 410


def test_published_section_cannot_be_a_draft_again(signed_in: Client) -> None:
    address = f"/admin/library/section/{make_section().pk}/change/"
    page = signed_in.post(address, filled_in(signed_in.get(address), state="draft"))
    assert "state" in page.context["adminform"].form.errors


@pytest.mark.django_db
def test_who_may_only_look_neither_renames_nor_merges() -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(viewer.user_permissions.model.objects.get(codename="view_section"))
    client = Client()
    client.force_login(viewer)
    section = make_section()
    for page in ("anchor", "merge"):
        assert client.get(f"/admin/library/section/{section.pk}/{page}/").status_code == 403
        assert f"/{page}/" not in client.get(f"/admin/library/section/{section.pk}/change/").content.decode()
