"""What every page of the site shows: its name, and the help strip, also when the database does not answer."""

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from library.models import HelpLine


def every_page(request: HttpRequest) -> dict[str, Any]:
    """`site_name`; `strip_line`, one query when it is used; `site_root`, e.g. `https://library.example.org`.

    Lazy, so that a page pays for what it shows.
    """
    return {
        "site_name": settings.SITE_NAME,
        "strip_line": SimpleLazyObject(strip_line),
        "site_root": SimpleLazyObject(lambda: site_root(request)),
    }


def site_root(request: HttpRequest) -> str:
    """Scheme and host as the reader sees them; empty on the error page for a host that is not ours."""
    try:
        return request.build_absolute_uri("/").removesuffix("/")
    except DisallowedHost:
        return ""


def strip_line() -> HelpLine:
    """The first help line of the strip. The one that the template of the 503 page spells out, when there is none."""
    try:
        line = HelpLine.objects.filter(in_strip=True).first()
    except (DatabaseError, InterfaceError):
        line = None
    return line or HelpLine(name="988 Suicide & Crisis Lifeline", call_number="988", text_number="988")
