"""Two people in one form: nothing that somebody saved is overwritten by somebody who has not seen it."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from library.history.snapshot import snapshot_of, versions_of
from library.models import Resource, User
from tests.admin.conftest import filled_in
from tests.factories import make_category, make_publisher, make_resource, make_section
from tests.processes import PATIENCE
from tests.reading import Element, read


def form_of(row: Any) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def opened(client: Client, row: Any, **changes: Any) -> dict[str, Any]:
    """The form of this row as it is now, with what somebody types into it."""
    return filled_in(client.get(form_of(row)), **changes)


def send(client: Client, row: Any, form: dict[str, Any]) -> Any:
    return client.post(form_of(row), form)


def chosen_in(page: Element, **choices: str) -> dict[str, Any]:
    """What a browser sends of the page with both texts: presets, unless `choices` say otherwise."""
    form: dict[str, Any] = {}
    for field in page.one("div", id="content-main").all("input"):
        if field.get("type") == "radio" and field.get("checked") is None:
            continue
        if field.get("type") != "submit":
            form.setdefault(field["name"], []).append(field["value"])
    return form | {f"_choose_{name}": choice for name, choice in choices.items()}


def presets(page: Element) -> dict[str, str]:
    names = [field["value"] for field in page.all("input", name="_asked")]
    radios = page.all("input", type="radio")
    checked = {
        radio["name"].removeprefix("_choose_"): radio["value"] for radio in radios if radio.get("checked") is not None
    }
    return {name: checked.get(name, "") for name in names}


@pytest.fixture
def maria(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("maria"))
    return client


def test_form_that_nobody_else_touched_is_saved(signed_in: Client) -> None:
    resource = make_resource()
    assert send(signed_in, resource, opened(signed_in, resource, title="Sleep")).status_code == 302
    resource.refresh_from_db()
    assert resource.title == "Sleep"


def test_second_to_save_sees_both_texts_and_chooses(signed_in: Client, maria: Client) -> None:
    resource = make_resource(summary="Old words.", tags=["sleep"], host="")
    mine = opened(signed_in, resource, title="My Title", speaker="Dr. Mine", tags="sleep, mine")
    send(maria, resource, opened(maria, resource, title="Her Title", host="Hers", summary="Her words."))
    answer = send(signed_in, resource, mine)
    assert answer.status_code == 409
    page = read(answer.content)
    assert "maria" in page.words
    assert presets(page) == {"title": "", "summary": "theirs", "speaker": "mine", "host": "theirs", "tags": "mine"}
    assert "Her Title" in page.words
    assert "My Title" in page.words
    answer = send(signed_in, resource, chosen_in(page, title="mine") | {"_save": "x"})
    assert answer.status_code == 302
    resource.refresh_from_db()
    assert (resource.title, resource.summary, resource.speaker, resource.host) == (
        "My Title",
        "Her words.",
        "Dr. Mine",
        "Hers",
    )
    assert sorted(resource.tags.names()) == ["mine", "sleep"]


def test_who_saved_it_in_another_tab_is_not_told_of_somebody_else(signed_in: Client, maria: Client) -> None:
    resource = make_resource()
    mine = opened(signed_in, resource, title="In the first tab")
    send(signed_in, resource, opened(signed_in, resource, title="In the second tab"))
    words = read(send(signed_in, resource, mine).content).words
    assert "You saved this in another tab while this form was open." in words
    assert "Saved version" in words
    assert "omeone else" not in words
    send(maria, resource, opened(maria, resource, speaker="Hers"))
    send(signed_in, resource, opened(signed_in, resource, host="His"))
    assert "Someone else saved this" in read(send(signed_in, resource, mine).content).words


def test_withdrawal_by_the_button_can_be_taken_back_where_both_texts_are_shown(
    signed_in: Client, maria: Client
) -> None:
    resource = make_resource()
    mine = opened(signed_in, resource, _withdraw="1", withdrawn_reason="Gone.")
    send(maria, resource, opened(maria, resource, title="Hers"))
    page = read(send(signed_in, resource, mine).content)
    assert presets(page) == {"title": "theirs", "state": "mine", "withdrawn_reason": "mine"}
    answer = send(signed_in, resource, chosen_in(page, state="theirs", withdrawn_reason="theirs"))
    assert answer.status_code == 302
    resource.refresh_from_db()
    assert (resource.title, resource.state) == ("Hers", "published")


def test_theirs_can_be_kept_of_every_kind_of_field(signed_in: Client, maria: Client) -> None:
    category, publisher = make_category(), make_publisher()
    resource = make_resource(state="draft", slug="old")
    mine = opened(signed_in, resource, title="Mine")
    theirs: dict[str, Any] = {
        "title": "Hers",
        "categories": [category.pk],
        "publisher": publisher.pk,
        "tags": '"line of duty", sleep',
        "published_on": "2018-05-01",
        "published_precision": "day",
        "listed_at_0": "2030-01-02",
        "listed_at_1": "08:30:00",
        "access": "account",
        "running_minutes": "12",
        "transcript": "One.\n\nTwo.",
    }
    assert send(maria, resource, opened(maria, resource, **theirs)).status_code == 302
    before = snapshot_of(versions_of(Resource, resource.pk)[0]).fields
    page = read(send(signed_in, resource, mine).content)
    assert presets(page)["categories"] == presets(page)["listed_at"] == "theirs"
    assert "Resilience and stress" in page.words
    assert "COPS Office" in page.words
    assert send(signed_in, resource, chosen_in(page, title="mine")).status_code == 302
    assert snapshot_of(versions_of(Resource, resource.pk)[0]).fields == before | {"title": "Mine"}


def test_nothing_is_saved_before_everything_is_chosen(signed_in: Client, maria: Client) -> None:
    resource = make_resource()
    mine = opened(signed_in, resource, title="Mine")
    send(maria, resource, opened(maria, resource, title="Hers"))
    page = read(send(signed_in, resource, mine).content)
    answer = send(signed_in, resource, chosen_in(page))
    assert answer.status_code == 409
    page = read(answer.content)
    assert "Nothing has been saved yet" in page.words
    assert "Mine" in page.words
    resource.refresh_from_db()
    assert resource.title == "Hers"
    assert send(signed_in, resource, chosen_in(page, title="theirs")).status_code == 302
    resource.refresh_from_db()
    assert resource.title == "Hers"


def test_third_change_while_the_second_chooses_is_shown_again(signed_in: Client, maria: Client) -> None:
    resource = make_resource()
    mine = opened(signed_in, resource, title="Mine")
    send(maria, resource, opened(maria, resource, title="Hers"))
    choice = chosen_in(read(send(signed_in, resource, mine).content), title="mine")
    send(maria, resource, opened(maria, resource, title="Hers again", host="Hers"))
    answer = send(signed_in, resource, choice)
    assert answer.status_code == 409
    assert "Hers again" in read(answer.content).words
    resource.refresh_from_db()
    assert resource.title == "Hers again"


def test_same_change_by_both_asks_nothing(signed_in: Client, maria: Client) -> None:
    resource = make_resource()
    mine = opened(signed_in, resource, title="Same", tags="sleep")
    send(maria, resource, opened(maria, resource, title="Same", tags="sleep"))
    assert send(signed_in, resource, mine).status_code == 302


def test_move_in_between_is_no_conflict(signed_in: Client) -> None:
    resource, _other = make_resource(), make_resource("Other")
    mine = opened(signed_in, resource, title="Mine")
    assert resource.section.move_entry(resource.pk, "down")
    assert send(signed_in, resource, mine).status_code == 302
    resource.refresh_from_db()
    assert (resource.title, resource.position) == ("Mine", 2)


def test_withdrawal_in_between_is_said_and_kept(signed_in: Client, maria: Client) -> None:
    resource = make_resource()
    mine = opened(signed_in, resource, title="Mine")
    gone = {"state": "withdrawn", "withdrawn_reason": "Taken off the web."}
    send(maria, resource, opened(maria, resource, **gone))
    page = read(send(signed_in, resource, mine).content)
    assert "It has since been withdrawn" in page.words
    assert presets(page) == {"title": "mine", "state": "theirs", "withdrawn_reason": "theirs"}
    assert send(signed_in, resource, chosen_in(page)).status_code == 302
    resource.refresh_from_db()
    assert (resource.title, resource.state) == ("Mine", "withdrawn")


def test_change_without_a_history_leaves_every_choice_open(signed_in: Client) -> None:
    resource = make_resource()
    mine = opened(signed_in, resource, speaker="Mine")
    Resource.objects.filter(pk=resource.pk).update(title="By a script")
    page = read(send(signed_in, resource, mine).content)
    assert presets(page) == {"title": "", "speaker": ""}


def test_form_without_a_token_overwrites_nothing_unseen(signed_in: Client) -> None:
    resource = make_resource()
    for seen in ("", "abc", "x" * 5000):
        form = opened(signed_in, resource, title="Mine", _seen=seen)
        assert send(signed_in, resource, form).status_code == 409
    resource.refresh_from_db()
    assert resource.title == "Building Personal Resilience"


def test_value_that_is_wrong_is_asked_about_and_then_refused(signed_in: Client, maria: Client) -> None:
    resource = make_resource()
    mine = opened(signed_in, resource, title="", running_minutes="many", published_on="never")
    send(maria, resource, opened(maria, resource, title="Hers"))
    page = read(send(signed_in, resource, mine).content)
    assert "many" in page.words
    answer = send(signed_in, resource, chosen_in(page, title="mine", running_minutes="mine", published_on="mine"))
    assert answer.status_code == 200
    assert "Please correct the errors below." in read(answer.content).words
    assert 'value="many"' in answer.content.decode()
    resource.refresh_from_db()
    assert resource.title == "Hers"


def test_deleted_meanwhile_shows_what_was_typed(signed_in: Client, maria: Client) -> None:
    resource = make_resource(state="draft", publisher=make_publisher())
    mine = opened(signed_in, resource, title="My long title", summary="My words <b>.", tags="sleep, rest")
    maria.post(form_of(resource).replace("change/", "delete/"), {"post": "yes"})
    answer = send(signed_in, resource, mine)
    assert answer.status_code == 409
    page = read(answer.content)
    for text in ("no longer here", "My long title", "My words <b>.", "sleep, rest", "COPS Office", "Recently deleted"):
        assert text in page.words
    assert not Resource.objects.exists()


def test_every_form_tells_the_second(signed_in: Client, every_model: dict[str, Any]) -> None:
    del every_model["library/zeroresultterm"]  # which has no form
    # What a line says of itself waits for a second person; its notes are written at once.
    changes = {
        "notes": "Mine",
        "name": "Mine",
        "title": "Mine",
        "term": "mine",
        "words": "mine",
        "note": "Mine",
        "first_name": "Mine",
    }
    for address, row in every_model.items():
        mine = opened(signed_in, row)
        name = next(name for name in changes if name in mine)
        stale = mine | {name: changes[name]}
        now = opened(signed_in, row)
        answer = send(signed_in, row, now | {name: f"{changes[name]} too"})
        assert answer.status_code == 302, (address, read(answer.content).words)
        answer = send(signed_in, row, stale)
        assert answer.status_code == 409, address
        row.refresh_from_db()
        assert getattr(row, name) == f"{changes[name]} too", address
        done = send(signed_in, row, chosen_in(read(answer.content), **{name: "mine"}))
        assert done.status_code == 302, (address, read(done.content).words)
        row.refresh_from_db()
        assert getattr(row, name) == changes[name], address


def test_who_may_not_change_learns_nothing(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    resource = make_resource(state="draft")
    assert client.post(form_of(resource), {"title": "x"}).status_code == 403
    assert client.post(form_of(Resource(pk=10**9)), {"title": "x"}).status_code in {302, 403}


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_lose_no_edit_in_silence(settings: Any) -> None:
    """Each saves again and again, choosing its own mark and keeping all others; every acknowledged mark stays."""
    settings.ADMIN_STATEMENT_TIMEOUT = PATIENCE  # a busy machine may let eight wait for each other
    curator = User.objects.create_superuser("curator")
    resource = make_resource(section=make_section())
    acknowledged: list[str] = []
    failures: list[object] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        try:
            client = Client()
            client.force_login(curator)
            start.wait()
            for turn in range(4):
                form = opened(client, resource)
                mark = f"m{number}x{turn}"
                answer = send(client, resource, form | {"tags": ", ".join(filter(None, [form["tags"], mark]))})
                if answer.status_code == 302:
                    acknowledged.append(mark)
                elif answer.status_code != 409:
                    failures.append(answer.status_code)
        except BaseException as error:  # reported to the test below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(acknowledged) >= 4
    assert sorted(resource.tags.names()) == sorted(acknowledged)
    names = {
        name
        for version in versions_of(Resource, resource.pk)
        for name in snapshot_of(version).names.get("tags", {}).values()
    }
    assert names == set(acknowledged)
