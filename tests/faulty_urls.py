"""The site's addresses, and some that fail in every way a view can. For tests."""

import contextlib

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401


def fault(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def slow(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse()


def done_and_cut_off(request: HttpRequest) -> HttpResponse:
    """Its work is done when the connection ends."""
    with contextlib.suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("done")


urlpatterns = [
    path("admin/done-and-cut-off/", done_and_cut_off),
    path("fault/", fault),
    path("forbidden/", forbidden),
    path("slow/", slow),
    path("", include("config.urls")),
]
