"""A process of its own for `feedparser`: a feed on standard input, its texts as JSON on standard output.

It is a program and no module: `feeds` runs it and says how many seconds of processor time it may take. A feed of 200 kB
can keep `feedparser` busy for minutes, and nothing ends a thread.
"""

import io
import json
import resource
import sys
from contextlib import suppress
from typing import Any

import feedparser  # type: ignore[import-untyped]

_MEMORY = 1_000_000_000  # bytes
_ENTRIES = 10_000
_LENGTH = 30_000  # characters of one text
_TEXTS = (
    "id",
    "title",
    "link",
    "summary",
    "subtitle",
    "author",
    "publisher",
    "language",
    "published",
    "itunes_duration",
    "itunes_title",
)


def texts_of(thing: Any) -> dict[str, Any]:
    """What is wanted of a feed or an entry, as plain strings."""
    texts: dict[str, Any] = {name: thing[name][:_LENGTH] for name in _TEXTS if isinstance(thing.get(name), str)}
    texts["base"] = str(thing.get("title_detail", {}).get("base", ""))[:_LENGTH]  # by `xml:base`
    # Asked for a name that is not there, `feedparser` answers with another one, and warns of it.
    dates = [thing[name] for name in ("published_parsed", "updated_parsed") if name in thing]
    texts["day"] = list(next(filter(None, dates), ())[:3])
    links = thing.get("enclosures", [])[:20]
    texts["enclosures"] = [
        {name: str(link.get(name, ""))[:_LENGTH] for name in ("href", "type", "length")} for link in links
    ]
    return texts


def main() -> None:
    with suppress(ValueError, OSError):  # not every system has this limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    parsed = feedparser.parse(
        # A stream: given bytes, `feedparser` would look for a file of that name; given text, for an address.
        io.BytesIO(sys.stdin.buffer.read()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    entries = [texts_of(entry) for entry in parsed.entries[:_ENTRIES]]
    json.dump({"feed": texts_of(parsed.feed), "entries": entries}, sys.stdout)


if __name__ == "__main__":
    main()
