"""Words in, safe words out: Markdown to HTML, and what is read off an address. Pure functions, no models."""

from functools import cache
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# nh3 needs seconds for tens of thousands of nested elements, so the source is bounded, here and in the database.
MARKDOWN_LIMIT = 20_000

_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_TAGS = _HEADINGS | {"p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr", "br"}
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
