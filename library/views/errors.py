"""What a reader gets when something is wrong or gone: plain words, a way on, and always the help lines.

400, 403, 404 and 410 offer the search box and the sections while the database answers; 500 needs neither it
nor any template that needs it (503 is `library.middleware.errors`'s).
"""

import sys
from datetime import datetime

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control

from config.hosts import asked_host, is_local
from library.db.errors import is_database_away
from library.feedback.forms import submitted_texts
from library.help_lines.offline_copy import database_unavailable, offline_page
from library.models import Resource, Section


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Of a host name that isn't ours, whoever opens the site on its own machine is told what to do."""
    unknown_host = asked_host(request.META) if isinstance(exception, DisallowedHost) and is_local(request.META) else ""
    return render(request, "400.html", {"sections": sections(), "unknown_host": unknown_host}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403, also for a form whose CSRF token did not fit; `reason` is Django's, and says then that it was one."""
    return render(request, "403.html", {"is_form": bool(reason), "sections": sections()}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; 302 to a section whose anchor alone was asked for, as people shorten an address: `/podcasts`."""
    known = sections()
    for section in known:
        if request.path_info.strip("/") == section.anchor:
            return redirect("section", section.anchor)
    return render(request, "404.html", {"sections": known}, status=404)


def gone(
    request: HttpRequest,
    *,
    title: str,
    reason: str,
    since: datetime | None = None,
    successor: Resource | None = None,
    was_replaced: bool = False,
) -> HttpResponse:
    """410: what it was, why it was withdrawn, since when, and what to use instead; or that this is gone, too."""
    context = {
        "title": title,
        "reason": reason,
        "since": since,
        "successor": successor,
        "was_replaced": was_replaced,
        "sections": sections(),
    }
    return render(request, "410.html", context, status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with a reader's words to copy where a form was sent.

    503 where a middleware met a database that can't answer: of a view, `library.middleware.errors` sees to it.
    """
    if is_database_away(sys.exception()):
        return database_unavailable()
    response = HttpResponse(offline_page("500.html", typed=submitted_texts(request)), status=500)
    patch_cache_control(response, no_store=True)
    return response


def sections() -> list[Section]:
    """The sections that readers can browse; none when the database does not answer."""
    try:
        return list(Section.objects.published())
    except (DatabaseError, InterfaceError):
        return []
