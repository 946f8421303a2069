"""Categories, tags and publishers at the desk: their use, a new address, a merge, a deletion."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from library.accounts.permissions import Role
from library.history.snapshot import versions_of
from library.models import AuditEntry, Category, Publisher, Resource, Tag
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import make_category, make_publisher, make_resource, make_resources, make_series, make_tag
from tests.reading import Element, read

pytestmark = pytest.mark.django_db
TAGS = "/admin/library/tag/"


def page_of(client: Client, address: str) -> Element:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return read(response.content)


def rows_of(page: Element) -> list[str]:
    return [row.words for row in page.one("table", id="result_list").all("tr")[1:]]


def message_on(client: Client, address: str) -> str:
    return page_of(client, address).one("ul", class_="messagelist").words


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def merge_address(*tags: Tag) -> str:
    return f"{TAGS}merge/?{'&'.join(f'id={tag.pk}' for tag in tags)}"


@pytest.fixture
def two() -> tuple[Tag, Tag]:
    """“sleep”, which two entries have, and “slepe”, which one of them and a draft have."""
    make_resource("One", tags=["sleep", "slepe"])
    make_resource("Two", tags=["sleep"])
    make_resource("Draft", tags=["slepe"], state="draft")
    return tag("sleep"), tag("slepe")


# Their use


@pytest.mark.parametrize("noun", ["category", "tag", "publisher"])
def test_the_list_counts_the_entries_of_each_and_leads_to_them(signed_in: Client, noun: str) -> None:
    publisher, category = make_publisher(), make_category()
    make_resource("Draft", state="draft", tags=["sleep"], categories=[category], publisher=publisher)
    make_resource("Other", tags=["peers"])

    listed = page_of(signed_in, f"/admin/library/{noun}/")
    (link,) = [link for link in listed.all("a") if link.words == "1 entry" and "peers" not in link["href"]][:1]
    entries = rows_of(page_of(signed_in, f"/admin/library/resource/{link['href'].partition('resource/')[2]}"))

    assert len(entries) == 1


def test_the_link_of_a_tag_leads_to_its_entries_and_to_no_others(signed_in: Client, two: Any) -> None:
    entries = rows_of(page_of(signed_in, f"/admin/library/resource/?tag={two[1].pk}"))

    assert [("One" in row, "Draft" in row) for row in entries] == [(False, True), (True, False)]
    assert rows_of_none(signed_in, "tag=999999")
    assert rows_of_none(signed_in, "publisher=sleep")
    assert rows_of_none(signed_in, "tag=")


def rows_of_none(client: Client, query: str) -> bool:
    page = page_of(client, f"/admin/library/resource/?{query}")
    return not page.all("table", id="result_list")


def test_the_list_of_resources_offers_no_tags_to_choose_from(signed_in: Client, two: Any) -> None:
    assert "By tag" not in page_of(signed_in, "/admin/library/resource/").words
    assert "By tag" in page_of(signed_in, f"/admin/library/resource/?tag={two[0].pk}").words


def test_it_counts_the_entries_of_each_and_shows_what_no_entry_has(signed_in: Client) -> None:
    make_resources(2, tags=["sleep"])
    make_resource("One", tags=["anger"])
    make_tag("never")

    text = " ".join(rows_of(page_of(signed_in, TAGS)))
    assert all(words in text for words in ("anger anger 1 entry", "never never 0 entries", "sleep sleep 2 entries"))
    assert [row.split()[0] for row in rows_of(page_of(signed_in, f"{TAGS}?use=none"))] == ["never"]
    assert [row.split()[0] for row in rows_of(page_of(signed_in, f"{TAGS}?use=some"))] == ["anger", "sleep"]
    assert len(rows_of(page_of(signed_in, f"{TAGS}?use=often"))) == 3


def test_the_list_costs_as_many_queries_for_ten_more(signed_in: Client, django_assert_max_num_queries: Any) -> None:
    counts = []
    for start in (0, 10):
        for number in range(start, start + 10):
            make_resource(f"Entry {number}", tags=[f"tag {number}"])
        with django_assert_max_num_queries(12) as captured:
            signed_in.get(TAGS)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# A new address


def test_a_new_address_is_told_of_before_and_after(signed_in: Client, two: Any) -> None:
    address = f"{TAGS}{two[0].pk}/change/"
    words = page_of(signed_in, address).words
    assert "Readers find its list at /resources/?tag=sleep." in words
    assert "2 entries have it. If you change it, the old address keeps showing the same list." in words

    response = signed_in.post(address, filled_in(signed_in.get(address), slug="rest"))

    text = message_on(signed_in, response["Location"])
    assert "Its list is now at /resources/?tag=rest. Links to /resources/?tag=sleep still show it." in text
    assert read(Client().get("/resources/?tag=sleep").content).one("h1").words == "Resources tagged sleep"
    assert [version.entry.kind for version in versions_of(Tag, two[0].pk) if version.entry.kind != "baseline"]


def test_a_new_name_alone_says_nothing_of_addresses(signed_in: Client, two: Any) -> None:
    address = f"{TAGS}{two[0].pk}/change/"

    response = signed_in.post(address, filled_in(signed_in.get(address), name="Sleep and rest"))

    assert "Its list is now at" not in message_on(signed_in, response["Location"])
    assert Tag.objects.get(pk=two[0].pk).slug == "sleep"


# A merge


def test_the_page_says_what_would_change_and_where_addresses_lead(signed_in: Client, two: Any) -> None:
    Tag.objects.filter(pk=two[1].pk).update(slug="slepes")
    response = signed_in.post(TAGS, {"action": "merge_chosen", "_selected_action": [row.pk for row in two]})

    page = page_of(signed_in, response["Location"])

    rows = [row.words for row in page.one("form", id="merge_form").all("tr")[1:]]
    assert rows == [
        "sleep /resources/?tag=sleep 2 1 entry gets it. 1 already has it and another of these.",
        "slepe /resources/?tag=slepes 2 1 entry gets it. 1 already has it and another of these.",
    ]
    assert [code.words for code in page.all("code")] == ["sleep", "slepes", "slepe"]
    assert Tag.objects.count() == 2


def test_it_is_done_after_a_tick(signed_in: Client, two: Any) -> None:
    sleep, slepe = two
    address = merge_address(sleep, slepe)

    response = signed_in.post(address, filled_in(signed_in.get(address), survivor=sleep.pk, confirmed="on"))

    assert response["Location"] == f"{TAGS}{sleep.pk}/change/"
    text = message_on(signed_in, response["Location"])
    assert "Merged: “slepe”. 2 entries now have “sleep” instead. Their old addresses lead here." in text
    assert sleep.tagged_items.count() == 3
    assert read(Client().get("/resources/?tag=slepe").content).one("h1").words == "Resources tagged sleep"
    assert [str(entry) for entry in AuditEntry.objects.acts().order_by("pk")] == ["Deleted: slepe", "Changed: 2"]


@pytest.mark.parametrize("form", [{}, {"survivor": "first"}, {"confirmed": "on"}, {"survivor": "0", "confirmed": "on"}])
def test_nothing_is_merged_without_a_choice_and_a_tick(signed_in: Client, two: Any, form: dict[str, str]) -> None:
    sent = form | ({"survivor": str(two[0].pk)} if form.get("survivor") == "first" else {})

    response = signed_in.post(merge_address(*two), sent)

    assert response.status_code == 200
    assert Tag.objects.count() == 2


def test_from_its_own_page_the_other_one_is_named(signed_in: Client, two: Any) -> None:
    page = page_of(signed_in, f"{TAGS}{two[0].pk}/change/")
    links = [link["href"] for link in page.all("a") if "Merge" in link.words]
    assert links == [f"{TAGS}merge/?id={two[0].pk}"]
    assert page_of(signed_in, links[0]).one("input", id="id_name")

    for name in ("SLEPE", "slepe"):
        assert signed_in.get(f"{links[0]}&name={name}")["Location"] == merge_address(*two)
    for name in ("sleep", "", "nothing", "%22%3E%3Cb%3E"):
        page = signed_in.get(f"{links[0]}&name={name}")
        assert "There’s no other one with this name." in page.content.decode()
        assert "<b>" not in page.content.decode()


def test_publishers_and_categories_are_merged_by_the_same_page(signed_in: Client) -> None:
    cops, office = make_publisher("cops", "COPS"), make_publisher("cops-office", "COPS Office")
    sleep, rest = make_category("sleep", "Sleep"), make_category("rest", "Rest")
    entry = make_resource("One", publisher=cops, categories=[rest])

    for noun, gone, stays in (("publisher", cops, office), ("category", rest, sleep)):
        address = f"/admin/library/{noun}/merge/?id={gone.pk}&id={stays.pk}"
        signed_in.post(address, filled_in(signed_in.get(address), survivor=stays.pk, confirmed="on"))

    entry.refresh_from_db()
    assert (entry.publisher, entry.categories.get()) == (office, sleep)


def test_what_somebody_else_has_merged_or_deleted_is_told_calmly(signed_in: Client, two: Any) -> None:
    address = merge_address(*two)
    form = filled_in(signed_in.get(address), survivor=two[0].pk, confirmed="on")
    Tag.objects.filter(pk=two[1].pk).delete()

    assert "merged or deleted in the meantime" in message_on(signed_in, address)
    assert "merged or deleted in the meantime" in message_on(signed_in, merge_address(two[1]))
    assert signed_in.post(address, form)["Location"] == TAGS
    assert "merged or deleted in the meantime" in message_on(signed_in, TAGS)
    assert two[0].tagged_items.count() == 2


def test_a_merge_that_takes_too_long_changes_nothing_and_says_what_is_quicker(signed_in: Client, two: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION too_long() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'canceled' USING ERRCODE = 'query_canceled'; END $$"
        )
        cursor.execute("CREATE TRIGGER too_long BEFORE DELETE ON library_tag EXECUTE FUNCTION too_long()")

    response = signed_in.post(merge_address(*two), {"survivor": two[0].pk, "confirmed": "on"})

    assert "Nothing was merged. That took too long" in message_on(signed_in, response["Location"])
    assert [row.tagged_items.count() for row in two] == [2, 2]


@pytest.mark.parametrize("query", ["", "id=", "id=x", "id=99999999999999999999", "id=1%27", "id=1&id=1", "id=1&id=2"])
def test_an_address_that_names_no_two_leads_back_to_the_list(signed_in: Client, query: str) -> None:
    for method in (signed_in.get, signed_in.post):
        assert method(f"{TAGS}merge/?{query}")["Location"] == TAGS


def test_at_most_twenty_at_once(signed_in: Client) -> None:
    pks = [make_tag(f"tag {number}").pk for number in range(21)]

    signed_in.post(TAGS, {"action": "merge_chosen", "_selected_action": pks})

    assert "You can merge up to 20" in message_on(signed_in, TAGS)


@pytest.mark.parametrize(("role", "may"), [(Role.AUTHOR, False), (Role.EDITOR, False), (Role.PUBLISHER, True)])
def test_who_publishes_may_merge(two: Any, role: Role, may: bool) -> None:
    client = client_of(make_person("someone", role))

    assert client.get(merge_address(*two)).status_code == (200 if may else 403)
    response = client.post(merge_address(*two), {"survivor": two[0].pk, "confirmed": "on"})
    assert response.status_code == (302 if may else 403)
    assert Tag.objects.count() == (1 if may else 2)
    assert ("Merge" in client.get(f"{TAGS}{two[0].pk}/change/").content.decode()) is may


# A deletion


@pytest.mark.parametrize("chosen", [False, True])
def test_a_deletion_says_what_becomes_of_entries_and_of_the_address(signed_in: Client, two: Any, chosen: bool) -> None:
    if chosen:
        page = signed_in.post(TAGS, {"action": "delete_selected", "_selected_action": [row.pk for row in two]})
    else:
        page = signed_in.get(f"{TAGS}{two[1].pk}/delete/")

    words = read(page.content).one("body").words
    assert "2 entries have it (published: 1). They stay, without it. See them" in words
    assert "Old links to /resources/?tag=slepe will show the list without this filter" in words
    assert merge_address(*(two if chosen else two[1:])) in page.content.decode().replace("&amp;", "&")


def test_one_that_no_entry_has_says_so(signed_in: Client) -> None:
    assert "No entries have it." in page_of(signed_in, f"{TAGS}{make_tag('never').pk}/delete/").words


def test_a_publisher_of_entries_is_merged_instead(signed_in: Client) -> None:
    publisher = make_publisher()
    make_resource("One", publisher=publisher)
    make_series(publisher)

    page = page_of(signed_in, f"/admin/library/publisher/{publisher.pk}/delete/")

    assert "1 entry has it (published: 1). See them" in page.words
    assert page.all("a", href=f"/admin/library/publisher/merge/?id={publisher.pk}")
    assert "Resource: One" in page.words
    assert "Old links" not in page.words


def test_a_tag_that_was_deleted_comes_back_with_its_entries_and_its_address(signed_in: Client, two: Any) -> None:
    signed_in.post(f"{TAGS}{two[1].pk}/delete/", {"post": "yes"})
    assert "That tag was removed" in Client().get("/resources/?tag=slepe").content.decode()
    deleted = signed_in.get("/admin/library/auditentry/deleted/")
    version = read(deleted.content).one("input", name="version")["value"]

    signed_in.post("/admin/library/auditentry/deleted/", {"version": version})

    assert sorted(Resource.objects.filter(tags__name="slepe").values_list("title", flat=True)) == ["Draft", "One"]
    assert read(Client().get("/resources/?tag=slepe").content).one("h1").words == "Resources tagged slepe"
    assert (Category.objects.count(), Publisher.objects.count()) == (0, 0)
