"""Curators see what readers told as dead letters, close it, and change nothing of it."""

from typing import Any

import pytest
from django.test import Client

from library.models import ReaderReport, User
from tests.admin.conftest import filled_in
from tests.factories import TEN_YEARS, make_report, make_resource
from tests.reading import read

REPORTS = "/admin/library/readerreport/"
EVIL = '<script>alert(1)</script> https://evil.example/ =HYPERLINK("x")'


def close_it(report: ReaderReport, by: User) -> None:
    report.change_state("done", by, TEN_YEARS)
    report.save()


def test_the_open_ones_come_first_and_then_the_newest(signed_in: Client, curator: User) -> None:
    done = make_report(words="Done")
    close_it(done, curator)
    make_report(words="Older")
    make_report(address="https://example.org/", name="Newer")

    rows = list(signed_in.get(REPORTS).context["cl"].result_list)
    assert [row.words or row.name for row in rows] == ["Newer", "Older", "Done"]
    rows = list(signed_in.get(f"{REPORTS}?state__exact=new&kind__exact=suggestion").context["cl"].result_list)
    assert [row.name for row in rows] == ["Newer"]


def test_the_words_are_shown_and_nothing_of_them_can_be_clicked(signed_in: Client) -> None:
    report = make_report(address="https://evil.example/a?b=1&c", name=EVIL, words=EVIL)

    for address in (REPORTS, f"{REPORTS}{report.pk}/change/", f"{REPORTS}{report.pk}/delete/"):
        page = signed_in.get(address).content.decode()
        assert "<script>alert" not in page
        assert not [link for link in read(page).all("a") if "evil.example" in (link.get("href") or "")]
    form = read(signed_in.get(f"{REPORTS}{report.pk}/change/").content.decode()).one("form", id="readerreport_form")
    assert form.words.count(EVIL) == 2
    assert "https://evil.example/a?b=1&c" in form.words
    assert "copy it to open it" in form.words


def test_the_entry_is_linked_as_curators_and_as_readers_see_it(signed_in: Client) -> None:
    resource = make_resource("Officer <Fatigue>", slug="fatigue")
    page = read(signed_in.get(f"{REPORTS}{make_report(resource=resource).pk}/change/").content.decode())

    links = {link["href"]: link.words for link in page.one("form", id="readerreport_form").all("a")}
    assert links[f"/admin/library/resource/{resource.pk}/change/"] == "Officer <Fatigue>"
    assert links["/resources/fatigue/"] == "view on site"


def test_only_state_and_note_are_changed_and_it_is_written_down_who_closed_it(signed_in: Client, curator: User) -> None:
    report = make_report(words="As it was")
    address = f"{REPORTS}{report.pk}/change/"
    form = filled_in(signed_in.get(address), state="done", note="New address entered.")
    assert {name for name in form if not name.startswith(("_", "csrf"))} == {"state", "note"}

    assert signed_in.post(address, form | {"words": "Mine", "reason": "other"}).status_code == 302

    report.refresh_from_db()
    assert (report.state, report.note, report.closed_by) == ("done", "New address entered.", curator)
    assert report.closed_at is not None
    assert (report.words, report.reason) == ("As it was", "dead-link")

    signed_in.post(address, filled_in(signed_in.get(address), state="new"))
    report.refresh_from_db()
    assert (report.state, report.closed_by, report.closed_at) == ("new", None, None)


def test_a_new_note_leaves_who_closed_it(signed_in: Client) -> None:
    report = make_report()
    close_it(report, User.objects.create_user("other"))
    address = f"{REPORTS}{report.pk}/change/"

    signed_in.post(address, filled_in(signed_in.get(address), note="Seen."))

    report.refresh_from_db()
    assert (str(report.closed_by), report.closed_at, report.note) == ("other", TEN_YEARS, "Seen.")


@pytest.mark.parametrize(("action", "state"), [("mark_as_done", "done"), ("dismiss", "dismissed")])
def test_several_are_closed_at_once(signed_in: Client, curator: User, action: str, state: str) -> None:
    chosen, other = [make_report(resource=make_resource()), make_report()], make_report()
    form: dict[str, Any] = {"action": action, "_selected_action": [report.pk for report in chosen], "index": "0"}

    page = signed_in.post(REPORTS, form, follow=True)

    assert "2 open reports were closed." in page.content.decode()
    closed = ReaderReport.objects.filter(state=state, closed_by=curator, closed_at__isnull=False)
    assert set(closed) == set(chosen)
    assert list(ReaderReport.objects.open()) == [other]


def test_none_is_made_by_a_curator_and_any_is_deleted(signed_in: Client) -> None:
    report = make_report()

    assert signed_in.get(f"{REPORTS}add/").status_code == 403
    assert signed_in.post(f"{REPORTS}{report.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not ReaderReport.objects.exists()


def test_the_first_page_says_how_many_are_open_to_who_may_see_them(signed_in: Client, curator: User) -> None:
    assert "problem report" not in signed_in.get("/admin/").content.decode()
    close_it(make_report(), curator)
    make_report()
    page = read(signed_in.get("/admin/").content.decode())
    (link,) = [link for link in page.all("a") if link.words == "1 open problem report"]
    assert signed_in.get(link["href"]).context["cl"].result_count == 1
    make_report()
    make_report(address="https://example.org/")
    words = signed_in.get("/admin/").content.decode()
    assert "2 open problem reports" in words
    assert "1 open suggestion" in words

    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", is_staff=True))
    assert "reader" not in read(stranger.get("/admin/").content.decode()).one("section", id="attention").words
