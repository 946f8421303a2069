"""The help lines for a lost database: their copy in a file, and the pages that show it.

The copy is a small file in `DATA_DIR`, which every process of a machine shares. It is written at the start, and
whenever a page was made of other lines than it has.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

from library.identity.current import current
from library.identity.shared_file import replace_file
from library.models import HelpLine

# Seconds after which a browser or a proxy may ask again when the database is away.
RETRY_AFTER = 30
# What the copy has of each: what strip and paper show.
_COPIED = ("name", "call_number", "call_note", "text_number", "text_word", "chat_url", "audience", "hours")


def read_copy() -> list[HelpLine]:
    """The lines of the copy; none where there is no copy, or anything but one of ours in its place."""
    try:
        rows = json.loads(_copy_path().read_text(encoding="utf-8"))
        return [HelpLine(**{name: _text(row[name]) for name in _COPIED}) for row in rows]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def write_copy(lines: Iterable[HelpLine]) -> None:
    """Replace the copy, whole or not at all. A disk that cannot be written to costs the copy and no page."""
    rows = [{name: getattr(line, name) for name in _COPIED} | {"hours": line.hours_in_words} for line in lines]
    replace_file(_copy_path(), json.dumps(rows, indent=1))


def offline_page(template: str, **context: object) -> str:
    """A page that needs no database, with the site's name and the lines of the copy; else it spells its own."""
    return render_to_string(template, {"site_name": current().name, "lines": read_copy()} | context)


def database_unavailable() -> HttpResponse:
    """503 for a database that doesn't answer, doesn't answer in time or takes nothing: the help lines, no more."""
    response = HttpResponse(offline_page("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)})
    patch_cache_control(response, no_store=True)
    return response


def _copy_path() -> Path:
    return Path(settings.HELP_LINES_COPY)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
