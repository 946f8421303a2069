"""What a page says, in so few values that another look can be compared with them. Bytes in, values out; no models.

Anybody may have written the page: nothing here takes long for any input.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin, urlsplit

from rapidfuzz import fuzz

from library.imports.markup import one_line, text_of, visible_text

# A page is known by its 64 smallest hashes of two words that follow each other (Broder, 1997).
SKETCH = 64
_TITLE_LIMIT = 300
_WORDS_READ = 20_000
_LINKS_READ = 500

_TITLE = re.compile(r"<title\b[^<>]{0,300}>([^<]{0,2000})", re.IGNORECASE)
_HEADING = re.compile(r"<h1\b[^<>]{0,1000}>", re.IGNORECASE)
_HEADING_END = re.compile(r"</h1", re.IGNORECASE)
_LANG = re.compile(r"<html\b[^<>]{0,1000}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})", re.IGNORECASE)
_PASSWORD = re.compile(r"<input\b[^<>]{0,500}?type\s*=\s*[\"']?password", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]{0,2000}?href\s*=\s*[\"']?([^\"'<>\s]{1,2000})[^<>]{0,2000}>(.{0,200}?)</a", re.I | re.S)
_JUMP = re.compile(r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\()", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

# The words that a language can’t do without, and others don’t have. Of as many words of a page as are read.
_COMMON = {
    "en": ["the", "of", "and", "to", "in", "is", "that", "for", "with", "this", "are", "you", "from"],
    "es": ["de", "la", "que", "el", "en", "los", "por", "para", "una", "con", "las", "del"],
    "id": ["yang", "dan", "di", "dengan", "untuk", "ini", "dari", "dalam", "tidak", "akan", "situs"],
    "fr": ["de", "la", "les", "des", "et", "le", "une", "dans", "pour", "que", "vous"],
    "de": ["der", "die", "und", "das", "mit", "den", "von", "ist", "nicht", "ein"],
    "pt": ["de", "que", "não", "para", "uma", "com", "os", "do", "da", "em"],
}
# What the pages of those who buy lapsed names are about. An entry on gambling has such words, too, so that they count
# only beside what a page had before.
_SPAM = re.compile(
    r"\b(?:casinos?|slots?|togel|judi|gacor|betting|bets?|jackpots?|poker|bandar|baccarat|roulette|sportsbook|maxwin|"
    r"viagra|cialis|escorts?|porn|xxx|payday loans?|essay writing|replica watches|scatter|rtp|deposit pulsa)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PageFingerprint:
    """What is kept of a page that a look found good. Empty values where the page says nothing, as a PDF."""

    title: str = ""
    heading: str = ""
    words: int = 0
    sketch: tuple[int, ...] = ()
    language: str = ""
    spam_words: int = 0
    spam_links: int = 0
    size: int = 0  # bytes
    names_publisher: bool = False


@dataclass(frozen=True)
class PageReading(PageFingerprint):
    """The same of a page just read, with what is only asked of it now."""

    text: str = ""
    asks_password: bool = False
    is_jump: bool = False  # hardly more than a script that leads away


def fingerprint_from(page: Mapping[str, Any]) -> PageFingerprint | None:
    """Of the values that are kept with a link; None where there are none."""
    names = [each.name for each in fields(PageFingerprint)]
    kept = {name: page[name] for name in names if name in page}
    return PageFingerprint(**{**kept, "sketch": tuple(page.get("sketch", ()))}) if kept else None


def read(body: bytes, content_type: str, url: str, publisher: str = "") -> PageReading:
    """What this page says; `publisher` is the name for which it is searched."""
    html = text_of(body, content_type)
    named = _TITLE.search(html)
    title = _line(named[1]) if named else ""
    text = visible_text(html)
    words = [match[0].lower() for match in _WORD.finditer(text, 0, 200_000)][:_WORDS_READ]
    lang = _LANG.search(html)
    links = list(_spam_links(html, url))
    return PageReading(
        title=title,
        heading=_heading(html),
        words=len(words),
        sketch=_sketch(words),
        language=_language_of(words) or (lang[1].lower()[:2] if lang else ""),
        spam_words=len(_SPAM.findall(text)),
        spam_links=len(links),
        size=len(body),
        names_publisher=bool(publisher) and _has_name(html, publisher),
        text=text,
        asks_password=bool(_PASSWORD.search(html)),
        is_jump=len(body) < 2048 and len(words) - len(_WORD.findall(title)) < 20 and bool(_JUMP.search(html)),
    )


def similarity(one: PageFingerprint, other: PageFingerprint) -> float:
    """How much of the words of two pages is the same, from 0 to 1; 0 where one has none."""
    both = sorted({*one.sketch, *other.sketch})[:SKETCH]
    return len({*one.sketch} & {*other.sketch} & {*both}) / len(both) if both else 0.0


def is_alike(was: PageFingerprint, now: PageFingerprint) -> bool:
    """Whether both are the same page: by half of its words, or by its title."""
    return similarity(was, now) >= 0.5 or (bool(was.title) and title_likeness(was.title, now.title) >= 80)


def title_likeness(one: str, other: str) -> float:
    """How alike two titles are, from 0 to 100. A number or a date more makes little difference."""
    return fuzz.token_set_ratio(_told(one), _told(other))


def _told(title: str) -> str:
    return " ".join(_WORD.findall(title.lower()))


def _line(html: str) -> str:
    return one_line(visible_text(html), _TITLE_LIMIT)


def _heading(html: str) -> str:
    """The first one of the page, up to its end or for 2,000 characters."""
    start = _HEADING.search(html)
    if start is None:
        return ""
    end = _HEADING_END.search(html, start.end(), start.end() + 2000)
    return _line(html[start.end() : end.start() if end else start.end() + 2000])


def _sketch(words: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({zlib.crc32(f"{one} {two}".encode()) for one, two in pairwise(words)})[:SKETCH])


def _language_of(words: list[str]) -> str:
    """The language whose common words make up most of them, where that is clear; else empty."""
    if len(words) < 30:
        return ""
    counts = Counter(words)
    shares = {code: sum(counts[word] for word in common) / len(words) for code, common in _COMMON.items()}
    best, second = sorted(shares, key=lambda code: -shares[code])[:2]
    return best if shares[best] > 0.08 and shares[best] > 1.3 * shares[second] else ""


def _has_name(html: str, name: str) -> bool:
    return " ".join(name.lower().split()) in " ".join(unescape(html).lower().split())


def _spam_links(html: str, url: str) -> Iterable[str]:
    """Hosts of other sites to which a link with such words leads, or whose names have them."""
    own = urlsplit(url).hostname
    for number, match in enumerate(_LINK.finditer(html)):
        if number >= _LINKS_READ:
            return
        try:
            host = urlsplit(urljoin(url, unescape(match[1]))).hostname or ""
        except ValueError:
            continue
        if host != own and (_SPAM.search(visible_text(match[2])) or _SPAM.search(re.sub(r"[\d.-]+", " ", host))):
            yield host
