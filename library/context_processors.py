"""What every page of the site shows: its name, and the help strip, also when the database does not answer."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from library.help_lines.cards import help_cards, help_lines_for_pages
from library.identity.current import current
from library.middleware.page_request import site_root


def every_page(request: HttpRequest) -> dict[str, Any]:
    """`identity`, and its `site_name`; `site_root`, e.g. `https://library.example.org`; the help lines of every page.

    The lines are `strip_line`, `printed_lines`, and `help_cards` of the latter: one query when any of them is used.
    Lazy, so that a page pays for what it shows.
    """
    now, identity = timezone.now(), current()
    lines = SimpleLazyObject(lambda: help_lines_for_pages(now))
    return {
        "identity": identity,
        "site_name": identity.name,
        "strip_line": SimpleLazyObject(lambda: lines[0]),
        "printed_lines": lines,
        "help_cards": SimpleLazyObject(lambda: help_cards(lines, now)),
        "site_root": SimpleLazyObject(lambda: site_root(request)),
    }
