"""A loop for lists of a hundred plain things, where a `for` would cost more than everything else on the page."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Protocol

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_PLACE = re.compile(r"{(\d+)}")


class Row(Protocol):
    """What the loop goes over."""

    @property
    def cells(self) -> Sequence[str]:
        """Words, or HTML that is safe already."""


class RowsNode(template.Node):
    """Its lines once for each row, with the row's cells in the places `{0}`, `{1}` and so on.

    A line whose cells are all empty is left out. What else stands in it is worked out once, for all rows.
    """

    def __init__(self, rows: FilterExpression, nodelist: NodeList) -> None:
        self.rows = rows
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        lines = [
            (line, [int(place) for place in _PLACE.findall(line)])
            for line in self.nodelist.render(context).splitlines(keepends=True)
        ]
        # Escaped cell by cell; the lines are the template's own.
        return mark_safe("".join(self._filled(lines, context)))  # noqa: S308

    def _filled(self, lines: Sequence[tuple[str, Sequence[int]]], context: Context) -> Iterator[str]:
        rows: Sequence[Row] = self.rows.resolve(context)
        for row in rows:
            cells = [cell if isinstance(cell, SafeString) else escape(cell) for cell in row.cells]
            for line, places in lines:
                if not places or any(cells[place] for place in places):
                    yield line.format(*cells)


@register.tag
def rows(parser: Parser, token: Token) -> RowsNode:
    """`{% rows entries %}<li>{0}: {1}</li>{% endrows %}`."""
    _name, table = token.split_contents()
    nodelist = parser.parse(("endrows",))
    parser.delete_first_token()
    return RowsNode(parser.compile_filter(table), nodelist)
