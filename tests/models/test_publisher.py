"""Publishers and series."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from library.models import Publisher, Series
from tests.factories import make_publisher, make_resource, make_series
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_are_known_by_their_slugs() -> None:
    publisher = make_publisher("copline", "COPLINE")
    series = make_series(publisher)

    assert (str(publisher), str(series)) == ("COPLINE", "The Beat")
    assert Publisher.objects.get_by_natural_key(*publisher.natural_key()) == publisher
    assert Series.objects.get_by_natural_key(*series.natural_key()) == series


def test_two_publishers_cannot_have_one_slug_or_one_name_in_any_case() -> None:
    make_publisher("copline", "COPLINE")
    other = make_publisher("below-100", "Below 100")

    with refused("publisher_slug_unique"):
        Publisher.objects.filter(pk=other.pk).update(slug="copline")
    with refused("publisher_name_unique"):
        Publisher.objects.filter(pk=other.pk).update(name="Copline")
    with pytest.raises(ValidationError, match="publisher with this name"):
        Publisher(slug="other", name="copline").full_clean()


def test_two_series_cannot_have_one_slug() -> None:
    series = make_series()

    with refused("series_slug_unique"):
        Series.objects.bulk_create([Series(slug="the-beat", title="Other", publisher=series.publisher)])
    with pytest.raises(ValidationError, match="Another series"):
        Series(slug="the-beat", title="Other", publisher=series.publisher).full_clean()


def test_nothing_that_is_used_can_be_deleted() -> None:
    series = make_series()
    make_resource(series=series)

    with pytest.raises(ProtectedError):
        series.delete()
    with pytest.raises(ProtectedError):
        series.publisher.delete()
