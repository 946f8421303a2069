"""What stands on a page dozens of times, as HTML: the entries of a list, and the options of a facet.

A template takes ten times as long for these, and no part of a page takes longer. Every text is escaped here.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from library.search.facets import Facet

from .cards import Card


def entries(cards: Iterable[Card]) -> SafeString:
    """The items of a list."""
    note = escape(gettext("Content note:"))
    return mark_safe("".join(_entry(card, note) for card in cards))  # noqa: S308 - escaped below


def _entry(card: Card, note: str) -> str:
    parts = [
        f'<li class="entry">\n  <a class="entry-title" href="{escape(card.address)}">{escape(card.link_text)}</a>\n'
        '  <p class="entry-meta"><svg class="icon" width="18" height="18" aria-hidden="true"><use\n'
        f'    href="#icon_{escape(card.kind)}"/></svg> {_html(card.facts)}</p>'
    ]
    if card.content_note:
        parts.append(f'\n  <p class="content-note"><strong>{note}</strong> {escape(card.content_note)}</p>')
    if card.body:
        parts.append(f'\n  <div class="prose">{_html(card.body)}</div>')
    elif card.summary:
        parts.append(f'\n  <p class="entry-summary">{_html(card.summary)}</p>')
    if card.passage:
        parts.append(f'\n  <p class="entry-passage">… {_html(card.passage)} …</p>')
    if card.url:
        parts.append(f'\n  <p class="print-only">{escape(card.url)}</p>')
    return "".join(parts) + "\n</li>\n"


def options(facet: Facet) -> SafeString:
    """The checkboxes of a facet, each with how many entries it would leave."""
    name = facet.name
    boxes = [
        f'<label class="choice"{" data-empty" if option.is_empty else ""}>\n'
        f'      <input type="checkbox" name="{name}"\n'
        f'        value="{_escaped(option.value)}"{" checked" if option.chosen else ""}>\n'
        f'      <span>{_escaped(option.label)} <span class="count">{option.number}</span></span></label>\n    '
        for option in facet.options
    ]
    return mark_safe("".join(boxes))  # noqa: S308 - escaped above


@lru_cache(maxsize=5_000)
def _escaped(name: str) -> str:
    """The name of a value of a facet, which comes again on every list."""
    return escape(name)


def _html(text: str) -> str:
    return text if isinstance(text, SafeString) else escape(text)
