"""The curators' door at /admin/: everything that only staff can reach. A leaf: nothing public imports it.

Read `base` (what every model's admin has in common) with `lists`, `refusals`, `recorded`, `at_once`, `slugs`,
`markdown` and `moving`, then one module for each module of `library.models`; then `attention` (the first page) with
`coverage`, `use` (what readers open) and `weekly_mail`; then `unsaved` (a form that couldn't be saved comes back) with
`unsaved_fields`. The site that they register with is `config.curators`'s.
"""

from . import (
    attention,
    deed,
    help_line,
    help_line_change,
    importing,
    missed_word,
    page,
    publisher,
    reader_report,
    resource,
    section,
    taxonomy,
    user,
    wording,
)

__all__ = [
    "attention",
    "deed",
    "help_line",
    "help_line_change",
    "importing",
    "missed_word",
    "page",
    "publisher",
    "reader_report",
    "resource",
    "section",
    "taxonomy",
    "user",
    "wording",
]
