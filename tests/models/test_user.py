"""Curators. Readers have no account."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from library.models import User
from tests.refusing import refused


@pytest.mark.django_db
def test_a_curator_is_a_user_of_our_own_model() -> None:
    assert settings.AUTH_USER_MODEL == "library.User"
    assert str(User.objects.create_user("curator")) == "curator"


@pytest.mark.django_db
def test_the_weekly_mail_has_somewhere_to_go() -> None:
    with refused("user_digest_with_address"):
        User.objects.create_user("curator", wants_digest=True)
    with refused("user_alerts_with_address"):
        User.objects.create_user("curator", wants_alerts=True)
    with pytest.raises(ValidationError, match="needs an address"):
        User(username="curator", wants_digest=True).validate_constraints()
    assert User.objects.create_user("curator", email="curator@example.org", wants_digest=True).digest_sent_at is None
