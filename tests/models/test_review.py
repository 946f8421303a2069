"""Requests for review and notes, in tables of their own beside the resource."""

import pytest
from django.utils import timezone

from library.models import ResourceNote, ReviewRequest, User
from tests.factories import make_resource
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_a_draft_waits_once_since_it_was_submitted_first_and_goes_with_its_rows() -> None:
    ann, bob = User.objects.create_user("ann"), User.objects.create_user("bob")
    draft, first = make_resource(state="draft"), timezone.now()
    ReviewRequest.objects.ask(draft, ann, first)
    ReviewRequest.objects.ask(draft, bob, timezone.now())
    (request,) = ReviewRequest.objects.waiting()
    assert (request.requested_by, request.requested_at) == (ann, first)
    ResourceNote.objects.create(resource=draft, author=bob, text="Fine.", written_at=first)
    ann.delete()
    assert [ended.requested_by for ended in ReviewRequest.objects.decide([draft.pk])] == [None]
    assert ReviewRequest.objects.decide([draft.pk]) == []
    draft.delete()
    assert not ResourceNote.objects.exists()


def test_a_note_says_something() -> None:
    with refused("resource_note_with_text"):
        ResourceNote.objects.create(resource=make_resource(), text="", written_at=timezone.now())
