"""What the database holds of lists that curators keep by a name."""

import pytest

from library.models import SavedFilter, User
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_a_name_leads_each_curator_to_one_list() -> None:
    maria, olga = User.objects.create_user("maria"), User.objects.create_user("olga")
    SavedFilter.objects.create(user=maria, name="Drafts", query="state__exact=draft")
    SavedFilter.objects.create(user=olga, name="Drafts", query="state__exact=draft")

    with refused("saved_filter_name_unique"):
        SavedFilter.objects.create(user=maria, name="drafts", query="q=sleep")
    for values in ({"name": "", "query": "q=x"}, {"name": "x", "query": ""}):
        with refused("saved_filter_not_empty"):
            SavedFilter.objects.create(user=maria, **values)
    maria.delete()
    assert SavedFilter.objects.count() == 1
