"""The audit log and the versions of rows in tables of the library's own, with what older libraries had of both.

Those had revisions and versions in the tables of django-reversion, and beside a revision what was done, its deed. One
without a deed is a baseline. All keep their ids, which stand in addresses.
"""

import django.db.models.deletion
import django.db.models.fields.json
from django.conf import settings
from django.db import migrations, models

# Each statement takes a whole table, which may have millions of rows. Its constraints and indexes come afterwards.
_TAKE_OVER = """
DO $$
DECLARE gone bigint[];
BEGIN
    IF to_regclass('reversion_revision') IS NULL THEN
        RETURN;
    END IF;

    INSERT INTO library_auditentry (id, created_at, user_id, kind, entity_type_id, object_id, subject, total, comment)
    SELECT r.id, r.date_created, r.user_id, d.kind, d.about_id, d.object_id, d.subject, d.total, r.comment
    FROM reversion_revision AS r JOIN library_deed AS d ON d.revision_id = r.id;

    INSERT INTO library_auditentry (id, created_at, user_id, kind, entity_type_id, object_id, subject, total, comment)
    SELECT r.id, r.date_created, r.user_id, 'baseline', v.entity_type_id,
        CASE WHEN v.total = 1 THEN v.object_id END, CASE WHEN v.total = 1 THEN left(v.label, 300) ELSE '' END,
        v.total, r.comment
    FROM reversion_revision AS r JOIN (
        SELECT revision_id, min(content_type_id) AS entity_type_id, min(object_id)::bigint AS object_id,
            min(object_repr) AS label, count(*) AS total
        FROM reversion_version AS o WHERE NOT EXISTS (SELECT FROM library_deed AS d WHERE d.revision_id = o.revision_id)
        GROUP BY revision_id
    ) AS v ON v.revision_id = r.id;

    INSERT INTO library_version (id, entry_id, entity_type_id, object_id, label, data)
    SELECT id, revision_id, content_type_id, object_id::bigint, object_repr,
        (serialized_data::jsonb -> 0) - 'model' - 'pk'
    FROM reversion_version;

    PERFORM setval(pg_get_serial_sequence('library_auditentry', 'id'), max(id)) FROM library_auditentry;
    PERFORM setval(pg_get_serial_sequence('library_version', 'id'), max(id)) FROM library_version;
    DROP TABLE library_deed, reversion_version, reversion_revision;

    UPDATE auth_permission SET codename = replace(codename, '_deed', '_auditentry'),
        name = replace(name, 'deed', 'audit entry')
    WHERE content_type_id = (SELECT id FROM django_content_type WHERE app_label = 'library' AND model = 'deed');
    UPDATE django_content_type SET model = 'auditentry' WHERE app_label = 'library' AND model = 'deed';

    gone := ARRAY(
        SELECT p.id FROM auth_permission AS p JOIN django_content_type AS t ON t.id = content_type_id
        WHERE app_label = 'reversion');
    DELETE FROM auth_group_permissions WHERE permission_id = ANY(gone);
    DELETE FROM library_user_user_permissions WHERE permission_id = ANY(gone);
    DELETE FROM auth_permission WHERE id = ANY(gone);
    DELETE FROM django_content_type WHERE app_label = 'reversion';
    DELETE FROM django_migrations WHERE app = 'reversion';
    SET CONSTRAINTS ALL IMMEDIATE;
END
$$"""


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("library", "0002_database_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("deleted", "Deleted"),
                            ("restored", "Restored an older version"),
                            ("recovered", "Recovered after a deletion"),
                            ("imported", "Imported"),
                            ("moved", "Changed the order"),
                            ("baseline", "As it was before the next change"),
                        ],
                        max_length=9,
                        verbose_name="action",
                    ),
                ),
                (
                    "object_id",
                    models.BigIntegerField(
                        help_text="For a single row; blank if there were several.",
                        null=True,
                        verbose_name="item ID",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        help_text="For a single row; blank if there were several.",
                        max_length=300,
                        verbose_name="name",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=1, verbose_name="how many")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                (
                    "entity_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="item type",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.BigIntegerField()),
                ("label", models.TextField()),
                ("data", models.JSONField()),
                (
                    "entity_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="library.auditentry"
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "default_permissions": (),
            },
        ),
        migrations.RunSQL("SET LOCAL statement_timeout TO 0", migrations.RunSQL.noop),
        migrations.RunSQL(_TAKE_OVER, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["entity_type", "-id"], name="audit_entry_of_a_model"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["user", "-id"], name="audit_entry_of_a_person"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(condition=models.Q(("kind", "deleted")), fields=["-id"], name="audit_entry_deletions"),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["added", "changed", "deleted", "restored", "recovered", "imported", "moved", "baseline"],
                    )
                ),
                name="audit_entry_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform(
                    "name",
                    django.db.models.fields.json.KeyTextTransform(
                        "picture_file", django.db.models.fields.json.KeyTextTransform("fields", "data")
                    ),
                ),
                condition=models.Q(("data__fields__picture_file__name__isnull", False)),
                name="version_picture",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("entity_type", "object_id", "entry"), name="version_once_in_an_entry"
            ),
        ),
    ]
