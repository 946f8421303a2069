"""Curators. Readers have no account."""

import pytest
from django.conf import settings

from library.models import User


@pytest.mark.django_db
def test_a_curator_is_a_user_of_our_own_model() -> None:
    assert settings.AUTH_USER_MODEL == "library.User"
    assert str(User.objects.create_user("curator")) == "curator"
