"""What public addresses answer, and how long anybody may keep it."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers, patch_cache_control

from library.feedback.forms import FORMS
from library.help_lines.offline_copy import offline_page

from .admin_only import is_admin_request

# What browsers tell when a reader opens an entry. Nothing of what they send is read (`views.opened`).
_OPENED = re.compile(r"/r/[^/]+/opened/")


class PublicPages:
    """Public addresses answer GET and HEAD only, two forms POST too, and a count nothing else.

    Anybody may keep an answer, the admin's nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_admin_request(request):
            response = self.get_response(request)
            add_never_cache_headers(response)
            # Told nothing at all, browsers send “Origin: null” with a form, and the CSRF check refuses it.
            response.headers.setdefault("Referrer-Policy", "same-origin")
            return response
        methods = methods_of(request.path_info)
        if request.method not in methods:
            return HttpResponseNotAllowed(methods, offline_page("405.html"))
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            # Cached, but requested again each time: an edit is seen at once, an unchanged page costs a 304.
            patch_cache_control(response, public=True, no_cache=True)
        return response


def methods_of(path: str) -> list[str]:
    """What may be requested of a public address."""
    if _OPENED.fullmatch(path):
        return ["POST"]
    return ["GET", "HEAD", "POST"] if path in FORMS else ["GET", "HEAD"]
