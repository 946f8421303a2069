"""What the database holds of devices that are trusted, and when it lets go of it by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from library.models import TrustedDevice, User
from library.models.trusted_device import TRUST_LIFE
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def trust(user: User, token_hash: str = "x", now: datetime | None = None, life: timedelta = TRUST_LIFE) -> Any:
    now = now or timezone.now()
    return TrustedDevice.objects.create(user=user, token_hash=token_hash, created_at=now, expires=now + life)


def test_a_token_is_of_one_device_and_trust_ends_in_time() -> None:
    maria = User.objects.create_user("maria")
    trust(maria)
    with refused("trusted_device_token_unique"):
        trust(maria)
    for life in (timedelta(0), TRUST_LIFE + timedelta(seconds=1)):
        with refused("trusted_device_ends"):
            trust(maria, "y", life=life)


def test_trust_ends_with_another_password_or_second_step_and_with_the_right_to_sign_in() -> None:
    maria, olga = (User.objects.create_user(name, password="x", is_staff=True) for name in ("maria", "olga"))
    trust(olga, "of olga")

    def set_password() -> None:
        maria.set_password("y")
        maria.save()

    step = Authenticator.objects.create(user=maria, type=Authenticator.Type.TOTP, data={})
    for change in (
        set_password,
        lambda: User.objects.filter(pk=maria.pk).update(is_active=False),
        lambda: User.objects.filter(pk=maria.pk).update(is_active=True, is_staff=False),
        lambda: Authenticator.objects.create(user=maria, type=Authenticator.Type.WEBAUTHN, data={}),
        step.delete,
    ):
        trust(maria)
        change()
        assert not maria.trusted_devices.exists()
    assert olga.trusted_devices.exists()


def test_trust_outlives_everything_else_that_changes_of_a_person() -> None:
    maria = User.objects.create_user("maria", password="x", is_staff=True)
    step = Authenticator.objects.create(user=maria, type=Authenticator.Type.TOTP, data={})
    trust(maria)
    maria.first_name, maria.last_login = "Maria", timezone.now()
    maria.save()
    step.data, step.last_used_at = {"last_used_step": 1}, timezone.now()
    step.save()
    assert maria.trusted_devices.exists()
