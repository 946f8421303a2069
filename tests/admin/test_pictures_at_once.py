"""Two people and the picture of one entry: words are never said of a picture that their person has not seen."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from library.media.images import make_picture
from library.models import Picture, Resource, User
from tests.admin.test_two_at_once import chosen_in, opened, presets, send
from tests.factories import make_resource
from tests.photographs import photograph
from tests.reading import read

pytestmark = pytest.mark.django_db
REPLACED, TAKEN_AWAY = "added the picture below, and it stays", "removed the picture, and it stays removed"


@pytest.fixture
def maria(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("maria"))
    return client


@pytest.fixture
def resource() -> Resource:
    """With a picture of two officers."""
    resource = make_resource()
    Picture.objects.store(resource, make_picture(photograph()), alt="Two officers talk.", decorative=False)
    return resource


def another() -> SimpleUploadedFile:
    return SimpleUploadedFile("car.png", photograph("PNG", (50, 50)), "image/png")


def typed(client: Client, row: Any, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it: without the file that was not chosen and the box that is not ticked."""
    return {name: value for name, value in opened(client, row, **changes).items() if value is not None}


def test_old_words_do_not_come_to_stand_beside_a_new_picture(
    signed_in: Client, maria: Client, resource: Resource
) -> None:
    mine = typed(signed_in, resource, title="Mine")
    her_form = typed(maria, resource, picture_file=another(), picture_alt="A patrol car.")
    assert send(maria, resource, her_form).status_code == 302
    hers = Picture.objects.get()
    answer = send(signed_in, resource, mine)
    page = read(answer.content)
    assert answer.status_code == 409
    assert presets(page) == {"title": "mine", "picture_alt": "theirs"}
    assert REPLACED in page.words
    assert page.one("p", class_="field-picture_shown").one("img")["src"] == hers.get_absolute_url()
    assert send(signed_in, resource, chosen_in(page)).status_code == 302
    resource.refresh_from_db()
    assert (resource.title, Picture.objects.get().name, Picture.objects.get().alt) == (
        "Mine",
        hers.name,
        "A patrol car.",
    )


def test_another_file_with_the_same_words_is_said_too(signed_in: Client, maria: Client, resource: Resource) -> None:
    mine = typed(signed_in, resource, title="Mine")
    send(maria, resource, typed(maria, resource, picture_file=another()))
    page = read(send(signed_in, resource, mine).content)
    assert presets(page) == {"title": "mine"}
    assert REPLACED in page.words
    assert send(signed_in, resource, chosen_in(page)).status_code == 302


def test_my_words_for_the_old_picture_are_not_preset_for_the_new_one(
    signed_in: Client, maria: Client, resource: Resource
) -> None:
    mine = typed(signed_in, resource, picture_alt="Three officers talk.")
    send(maria, resource, typed(maria, resource, picture_file=another()))
    assert presets(read(send(signed_in, resource, mine).content)) == {"picture_alt": ""}


def test_taking_away_a_picture_that_is_another_one_now_is_asked_about(
    signed_in: Client, maria: Client, resource: Resource
) -> None:
    mine = typed(signed_in, resource, picture_removed="on")
    send(maria, resource, typed(maria, resource, picture_file=another()))
    page = read(send(signed_in, resource, mine).content)
    assert presets(page) == {"picture_removed": ""}
    assert send(signed_in, resource, chosen_in(page, picture_removed="theirs")).status_code == 302
    assert Picture.objects.exists()


def test_words_of_a_file_that_has_to_be_chosen_again_are_not_preset(
    signed_in: Client, maria: Client, resource: Resource
) -> None:
    mine = typed(signed_in, resource, picture_file=another(), picture_alt="A patrol car.")
    send(maria, resource, typed(maria, resource, title="Hers"))
    page = read(send(signed_in, resource, mine).content)
    assert presets(page) == {"title": "theirs", "picture_alt": ""}
    assert "choose it again on the form" in page.words
    assert REPLACED not in page.words


def test_picture_that_was_added_or_taken_away_meanwhile_is_left_so(
    signed_in: Client, maria: Client, resource: Resource
) -> None:
    mine = typed(signed_in, resource, title="Mine")
    send(maria, resource, typed(maria, resource, picture_removed="on"))
    page = read(send(signed_in, resource, mine).content)
    assert presets(page) == {"title": "mine", "picture_alt": "theirs"}
    assert TAKEN_AWAY in page.words
    assert not page.all("p", class_="field-picture_shown")
    assert send(signed_in, resource, chosen_in(page)).status_code == 302
    assert not Picture.objects.exists()

    mine = typed(signed_in, resource, title="Mine again")
    send(maria, resource, typed(maria, resource, picture_file=another(), picture_decorative="on"))
    page = read(send(signed_in, resource, mine).content)
    assert presets(page) == {"title": "mine", "picture_decorative": "theirs"}
    assert send(signed_in, resource, chosen_in(page)).status_code == 302
    assert Picture.objects.get().decorative


def test_words_that_were_typed_for_an_entry_that_is_gone_are_shown(signed_in: Client, maria: Client) -> None:
    draft = make_resource(state="draft")
    mine = typed(signed_in, draft, picture_alt="Two officers talk.")
    maria.post(f"/admin/library/resource/{draft.pk}/delete/", {"post": "yes"})
    answer = send(signed_in, draft, mine)
    assert answer.status_code == 409
    assert "Two officers talk." in read(answer.content).words
