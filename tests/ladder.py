"""Who may import whom: the rungs of the ladder, from below, and what is allowed besides. A test walks it."""

LADDER = {
    # Words and wire: no model.
    1: [
        "config.env",
        "config.hosts",
        "library.accounts.encryption",
        "library.db",
        "library.exports.columns",
        "library.help_lines.opening_hours",
        "library.identity.accent",
        "library.identity.icons",
        "library.identity.shared_file",
        "library.imports.column_plan",
        "library.imports.feed_process",
        "library.imports.feeds",
        "library.imports.markup",
        "library.imports.opendocument",
        "library.imports.readers",
        "library.imports.reference_lists",
        "library.imports.spreadsheet",
        "library.imports.tables",
        "library.imports.text_files",
        "library.imports.web_pages",
        "library.imports.xml_files",
        "library.links",
        "library.media.images",
        "library.media.uploads",
        "library.middleware.page_request",
        "library.middleware.trusted_proxies",
        "library.models.dates",
        "library.models.slugs",
        "library.pages.markdown",
        "library.pages.qr_codes",
        "library.search.pagination",
        "library.search.text_query",
        "library.search.vocabulary.spelling",
        "library.server.access_log",
        "library.server.lifeline",
        "library.server.programs",
        "library.server.worker",
    ],
    2: ["library.identity", "library.mail", "library.models"],
    # Questions and jobs.
    3: [
        "library.accounts.password_links",
        "library.accounts.permissions",
        "library.accounts.second_factor",
        "library.exports",
        "library.feedback",
        "library.help_lines",
        "library.history",
        "library.imports",
        "library.maintenance",
        "library.media",
        "library.pages",
        "library.search",
        "library.taxonomy",
        "library.usage",
    ],
    # Edges.
    4: [
        "library.accounts",
        "library.admin",
        "library.context_processors",
        "library.management",
        "library.middleware",
        "library.server.bootstrap",
        "library.server.deploy_checks",
        "library.server.scheduler",
        "library.server.web_server",
        "library.templatetags",
        "library.views",
    ],
    # Wiring.
    5: ["config.urls", "library.apps", "library.server", "library.urls"],
}
# What stands beside the ladder: read by Django, and by nothing of ours.
BESIDE = [
    "config.settings",
    "config.private_log",
    "config.static_storage",
    "config.embedded_postgres",
    "library.migrations",
]
# Within a rung, for a reason: a change of rows is kept in the history; a page shows help lines, what was found and what
# its words mean here; the identity is a row; what others wrote is made plain; a command is what runs the server.
SIDEWAYS = {
    ("library.accounts.second_factor", "library.accounts.permissions"),
    ("library.help_lines", "library.history"),
    ("library.identity", "library.models"),
    ("library.mail", "library.identity"),
    ("library.imports", "library.history"),
    ("library.imports", "library.taxonomy"),
    ("library.imports.column_plan", "library.exports.columns"),
    ("library.imports.feeds", "library.imports.markup"),
    ("library.imports.feeds", "library.imports.web_pages"),
    ("library.imports.markup", "library.pages.markdown"),
    ("library.imports.readers", "library.exports.columns"),
    ("library.imports.readers", "library.imports.column_plan"),
    ("library.imports.opendocument", "library.imports.spreadsheet"),
    ("library.imports.opendocument", "library.imports.tables"),
    ("library.imports.opendocument", "library.imports.xml_files"),
    ("library.imports.opendocument", "library.models.dates"),
    ("library.imports.readers", "library.imports.opendocument"),
    ("library.imports.readers", "library.imports.reference_lists"),
    ("library.imports.readers", "library.imports.spreadsheet"),
    ("library.imports.readers", "library.imports.tables"),
    ("library.imports.readers", "library.imports.text_files"),
    ("library.imports.readers", "library.imports.xml_files"),
    ("library.imports.reference_lists", "library.imports.tables"),
    ("library.imports.reference_lists", "library.imports.text_files"),
    ("library.imports.spreadsheet", "library.imports.tables"),
    ("library.imports.text_files", "library.imports.column_plan"),
    ("library.imports.text_files", "library.imports.tables"),
    ("library.imports.web_pages", "library.imports.markup"),
    ("library.imports.xml_files", "library.imports.markup"),
    ("library.imports.xml_files", "library.imports.tables"),
    ("library.links", "library.imports.markup"),
    ("library.maintenance", "library.search"),
    ("library.management", "library.server.bootstrap"),
    ("library.management", "library.server.web_server"),
    ("library.pages", "library.help_lines"),
    ("library.pages", "library.search"),
    ("library.pages.markdown", "library.search.text_query"),
    ("library.server.programs", "library.server.lifeline"),
    ("library.server.scheduler", "library.accounts"),
    ("library.server.web_server", "library.server.scheduler"),
    ("library.taxonomy", "library.history"),
    ("library.usage", "library.search"),
}
# What public pages do without. A command is a part of its leaf; the scheduler, with what starts it, is no page.
LEAVES = [
    "library.admin",
    "library.apps",
    "library.help_lines.approval",
    "library.history",
    "library.imports",
    "library.links",
    "library.mail",
    "library.maintenance",
    "library.server.bootstrap",
    "library.server.scheduler",
    "library.server.web_server",
    "library.taxonomy",
]
LEAVES += [
    f"library.accounts.{name}"
    for name in ("adapters", "attempts", "backend", "cleanup", "codes", "details", "devices", "forms", "middleware")
]
LEAVES += [
    f"library.accounts.{name}"
    for name in ("passkeys", "password_links", "passwords", "sessions", "trusted_devices", "urls", "views")
]
LEAVES += [
    f"library.management.commands.{name}"
    for name in (
        *(
            "backup",
            "check_links",
            "import_resources",
            "load_starting_content",
            "purge_history",
            "restore",
            "run_imports",
            "sbom",
        ),
        *("send_digest", "serve"),
    )
]
