"""Signing in with a passkey alone, without a session until it has worked.

The challenge waits in a signed cookie. It's good for five minutes and for one successful answer.
"""

from datetime import timedelta
from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from .attempts import use_once

_COOKIE = "passkey_challenge"
_SALT = "library.passkey-challenge"
_LIFETIME = 300  # seconds


class SignInByPasskeyPage(LoginWebAuthnView):
    """GET gives a script its challenge; POST takes the answer, and shows the sign-in page with the reason if it fails.

    django-allauth keeps the challenge in the session, so it's moved in and out of there while a request lasts.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().get(request, *args, **kwargs)
        if state := request.session.pop(STATE_SESSION_KEY, None):
            response.set_cookie(
                _COOKIE,
                signing.dumps(state, salt=_SALT),
                max_age=_LIFETIME,
                path=reverse("mfa_login_webauthn"),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Strict",
            )
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.state = _challenge_of(request)
        if self.state:
            request.session[STATE_SESSION_KEY] = self.state
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.cleaned_data["credential"].user
        if not (user.is_active and user.is_staff):
            return self.refused([gettext("This account can’t sign in. Ask an administrator.")])
        if not use_once(f"passkey {self.state['challenge']}", timedelta(seconds=_LIFETIME)):
            return self.refused([gettext("That passkey response has already been used. Try again.")])
        response: HttpResponse = super().form_valid(form)
        response.delete_cookie(_COOKIE, path=reverse("mfa_login_webauthn"), samesite="Strict")
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.refused(form.errors["credential"])

    def refused(self, reasons: list[Any]) -> HttpResponse:
        """The sign-in page, where they can try again either way."""
        context = self.get_context_data(form=LoginForm(request=self.request), passkey_problems=reasons)
        response: HttpResponse = self.render_to_response(context)
        return response


def _challenge_of(request: HttpRequest) -> dict[str, Any]:
    """What the cookie says, or nothing when it's missing, too old or not ours."""
    try:
        state: dict[str, Any] = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_LIFETIME)
    except signing.BadSignature:
        return {}
    return state
