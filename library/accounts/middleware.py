"""Who needs a second step is led to set one up before anything else, and whoever changes one is asked who they are.

Whoever tries too often is told how long to wait.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from .attempts import TooManyAttempts
from .encryption import Unreadable
from .second_factor import is_missing_for
from .views import too_many_attempts, unreadable_secret

# What somebody without their second step reaches of the admin, besides the pages that set one up.
_OPEN = {"login", "logout", "jsi18n"}


class SecondFactor:
    """Behind allauth's own middleware, so that this one answers its exceptions first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """302 to the second steps for somebody who needs one and has none."""
        match = request.resolver_match
        if match is None or match.namespace != "admin" or match.url_name in _OPEN:
            return None
        if request.user.is_authenticated and is_missing_for(request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """429 for an attempt that comes too early, 409 for codes that can't be read; 302 to “Confirm it’s you” else.

        Allauth's own way would keep the whole request, address included, meanwhile.
        """
        if isinstance(error, TooManyAttempts):
            return too_many_attempts(request, error)
        if isinstance(error, Unreadable):
            return unreadable_secret(request)
        if not isinstance(error, ReauthenticationRequired):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        asking = methods[0]["url"] if methods else reverse("account_login")
        return HttpResponseRedirect(f"{asking}?{urlencode({'next': request.get_full_path()})}")
