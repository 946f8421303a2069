"""The admin at /admin/: everything that only staff can reach. A leaf: nothing public imports it.

Read `site` and its `navigation`, then `base` (what every model's admin has in common) and `edit_view`, the page on
which a row is edited: it hands one `form_request.FormRequest` to `edit_conflicts` and to what each model adds. `forms`
and `slugs` are the forms; `lists`, `exports` and `reordering` the lists; then a folder for each job, `resources` first.
`desk_search` and `public_pages` lead to a row from anywhere (`urls`). `unsaved` is a middleware.
"""

from . import guides, reader_reports, site_identity, site_texts, users, vocabulary, zero_results
from .audit import entries
from .dashboard import front_page
from .help_lines import changes, help_line_admin
from .imports import import_admin
from .resources import resource_admin
from .taxonomy import publisher_admin, section_admin, taxonomy_admin

__all__ = [
    "changes",
    "entries",
    "front_page",
    "guides",
    "help_line_admin",
    "import_admin",
    "publisher_admin",
    "reader_reports",
    "resource_admin",
    "section_admin",
    "site_identity",
    "site_texts",
    "taxonomy_admin",
    "users",
    "vocabulary",
    "zero_results",
]
