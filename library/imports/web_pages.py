"""What a page says of itself: title, description, publisher, date, language and audio. Bytes in, words out; no models.

Read are `<title>`, meta tags (description, Open Graph, `citation_…`), JSON-LD, `<html lang>` and `<audio>`. Anybody may
have written the page: all of it becomes plain text, and nothing of it can take long.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from .markup import one_line, plain_text, text_of

# The lengths of the columns for which they are meant.
TITLE_LIMIT, SUMMARY_LIMIT, NAME_LIMIT, ADDRESS_LIMIT = 300, 700, 200, 2000

_ELEMENTS_READ = 3000
_ELEMENT = re.compile(r"<(?:(!--)|(html|title|meta|script|style|audio|source)(?=[\s/>]))", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?+""", re.IGNORECASE
)
_ATTRIBUTES, _ATTRIBUTES_LENGTH = 30, 8000
_LONGEST_TITLE = 4000
_DATE = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?(?![0-9])")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")

# Which kinds of things in JSON-LD are what the page is about, and not its menu or its owner.
_WORKS = ("Article", "Page", "Posting", "Episode", "Course", "Work", "Report", "Object", "Book", "Thesis", "Document")
_NODES = 50

_TITLES = ("citation_title", "og:title", "ld:headline", "ld:name", "title")
_DESCRIPTIONS = ("description", "og:description", "ld:description", "dc.description")
_PUBLISHERS = ("citation_publisher", "ld:publisher", "og:site_name", "dc.publisher")
_DATES = (
    "citation_publication_date",
    "citation_date",
    "article:published_time",
    "ld:datepublished",
    "dc.date",
    "date",
)
_LANGUAGES = ("lang", "ld:inlanguage", "og:locale", "citation_language")
_AUDIO = ("og:audio:secure_url", "og:audio", "og:audio:url", "ld:audio", "audio")


@dataclass(frozen=True)
class PageFacts:
    """What is known of a page; empty where it says nothing. `precision` is `year`, `month` or `day`."""

    title: str = ""
    description: str = ""
    publisher: str = ""
    published_on: date | None = None
    precision: str = ""
    language: str = ""
    audio: str = ""


def read_page(body: bytes, content_type: str, url: str) -> PageFacts:
    """What the page at `url` says of itself."""
    metadata = _metadata(text_of(body, content_type))
    day, precision = next(filter(lambda dated: dated[0], map(date_in, _all(metadata, _DATES))), (None, ""))
    languages = (_LANGUAGE.fullmatch(text.strip()) for text in _all(metadata, _LANGUAGES))
    return PageFacts(
        title=_first(metadata, _TITLES, TITLE_LIMIT),
        description=_first(metadata, _DESCRIPTIONS, SUMMARY_LIMIT),
        publisher=_first(metadata, _PUBLISHERS, NAME_LIMIT),
        published_on=day,
        precision=precision,
        language=next((match[0].replace("_", "-") for match in languages if match), ""),
        audio=next(filter(None, (address_in(url, text) for text in _all(metadata, _AUDIO))), ""),
    )


def date_in(text: str) -> tuple[date | None, str]:
    """The day with which a text begins, as exact as it is written: `2018/05` is May 2018."""
    match = _DATE.match(text.strip())
    if not match:
        return None, ""
    year, month, day = match.groups()
    try:
        parsed = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None, ""
    return (parsed, "day" if day else "month" if month else "year") if 1800 <= parsed.year <= 2100 else (None, "")


def address_in(base: str, text: str) -> str:
    """The address of the web that a text on the page `base` means; empty for any other."""
    try:
        address = urljoin(base, text.strip()) if text.strip() else ""
    except ValueError:
        return ""
    whole = len(address) <= ADDRESS_LIMIT and not re.search(r"[\x00-\x20\x7f-\xa0\\]", address)
    return address if whole and re.match(r"https?://[^/@]+(/|\?|$)", address) else ""


def _all(metadata: Mapping[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (metadata[name] for name in names if metadata.get(name))


def _first(metadata: Mapping[str, str], names: tuple[str, ...], most: int) -> str:
    return next(filter(None, (plain_text(text, most) for text in _all(metadata, names))), "")


def _metadata(text: str) -> dict[str, str]:
    """Everything that we ask for, by its name in small letters: of each the first that says something."""
    metadata: dict[str, str] = {}
    for name, attributes, inner in islice(_elements(text), _ELEMENTS_READ):
        if name == "meta":
            facts = {attributes.get("property") or attributes.get("name", ""): attributes.get("content", "")}
        elif name == "script":
            facts = _json_ld(inner) if "ld+json" in attributes.get("type", "").lower() else {}
        elif name == "html":
            facts = {"lang": attributes.get("lang", "")}
        elif name == "title":
            facts = {"title": unescape(inner)}
        else:
            facts = {"audio": attributes.get("src", "")}
        for key, value in facts.items():
            metadata[key.lower()] = metadata.get(key.lower()) or value.strip()
    return metadata


def _elements(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each element that matters: its name, its attributes, and the text inside of a title or a script.

    Goes forward only. What stands in comments, scripts and styles is no markup; one that never ends is the rest.
    """
    place, in_audio = 0, False
    while match := _ELEMENT.search(text, place):
        if match[1]:
            place = text.find("-->", match.end())
            if place < 0:
                return
            continue
        name = match[2].lower()
        attributes, place = _attributes(text, match.end())
        inner = ""
        if name in {"title", "script", "style"}:
            end = re.compile(f"</{name}", re.IGNORECASE).search(text, place)
            if end is None:
                return
            inner, place = text[place : end.start()], end.end()
            inner = inner[:_LONGEST_TITLE] if name == "title" else inner
        in_audio = name == "audio" or (in_audio and name == "source")
        if name not in {"style", "source"} or (name == "source" and in_audio):
            yield name, attributes, inner


def _attributes(text: str, place: int) -> tuple[dict[str, str], int]:
    """The attributes from this place on, and the place behind the tag."""
    attributes: dict[str, str] = {}
    limit = min(len(text), place + _ATTRIBUTES_LENGTH)
    while len(attributes) < _ATTRIBUTES and (match := _ATTRIBUTE.match(text, place, limit)):
        attributes.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
        place = match.end()
    rest = re.compile(r"[\s/]*+>").match(text, place, limit)
    return attributes, rest.end() if rest else place


def _json_ld(source: str) -> dict[str, str]:
    """What a piece of JSON-LD says of a work: its names as `ld:headline`. Nothing for what is no JSON."""
    try:
        tree = json.loads(source)
    except (ValueError, RecursionError):
        return {}
    metadata: dict[str, str] = {}
    for node in islice(_nodes(tree), _NODES):
        kinds = node.get("@type", "")
        if not any(str(kind).endswith(_WORKS) for kind in (kinds if isinstance(kinds, list) else [kinds])[:9]):
            continue
        for name in ("headline", "name", "description", "datePublished", "inLanguage"):
            metadata.setdefault(f"ld:{name}", _text(node.get(name)))
        metadata.setdefault("ld:publisher", _text(node.get("publisher"), "name"))
        metadata.setdefault("ld:audio", _text(node.get("audio") or node.get("associatedMedia"), "contentUrl"))
    return {name: text for name, text in metadata.items() if text}


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """The things that a JSON-LD document describes, one beside the other."""
    for node in tree if isinstance(tree, list) else [tree]:
        if isinstance(node, dict):
            graph = node.get("@graph")
            yield node
            yield from (inner for inner in (graph if isinstance(graph, list) else []) if isinstance(inner, dict))


def _text(value: Any, name: str = "") -> str:
    """The text that stands there, or in the `name` of the first thing that stands there."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict) and name:
        value = value.get(name, "")
    return one_line(value, 5000) if isinstance(value, str) else ""
