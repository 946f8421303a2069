"""Guides in the admin: a form, its history, who may do what, and the order of the categories."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from library.accounts.permissions import Role
from library.history.restore import recover, restore
from library.history.snapshot import snapshot_now, versions_of
from library.models import Category, Guide
from library.taxonomy.merge import merge_values
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.admin.test_publishing import buttons_on
from tests.factories import make_category, make_guide, make_resource, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db
LIST = "/admin/library/guide/"
ADD = f"{LIST}add/"


def form_of(guide: Guide) -> str:
    return f"{LIST}{guide.pk}/change/"


def change(client: Client, guide: Guide, **typed: Any) -> Any:
    return client.post(form_of(guide), filled_in(client.get(form_of(guide)), **typed))


def errors_of(page: Any) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in page.context["adminform"].form.errors.items()}


def test_resources_are_pasted_as_addresses_or_codes_and_get_their_titles(signed_in: Client) -> None:
    first, second, third = (make_resource(title) for title in ("PTSD Coach", "Officer Fatigue", "Peers"))
    lines = f"https://testserver/resources/{first.slug}/\n\n{second.ref} An old title\n/r/{third.ref}/\n{first.ref}"
    typed = {"title": "After a shooting", "phrases": "shooting", "resources": lines, "state": "published"}

    assert signed_in.post(ADD, filled_in(signed_in.get(ADD), **typed)).status_code == 302

    guide = Guide.objects.get()
    assert (guide.slug, guide.refs) == ("after-a-shooting", [first.ref, second.ref, third.ref])
    assert guide.resources.splitlines()[1] == f"{second.ref} Officer Fatigue"


def test_what_is_not_in_the_library_is_an_error_of_the_field(signed_in: Client) -> None:
    page = signed_in.post(ADD, filled_in(signed_in.get(ADD), title="A", resources="PTSD Coach"))

    assert errors_of(page) == {
        "resources": ["“PTSD” isn’t in the library. Paste the address of its page here, or its short code."]
    }


def test_says_how_many_of_its_resources_readers_do_not_see(signed_in: Client) -> None:
    guide = make_guide("Sleep", make_resource(), withdraw(make_resource("Gone")))

    page = signed_in.post(form_of(guide), filled_in(signed_in.get(form_of(guide))), follow=True)

    assert "Readers don’t see 1 of its resources" in page.content.decode()


@pytest.mark.parametrize(
    ("state", "publishers", "editors", "sentence"),
    [
        ("draft", ["Publish", "Save draft"], ["Save draft"], "Only curators see this draft."),
        (
            "published",
            ["Save changes", "Withdraw…"],
            ["Save changes"],
            "Readers see this guide at /guides/sleep/. Saved changes go live right away.",
        ),
        (
            "withdrawn",
            ["Save changes", "Publish again"],
            ["Save changes"],
            "Withdrawn: readers see the reason at /guides/sleep/.",
        ),
    ],
)
def test_the_form_says_what_readers_see_and_has_the_buttons_for_it(
    signed_in: Client, state: str, publishers: list[str], editors: list[str], sentence: str
) -> None:
    guide = make_guide("Sleep", state=state, withdrawn_reason="Old." if state == "withdrawn" else "")
    editor = client_of(make_person("editor", Role.EDITOR))

    for client, buttons in ((signed_in, publishers), (editor, editors)):
        assert buttons_on(client, form_of(guide)) == buttons
        page = read(client.get(form_of(guide)).content)
        assert page.one("p", id="readers_see").words == sentence
        assert not page.all("select", name="state")


def test_one_button_publishes_a_new_guide_and_the_message_leads_to_it(signed_in: Client) -> None:
    assert buttons_on(signed_in, ADD) == ["Publish", "Save draft"]

    page = signed_in.post(ADD, filled_in(signed_in.get(ADD), title="Sleep & rest", _publish="x"), follow=True)

    guide = Guide.objects.get()
    message = read(page.content).one("ul", class_="messagelist")
    assert message.words == "Saved “Sleep & rest”. Readers see this guide at /guides/sleep-rest/."
    assert [link["href"] for link in message.all("a")] == [form_of(guide), "/guides/sleep-rest/"]
    assert Client().get("/guides/sleep-rest/").status_code == 200


def test_withdrawing_needs_a_reason_and_is_taken_back_by_publishing_again(signed_in: Client) -> None:
    guide = make_guide("Sleep")

    page = change(signed_in, guide, _withdraw="x")
    assert set(errors_of(page)) == {"withdrawn_reason"}
    bar = read(page.content).one("div", class_="form_bar")
    assert bar.one("details").get("open") is not None
    assert bar.one("input", name="withdrawn_reason")
    # The button that failed isn't pressed by the next one.
    assert signed_in.post(form_of(guide), filled_in(page, _save="x")).status_code == 302
    assert Guide.objects.get().state == "published"

    for button, state in (("_withdraw", "withdrawn"), ("_save", "withdrawn"), ("_publish", "published")):
        assert change(signed_in, guide, **{button: "x"}, withdrawn_reason="It was old.").status_code == 302
        assert Guide.objects.get().state == state


def test_an_older_version_comes_back_with_its_resources_in_order_and_its_relations(signed_in: Client) -> None:
    first, second = make_resource("PTSD Coach"), make_resource("Officer Fatigue")
    guide = make_guide("Sleep", first, second, categories=[make_category()], phrases="sleep")
    guide.related.add(make_guide("Stress"))
    change(signed_in, guide, title="Rest", resources=f"{second.ref}\n{first.ref}", categories=[], related=[])
    assert Guide.objects.get(pk=guide.pk).refs == [second.ref, first.ref]

    versions = versions_of(Guide, guide.pk)
    now: Any = snapshot_now(Guide, guide.pk)
    restore(versions[1], seen=now.token, by=None, now=timezone.now())

    guide.refresh_from_db()
    assert (guide.title, guide.refs) == ("Sleep", [first.ref, second.ref])
    assert [str(row) for row in (*guide.categories.all(), *guide.related.all())] == ["Resilience and stress", "Stress"]
    page = signed_in.get(f"{LIST}{guide.pk}/history/{versions[1].pk}/")
    assert "Officer Fatigue" in page.content.decode()


def test_a_deleted_draft_comes_back_as_a_draft(signed_in: Client) -> None:
    guide = make_guide("Sleep", make_resource(), state="draft", phrases="sleep")
    signed_in.post(f"{LIST}{guide.pk}/delete/", {"post": "yes"})
    assert not Guide.objects.exists()

    version = versions_of(Guide, guide.pk)[0]
    recover(version, by=None, now=timezone.now())

    again = Guide.objects.get()
    assert (again.pk, again.state, again.folded, len(again.refs)) == (guide.pk, "draft", ["sleep"], 1)


def test_two_people_in_one_guide_see_both_texts(signed_in: Client) -> None:
    guide = make_guide("Sleep", note="Before.")
    opened = filled_in(signed_in.get(form_of(guide)), note="Mine.")
    change(signed_in, guide, note="Theirs.")

    page = signed_in.post(form_of(guide), opened)

    assert page.status_code == 409
    assert [(choice.theirs, choice.mine) for choice in page.context["choices"]] == [("Theirs.", "Mine.")]


def test_who_publishes_what_another_has_withdrawn_is_asked_first(signed_in: Client) -> None:
    guide = make_guide("Sleep", state="draft")
    opened = filled_in(signed_in.get(form_of(guide)), note="Mine.", _publish="x")
    change(signed_in, guide, _publish="x")
    change(signed_in, guide, _withdraw="x", withdrawn_reason="It was old.")

    page = signed_in.post(form_of(guide), opened)

    assert page.status_code == 409
    shown = {choice.name: (choice.theirs, choice.mine) for choice in page.context["choices"]}
    assert shown["state"] == ("Withdrawn", "Published")
    assert Guide.objects.get().state == "withdrawn"


def test_what_has_been_public_has_no_way_to_be_deleted(signed_in: Client) -> None:
    guide = make_guide("Sleep")

    assert signed_in.post(f"{LIST}{guide.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Guide.objects.exists()


def test_authors_write_drafts_of_their_own_and_publishers_publish_them() -> None:
    author = make_person("author", Role.AUTHOR)
    client, publisher = client_of(author), client_of(make_person("publisher", Role.PUBLISHER))
    client.post(ADD, filled_in(client.get(ADD), title="Sleep", state="published"))
    guide = Guide.objects.get()
    assert (guide.state, guide.owner) == ("draft", author)
    assert change(client, guide, title="Rest", _publish="x").status_code == 302
    assert Guide.objects.get().state == "draft"
    other = make_guide("Other", state="draft")
    assert client.post(form_of(other), {"title": "Mine"}).status_code == 403

    assert change(publisher, guide, _publish="x").status_code == 302

    assert Guide.objects.get(pk=guide.pk).state == "published"
    assert client.post(form_of(guide), {"title": "Mine"}).status_code == 403


def test_the_first_page_says_which_guides_are_overdue_for_review(signed_in: Client) -> None:
    guide = make_guide("Sleep", review_by=timezone.localdate() - timedelta(days=1))

    page = read(signed_in.get("/admin/").content)

    link = next(link for link in page.all("a") if link.words == "1 guide is overdue for review")
    assert list(signed_in.get(link["href"]).context["cl"].result_list) == [guide]


def test_the_old_addresses_of_best_bets_lead_to_guides(signed_in: Client) -> None:
    response = signed_in.get("/admin/library/bestbet/?q=sleep")

    assert (response.status_code, response["Location"]) == (301, "/admin/library/guide/?q=sleep")


# Categories


def test_curators_order_the_categories_with_buttons(signed_in: Client) -> None:
    make_category("stress", "Stress")
    ethics = make_category("ethics", "Ethics")
    address = "/admin/library/category/"
    assert "Move up: Ethics" in signed_in.get(address).content.decode()

    signed_in.post(address, {"move": f"up {ethics.pk}"})

    assert [category.slug for category in Category.objects.in_order()] == ["ethics", "stress"]
    assert "Move up" not in signed_in.get(f"{address}?q=e").content.decode()


def test_guides_of_a_merged_category_have_the_one_that_stays() -> None:
    sleep, rest = make_category("sleep", "Sleep"), make_category("rest", "Rest")
    guide = make_guide("Sleep", categories=[sleep])
    make_guide("Both", categories=[sleep, rest])

    merge_values(Category, [sleep.pk, rest.pk], rest.pk, by=None, now=timezone.now())

    assert [list(each.categories.all()) for each in Guide.objects.all()] == [[rest], [rest]]
    assert versions_of(Guide, guide.pk).count() == 2


def test_a_draft_is_previewed_as_readers_will_see_it(signed_in: Client) -> None:
    draft = make_guide("After a shooting", make_resource("Peers"), state="draft", note="For *you*.")

    page = change(signed_in, draft, title="After an incident", _preview="1")
    assert page["Location"] == f"{LIST}{draft.pk}/preview/"
    response = signed_in.get(page["Location"])

    shown = read(response.content)
    assert (shown.one("h1").words, shown.one("em").words) == ("After an incident", "you")
    assert [entry.words for entry in shown.all("a", class_="entry-title")] == ["Peers"]
    assert "Readers can’t see this page. It’s a draft." in shown.one("p", class_="preview").words
    assert shown.one("p", class_="preview").one("a")["href"] == form_of(draft)
    assert shown.one("meta", name="robots")["content"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert shown.all("script", type="application/ld+json") == shown.all("link", rel="canonical") == []


def test_a_preview_is_for_those_who_may_see_guides(signed_in: Client) -> None:
    draft = make_guide("After a shooting", state="draft")

    assert Client().get(f"{LIST}{draft.pk}/preview/")["Location"].startswith("/admin/login/")
    assert client_of(make_person("author", Role.AUTHOR)).get(f"{LIST}{draft.pk}/preview/").status_code == 200
    assert signed_in.get(f"{LIST}123456/preview/").status_code == 404
    (link,) = read(signed_in.get(form_of(draft)).content).all("a", href=f"{LIST}{draft.pk}/preview/")
    assert link.words == "Preview saved version"
