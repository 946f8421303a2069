"""Every change through the admin is kept, can be looked at word by word, and taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from library.history.snapshot import snapshot_of, versions_of
from library.models import AuditEntry, Resource, Section, User
from tests.admin.conftest import filled_in, refuse
from tests.factories import make_category, make_page, make_publisher, make_resource, make_section, make_tag
from tests.reading import Element, read

YES = {"post": "yes"}


def form_of(row: Any) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def history_of(row: Any) -> str:
    return form_of(row).replace("change/", "history/")


def save(client: Client, row: Any, **changes: Any) -> Any:
    answer = client.post(form_of(row), filled_in(client.get(form_of(row)), **changes))
    assert answer.status_code == 302, read(answer.content).words
    return answer


def page_of(client: Client, version: Any) -> Element:
    return read(client.get(f"{history_of(Resource(pk=version.object_id))}{version.pk}/").content)


def restore(client: Client, address: str, **options: Any) -> Any:
    """Press the button on the page of a version."""
    seen = read(client.get(address).content).one("input", name="_seen")["value"]
    return client.post(address, {"_seen": seen}, **options)


def viewer(codename: str = "view_resource") -> Client:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=codename, content_type__app_label="library"))
    client = Client()
    client.force_login(user)
    return client


def test_text_that_a_browser_only_sends_back_is_not_changed(signed_in: Client) -> None:
    """Browsers send the end of each line as two characters."""
    forum = make_resource("Forum", kind="forum", body="Three goals:\n\n- one\n- two")
    save(signed_in, forum, summary="Officers talk.", body=forum.body.replace("\n", "\r\n"))
    forum.refresh_from_db()
    assert forum.body == "Three goals:\n\n- one\n- two"
    assert AuditEntry.objects.acts().get().comment == "Changed Summary."


def test_history_says_who_and_what_newest_first(signed_in: Client) -> None:
    resource = make_resource(tags=["sleep"])
    save(signed_in, resource, title="Sleep and Fatigue", tags="sleep, rest")
    page = read(signed_in.get(history_of(resource)).content)
    change, first = page.one("tbody").all("tr")
    assert "curator" in change.words
    assert "Changed. Changed Title and Tags." in change.words
    assert "As it was before the next change" in first.words
    difference = page_of(signed_in, versions_of(Resource, resource.pk)[0])
    assert [term.words for term in difference.all("dt")[:2]] == ["Title", "Tags"]
    assert "[removed: Building Personal Resilience" in difference.words
    assert "[inserted: rest" in difference.words


def test_markdown_is_shown_as_its_source(signed_in: Client) -> None:
    page = make_page("about", title="About", body="**Bold** <script>alert(1)</script>")
    save(signed_in, page, body="**Bold** and more")
    version = versions_of(type(page), page.pk)[0]
    shown = signed_in.get(f"{history_of(page)}{version.pk}/").content.decode()
    assert "**Bold**" in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_form_that_changes_nothing_is_no_version(signed_in: Client) -> None:
    resource = make_resource(tags=["sleep"])
    save(signed_in, resource)
    assert versions_of(Resource, resource.pk).count() == 1
    assert not AuditEntry.objects.acts().exists()


def test_new_row_is_kept_with_its_tags(signed_in: Client) -> None:
    make_section("websites")
    add = "/admin/library/resource/add/?kind=site"
    answer = signed_in.post(
        add,
        filled_in(
            signed_in.get(add),
            title="Copline",
            tags="peers",
            section=Section.objects.get().pk,
            url="https://copline.org/",
        ),
    )
    assert answer.status_code == 302
    version = versions_of(Resource, Resource.objects.get().pk).get()
    page = page_of(signed_in, version)
    assert "Original version" in page.words
    assert "[inserted: peers" in page.words
    assert AuditEntry.objects.acts().get().kind == "added"


def test_version_is_brought_back_by_a_button(signed_in: Client) -> None:
    resource = make_resource(categories=[make_category()], tags=["sleep"])
    save(signed_in, resource, title="Other", tags="rest", categories=[])
    old = versions_of(Resource, resource.pk)[1]
    address = f"{history_of(resource)}{old.pk}/"
    page = read(signed_in.get(address).content)
    assert "stays published" in page.words
    answer = restore(signed_in, address)
    assert answer["Location"] == form_of(resource)
    resource.refresh_from_db()
    assert resource.title == "Building Personal Resilience"
    assert list(resource.tags.names()) == ["sleep"]
    assert resource.categories.count() == 1
    assert "Restored an older version" in read(signed_in.get(history_of(resource)).content).words


def test_version_is_not_brought_back_over_what_its_person_has_not_seen(signed_in: Client) -> None:
    resource = make_resource(summary="Rest.")
    save(signed_in, resource, title="Other")
    old = versions_of(Resource, resource.pk)[1]
    address = f"{history_of(resource)}{old.pk}/"
    seen = read(signed_in.get(address).content).one("input", name="_seen")["value"]
    save(signed_in, resource, summary="Bob’s words.")
    versions = versions_of(Resource, resource.pk).count()
    for token in (seen, "", "x" * 5000):
        answer = signed_in.post(address, {"_seen": token})
        page = read(answer.content)
        assert answer.status_code == 409
        assert "Someone has changed it since you opened this page, so nothing was restored." in page.words
        assert "[removed: Bob’s words." in page.words
    resource.refresh_from_db()
    assert (resource.title, resource.summary) == ("Other", "Bob’s words.")
    assert versions_of(Resource, resource.pk).count() == versions
    again = {"_seen": page.one("input", name="_seen")["value"]}
    assert signed_in.post(address, again).status_code == 302
    resource.refresh_from_db()
    assert (resource.title, resource.summary) == ("Building Personal Resilience", "Rest.")


def test_version_with_another_address_says_what_becomes_of_links(signed_in: Client) -> None:
    resource = make_resource(slug="old-name", ref="bpr2345")
    save(signed_in, resource, slug="new-name")
    old = versions_of(Resource, resource.pk)[1]
    address = f"{history_of(resource)}{old.pk}/"
    warning = "Its address would be /resources/old-name/ again. Links to /resources/new-name/ would lead there."
    assert f"{warning} The short link /r/bpr2345/" in read(signed_in.get(address).content).words
    page = read(restore(signed_in, address, follow=True).content)
    assert "Its address is now /resources/old-name/. Links to /resources/new-name/ lead there." in page.words


def test_version_with_the_same_address_says_nothing_of_it(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, title="Other")
    old = versions_of(Resource, resource.pk)[1]
    address = f"{history_of(resource)}{old.pk}/"
    assert "Its address would be" not in read(signed_in.get(address).content).words
    assert "Its address is" not in read(restore(signed_in, address, follow=True).content).words


def test_draft_version_of_a_published_entry_keeps_it_published(signed_in: Client) -> None:
    resource = make_resource(state="draft")
    save(signed_in, resource, title="Other", state="published")
    old = versions_of(Resource, resource.pk)[1]
    restore(signed_in, f"{history_of(resource)}{old.pk}/")
    resource.refresh_from_db()
    assert (resource.state, resource.title) == ("published", "Building Personal Resilience")


def test_refusal_of_the_database_is_a_sentence_and_changes_nothing(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, title="Other")
    old = versions_of(Resource, resource.pk)[1]
    refuse("UPDATE", "The library is closed today.")
    address = f"{history_of(resource)}{old.pk}/"
    page = read(restore(signed_in, address, follow=True).content)
    assert "Nothing was changed. The library is closed today." in page.words
    resource.refresh_from_db()
    assert resource.title == "Other"
    assert versions_of(Resource, resource.pk).count() == 2


def test_version_of_an_entry_whose_listing_is_over_is_not_brought_back(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, title="Other")
    Resource.objects.update(expires_at=timezone.now() - timedelta(minutes=5))
    address = f"{history_of(resource)}{versions_of(Resource, resource.pk)[1].pk}/"
    assert "Nothing was changed. Listed until: That time has passed." in restore(signed_in, address, follow=True).text
    resource.refresh_from_db()
    assert resource.title == "Other"


def test_version_of_today_offers_no_button(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, title="Other")
    newest = versions_of(Resource, resource.pk)[0]
    page = page_of(signed_in, newest)
    assert "nothing to restore" in page.words
    assert not page.all("input", type="submit")
    seen = snapshot_of(newest).token
    answer = signed_in.post(f"{history_of(resource)}{newest.pk}/", {"_seen": seen}, follow=True)
    assert "already matches that version" in read(answer.content).words


def test_who_may_only_look_restores_nothing(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, title="Other")
    old = versions_of(Resource, resource.pk)[1]
    client = viewer()
    address = f"{history_of(resource)}{old.pk}/"
    assert not read(client.get(address).content).all("input", type="submit")
    assert client.post(address).status_code == 403
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", is_staff=True))
    assert stranger.get(address).status_code == 403
    assert stranger.get(history_of(resource)).status_code == 403
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "address", ["{other}/history/{version}/", "{pk}/history/0/", "{pk}/history/9999999999999999999999/"]
)
def test_version_of_another_row_is_not_found(signed_in: Client, address: str) -> None:
    resource, other = make_resource(), make_resource("Other")
    save(signed_in, resource, title="New")
    version = versions_of(Resource, resource.pk)[0].pk
    path = address.format(pk=resource.pk, other=other.pk, version=version)
    for method in (signed_in.get, signed_in.post):
        assert method(f"/admin/library/resource/{path}").status_code == 404


def test_history_asks_no_more_for_more_versions(signed_in: Client, django_assert_max_num_queries: Any) -> None:
    resource = make_resource()
    counts = []
    for start in (1, 4):
        for number in range(start, start + 3):
            save(signed_in, resource, title=f"Title {number}")
        with django_assert_max_num_queries(12) as captured:
            signed_in.get(history_of(resource))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_change_of_an_anchor_and_a_merge_are_kept(signed_in: Client) -> None:
    merged, survivor = make_section("books"), make_section("websites")
    entry = make_resource(section=merged)
    signed_in.post(f"/admin/library/section/{merged.pk}/anchor/", {"anchor": "reading", "confirmed": "on"})
    assert versions_of(Section, merged.pk)[0].entry.comment == "#books → #reading"
    signed_in.post(f"/admin/library/section/{merged.pk}/merge/", {"survivor": survivor.pk, "confirmed": "on"})
    assert not Section.objects.filter(pk=merged.pk).exists()
    assert "merged into" in versions_of(Resource, entry.pk)[0].entry.comment
    assert versions_of(Section, merged.pk)[0].entry.kind == "deleted"
    deleted = read(signed_in.get("/admin/library/auditentry/deleted/").content)
    version = deleted.one("input", name="version")["value"]
    page = read(signed_in.post("/admin/library/auditentry/deleted/", {"version": version}, follow=True).content)
    assert "“Books” is back. Its anchor “reading” has been taken since, so it’s now “reading-2”." in page.words
    assert Section.objects.with_name("reading").get() == survivor


def test_withdrawal_is_kept(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, state="withdrawn", withdrawn_reason="Taken off the web.")
    page = page_of(signed_in, versions_of(Resource, resource.pk)[0])
    assert "Withdrawn" in page.words


def test_withdrawal_by_the_button_is_kept_each_time_and_named(signed_in: Client) -> None:
    resource = make_resource()
    save(signed_in, resource, _withdraw="1", withdrawn_reason="Taken off the web.")
    save(signed_in, resource, state="published")
    save(signed_in, resource, _withdraw="1")
    newest, between, first, _before = read(signed_in.get(history_of(resource)).content).one("tbody").all("tr")
    assert "Changed State and Reason for withdrawal." in first.words
    assert "Changed State." in between.words
    assert "curator" in newest.words
    assert "Changed State." in newest.words
    assert versions_of(Resource, resource.pk)[0].data["fields"]["state"] == "withdrawn"
    assert AuditEntry.objects.acts().count() == 3


def test_a_row_that_saving_writes_otherwise_is_kept_and_named(signed_in: Client) -> None:
    """Saving makes one line of a summary, whoever wrote it in two."""
    resource = make_resource(summary="In two\nlines.")
    save(signed_in, resource)
    resource.refresh_from_db()
    assert resource.summary == "In two lines."
    change, _before = versions_of(Resource, resource.pk)
    assert (change.entry.kind, change.entry.comment) == ("changed", "Changed Summary.")


# Recently deleted


def delete(client: Client, row: Any) -> None:
    assert client.post(form_of(row).replace("change/", "delete/"), YES).status_code == 302


def test_deleted_entry_is_recovered_by_a_button(signed_in: Client, curator: User) -> None:
    draft = make_resource(state="draft", categories=[make_category()], tags=["sleep"])
    pk, ref, slug = draft.pk, draft.ref, draft.slug
    delete(signed_in, draft)
    page = read(signed_in.get("/admin/library/auditentry/deleted/").content)
    (row,) = page.one("tbody").all("tr")
    assert "Resource: Building Personal Resilience" in row.words
    assert "curator" in row.words
    answer = signed_in.post(
        "/admin/library/auditentry/deleted/", {"version": row.one("input", name="version")["value"]}
    )
    assert answer["Location"] == f"/admin/library/resource/{pk}/change/"
    back = Resource.objects.get()
    assert (back.pk, back.ref, back.slug) == (pk, ref, slug)
    assert (list(back.tags.names()), back.categories.count()) == (["sleep"], 1)
    assert "Nothing is deleted" in read(signed_in.get("/admin/library/auditentry/deleted/").content).words
    assert [entry.kind for entry in AuditEntry.objects.acts()] == ["recovered", "deleted"]


def test_many_deleted_at_once_are_recovered_one_by_one(signed_in: Client) -> None:
    tags = [make_tag("sleep"), make_tag("rest")]
    form = {"action": "delete_selected", "_selected_action": [tag.pk for tag in tags]}
    signed_in.post("/admin/library/tag/", form | YES)
    assert not type(tags[0]).objects.exists()
    page = read(signed_in.get("/admin/library/auditentry/deleted/").content)
    for field in page.all("input", name="version"):
        signed_in.post("/admin/library/auditentry/deleted/", {"version": field["value"]})
    assert set(type(tags[0]).objects.values_list("name", flat=True)) == {"sleep", "rest"}


@pytest.mark.parametrize("version", ["", "0", "abc", "-1", "99999999999999999999999", "1 OR 1"])
def test_other_recoveries_change_nothing(signed_in: Client, version: str) -> None:
    delete(signed_in, make_tag())
    page = signed_in.post("/admin/library/auditentry/deleted/", {"version": version}, follow=True)
    assert "no longer on this list" in read(page.content).words
    assert not Resource.objects.exists()


def test_only_who_may_delete_recovers(signed_in: Client) -> None:
    delete(signed_in, make_tag())
    client = viewer("change_tag")
    assert client.get("/admin/library/auditentry/deleted/").status_code == 403
    assert client.post("/admin/library/auditentry/deleted/", {"version": "1"}).status_code == 403
    assert "Recently deleted" not in read(client.get("/admin/library/tag/").content).words
    assert "Recently deleted" in read(signed_in.get("/admin/library/tag/").content).words
    more = Permission.objects.filter(codename__in=["add_tag", "delete_tag"], content_type__app_label="library")
    User.objects.get(username="viewer").user_permissions.add(*more)
    assert "Tag: sleep" in read(client.get("/admin/library/auditentry/deleted/").content).words


def test_preview_of_an_older_version_promises_nothing_that_is_deleted_and_names_its_owner(signed_in: Client) -> None:
    ann = User.objects.create_user("ann", is_staff=True)
    publisher, gone, kept = make_publisher(), make_category("gone", "Gone"), make_category("kept", "Kept")
    resource = make_resource(owner=ann, publisher=publisher, categories=[gone, kept])
    save(signed_in, resource, title="Sleep", publisher="", categories=[], owner="")
    old, new = versions_of(Resource, resource.pk).order_by("pk")
    done = page_of(signed_in, new)
    assert ["[removed: ann ]" in row.words for row in done.all("dd")].count(True) == 1
    publisher.delete()
    gone.delete()
    page = page_of(signed_in, old)
    assert "Left out, because they no longer exist: Publisher: COPS Office, Categories: Gone." in page.words
    changes = page.all("dl", class_="differences")[-1]
    assert [term.words for term in changes.all("dt")] == ["Title", "Categories"]
    assert "Kept" in changes.words
    assert "Gone" not in changes.words
    restore(signed_in, f"{history_of(resource)}{old.pk}/")
    resource.refresh_from_db()
    assert (resource.publisher, list(resource.categories.all())) == (None, [kept])
