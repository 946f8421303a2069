"""XML that may come from anybody, as a stream: no document types, no entities of its own, bounded texts.

Of XML files, those that WordPress exports (WXR, which is RSS with more names) are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NoReturn, Protocol, TypeVar
from xml.parsers import expat

from django.utils.translation import gettext, ngettext

from .markup import plain_text
from .tables import CellTable, UnreadableFile

_CHUNK = 64 * 1024
XML_TEXT_LIMIT = 1_000_000  # characters of one value
DEPTH_LIMIT = 200
_SUMMARY_LENGTH = 600
_NAMED = 5
_WORDPRESS = ["Title", "Link", "Description", "Date", "Category", "Tags", "Type", "Status"]
# What WordPress keeps in the same list and is no page.
_NO_PAGES = {"attachment", "nav_menu_item", "revision", "custom_css", "wp_global_styles", "wp_navigation"}

_Item_co = TypeVar("_Item_co", covariant=True)


class XmlHandler(Protocol[_Item_co]):
    """What is told of the elements of a file, and makes items of them."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...
    def take(self) -> Iterator[_Item_co]:
        """The items since the last time."""
        ...


def parse_xml(stream: BinaryIO, handler: XmlHandler[_Item_co], broken: UnreadableFile) -> Iterator[_Item_co]:
    """What the handler makes of a stream. Raises `broken` for what is no XML, or declares anything."""
    depth = 0

    def refuse(*_args: object) -> NoReturn:
        raise broken

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_LIMIT:
            raise broken
        handler.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = handler.text
    parser.buffer_text = True
    while True:
        chunk = stream.read(_CHUNK)
        try:
            parser.Parse(chunk, not chunk)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise broken from error
        yield from handler.take()
        if not chunk:
            return


def read_xml(stream: BinaryIO) -> CellTable:
    """The pages and posts of a WordPress export. Raises `UnreadableFile`, with what any other XML file is."""
    return CellTable(_with_header(_Posts(), stream))


def _with_header(posts: "_Posts", stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    yield 1, _WORDPRESS
    yield from enumerate(parse_xml(stream, posts, broken_xml()), start=2)
    posts.check()


def broken_xml() -> UnreadableFile:
    return UnreadableFile(gettext("We can’t read this XML file. Export it again, or save the list as CSV."))


@dataclass
class _Posts:
    """Rows of a WordPress export; and what other lists have that are XML, too."""

    root: str = ""
    is_wordpress: bool = False
    feeds: list[str] = field(default_factory=list)
    feed_count: int = 0
    rows: list[list[str]] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    length: int = 0
    target: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.path:
            self.root = name.lower()
            self.is_wordpress = "xmlns:wp" in attributes
        if name == "outline" and (address := attributes.get("xmlUrl", "")):
            self.feed_count += 1
            self.feeds += [address[:200]] if self.feed_count <= _NAMED else []
        self.path.append(name)
        if name == "item":
            self.values = {}
        self.parts, self.length = [], 0
        self.target = f"category {attributes.get('domain', '')}" if name == "category" else name

    def text(self, text: str) -> None:
        self.length += len(text)
        if self.length > XML_TEXT_LIMIT:
            raise UnreadableFile(gettext("A text in this file is longer than a million characters."))
        self.parts.append(text)

    def end(self, name: str) -> None:
        self.path.pop()
        if name == "item" and self.is_wordpress:
            self.rows += self._row()
        elif self.path and self.path[-1] == "item":
            self.values.setdefault(self.target, []).append("".join(self.parts).strip())
        self.parts = []

    def take(self) -> Iterator[list[str]]:
        rows, self.rows = self.rows, []
        yield from rows

    def _row(self) -> list[list[str]]:
        first = {name: texts[0] for name, texts in self.values.items()}
        if first.get("wp:post_type", "post") in _NO_PAGES:
            return []
        words = first.get("excerpt:encoded") or first.get("content:encoded") or ""
        return [
            [
                first.get("title", ""),
                first.get("link", ""),
                plain_text(words, _SUMMARY_LENGTH),
                first.get("wp:post_date", "") or first.get("pubDate", ""),
                " | ".join(self.values.get("category category", ())),
                " | ".join(self.values.get("category post_tag", ())),
                first.get("wp:post_type", ""),
                first.get("wp:status", ""),
            ]
        ]

    def check(self) -> None:
        """Say what this is, where it is no export of WordPress."""
        if self.root == "opml":
            message = ngettext(
                "This is a list of %(count)d feed, not of entries. Use “Import a podcast feed” for it: %(feeds)s",
                "This is a list of %(count)d feeds, not of entries. Use “Import a podcast feed” for each: %(feeds)s",
                self.feed_count,
            )
            dots = " …" if self.feed_count > _NAMED else ""
            raise UnreadableFile(message % {"count": self.feed_count, "feeds": ", ".join(self.feeds) + dots})
        if self.root in {"rss", "feed"} and not self.is_wordpress:
            raise UnreadableFile(gettext("This is a feed. Use “Import a podcast feed” for it."))
        if not self.is_wordpress:
            message = gettext("Of XML files we read those that WordPress exports; this one has “%s” at its top.")
            raise UnreadableFile(message % self.root[:60])
