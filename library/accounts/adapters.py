"""What django-allauth asks us: whom it may let in, how attempts are counted, and what things are called."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.identity.current import current
from library.pages.qr_codes import draw

from .attempts import CountedAttempt, counters_of_confirming, counters_of_password
from .devices import remember_device
from .encryption import decrypt, encrypt
from .trusted_devices import SecondStep

# Said after an act that shows by itself what came of it.
_UNSAID = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class CuratorAccounts(DefaultAccountAdapter):
    """Signing in by name and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("That name and password don’t match. Check both and try again."),
        "incorrect_password": _("That isn’t your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """With our own second step in the place of allauth's."""
        ours = f"{SecondStep.__module__}.{SecondStep.__qualname__}"
        return [ours if path == "allauth.mfa.stages.AuthenticateStage" else path for path in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not in the first minutes after signing in, which allauth does not count as having said who one is."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - record["at"] < REAUTHENTICATION_TIMEOUT for record in records)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Whose name and password these are, or None. Raises TooManyAttempts."""
        if request.user.is_authenticated:
            attempt = CountedAttempt(counters_of_confirming(request.user))
        else:
            attempt = CountedAttempt(counters_of_password(request, credentials["username"]))
        user = authenticate(request, **credentials)
        if user is not None:
            attempt.succeeded()
        return user

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        remember_device(request, response, user)
        return response

    def add_message(self, request: HttpRequest, level: int, *words: Any, **options: Any) -> None:
        if not (words and words[0] in _UNSAID) and options.get("message_template") not in _UNSAID:
            super().add_message(request, level, *words, **options)


class CuratorSteps(DefaultMFAAdapter):
    """The second step."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code isn’t right, or it’s too old. Try the one your app shows now."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises `library.accounts.encryption.Unreadable` when the site's secret key has changed."""
        return decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return current().short_name

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> str:
        """A drawing that stands in the page itself: no address of data, which browsers are told to refuse."""
        return draw(url)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("My passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        site: dict[str, str] = super().get_public_key_credential_rp_entity()
        return site | {"name": current().short_name}
