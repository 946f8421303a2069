"""What readers send leads on: a suggestion to a draft, a problem to its entry, a missed word to synonyms and guides."""

from typing import Any

from django.test import Client

from library.accounts.permissions import Role
from library.models import Guide, ReaderReport, Resource, SynonymGroup, User
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import make_guide, make_report, make_resource, make_section, missed
from tests.outside import Outside
from tests.reading import Element, read

REPORTS = "/admin/library/readerreport/"
WORDS = "/admin/library/zeroresultterm/"
HERE = "http://example.org/sleep"
PAGE = '<html lang="en"><head><title>Sleep</title><meta name="description" content="Why it matters."></head></html>'


def page(client: Client, address: str) -> Element:
    response = client.get(address)
    assert response.status_code == 200
    return read(response.content.decode())


def draft_buttons(client: Client, address: str) -> dict[str, Element]:
    buttons = page(client, address).all("button")
    return {button.words: button for button in buttons if button.get("formaction")}


def press(client: Client, button: Element) -> Any:
    return client.post(button["formaction"], {button["name"]: button["value"]})


def test_a_suggestion_becomes_a_draft_in_one_press_and_is_done(
    signed_in: Client, curator: User, outside: Outside
) -> None:
    outside.page("/sleep", PAGE)
    known = make_resource("Known", kind="site", section=make_section("websites"), url=f"{HERE}/?utm_source=x")
    report = make_report(address=HERE, name="About sleep", words="It helped me.")
    shown = page(signed_in, f"{REPORTS}{report.pk}/change/")
    assert shown.all("a", href=f"/admin/library/resource/{known.pk}/change/")[0].words == "Known"
    buttons = draft_buttons(signed_in, f"{REPORTS}{report.pk}/change/")
    assert list(buttons) == ["Course", "Podcast episode", "Critical incident review", "Forum", "Website"]

    form = press(signed_in, buttons["Website"])

    values = filled_in(form)
    assert (values["url"], values["title"], values["proposed_title"]) == (HERE, "", "Sleep")
    note = read(form.content.decode()).one("p", id="suggestion").words
    assert "About sleep · It helped me. The library already has this address: Known" in note
    address = buttons["Website"]["formaction"]
    values |= {"title": "Sleep", "_another_resource": "example.org/sleep"}
    assert signed_in.post(address, values).status_code == 302
    report.refresh_from_db()
    draft = Resource.objects.get(title="Sleep")
    assert (report.state, report.closed_by, report.resource) == ("done", curator, draft)
    links = page(signed_in, f"{REPORTS}{report.pk}/change/").all(
        "a", href=f"/admin/library/resource/{draft.pk}/change/"
    )
    assert links[0].words == "Sleep"
    assert draft_buttons(signed_in, f"{REPORTS}{report.pk}/change/") == {}


def test_the_list_of_reports_leads_to_a_draft_too(signed_in: Client, outside: Outside) -> None:
    outside.page("/sleep", PAGE)
    make_report()
    make_report(address=HERE)

    (button,) = draft_buttons(signed_in, REPORTS).values()

    assert button.words == "Make a draft"
    assert filled_in(press(signed_in, button))["proposed_title"] == "Sleep"


def test_no_suggestion_is_closed_by_another_entry(signed_in: Client) -> None:
    make_section("websites")
    problem = make_report()
    for number in (str(problem.pk), "0", "x"):
        form = signed_in.get(f"/admin/library/resource/add/?kind=site&report={number}")
        assert form.status_code == 200
        assert "A reader suggested this" not in form.content.decode()
    problem.refresh_from_db()
    assert problem.state == "new"


def test_open_reports_stand_at_the_form_of_their_entry_and_are_marked_as_done(signed_in: Client, curator: User) -> None:
    entry = make_resource("Fatigue")
    report = make_report(resource=entry, words="<b>Gone")
    make_report(resource=make_resource("Other"))
    form = f"/admin/library/resource/{entry.pk}/change/"
    box = page(signed_in, form).one("div", id="reports")
    assert "A reader reported a problem: The link doesn’t work" in box.words
    assert "<b>Gone" in box.words
    action = box.one("form")["action"]
    assert signed_in.get(action).status_code == 405

    assert signed_in.post(action, {"report": str(report.pk)})["Location"] == form

    report.refresh_from_db()
    assert (report.state, report.closed_by) == ("done", curator)
    assert page(signed_in, form).all("div", id="reports") == []
    assert ReaderReport.objects.open().count() == 1


def test_who_may_not_close_reports_closes_none(db: None) -> None:
    entry = make_resource("Fatigue")
    report = make_report(resource=entry)
    author = client_of(make_person("ann", Role.AUTHOR))

    answer = author.post(f"/admin/library/resource/{entry.pk}/reports/", {"report": str(report.pk)})

    report.refresh_from_db()
    assert (answer.status_code, report.state) == (403, "new")


def test_a_missed_word_leads_to_synonyms_and_guides(signed_in: Client) -> None:
    guide = make_guide("Money", phrases="debt")
    links = {link.words: link["href"] for link in page(signed_in, f"{WORDS}{missed('gambling').pk}/change/").all("a")}

    group = filled_in(signed_in.get(links["Add as a synonym"]))
    assert group["terms"].split() == ["gambling"]
    signed_in.post(links["Add as a synonym"], group | {"terms": "gambling\nbetting"})
    assert SynonymGroup.objects.get().terms_as_list == ["gambling", "betting"]

    form = filled_in(signed_in.get(links["Money"]))
    assert form["phrases"].split() == ["debt", "gambling"]
    assert signed_in.post(links["Money"], form).status_code == 302
    guide.refresh_from_db()
    assert guide.phrases.split() == ["debt", "gambling"]
    assert filled_in(signed_in.get(links["a new guide"]))["phrases"].split() == ["gambling"]
    assert Guide.objects.count() == 1
