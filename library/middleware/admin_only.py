"""What works below `/admin/` alone: sessions, the CSRF check, who is signed in, messages, and longer queries.

Readers get no session, no cookie and no CSRF token.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware

from library.db.errors import is_database_away
from library.db.pooling import direct_connection
from library.db.timeouts import statement_timeout
from library.help_lines.offline_copy import database_unavailable

# What Django's own middleware says that it returns; here it is never awaited.
MiddlewareResponse = HttpResponseBase | Awaitable[HttpResponseBase]


def is_admin_request(request: HttpRequest) -> bool:
    return request.path_info == "/admin" or request.path_info.startswith("/admin/")


class AdminTimeLimit:
    """The admin's queries may take longer than a reader's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_admin_request(request):
            return self.get_response(request)
        try:
            with direct_connection(), statement_timeout(settings.ADMIN_STATEMENT_TIMEOUT):
                return self.get_response(request)
        except (OperationalError, InterfaceError):
            return database_unavailable()


class AdminSessions(SessionMiddleware):
    """Sessions, below `/admin/`."""

    def __call__(self, request: HttpRequest) -> MiddlewareResponse:
        return super().__call__(request) if is_admin_request(request) else self.get_response(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """As Django's. A form that is saved isn't called unsaved where the session can't be stored anymore.

        What is lost then is the message about it. Signing in needs the session, and fails with it.
        """
        try:
            return super().process_response(request, response)
        except (SessionInterrupted, Error) as error:
            is_signing_in = request.path_info.startswith("/admin/account/")
            if is_signing_in or not (isinstance(error, SessionInterrupted) or is_database_away(error)):
                raise
            return response


class AdminCsrf(CsrfViewMiddleware):
    """The CSRF check, below `/admin/`: readers' forms have no cookie to compare with, but a token."""

    def __call__(self, request: HttpRequest) -> MiddlewareResponse:
        return super().__call__(request) if is_admin_request(request) else self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseForbidden | None:
        if not is_admin_request(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class AdminAuthentication(AuthenticationMiddleware):
    """Who is signed in, below `/admin/`."""

    def __call__(self, request: HttpRequest) -> MiddlewareResponse:
        return super().__call__(request) if is_admin_request(request) else self.get_response(request)


class AdminMessages(MessageMiddleware):
    """What the admin says after a change."""

    def __call__(self, request: HttpRequest) -> MiddlewareResponse:
        return super().__call__(request) if is_admin_request(request) else self.get_response(request)
