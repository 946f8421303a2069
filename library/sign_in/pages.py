"""django-allauth's pages in the look of the curators' desk: the same header, our templates, our words."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.mfa.base.views import IndexView
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from library.second_factor import is_missing_for


class StepsPage(IndexView):
    """The second steps that somebody has, and whether they need one before anything else."""

    def get_context_data(self, **told: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_context_data(**told)
        return given | {"is_missing": is_missing_for(self.request.user)}


def page(view: Any, template: str, title: Any) -> Callable[..., HttpResponseBase]:
    """A view of allauth's that answers with `admin/account/<template>.html`."""
    answer: Callable[..., HttpResponseBase] = type(
        view.__name__, (_AtTheDesk, view), {"template_name": f"admin/account/{template}.html", "title": title}
    ).as_view()  # type: ignore[attr-defined]
    return answer


class _AtTheDesk:
    request: HttpRequest
    title = ""

    def get_context_data(self, **told: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_context_data(**told)  # type: ignore[misc]
        return admin.site.each_context(self.request) | {"title": self.title} | given


def too_many(request: HttpRequest) -> HttpResponse:
    """429, when somebody has tried too often."""
    context = admin.site.each_context(request) | {"title": _("Too many attempts")}
    return render(request, "admin/account/too_many.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
