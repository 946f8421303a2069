"""Which resources have which facet values, and how many have: exactly, kept in step by the database.

`count` and `ids` are of what readers see; `count_rows` is of rows at hand, `count_missing` of what curators have to do,
and `section_total` is for rows of sections. `rebuild` makes it anew. How it is kept, nothing outside knows but the
models of its tables.
"""

from .bitmaps import Chosen, Counts, Scope, count, count_missing, count_rows, counts_of_pairs, ids, section_total
from .full_rebuild import RebuildResult, rebuild

__all__ = [
    "Chosen",
    "Counts",
    "RebuildResult",
    "Scope",
    "count",
    "count_missing",
    "count_rows",
    "counts_of_pairs",
    "ids",
    "rebuild",
    "section_total",
]
