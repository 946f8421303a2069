"""A reader has opened an entry's address: a browser tells so by the `ping` of the link, and it is counted."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from library.feedback.forms import is_cross_site
from library.usage.counts import count_open

from .reports import never_cached


def opened(request: HttpRequest, ref: str) -> HttpResponse:
    """204, whatever became of it (a 200 would have a body): nobody looks at the answer. Nothing sent is read.

    Another site's link with a ping to here is not counted.
    """
    if not is_cross_site(request):
        count_open(ref, timezone.now())
    return never_cached(HttpResponse(status=204))
