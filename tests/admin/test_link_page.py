"""What checks have found of an entry’s link, as curators see it: with its proof, and with what they can do about it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from library.accounts.permissions import Role
from library.models import AuditEntry, Link, LinkChange, LinkCopy, LinkLook, Resource
from tests.admin.roles import client_of, make_person
from tests.factories import make_resource
from tests.reading import read

ADDRESS = "https://example.org/sleep"


@pytest.fixture
def dead() -> Resource:
    """An entry whose link is gone, with what its checks have found."""
    now = timezone.now()
    entry = make_resource("Sleep", url=ADDRESS)
    Resource.objects.filter(pk=entry.pk).update(link_state="dead", link_checked_on=now.date())
    since = (now - timedelta(days=6)).isoformat()
    tally = {"looks": 5, "days": 4, "first": since, "last": now.isoformat()}
    evidence = {"state": "dead", "since": now.isoformat(), "failing_since": since, "reason": "not found"}
    link = Link.objects.create(
        key=entry.address_key,
        address=ADDRESS,
        host="example.org",
        condition="dead",
        reason="not found",
        signature="gone 404 ",
        looked_at=now,
        next_at=now + timedelta(days=7),
        evidence={**evidence, "tallies": {"gone": tally}, "failures": tally},
        page={"title": "Sleep for officers", "sketch": [], "words": 400},
    )
    LinkLook.objects.create(link=link, looked_at=now, signal="gone", reason="not found", status=404)
    LinkLook.objects.create(link=link, looked_at=now, signal="trouble", reason="nothing came", fault="timeout")
    LinkChange.objects.create(link=link, changed_at=now, before="unsure", after="dead", reason="not found")
    return entry


def page_of(entry: Resource) -> str:
    return f"/admin/library/resource/{entry.pk}/link/"


def test_a_gone_link_proves_itself(signed_in: Client, dead: Resource) -> None:
    text = read(signed_in.get(page_of(dead)).content).one("main").words
    assert "Gone. Last checked on" in text
    assert "When it last worked, its title was “Sleep for officers”." in text
    assert "404 Not Found" in text
    assert "timeout" in text
    form = read(signed_in.get(f"/admin/library/resource/{dead.pk}/change/").content)
    assert page_of(dead) in [link.get("href") for link in form.all("a")]


def test_the_first_page_counts_it_and_leads_to_it(signed_in: Client, dead: Resource) -> None:
    front = read(signed_in.get("/admin/").content)
    (link,) = [link for link in front.all("a") if link.words == "1 link is gone"]
    assert link["href"].endswith("#gone")
    decided = read(signed_in.get(link["href"]).content)
    assert page_of(dead) in [link.get("href") for link in decided.all("a")]
    listed = signed_in.get("/admin/library/resource/?needs=link-gone")
    assert [entry.pk for entry in listed.context["cl"].result_list] == [dead.pk]


def test_a_chain_of_replacements_is_shown_whole_also_where_it_is_a_circle(signed_in: Client, dead: Resource) -> None:
    oldest, newest = make_resource("Rest", published_on=date(2014, 1, 1)), make_resource("Sleep again")
    Resource.objects.filter(pk=newest.pk).update(published_on=date(2026, 1, 1), published_precision="year")
    Resource.objects.filter(pk=oldest.pk).update(successor=dead)
    Resource.objects.filter(pk=dead.pk).update(successor=newest)
    said = "Replacements: Rest (2014) → Sleep → Sleep again (2026)"
    for entry in (oldest, dead, newest):
        assert said in read(signed_in.get(page_of(entry)).content).one("main").words
    Resource.objects.filter(pk=newest.pk).update(successor=oldest)
    assert signed_in.get(page_of(dead)).text.count("Sleep again</a>") == 1
    assert "Replaced" not in signed_in.get(page_of(make_resource("Another"))).text


def test_what_somebody_has_opened_counts_for_readers_at_once(signed_in: Client, dead: Resource) -> None:
    answer = signed_in.post(page_of(dead), {"do": "confirm"}, follow=True)
    assert "We’ll go by that until the site answers differently" in answer.text
    assert Resource.objects.get(pk=dead.pk).link_state == "walled"  # we can’t see it, a person can
    link = Link.objects.get()
    assert link.condition == "unsure"
    assert link.evidence["person_signature"] == "gone 404 "
    assert "opened it and found it right" in answer.text
    assert AuditEntry.objects.filter(object_id=dead.pk, comment="Opened the link and found it right.").exists()


def test_a_check_can_be_asked_for(signed_in: Client, dead: Resource) -> None:
    signed_in.post(page_of(dead), {"do": "look"})
    assert Link.objects.get().next_at <= timezone.now()


@pytest.mark.parametrize("sent", [{"do": "drop"}, {}])
def test_anything_else_changes_nothing(signed_in: Client, dead: Resource, sent: dict[str, str]) -> None:
    before = Link.objects.values().get()
    assert signed_in.post(page_of(dead), sent).status_code == 302
    assert Link.objects.values().get() == before


@pytest.mark.django_db
def test_who_may_not_change_the_entry_sees_it_and_decides_nothing(client: Client, dead: Resource) -> None:
    author = make_person("ana", Role.AUTHOR)
    client.force_login(author)
    page = client.get(page_of(dead))
    assert page.status_code == 200
    assert "I opened it" not in page.text
    assert client.post(page_of(dead), {"do": "confirm"}).status_code == 403


def test_an_entry_without_an_address_or_a_check_says_so(signed_in: Client) -> None:
    assert "nothing to check" in signed_in.get(page_of(make_resource(url=""))).text
    assert "hasn’t been checked yet" in signed_in.get(page_of(make_resource(url=ADDRESS))).text


def token_of(client: Client, entry: Resource) -> str:
    return read(client.get(page_of(entry)).content).all("input", name="seen")[0]["value"]


def test_a_new_address_is_given_in_one_press_and_taken_back_in_one(signed_in: Client, dead: Resource) -> None:
    sent = {"do": "address", "address": "https://example.org/new", "seen": token_of(signed_in, dead)}
    assert "1 address was changed." in signed_in.post(page_of(dead), sent, follow=True).text
    dead.refresh_from_db()
    assert (dead.url, dead.address_key, dead.link_state) == ("https://example.org/new", "example.org/new", "unchecked")
    signed_in.post("/admin/library/resource/undo/", {})
    dead.refresh_from_db()
    assert (dead.url, dead.address_key) == (ADDRESS, "example.org/sleep")


@pytest.mark.parametrize(
    ("address", "said"), [("", "required"), ("javascript:alert(1)", "valid URL"), ("https://me@example.org/", "Remove")]
)
def test_what_is_no_address_is_said_at_its_field(signed_in: Client, dead: Resource, address: str, said: str) -> None:
    sent = {"do": "address", "address": address, "seen": token_of(signed_in, dead)}
    answer = signed_in.post(page_of(dead), sent)
    assert answer.status_code == 200
    assert said in answer.text
    assert Resource.objects.get(pk=dead.pk).url == ADDRESS


def test_its_replacement_is_found_in_the_library_and_named(signed_in: Client, dead: Resource, client: Client) -> None:
    other = make_resource("Sleep for officers, 2026")
    page = read(signed_in.get(f"{page_of(dead)}?q=sleep 2026").content)
    (button,) = page.all("button", name="by")
    assert button["value"] == str(other.pk)
    sent = {"do": "replace", "by": button["value"], "seen": token_of(signed_in, dead)}
    assert "Readers are sent to “Sleep for officers, 2026”." in signed_in.post(page_of(dead), sent, follow=True).text
    gone = client.get(dead.get_absolute_url())
    assert gone.status_code == 410
    assert "Sleep for officers, 2026" in gone.text


def test_an_entry_changed_meanwhile_is_neither_moved_nor_replaced(signed_in: Client, dead: Resource) -> None:
    other = make_resource("Another")
    for sent in ({"do": "replace", "by": other.pk}, {"do": "address", "address": "https://example.org/new"}):
        assert "Not changed" in signed_in.post(page_of(dead), {**sent, "seen": "before"}, follow=True).text
    dead.refresh_from_db()
    assert (dead.url, dead.state) == (ADDRESS, "published")


@pytest.mark.django_db
def test_an_editor_changes_the_address_and_withdraws_nothing(dead: Resource) -> None:
    editor = client_of(make_person("ed", Role.EDITOR))
    page = editor.get(page_of(dead)).text
    assert "Change the address" in page
    assert "replaces it" not in page
    assert editor.post(page_of(dead), {"do": "replace", "by": "1"}).status_code == 403


def test_a_copy_is_shown_and_a_curator_says_whether_it_is_right(signed_in: Client, dead: Resource) -> None:
    assert "We don’t ask the Internet Archive for copies." in signed_in.get(page_of(dead)).text
    now, address = timezone.now(), f"https://web.archive.org/web/20250514101112/{ADDRESS}"
    known = {"address": address, "taken_on": date(2025, 5, 14), "asked_at": now, "next_at": now}
    LinkCopy.objects.create(link=Link.objects.get(), standing="unclear", **known)
    main = read(signed_in.get(page_of(dead)).content).one("main")
    assert "Copy of May 14, 2025 on web.archive.org We couldn’t compare it with the page." in main.words
    listed = read(signed_in.get("/admin/library/resource/links/").content)
    assert address in [link.get("href") for link in listed.all("a")]
    answer = signed_in.post(page_of(dead), {"do": "copy-right"}, follow=True)
    assert "A curator says it’s right. Readers get it when the page is gone" in read(answer.content).one("main").words
    assert Resource.objects.get(pk=dead.pk).offered_copy == address
    answer = signed_in.post(page_of(dead), {"do": "copy-wrong"}, follow=True)
    assert "so readers don’t get it" in answer.text
    assert Resource.objects.get(pk=dead.pk).offered_copy == ""
    comments = AuditEntry.objects.filter(object_id=dead.pk).order_by("pk").values_list("comment", flat=True)
    assert list(comments)[-2:] == [f"Found the preserved copy {word}: {address}" for word in ("right", "wrong")]


def test_a_curator_can_give_the_address_of_a_copy(signed_in: Client, dead: Resource) -> None:
    refused = signed_in.post(page_of(dead), {"do": "use-copy", "copy_address": "ftp://x", "taken_on": "soon"})
    assert "Enter a valid URL." in refused.text
    assert "Enter a date like" in refused.text
    assert not LinkCopy.objects.exists()
    typed = {"do": "use-copy", "copy_address": "https://copies.example/sleep", "taken_on": "5/14/2025"}
    answer = signed_in.post(page_of(dead), typed, follow=True)
    assert "Added by a curator." in answer.text
    resource = Resource.objects.get(pk=dead.pk)
    assert (resource.offered_copy, resource.copy_taken_on) == (typed["copy_address"], date(2025, 5, 14))
