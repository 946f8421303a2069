"""Which subjects are covered by which kinds: the numbers, and where each stands in a drawing of them."""

from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from library.models import Category
from library.models.resource.kinds import Kind
from library.search.index.bitmaps import Scope, count_bits

# Short enough for a column.
_HEADINGS = {
    Kind.COURSE: _("Courses"),
    Kind.PODCAST: _("Podcasts"),
    Kind.REVIEW: _("Reviews"),
    Kind.FORUM: _("Forums"),
    Kind.SITE: _("Websites"),
}

# The drawing has rows for so many subjects; “the short controlled list” has fewer.
SUBJECT_LIMIT = 60

# In units of the drawing, which are pixels where there is room for 570 of them.
_LABELS, _COLUMN, _HEADING, _ROW = 220, 70, 34, 30
_LARGEST, _SMALLEST = 12.0, 2.5
# As many letters as fit in front of the first column.
_LETTERS = 30


@dataclass(frozen=True)
class CoverageCell:
    """One number, where it is written, and the circle before it; no circle for 0."""

    number: int
    x: int
    text_x: int
    radius: float


@dataclass(frozen=True)
class CoverageRow:
    """One subject; `short` is its name as far as it fits."""

    name: str
    slug: str
    short: str
    y: int
    text_y: int
    line_y: int
    cells: list[CoverageCell]


@dataclass(frozen=True)
class Coverage:
    """How many entries of each kind readers see of each subject. The area of a circle is its number."""

    kinds: list[tuple[str, int]]
    rows: list[CoverageRow]
    height: int
    width: int = _LABELS + len(Kind) * _COLUMN


def coverage_of(now: datetime) -> Coverage | None:
    """One query for each kind, and one for the names of the subjects; None while there are no subjects."""
    categories = list(Category.objects.all()[:SUBJECT_LIMIT])
    scope = Scope(None, now)
    numbers = {kind: count_bits(scope, {"kind": [kind.value]}, ["category"]) for kind in Kind}
    most = max((counts["category", str(row.pk)] for counts in numbers.values() for row in categories), default=0)
    rows = []
    for place, category in enumerate(categories):
        y = _HEADING + place * _ROW + _ROW // 2
        cells = [_cell(column, numbers[kind]["category", str(category.pk)], most) for column, kind in enumerate(Kind)]
        short = Truncator(category.name).chars(_LETTERS)
        rows.append(CoverageRow(category.name, category.slug, short, y, y + 5, y + _ROW // 2, cells))
    kinds = [(str(_HEADINGS[kind]), _LABELS + column * _COLUMN) for column, kind in enumerate(Kind)]
    return Coverage(kinds, rows, _HEADING + len(rows) * _ROW + 4) if rows else None


def _cell(column: int, number: int, most: int) -> CoverageCell:
    left = _LABELS + column * _COLUMN
    radius = max(_SMALLEST, round(_LARGEST * sqrt(number / most), 1)) if number else 0
    return CoverageCell(number, left + int(_LARGEST), left + 2 * int(_LARGEST) + 4, radius)
