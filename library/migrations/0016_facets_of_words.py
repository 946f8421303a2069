"""What words find is counted from what stands beside them: the values of the facets of each resource."""

import django.contrib.postgres.fields
from django.db import migrations, models

from library.db.sql_files import RunSqlFile

_FACETS = django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0015_tags_of_a_resource"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddField(model_name="searchwords", name="facets", field=_FACETS)],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE library_searchwords ADD COLUMN IF NOT EXISTS facets text[] NOT NULL DEFAULT '{}'",
                    "ALTER TABLE library_searchwords DROP COLUMN facets",
                )
            ],
        ),
        RunSqlFile("library_facets_of"),
        RunSqlFile("library_settle_search"),
        migrations.RunSQL("SET LOCAL statement_timeout TO 0", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            UPDATE library_searchwords AS kept SET facets = own.pairs
            FROM (
                SELECT id, array_agg(facet || '=' || value ORDER BY facet, value) AS pairs
                FROM library_facets_of(ARRAY(SELECT id FROM library_resource)) GROUP BY id
            ) AS own
            WHERE kept.resource_id = own.id AND kept.facets <> own.pairs
            """,
            migrations.RunSQL.noop,
        ),
    ]
