"""What each role can do at the curators' desk: what they may not is not shown, and refused when it is sent anyway."""

from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models.signals import pre_save
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.accounts.permissions import Role
from library.models import Resource, Section, User
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import (
    make_category,
    make_help_line,
    make_publisher,
    make_report,
    make_resource,
    make_resources,
    make_section,
    withdraw,
)
from tests.reading import read

pytestmark = pytest.mark.django_db
LIST = "/admin/library/resource/"
ADD = f"{LIST}add/?kind=site"


def form_of(resource: Resource) -> str:
    return f"{LIST}{resource.pk}/change/"


def change(client: Client, resource: Resource, **typed: Any) -> int:
    """Send the form as it is shown, with these changes; whatever is not on it is sent all the same."""
    address = form_of(resource)
    return client.post(address, filled_in(client.get(address), **typed)).status_code


@pytest.fixture
def author(db: None) -> User:
    return make_person("author", Role.AUTHOR)


@pytest.fixture
def own(author: User) -> Resource:
    return make_resource("Own draft", state="draft", owner=author)


@pytest.fixture
def editor(db: None) -> Client:
    return client_of(make_person("editor", Role.EDITOR))


@pytest.fixture
def publisher(db: None) -> Client:
    return client_of(make_person("publisher", Role.PUBLISHER))


@pytest.fixture
def administrator(db: None) -> Client:
    return client_of(make_person("administrator", Role.ADMINISTRATOR))


# Authors


def test_an_author_adds_a_draft_that_is_theirs(author: User) -> None:
    section, client = make_section(), client_of(author)
    page = client.get(ADD)
    assert "state" not in page.context["adminform"].form.fields
    typed = {"title": "Sleep", "slug": "", "section": section.pk, "state": "published", "owner": ""}

    assert client.post(ADD, filled_in(page, **typed)).status_code == 302

    resource = Resource.objects.get()
    assert (resource.title, resource.state, resource.owner, resource.listed_at) == ("Sleep", "draft", author, None)


def test_an_author_changes_their_own_draft_and_cannot_publish_it(author: User, own: Resource) -> None:
    assert change(client_of(author), own, title="Better", state="published", listed_at_0="2020-01-01") == 302
    own.refresh_from_db()
    assert (own.title, own.state, own.owner, own.listed_at) == ("Better", "draft", author, None)


def test_an_author_only_reads_what_is_not_their_own_draft(author: User) -> None:
    client = client_of(author)
    for resource in (make_resource("Out", owner=author), make_resource("Nobody's", state="draft")):
        page = client.get(form_of(resource))
        assert page.status_code == 200
        assert not read(page.content).all("input", type="submit", name="_save")
        assert client.post(form_of(resource), {"title": "Mine now"}).status_code == 403
        assert not Resource.objects.filter(title="Mine now").exists()


def test_an_author_gives_nothing_away_and_deletes_nothing(author: User, own: Resource) -> None:
    other = make_person("other", Role.AUTHOR)
    client = client_of(author)
    assert "owner" not in client.get(form_of(own)).context["adminform"].form.fields
    assert change(client, own, owner=other.pk) == 302
    own.refresh_from_db()
    assert own.owner == author
    assert client.post(f"{LIST}{own.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_author_has_no_list_actions_and_cannot_change_an_order(author: User, own: Resource) -> None:
    client = client_of(author)
    assert not read(client.get(LIST).content).all("select", name="action")
    in_order = f"{LIST}?section__id__exact={own.section_id}"
    assert not read(client.get(in_order).content).all("button", name="move")
    assert client.post(in_order, {"move": f"up {own.pk}"}).status_code == 403


def test_a_draft_that_was_published_meanwhile_is_changed_by_no_author(author: User, own: Resource) -> None:
    client = client_of(author)
    form = filled_in(client.get(form_of(own)), title="Too late")
    Resource.objects.filter(pk=own.pk).update(state="published", listed_at=timezone.now())
    assert client.post(form_of(own), form).status_code == 403
    own.refresh_from_db()
    assert own.title == "Own draft"


def test_an_author_cannot_touch_sections_texts_or_people(author: User) -> None:
    client, section = client_of(author), make_section()
    assert client.post(f"/admin/library/section/{section.pk}/change/", {"title": "x"}).status_code == 403
    assert client.post(f"/admin/library/section/{section.pk}/anchor/", {"anchor": "x"}).status_code == 403
    for path in ("user/", "user/add/", "readerreport/", "tag/add/", "helpline/add/"):
        assert client.get(f"/admin/library/{path}").status_code == 403, path


# The list says whose each is


def test_the_list_shows_what_is_mine(author: User, own: Resource) -> None:
    other = make_person("other", Role.AUTHOR)
    make_resource("Hers", owner=other)
    make_resource("Nobody's")
    client = client_of(author)
    assert whose(client, LIST) == {"Own draft": "mine", "Hers": "other", "Nobody's": "–"}
    assert whose(client, f"{LIST}?whose=mine") == {"Own draft": "mine"}
    assert whose(client, f"{LIST}?whose=nobody") == {"Nobody's": "–"}


def whose(client: Client, address: str) -> dict[str, str]:
    page = read(client.get(address).content)
    titles = [cell.words for cell in page.all("th", class_="field-title")]
    return dict(zip(titles, [cell.words for cell in page.all("td", class_="field-whose")], strict=True))


def test_the_list_asks_as_many_questions_for_ten_rows_more(author: User, own: Resource) -> None:
    client = client_of(author)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(LIST)
    for resource in make_resources(10):
        Resource.objects.filter(pk=resource.pk).update(owner=make_person(f"p{resource.pk}", Role.AUTHOR))
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


# Editors


def test_an_editor_changes_every_entry_but_not_its_state(editor: Client) -> None:
    soon = make_resource("Soon", listed_at=timezone.now() + timedelta(days=3))
    for resource in (
        make_resource("Out"),
        make_resource("Draft", state="draft"),
        soon,
    ):
        fields = editor.get(form_of(resource)).context["adminform"].form.fields
        assert not {"state", "listed_at", "expires_at"} & set(fields)
        dates = {"listed_at_0": "2020-01-01", "expires_at_0": "2090-01-01"}
        assert change(editor, resource, title=f"{resource.title}!", state="published", **dates) == 302
        after = Resource.objects.get(pk=resource.pk)
        assert after.title == f"{resource.title}!"
        assert (after.state, after.listed_at, after.expires_at) == (resource.state, resource.listed_at, None)


def test_an_editor_cannot_withdraw_or_bring_back(editor: Client) -> None:
    resource, gone = make_resource("Out"), withdraw(make_resource("Gone"))
    assert change(editor, resource, state="withdrawn", withdrawn_reason="It is gone.") == 302
    assert change(editor, resource, withdrawn_reason="It is gone.", _withdraw="1") == 302
    assert change(editor, gone, state="published") == 302
    assert Resource.objects.get(pk=resource.pk).state == "published"
    assert Resource.objects.get(pk=gone.pk).state == "withdrawn"


@pytest.mark.parametrize("button", ["_save", "_preview", "_make_link"])
def test_an_editor_corrects_an_entry_whose_listing_is_over(editor: Client, button: str) -> None:
    resource = make_resource(expires_at=timezone.now() + timedelta(days=1))
    over = timezone.now() - timedelta(minutes=5)
    Resource.objects.update(expires_at=over)

    assert change(editor, resource, title="Better", **{button: "1"}) == 302

    resource.refresh_from_db()
    assert (resource.title, resource.state, resource.expires_at) == ("Better", "published", over)


def test_a_publisher_chooses_a_later_end_or_withdraws(publisher: Client) -> None:
    resource = make_resource(expires_at=timezone.now() + timedelta(days=1))
    Resource.objects.update(expires_at=timezone.now() - timedelta(minutes=5))
    page = publisher.post(form_of(resource), filled_in(publisher.get(form_of(resource)), title="Better"))
    assert [*page.context["adminform"].form.errors] == ["expires_at"]
    assert change(publisher, resource, state="withdrawn", withdrawn_reason="It is over.") == 302


def test_an_editor_sees_the_state_in_words(editor: Client) -> None:
    words = editor.get(form_of(make_resource())).content.decode()
    assert '<div class="readonly">Published</div>' in words
    assert 'name="state"' not in words


def test_saving_does_not_undo_what_a_publisher_did_meanwhile(editor: Client) -> None:
    """The row is read, then published by somebody else, then saved."""
    resource = make_resource("Draft", state="draft")
    form = filled_in(editor.get(form_of(resource)), title="Better")

    def publish(**_signal: Any) -> None:
        Resource.objects.filter(pk=resource.pk).update(state="published", listed_at=timezone.now())

    pre_save.connect(publish, sender=Resource)
    try:
        assert editor.post(form_of(resource), form).status_code == 302
    finally:
        pre_save.disconnect(publish, sender=Resource)
    resource.refresh_from_db()
    assert (resource.title, resource.state) == ("Better", "published")
    assert resource.listed_at is not None


def test_an_editor_assigns_a_resource_to_somebody_who_can_sign_in(editor: Client, author: User) -> None:
    resource, gone = make_resource(), User.objects.create_user("gone", is_active=False)
    assert change(editor, resource, owner=author.pk) == 302
    assert Resource.objects.get().owner == author
    assert change(editor, resource, owner=gone.pk) == 200
    Resource.objects.update(owner=gone)
    assert change(editor, resource) == 302
    assert Resource.objects.get().owner == gone


def test_an_editor_changes_sections_and_subjects_but_publishes_no_section(editor: Client) -> None:
    section = make_section(state="draft")
    address = f"/admin/library/section/{section.pk}/change/"
    page = editor.get(address)
    assert "state" not in page.context["adminform"].form.fields
    assert editor.post(address, filled_in(page, title="Other", state="published")).status_code == 302
    section.refresh_from_db()
    assert (section.title, section.state) == ("Other", "draft")
    page = editor.get("/admin/library/section/add/")
    typed = {"title": "New", "anchor": "new-one", "state": "published"}
    assert editor.post("/admin/library/section/add/", filled_in(page, **typed)).status_code == 302
    assert Section.objects.get(anchor="new-one").state == "draft"
    assert editor.get(f"/admin/library/category/{make_category().pk}/change/").status_code == 200


def test_an_editor_deletes_neither_entries_nor_subjects(editor: Client) -> None:
    resource, category = make_resource(state="draft"), make_category()
    assert editor.post(f"{LIST}{resource.pk}/delete/", {"post": "yes"}).status_code == 403
    assert editor.post(f"/admin/library/category/{category.pk}/delete/", {"post": "yes"}).status_code == 403
    assert not read(editor.get(form_of(resource)).content).all("a", class_="deletelink")


# Publishers and administrators


def test_a_publisher_publishes_and_withdraws(publisher: Client) -> None:
    resource = make_resource(state="draft")
    assert change(publisher, resource, state="published") == 302
    assert Resource.objects.get().state == "published"
    assert change(publisher, resource, state="withdrawn", withdrawn_reason="It is gone.") == 302
    assert Resource.objects.get().state == "withdrawn"


def test_a_publisher_deletes_nothing_and_sees_no_people(publisher: Client) -> None:
    resource = make_resource(state="draft")
    assert publisher.post(f"{LIST}{resource.pk}/delete/", {"post": "yes"}).status_code == 403
    assert publisher.get("/admin/library/user/").status_code == 403
    assert publisher.get("/admin/auth/group/").status_code == 403


def test_an_administrator_deletes_a_draft(administrator: Client) -> None:
    resource = make_resource(state="draft")
    assert administrator.post(f"{LIST}{resource.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Resource.objects.exists()


def test_an_administrator_makes_somebody_an_author(administrator: Client) -> None:
    page = administrator.get("/admin/library/user/add/")
    assert administrator.post("/admin/library/user/add/", filled_in(page, username="new")).status_code == 200
    person = User.objects.get(username="new")
    assert person.is_staff
    address = f"/admin/library/user/{person.pk}/change/"
    group = Group.objects.get(name="Author")
    form = filled_in(administrator.get(address), groups=[group.pk], is_superuser="on")
    assert administrator.post(address, form).status_code == 302
    person.refresh_from_db()
    assert (list(person.groups.all()), person.is_superuser) == ([group], False)


def test_the_rights_of_the_four_roles_are_not_changed_by_hand(signed_in: Client) -> None:
    make_person("author", Role.AUTHOR)
    address = f"/admin/auth/group/{Group.objects.get(name='Author').pk}"
    assert signed_in.get(f"{address}/change/").status_code == 200
    assert signed_in.post(f"{address}/change/", {"name": "Author", "permissions": []}).status_code == 403
    assert signed_in.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def test_somebody_without_a_role_only_signs_in() -> None:
    client = client_of(make_person("nobody"))
    assert client.get("/admin/").status_code == 200
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_no_link_that_somebody_is_shown_is_refused_to_them(role: Role) -> None:
    person = make_person("somebody", role)
    shown = make_resource("Published", publisher=make_publisher(), owner=make_person("other"))
    draft = make_resource("Mine", state="draft", listed_at=None, owner=person)
    report = make_report(resource=shown)
    report.change_state("done", person, timezone.now())
    report.save()
    client = client_of(person)
    pages = {"/admin/", LIST, *(f"{LIST}{pk}/{page}/" for pk in (shown.pk, draft.pk) for page in ("change", "history"))}
    if role is not Role.AUTHOR:
        pages |= {
            f"/admin/library/readerreport/{report.pk}/change/",
            f"/admin/library/helpline/{make_help_line().pk}/change/",
        }
    leads_from: dict[str, str] = {}  # each link once, though many pages show it
    for address in sorted(pages):
        for link in read(client.get(address).content.decode()).all("a"):
            if (link.get("href") or "").startswith(("/admin/", "?")):
                leads_from.setdefault(urljoin(address, link["href"]), address)
    assert len(leads_from) > 10
    for link, address in sorted(leads_from.items()):
        answer = client.get(link)
        assert answer.status_code in {200, 302}, f"{address} leads to {link}"
        answer.getvalue()  # type: ignore[attr-defined]


def test_the_page_of_a_person_shows_nothing_of_how_a_password_is_kept(administrator: Client) -> None:
    person = make_person("ann", Role.AUTHOR)
    page = administrator.get(f"/admin/library/user/{person.pk}/change/")
    field = read(page.content).one("div", class_="field-password")
    assert "Set. Nobody can see it." in field.words
    assert field.one("a", class_="button").words == "Reset password"
    assert not {part for part in (*person.password.split("$"), "algorithm", "salt", "hash") if part in page.text}
