"""What happens to every request before and after its view: refusals, the admin's own session, caching, a lost database.

Readers get no session, no cookie and no CSRF token: those middlewares work below `/admin/` alone.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest
from django.db import Error, InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseForbidden,
    HttpResponseNotAllowed,
)
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _

from library.db.errors import is_database_away
from library.db.pooling import direct_connection
from library.db.timeouts import statement_timeout
from library.feedback.forms import FORMS
from library.help_lines.cards import database_away, page_without_database
from library.media.images import SOURCE_BYTES
from library.media.uploads import TemporaryFiles

from .page_request import host_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# What Django's own middleware says that it returns; here it is never awaited.
Answer = HttpResponseBase | Awaitable[HttpResponseBase]

# What browsers tell when a reader opens an entry. Nothing of what they send is read (`views.opened`).
_OPENED = re.compile(r"/r/[^/]+/opened/")

# Nothing that a page could turn on or ask for; passkeys alone, for curators.
_POWERFUL = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "clipboard-write"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone"),
    *("midi", "otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb"),
    *("window-management", "xr-spatial-tracking"),
)
_NO_PERMISSIONS = ", ".join(f"{feature}=()" for feature in _POWERFUL)
_PERMISSIONS_OF_CURATORS = re.sub(r"(publickey-credentials-\w+)=\(\)", r"\1=(self)", _NO_PERMISSIONS)
# Agencies show a resource's picture on their own pages, and the icon beside a link. Both are public, and no cookie goes
# with them. Everything else is for pages of this site.
_SHOWN_ELSEWHERE = ("/media/", "/favicon.ico")


def is_for_curators(request: HttpRequest) -> bool:
    return request.path_info == "/admin" or request.path_info.startswith("/admin/")


class RefuseBrokenText:
    """400 for a NUL, and for invalid UTF-8 in query or cookies: PostgreSQL would refuse them later, with a 500.

    400 also for a host that isn't ours or has a port that no address can have: pages show both.

    413 for a form of the admin that is longer than any.

    Invalid UTF-8 in a path is text by now: Django has put its escapes back, and no such page is found.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host_of(request)
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        cookie = request.META.get("HTTP_COOKIE", "").encode("latin-1", "replace")
        if "\0" in request.path_info or not is_clean(query) or not is_clean(cookie):
            raise BadRequest("broken text")
        if is_sent_to_curators(request) and length_of(request) > settings.ADMIN_BODY_LIMIT:
            return HttpResponse(_("This is too long to send. Go back and shorten it."), status=413)
        return self.get_response(request)


def is_sent_to_curators(request: HttpRequest) -> bool:
    return request.method == "POST" and is_for_curators(request)


def length_of(request: HttpRequest) -> int:
    """Bytes of what is sent, as its head says. Raises BadRequest for a length that isn't a number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise BadRequest("no length")
    return int(length.lstrip("0")[:10] or "0")


def is_clean(text: bytes) -> bool:
    """Whether `text` is UTF-8 without a NUL."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in text


class BrowserPolicies:
    """What browsers may do with an answer, beyond what Django's own settings say."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = _PERMISSIONS_OF_CURATORS if is_for_curators(request) else _NO_PERMISSIONS
        response.headers.setdefault("Permissions-Policy", policy)
        # Not require-corp: hosts of podcasts don't send what that would ask for, and their audio wouldn't play. Without
        # credentials, no host learns who is listening from a cookie.
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "credentialless")
        reach = "cross-origin" if request.path_info.startswith(_SHOWN_ELSEWHERE) else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", reach)
        return response


class PublicPages:
    """Public addresses answer GET and HEAD only, two forms POST too, and a count nothing else.

    Anybody may keep an answer, the admin's nobody.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_for_curators(request):
            response = self.get_response(request)
            add_never_cache_headers(response)
            # Told nothing at all, browsers send “Origin: null” with a form, and the CSRF check refuses it.
            response.headers.setdefault("Referrer-Policy", "same-origin")
            return response
        methods = methods_of(request.path_info)
        if request.method not in methods:
            return HttpResponseNotAllowed(methods, page_without_database("405.html"))
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            # Kept, but asked for again each time: an edit is seen at once, an unchanged page costs a 304.
            patch_cache_control(response, public=True, no_cache=True)
        return response


def methods_of(path: str) -> list[str]:
    """What may be asked of a public address."""
    if _OPENED.fullmatch(path):
        return ["POST"]
    return ["GET", "HEAD", "POST"] if path in FORMS else ["GET", "HEAD"]


class DatabaseAway:
    """A calm 503 with the help lines while the database does not answer; nothing to reset when it is back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The 503 page for a database that can't do this now; None leaves every other error alone."""
        return database_away() if is_database_away(error) else None


class AdminTimeLimit:
    """The admin's queries may take longer than a reader's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_curators(request):
            return self.get_response(request)
        try:
            with direct_connection(), statement_timeout(settings.ADMIN_STATEMENT_TIMEOUT):
                return self.get_response(request)
        except (OperationalError, InterfaceError):
            return database_away()


class AdminSessions(SessionMiddleware):
    """Sessions, below `/admin/`."""

    def __call__(self, request: HttpRequest) -> Answer:
        return super().__call__(request) if is_for_curators(request) else self.get_response(request)

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

    def __call__(self, request: HttpRequest) -> Answer:
        return super().__call__(request) if is_for_curators(request) else self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseForbidden | None:
        if not is_for_curators(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class AdminAuthentication(AuthenticationMiddleware):
    """Who is signed in, below `/admin/`."""

    def __call__(self, request: HttpRequest) -> Answer:
        return super().__call__(request) if is_for_curators(request) else self.get_response(request)


class AdminForms:
    """Reads what is sent to the admin, now that it is known who sends it.

    From someone who isn't signed in, at most `most_unknown`: forms for signing in, and a form whose session ended while
    it was filled in. What is longer gets a 413 before any of it is read. Files that don't fit in memory are stored for
    those who are signed in alone; of anybody else's, only the words beside them are kept. 400 for a NUL.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_sent_to_curators(request):
            return self.get_response(request)
        if length_of(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            if request.user.is_authenticated:
                request.upload_handlers = [TemporaryFiles(request)]
            elif length_of(request) > most_unknown(request):
                words = _("You’re signed out, so your file wasn’t read. Sign in, then go back and send it again.")
                return HttpResponse(words, status=413)
        for name, values in request.POST.lists():
            if "\0" in name or any("\0" in value for value in values):
                raise BadRequest("broken text in a form")
        return self.get_response(request)


def most_unknown(request: HttpRequest) -> int:
    """Bytes that are read of a form before it's known who sends it: all of its words, and past the largest picture."""
    picture = SOURCE_BYTES if request.content_type == "multipart/form-data" else 0
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE + picture


class AdminMessages(MessageMiddleware):
    """What the admin says after a change."""

    def __call__(self, request: HttpRequest) -> Answer:
        return super().__call__(request) if is_for_curators(request) else self.get_response(request)
