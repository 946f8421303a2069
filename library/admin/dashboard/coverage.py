"""Which subjects are covered by which kinds."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library.models import Category
from library.models.resource.kinds import Kind
from library.search import index

# Short enough for a column.
COLUMN_HEADINGS = {
    Kind.COURSE: _("Courses"),
    Kind.PODCAST: _("Podcasts"),
    Kind.REVIEW: _("Reviews"),
    Kind.FORUM: _("Forums"),
    Kind.SITE: _("Websites"),
}

# The table has rows for so many subjects; “the short controlled list” has fewer.
SUBJECT_LIMIT = 60


@dataclass(frozen=True)
class CoverageRow:
    """One subject, and how many entries of each kind it has."""

    name: str
    slug: str
    totals: tuple[int, ...]


@dataclass(frozen=True)
class Coverage:
    """How many entries of each kind readers see of each subject."""

    kinds: tuple[Promise, ...]
    rows: tuple[CoverageRow, ...]


def coverage_of(now: datetime) -> Coverage | None:
    """One query for each kind, and one for the names of the subjects; None while there are no subjects."""
    categories = list(Category.objects.all()[:SUBJECT_LIMIT])
    scope = index.Scope(None, now)
    totals = [index.count(scope, {"kind": [kind.value]}, ["category"]).of("category") for kind in Kind]
    rows = tuple(
        CoverageRow(row.name, row.slug, tuple(of_kind[str(row.pk)] for of_kind in totals)) for row in categories
    )
    return Coverage(tuple(COLUMN_HEADINGS[kind] for kind in Kind), rows) if rows else None
