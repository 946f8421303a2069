"""A form of the admin that couldn't be saved comes back as a page with everything that was typed into it.

The page needs no database. What it shows comes from the request itself; nothing is stored on the server. Only a form
of this very site comes back: with another site's, the page would offer a curator to send a stranger's words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost, SuspiciousOperation
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from library.help_lines.offline_copy import RETRY_AFTER, database_unavailable, offline_page
from library.media.uploads import LostFile

from .fields import sent_form

# Where nobody writes: signing in, and what a script asks for beside a form.
_NO_FORMS = re.compile(r"/admin/(account|login|logout|password_change|autocomplete)/|.*/markdown/")
# What reading a broken or half a form may raise.
_UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, OSError)

# In the place of Django's token, which has to fit the cookie of the moment at which the button is pressed. On its own
# the mark lets nothing in: the browser must also say that a page of this very site sends the form.
RESEND_MARK = "_sent_again"
_signer = TimestampSigner(salt="library.admin.unsaved")


@dataclass(frozen=True)
class Cause:
    """Why a form wasn't saved: the status, what happened, and what to do before the button is pressed again."""

    status: int
    text: str
    advice: str
    # Where to sign in, or to set up the second step.
    link: str = ""
    # Whether the same form may be saved later. Without this, the page has the words to copy and no button.
    can_retry: bool = True


def cause_of(request: HttpRequest, response: HttpResponseBase) -> Cause | None:
    """Why this answer to a form has lost what was typed; None for every answer that has not."""
    if response.status_code == 302:
        return signed_out(urlsplit(response.headers["Location"]).path)
    if response.status_code == 403:
        # Django's mark of a form whose token was right.
        return not_allowed() if getattr(request, "csrf_processing_done", False) else old_form()
    causes: dict[int, Callable[[], Cause]] = {400: broken, 404: entry_gone, 500: fault, 503: database_down}
    cause = causes.get(response.status_code)
    return cause() if cause else None


def database_down() -> Cause:
    text = gettext("The library can’t save anything right now. That’s usually over within a minute.")
    return Cause(503, text, gettext("Wait a minute. Keep this page open."))


def disk_full() -> Cause:
    text = gettext("The server couldn’t store your file: its disk is full.")
    return Cause(503, text, gettext("Ask the people who run this site to make room on the disk. Keep this page open."))


def signed_out(path: str) -> Cause | None:
    """Who was led to sign in, or to set up a second step; None for any other way on."""
    if path == reverse("mfa_index"):
        text = gettext("Your account needs a second step to sign in, and doesn’t have one yet.")
        return Cause(403, text, gettext("Set up the second step"), path)
    if path in {reverse("admin:login"), reverse("account_login")}:
        return Cause(403, gettext("You’re signed out."), gettext("Sign in"), reverse("account_login"))
    return None


def old_form() -> Cause:
    text = gettext("You’ve signed in again since you opened this form, maybe in another tab.")
    return Cause(403, text, gettext("Check that everything below is what you want to save."))


def not_allowed() -> Cause:
    text = gettext("Your account can’t do this, or someone else did it while you were typing.")
    return Cause(403, text, gettext("If you should be able to do this, ask an administrator. Keep this page open."))


def entry_gone() -> Cause:
    text = gettext("The entry you were editing is gone. Someone may have deleted it.")
    return Cause(404, text, gettext("Copy what you want to keep."), can_retry=False)


def broken() -> Cause:
    text = gettext("We couldn’t read something in this form.")
    return Cause(400, text, gettext("Check that everything below is what you want to save."))


def fault() -> Cause:
    text = gettext("Something went wrong. It’s our error, and we’ve logged it.")
    return Cause(500, text, gettext("Wait a minute. Keep this page open."))


class UnsavedPage(HttpResponse):
    """The page with what was typed."""


class UnsavedForms:
    """Middleware, around everything that may refuse a form of the admin, or fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, UnsavedPage) or not is_admin_form(request):
            return response
        cause = cause_of(request, response)
        # Not before there is a cause: what is refused unread (413) stays unread.
        if cause is None or not is_own_form(request):
            return response
        # Django's own middleware sends the cookie that the page's token fits, where the browser has none.
        page: Any = CsrfViewMiddleware(partial(unsaved_page, cause))(request)
        page.cookies.update(response.cookies)
        return page  # type: ignore[no-any-return]

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """503 for a form whose file could not be stored, before anything is done with it."""
        if not is_admin_form(request):
            return None
        if is_sent_again(request):
            # Signing in gives the browser another cookie, which no token of a page made before fits.
            request.META[settings.CSRF_HEADER_NAME] = get_token(request)
        has_lost = any(isinstance(file, LostFile) for _name, files in request.FILES.lists() for file in files)
        if not has_lost or not request.user.is_authenticated:  # whoever is signed out is told that
            return None
        return unsaved_page(disk_full(), request) if is_own_form(request) else database_unavailable()


def unsaved_page(cause: Cause, request: HttpRequest) -> UnsavedPage:
    """What was typed, why it wasn't saved, what to do, and a button that sends it again to the same address."""
    get_token(request)  # so that the browser gets a cookie where it has none
    address = request.get_full_path()
    context = {"cause": cause, "form": sent_form(request), "address": address, "mark": _signer.sign(address)}
    page = UnsavedPage(offline_page("unsaved.html", **context), status=cause.status)
    add_never_cache_headers(page)
    # Without this, browsers send “Origin: null” with the form, and the CSRF check refuses it.
    page.headers["Referrer-Policy"] = "same-origin"
    if cause.status == 503:
        page.headers["Retry-After"] = str(RETRY_AFTER)
    return page


def is_admin_form(request: HttpRequest) -> bool:
    path = request.path_info
    return request.method == "POST" and path.startswith("/admin/") and not _NO_FORMS.match(path)


def is_own_form(request: HttpRequest) -> bool:
    """Whether a browser sent a form of one of the admin's own pages, to be shown what comes of it."""
    if not (is_admin_form(request) and is_from_here(request) and "text/html" in request.headers.get("Accept", "")):
        return False
    try:
        resolve(request.path_info)
        return bool(request.POST)
    except (Resolver404, *_UNREADABLE):
        return False


def is_sent_again(request: HttpRequest) -> bool:
    """Whether it is a page of ours that sends its words again, to the address that it is for, and not too late."""
    try:
        address = _signer.unsign(request.POST.get(RESEND_MARK, ""), max_age=settings.SESSION_COOKIE_AGE)
    except BadSignature:
        return False
    return address == request.get_full_path() and is_from_here(request)


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very site sent it: nothing said, and nothing else, is a yes."""
    try:
        here = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return False
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return origin == here
    return site is not None or request.headers.get("Referer", "").startswith(f"{here}/")
