"""What is refused before its view: broken text, and forms of the admin that are too long."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext

from library.media.images import SOURCE_BYTES
from library.media.uploads import TemporaryFiles

from .admin_only import is_admin_request
from .page_request import request_host

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestValidation:
    """400 for a NUL, and for invalid UTF-8 in query or cookies: PostgreSQL would refuse them later, with a 500.

    400 also for a host that isn't ours or has a port that no address can have: pages show both.

    413 for a form of the admin that is longer than any.

    Invalid UTF-8 in a path is text by now: Django has put its escapes back, and no such page is found.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_host(request)
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        cookie = request.META.get("HTTP_COOKIE", "").encode("latin-1", "replace")
        if "\0" in request.path_info or not is_clean_utf8(query) or not is_clean_utf8(cookie):
            raise BadRequest("broken text")
        if is_admin_post(request) and content_length(request) > settings.ADMIN_BODY_LIMIT:
            return HttpResponse(gettext("This is too long to send. Go back and shorten it."), status=413)
        return self.get_response(request)


def is_admin_post(request: HttpRequest) -> bool:
    return request.method == "POST" and is_admin_request(request)


def content_length(request: HttpRequest) -> int:
    """Bytes of what is sent, as its head says. Raises BadRequest for a length that isn't a number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise BadRequest("no length")
    return int(length.lstrip("0")[:10] or "0")


def is_clean_utf8(text: bytes) -> bool:
    """Whether `text` is UTF-8 without a NUL."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in text


class UploadLimits:
    """Reads what is sent to the admin, now that it is known who sends it.

    From someone who isn't signed in, at most `anonymous_body_limit`: forms for signing in, and a form whose session
    ended while it was filled in. What is longer gets a 413 before any of it is read. Files that don't fit in memory are
    stored for those who are signed in alone; of anybody else's, only the words beside them are kept. 400 for a NUL.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_admin_post(request):
            return self.get_response(request)
        if content_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            if request.user.is_authenticated:
                request.upload_handlers = [TemporaryFiles(request)]
            elif content_length(request) > anonymous_body_limit(request):
                text = gettext("You’re signed out, so your file wasn’t read. Sign in, then go back and send it again.")
                return HttpResponse(text, status=413)
        for name, values in request.POST.lists():
            if "\0" in name or any("\0" in value for value in values):
                raise BadRequest("broken text in a form")
        return self.get_response(request)


def anonymous_body_limit(request: HttpRequest) -> int:
    """Bytes that are read of a form before it's known who sends it: all of its words, and past the largest picture."""
    picture = SOURCE_BYTES if request.content_type == "multipart/form-data" else 0
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE + picture
