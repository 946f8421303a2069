"""Functions, triggers, a view: the rules that hold on every path that writes, admin, import, shell and raw SQL.

Why triggers: a rule spans tables (the name in use, the names of before), which no constraint can say; a resource is
searched by words of other rows too; and `update()` never calls `save`. Their text is in `library/db/sql/`.
"""

from django.db import migrations

from library.db.sql_files import RunSqlFile

# Each after those that it is made with. `0005_audience` makes `library_facets_of`, which reads its column.
FUNCTIONS = [
    "library_fold",
    "library_words",
    "library_address_words",
    "library_settle_search",
    "library_bits_of",
    "library_settle_facets",
    "library_settle",
    "library_settle_edit",
    "library_note_edit",
    "library_note_links",
    "library_note_name",
    "library_note_resources",
    "library_give_slot",
    "library_forget_check",
    "library_keep_resource_slug",
    "library_keep_section_anchor",
    "library_keep_value",
    "library_refuse_hidden_resource",
    "library_refuse_hidden_section",
    "library_refuse_lost_anchor",
    "library_refuse_lost_resource",
    "library_refuse_new_ref",
    "library_refuse_taken_alias",
]
TABLES = [
    "category",
    "crisisterm",
    "edit",
    "formerslug",
    "formervalue",
    "helpline",
    "page",
    "picture",
    "publisher",
    "resource",
    "resource_categories",
    "section",
    "sectionalias",
    "series",
    "synonymgroup",
    "tag",
    "taggedresource",
]
OTHERS = ["library_missedword", "library_facetblock_storage"]
GONE = f"""
DROP VIEW library_missedword;
DROP FUNCTION IF EXISTS library_facets_of;
DROP FUNCTION {", ".join(FUNCTIONS)} CASCADE;
"""


class Migration(migrations.Migration):
    # The first one of the former chain stands for this one, which comes last: none is taken for done before it is.
    replaces = [("library", "0001_initial")]
    dependencies = [("library", "0001_schema")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, GONE),
        # The files of today write it (`0018_import_ahead`).
        migrations.RunSQL(
            "ALTER TABLE library_libraryversion ADD COLUMN IF NOT EXISTS names_changed bigint NOT NULL DEFAULT 0",
            migrations.RunSQL.noop,
        ),
        *(RunSqlFile(name) for name in FUNCTIONS),
        *(RunSqlFile(f"library_{table}_triggers") for table in TABLES),
        *(RunSqlFile(name) for name in OTHERS),
        # The row that transactions queue for is there from the start.
        migrations.RunSQL("SELECT library_settle()", migrations.RunSQL.noop),
    ]
