"""An entry that was added as the wrong kind becomes another one: seen before, kept in the history, undone like any
change."""

from typing import Any

import pytest
from django.test import Client

from library.accounts.permissions import Role
from library.history.snapshot import versions_of
from library.models import FormerSlug, Resource
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.factories import make_category, make_resource, make_series
from tests.reading import fields_of, read


def page_of(entry: Resource) -> str:
    return f"/admin/library/resource/{entry.pk}/kind/"


def form_of(entry: Resource) -> str:
    return f"/admin/library/resource/{entry.pk}/change/"


def opened(client: Client, entry: Resource, kind: str) -> dict[str, Any]:
    """What a browser sends of the page of this entry as it is now, with this kind chosen."""
    forms = read(client.get(page_of(entry)).content).one("div", id="content-main").all("form")
    return fields_of(forms[0]) | {"kind": kind}


def is_listed(client: Client, kind: str) -> bool:
    return "Talking about sleep" in read(client.get(f"/resources/?kind={kind}").content).one("main").words


@pytest.fixture
def episode(db: None) -> Resource:
    """A published entry with all that belongs to a podcast episode, and what belongs to any."""
    entry = make_resource(
        "Talking about sleep",
        kind="podcast",
        url="https://example.org/talk",
        series=make_series(),
        speaker="Dr. Lee",
        running_minutes=20,
        transcript="Good evening.\n\nToday: sleep.",
        tags=["sleep"],
    )
    entry.categories.add(make_category())
    FormerSlug.objects.create(resource=entry, slug="talk")
    return entry


def test_an_episode_becomes_a_course_and_is_an_episode_again(signed_in: Client, episode: Resource) -> None:
    assert page_of(episode) in [link.get("href") for link in read(signed_in.get(form_of(episode)).content).all("a")]
    page = read(signed_in.get(page_of(episode)).content).one("main")
    rows = [[cell.words for cell in [*row.all("th"), *row.all("td")]] for row in page.one("tbody").all("tr")]
    assert rows == [
        ["Series", "The Beat"],
        ["Speaker", "Dr. Lee"],
        ["Running time in minutes", "20"],
        ["Transcript", "Good evening. Today: sleep."],
    ]
    assert "You can then fill in: Length, Format." in page.words
    before = Resource.objects.values().get()
    answer = signed_in.post(page_of(episode), opened(signed_in, episode, "course"), follow=True)
    assert "is now a course" in answer.text
    after = Resource.objects.values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"kind", "series_id", "speaker", "running_minutes", "transcript", "updated_at"}
    assert [str(row) for row in (*episode.categories.all(), *episode.tags.all())] == ["Resilience and stress", "sleep"]
    assert is_listed(signed_in, "course")
    assert not is_listed(signed_in, "podcast")
    assert signed_in.get("/resources/talk/").status_code == 301
    newest, older = versions_of(Resource, episode.pk)
    assert newest.entry.comment == "Changed its kind from podcast episode to course."
    undo = f"/admin/library/resource/{episode.pk}/history/{older.pk}/"
    assert undo in [link.get("href") for link in read(answer.content).all("a")]
    shown = read(signed_in.get(undo).content)
    assert "Podcast episode" in shown.one("main").words
    signed_in.post(undo, fields_of(shown.one("main").one("form")))
    again = Resource.objects.values().get()
    assert {name for name in again if again[name] != before[name]} == {"updated_at"}


def test_every_kind_can_become_every_other(signed_in: Client) -> None:
    entry = make_resource("Notes", kind="forum", body="Three **goals**", state="draft")
    for kind in ("site", "review", "podcast", "course", "forum"):
        assert signed_in.post(page_of(entry), opened(signed_in, entry, kind)).status_code == 302
        entry.refresh_from_db()
        assert (entry.kind, entry.body, entry.body_html, entry.state) == (kind, "", "", "draft")


def test_nothing_changes_without_a_kind_or_after_somebody_elses_edit(signed_in: Client, episode: Resource) -> None:
    for kind in ("", "podcast", "book"):
        answer = signed_in.post(page_of(episode), opened(signed_in, episode, kind), follow=True)
        assert "Choose a kind." in answer.text
    sent = opened(signed_in, episode, "site")
    Resource.objects.update(host="Sam")
    answer = signed_in.post(page_of(episode), sent)
    assert answer.status_code == 409
    assert "Sam" in read(answer.content).one("tbody").words
    assert Resource.objects.get().kind == "podcast"
    assert not versions_of(Resource, episode.pk).exists()


def test_what_the_entry_cannot_be_is_said_and_nothing_changes(signed_in: Client, episode: Resource) -> None:
    Resource.objects.update(title="")
    answer = signed_in.post(page_of(episode), opened(signed_in, episode, "site"), follow=True)
    assert "Nothing was changed. Title: " in answer.text
    assert Resource.objects.values_list("kind", "speaker").get() == ("podcast", "Dr. Lee")


def test_what_was_typed_meanwhile_into_fields_that_are_gone_is_given_back(signed_in: Client, episode: Resource) -> None:
    typed = filled_in(signed_in.get(form_of(episode)), speaker="Dr. Diaz", title="Talk")
    signed_in.post(page_of(episode), opened(signed_in, episode, "site"))
    answer = signed_in.post(form_of(episode), typed)
    assert answer.status_code == 409
    page = read(answer.content).one("div", id="content-main")
    assert "Dr. Diaz" in page.words
    signed_in.post(form_of(episode), fields_of(page.one("form")) | {"_choose_title": "mine", "_save": "x"})
    assert Resource.objects.values_list("kind", "title", "speaker").get() == ("site", "Talk", "")


def test_an_author_changes_the_kind_of_their_own_drafts_alone(episode: Resource) -> None:
    ana = make_person("ana", Role.AUTHOR)
    client = client_of(ana)
    assert client.get(page_of(episode)).status_code == 403
    assert client.post(page_of(episode), {"kind": "site"}).status_code == 403
    assert "Change kind" not in client.get(form_of(episode)).text
    draft = make_resource("Draft", state="draft", owner=ana)
    client.post(page_of(draft), opened(client, draft, "site"))
    assert [entry.kind for entry in Resource.objects.order_by("pk")] == ["podcast", "site"]
