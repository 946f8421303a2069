"""Who did what: one row for each change."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError
from django.utils import timezone
from reversion.models import Revision

from library.models import Deed, Tag

pytestmark = pytest.mark.django_db


def make_deed(kind: str = "changed", **values: object) -> Deed:
    revision = Revision.objects.create(date_created=timezone.now())
    about = ContentType.objects.get_for_model(Tag)
    return Deed.objects.create(revision=revision, kind=kind, about=about, **values)


def test_deed_says_what_was_done_to_what() -> None:
    assert str(make_deed(subject="sleep")) == "Changed: sleep"
    assert str(make_deed(total=40)) == "Changed: 40"


def test_only_known_deeds_are_done() -> None:
    with pytest.raises(IntegrityError, match="deed_kind_known"):
        make_deed("burned")


def test_deed_goes_with_its_revision() -> None:
    make_deed()
    Revision.objects.all().delete()
    assert not Deed.objects.exists()
