"""The site's name, operator and time zone as they are now, for every page that is made."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from library.db.edit_cache import is_state_known
from library.identity.current import current, identity_of_now

# These answers name neither the site nor a day: what this process knows will do, and they cost no query for it.
_ANONYMOUS = ("/healthz", "/anchors.json", "/media/", "/r/")


class CurrentIdentity:
    """Has `library.identity.current` up to date in what is below, and days begin when the site's do.

    For a public page, the page cache has just brought it up to date.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_state_known() or request.path_info.startswith(_ANONYMOUS):
            with timezone.override(current().time_zone):
                return self.get_response(request)
        with identity_of_now():
            return self.get_response(request)
