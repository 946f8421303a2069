"""The cells of a list on the desk, as a small screen shows them: the first three at once, the others after a tap."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

register = template.Library()

_AT_ONCE = 3


@register.filter
def labelled(cells: Sequence[SafeString], headers: Sequence[dict[str, Any]]) -> Iterator[SafeString]:
    """The cells of a row. Those after the third say what they are in `data-rest`; the box in front doesn't count."""
    first = _AT_ONCE + ("action-checkbox" in cells[0])
    for place, (cell, header) in enumerate(zip(cells, headers, strict=True)):
        if place < first:
            yield cell
        else:
            tag, rest = SafeString(cell[:3]), SafeString(cell[3:])
            yield format_html('{} data-rest="{}"{}', tag, capfirst(str(header["text"])), rest)
