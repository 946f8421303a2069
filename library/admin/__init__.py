"""The curators' door at /admin/: everything that only staff can reach. A leaf: nothing public imports it.

Read `base` (what every model's admin has in common) with `lists`, `refusals`, `slugs`, `markdown` and `moving`, then
one module for each module of `library.models`. The site that they register with is `config.curators`'s.
"""

from . import help_line, importing, page, publisher, reader_report, resource, section, taxonomy, user, wording

__all__ = [
    "help_line",
    "importing",
    "page",
    "publisher",
    "reader_report",
    "resource",
    "section",
    "taxonomy",
    "user",
    "wording",
]
