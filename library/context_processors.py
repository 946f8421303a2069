"""What every page of the site shows: its name, and the help strip, also when the database does not answer."""

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from library.models import HelpLine

# So many help lines stand at the end of a printed page; all of them are at `/help/`.
PRINTED_LINES = 4


def every_page(request: HttpRequest) -> dict[str, Any]:
    """`site_name`; `strip_line` and `printed_lines`, one query when used; `site_root`, e.g. `https://library.example.org`.

    Lazy, so that a page pays for what it shows.
    """
    lines = SimpleLazyObject(lines_at_hand)
    return {
        "site_name": settings.SITE_NAME,
        "strip_line": SimpleLazyObject(lambda: lines[0]),
        "printed_lines": lines,
        "site_root": SimpleLazyObject(lambda: site_root(request)),
    }


def site_root(request: HttpRequest) -> str:
    """Scheme and host as the reader sees them; empty on the error page for a host that is not ours."""
    try:
        return request.build_absolute_uri("/").removesuffix("/")
    except DisallowedHost:
        return ""


def lines_at_hand() -> list[HelpLine]:
    """The line of the strip, then those for a crisis by their places: as many as paper shows. One query.

    Without one for the strip, the first is the one that the template of the 503 page spells out.
    """
    try:
        lines = list(HelpLine.objects.filter(is_crisis=True).order_by("-in_strip", "position", "name")[:PRINTED_LINES])
    except (DatabaseError, InterfaceError):
        lines = []
    if lines and lines[0].in_strip:
        return lines
    spare = HelpLine(name="988 Suicide & Crisis Lifeline", call_number="988", text_number="988")
    return [spare, *lines][:PRINTED_LINES]
