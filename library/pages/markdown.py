"""Words in, safe words out: Markdown to HTML, and what is read off an address. Pure functions, no models."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from library.search.text_query import MATCH_END, MATCH_START

# nh3 needs seconds for tens of thousands of nested elements, so the source is bounded, here and in the database.
MARKDOWN_LIMIT = 20_000

# Characters of a transcript on one page: an hour of speech, and about 25 kB on the wire.
PART_SIZE = 60_000

_EMPTY_LINE = re.compile(r"\n\s*\n")
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_TAGS = _HEADINGS | {"p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr", "br"}
_MATCH = re.compile(f"{MATCH_START}([^{MATCH_START}{MATCH_END}]*){MATCH_END}")
_LEFT_OVER = re.compile(f"[{MATCH_START}{MATCH_END}]")
# Controls but the new line and the tab, soft hyphens, spaces without width, direction marks (Unicode, UAX #9), lone
# surrogates, no characters at all; and joiners, but behind what they join: emoji, and letters of other scripts.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufffe\uffff]|(?<![^\x00-\u02ff\u2000-\u206f])[\u200c\u200d]"
)
_SCHEMES = {"http", "https", "mailto", "tel", "sms"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def render_markdown(source: str, *, top_heading: int = 2) -> SafeString:
    """`source` as HTML that may stand in any page; its highest heading, `##`, becomes `<h{top_heading}>`.

    Raw HTML is shown as text, pictures are left out, links are kept only to web, mail, `tel:` and `sms:`
    addresses. Raises `ValueError` for more than `MARKDOWN_LIMIT` characters.
    """
    if len(source) > MARKDOWN_LIMIT:
        raise ValueError(f"Markdown of {len(source)} characters; at most {MARKDOWN_LIMIT} are allowed")
    tokens = _parser().parse(source)
    for token in tokens:
        _shift_heading(token, top_heading)
    html = _parser().renderer.render(tokens, _parser().options, {})
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"*": set(), "a": {"href"}}, url_schemes=_SCHEMES, link_rel="noreferrer"
    )
    return mark_safe(clean)  # noqa: S308 - cleaned on the line above


def _shift_heading(token: Token, top_heading: int) -> None:
    if token.type in {"heading_open", "heading_close"}:
        level = max(int(token.tag[1]), 2) + top_heading - 2
        token.tag = f"h{min(level, 6)}"


def transcript_parts(transcript: str) -> list[list[tuple[int, str]]]:
    """Plain text as its paragraphs, numbered from 1, in parts of about `PART_SIZE` characters. Empty for no text.

    Empty lines divide paragraphs; a paragraph that is longer than a part is cut at a space, or anywhere.
    """
    paragraphs = [piece for block in _EMPTY_LINE.split(transcript) for piece in wrap_long(" ".join(block.split()))]
    parts: list[list[tuple[int, str]]] = []
    room = 0
    for number, paragraph in enumerate(filter(None, paragraphs), start=1):
        if len(paragraph) > room:
            parts.append([])
            room = PART_SIZE
        parts[-1].append((number, paragraph))
        room -= len(paragraph)
    return parts


def wrap_long(paragraph: str) -> list[str]:
    """The paragraph, in pieces of at most `PART_SIZE` characters."""
    return textwrap.wrap(paragraph, PART_SIZE) if len(paragraph) > PART_SIZE else [paragraph]


def as_elements(facts: Iterable[tuple[str, str]]) -> SafeString:
    """Words as HTML, each in an element of its own: a `<time>` where a date for machines comes with them."""
    return mark_safe(" ".join(_element(text, date) for text, date in facts if text))  # noqa: S308 - escaped below


@lru_cache(maxsize=10_000)
def _element(text: str, date: str) -> str:
    return f'<time datetime="{escape(date)}">{escape(text)}</time>' if date else f"<span>{escape(text)}</span>"


def highlight(text: str) -> SafeString:
    """`text` as HTML that may stand in any page, with `<mark>` around what stands between the signs of `search`."""
    marked = _MATCH.sub(r"<mark>\1</mark>", escape(text))
    return mark_safe(_LEFT_OVER.sub("", marked))  # noqa: S308 - escaped on the line above


@lru_cache(maxsize=10_000)
def host_of(url: str) -> str:
    """The host that `url` leads to, as readers say it: `cops.usdoj.gov`. Empty for no address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def digits_of(number: str) -> str:
    """What a telephone dials of `number`: `1-800-267-5463` gives `18002675463`."""
    return "".join(character for character in number if character.isdecimal())


def plain_words(text: str) -> str:
    """`text` in NFC, without what cannot be seen: control characters, half characters, direction marks, soft hyphens.

    New lines stay, as `\\n`.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", lines)).strip()


def single_line(text: str) -> str:
    """The same on one line: whatever spaces and line breaks there are between two words are one space."""
    return " ".join(plain_words(" ".join(text.split())).split())
