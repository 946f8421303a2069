"""Pages of signing in, most of them django-allauth's: the admin's header, our templates, our words."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from library.mail import can_send_mail

from .attempts import TooManyAttempts
from .codes import mark_used
from .devices import remember_device
from .second_factor import is_missing_for
from .trusted_devices import trust_device, trusted_device


class StepsPage(IndexView):
    """Somebody's own account: who they are, the second steps that they have, and whether they need one first."""

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_context_data(**options)
        user: Any = self.request.user
        devices = user.trusted_devices.filter(expires__gt=timezone.now()).order_by("pk")
        this_device = trusted_device(self.request, user)
        return given | {"is_missing": is_missing_for(user), "devices": devices, "this_device": this_device}


class StepPage(AuthenticateView):
    """The second step of signing in. Its form may ask that there be none on this device for a while."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if form.cleaned_data.get("trust"):
            trust_device(self.request, response, self.stage.login.user)
        return response


def page(view: Any, template: str, title: Any) -> Callable[..., HttpResponseBase]:
    """A view of a class that answers with `admin/account/<template>.html`."""
    answer: Callable[..., HttpResponseBase] = type(
        view.__name__, (_AdminPage, view), {"template_name": f"admin/account/{template}.html", "title": title}
    ).as_view()  # type: ignore[attr-defined]
    return never_cache(answer)


class _AdminPage:
    request: HttpRequest
    title = ""

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_context_data(**options)  # type: ignore[misc]
        own = {"title": self.title, "can_send_mail": can_send_mail()}
        return admin.site.each_context(self.request) | own | given


class SetUpAppPage(ActivateTOTPView):
    """An app is set up with digits that are used up by it."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            mark_used(Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP), form.step)
        remember_device(self.request, response, self.request.user)
        return response


class AddPasskeyPage(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        remember_device(self.request, response, self.request.user)
        return response


def too_many_attempts(request: HttpRequest, error: TooManyAttempts) -> HttpResponse:
    """429, with how long to wait and what works in the meantime."""
    back = request.POST.get(REDIRECT_FIELD_NAME, "")
    context = admin.site.each_context(request) | {
        "title": gettext("Too many attempts"),
        "wait": error.wait_text,
        "try_again": request.path + (f"?{urlencode({REDIRECT_FIELD_NAME: back})}" if back else ""),
        "is_first_step": request.path == reverse("account_login"),
        "is_reset": request.path == reverse("password_forgotten"),
        "is_known_device": error.is_known_device,
    }
    headers = {"Retry-After": str(error.seconds)}
    page = render_to_string("admin/account/too_many.html", context, request)
    return HttpResponse(page, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)


def unreadable_secret(request: HttpRequest) -> HttpResponse:
    """409 for recovery codes that were encrypted with another secret key."""
    context = admin.site.each_context(request) | {"title": gettext("Your recovery codes can’t be read")}
    page = render_to_string("admin/account/unreadable.html", context, request)
    return HttpResponse(page, status=HTTPStatus.CONFLICT)
