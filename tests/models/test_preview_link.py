"""What the database holds of a link to an entry that is not published."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from library.models import PreviewLink, User
from tests.factories import make_resource
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def make_link(title: str = "Draft") -> PreviewLink:
    by = User.objects.get_or_create(username="curator")[0]
    return PreviewLink.objects.make(make_resource(title, state="draft"), by, timezone.now())


def test_works_for_seven_days() -> None:
    link = make_link()
    assert link.until - link.made_at == timedelta(days=7)
    token = link.get_absolute_url().split("/")[2]
    assert PreviewLink.objects.at(token, link.until - timedelta(seconds=1)) == link
    assert PreviewLink.objects.at(token, link.until) is None


def test_a_copy_of_the_database_alone_opens_nothing() -> None:
    link = make_link()
    assert PreviewLink.objects.at(link.nonce, timezone.now()) is None
    assert link.nonce not in str(link)


def test_database_refuses_links_without_an_end_and_nonces_that_can_be_guessed() -> None:
    link = make_link()
    rows = PreviewLink.objects.filter(pk=link.pk)
    with refused("preview_link_ends"):
        rows.update(until=link.made_at + timedelta(days=7, seconds=1))
    with refused("preview_link_ends"):
        rows.update(until=link.made_at)
    with refused("preview_link_nonce_form"):
        rows.update(nonce="1")
    with refused("preview_link_nonce_unique"):
        PreviewLink.objects.filter(pk=make_link("Other").pk).update(nonce=link.nonce)


def test_goes_with_a_draft_that_is_deleted() -> None:
    make_link().resource.delete()
    assert not PreviewLink.objects.exists()
    connection.check_constraints()
