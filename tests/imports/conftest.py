"""Files as they come from a curator's spreadsheet, and imports of them at one fixed moment."""

import io
import json
from datetime import UTC, datetime
from typing import Any

from library.imports.importer import ImportResult, import_resources
from library.imports.readers import Row, read_rows
from library.models import Category, FormerSlug, Publisher, Resource, Section, Tag, TaggedResource

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
HEADER = "title,kind,section,url"
HERE = "https://example.org/resilience"


def rows_of(content: str | bytes, name: str = "resources.csv") -> list[Row]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read_rows(io.BytesIO(raw), name))


def row(line: int = 2, **cells: Any) -> Row:
    """A row of a plain podcast episode, with these cells; without those that are None."""
    cells = {
        "title": "Building Personal Resilience",
        "kind": "podcast",
        "section": "podcasts",
        "url": HERE,
    } | cells
    lists = {name: tuple(cells.pop(name)) for name in ("categories", "tags") if name in cells}
    return Row(line, {name: text for name, text in cells.items() if text is not None}, lists)


def rows_at(number: int, **cells: Any) -> list[Row]:
    """So many rows, each at an address of its own."""
    return [
        row(line=place + 1, **{"title": f"Officer Fatigue {place}", "url": f"https://example.org/{place}"} | cells)
        for place in range(1, number + 1)
    ]


def take(*rows: Row, **options: Any) -> ImportResult:
    return import_resources(rows, **{"now": NOW} | options)


def json_lines(*objects: Any) -> str:
    return "\n".join(json.dumps(one) for one in objects)


def everything() -> list[list[tuple[Any, ...]]]:
    """Every row that an import could touch, to the last byte."""
    models = (Resource, Section, Category, Publisher, Tag, TaggedResource, FormerSlug, Resource.categories.through)
    return [list(model._base_manager.order_by("pk").values_list()) for model in models]


def counts_of(result: ImportResult) -> tuple[int, int, int, int]:
    return result.created, result.changed, result.unchanged, result.bad_rows


def reasons_of(*rows: Any, **options: Any) -> list[tuple[int, str, str]]:
    return [(error.line, error.column, error.reason) for error in take(*rows, **options).bad]


def rss(items: str, about: str = "") -> bytes:
    """A podcast's feed, called “The Beat”."""
    names = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {names}><channel><title>The Beat</title>{about}'
    return f"{head}{items}</channel></rss>".encode()


def item(guid: str, title: str, **parts: str) -> str:
    """An episode of a feed; `parts` may be its `link`, `date`, `summary`, `duration` and `audio`."""
    date = f"<pubDate>{parts['date']}</pubDate>" if "date" in parts else ""
    audio = parts.get("audio", f"https://example.org/{guid}.mp3")
    return (
        f"<item><guid>{guid}</guid><title>{title}</title><link>{parts.get('link', '')}</link>{date}"
        f"<description>{parts.get('summary', 'Calm words.')}</description>"
        f'<enclosure url="{audio}" type="audio/mpeg" length="5000000"/>'
        f"<itunes:duration>{parts.get('duration', '12:30')}</itunes:duration></item>"
    )
