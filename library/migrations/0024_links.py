"""Links, and what checks have found of them, apart from the entries that have them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import library.models.days
import library.models.web_address
from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0023_published_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=400)),
                ("address", library.models.web_address.WebAddressField(max_length=2000, verbose_name="address")),
                ("host", models.CharField(max_length=253, verbose_name="host")),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("unchecked", "Not checked yet"),
                            ("alive", "Works"),
                            ("moved", "Moved"),
                            ("unsure", "Not sure"),
                            ("dead", "Gone"),
                            ("changed", "Shows something else"),
                            ("back", "Opens again, but may have changed"),
                        ],
                        default="unchecked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("signature", models.CharField(blank=True, max_length=300)),
                ("since", models.DateTimeField(null=True, verbose_name="since")),
                ("looked_at", models.DateTimeField(null=True, verbose_name="last checked")),
                ("next_at", models.DateTimeField(verbose_name="next check")),
                ("evidence", models.JSONField(default=dict)),
                ("before", models.JSONField(null=True)),
                ("page", models.JSONField(default=dict)),
                ("etag", models.CharField(blank=True, max_length=200)),
                ("modified", models.CharField(blank=True, max_length=100)),
                ("unused_since", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LinkChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("changed_at", models.DateTimeField()),
                ("before", models.CharField(max_length=10)),
                ("after", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name": "change of a link",
                "verbose_name_plural": "changes of links",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LinkHost",
            fields=[
                ("name", models.CharField(max_length=253, primary_key=True, serialize=False)),
                ("free_at", models.DateTimeField(null=True)),
                ("gap", models.FloatField(default=0)),
                ("robots", models.TextField(blank=True)),
                ("robots_at", models.DateTimeField(null=True)),
                ("robots_failing_since", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "host",
                "verbose_name_plural": "hosts",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LinkLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("looked_at", models.DateTimeField()),
                ("signal", models.CharField(max_length=30)),
                ("reason", models.CharField(max_length=60)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("fault", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name": "check",
                "verbose_name_plural": "checks",
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="resource",
            name="resource_link_state_known",
        ),
        migrations.AlterField(
            model_name="resource",
            name="link_checked_on",
            field=models.DateField(
                blank=True,
                editable=False,
                null=True,
                validators=[library.models.days.validate_past_day],
                verbose_name="link checked on",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="link_state",
            field=models.CharField(
                choices=[
                    ("unchecked", "Not checked yet"),
                    ("alive", "Works"),
                    ("moved", "Moved"),
                    ("insecure", "Works, with a certificate warning"),
                    ("walled", "Blocks checks"),
                    ("robots", "Asks checkers to stay out"),
                    ("unsure", "Hasn’t opened lately"),
                    ("back", "Opens again, but may have changed"),
                    ("dead", "Gone"),
                    ("changed", "Shows something else"),
                ],
                default="unchecked",
                editable=False,
                max_length=10,
                verbose_name="link",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                condition=models.Q(
                    ("state", "published"), ("link_state__in", ["moved", "unsure", "back", "dead", "changed"])
                ),
                fields=["link_state"],
                name="resource_link_attention",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "link_state__in",
                        [
                            "unchecked",
                            "alive",
                            "moved",
                            "insecure",
                            "walled",
                            "robots",
                            "unsure",
                            "back",
                            "dead",
                            "changed",
                        ],
                    )
                ),
                name="resource_link_state_known",
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="confirmed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="linkchange",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="library.link"
            ),
        ),
        migrations.AddField(
            model_name="linklook",
            name="link",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="looks", to="library.link"
            ),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(condition=models.Q(("unused_since__isnull", True)), fields=["next_at"], name="link_due"),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["host"], name="link_host"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(fields=("key",), name="link_key_unique"),
        ),
        migrations.AddIndex(
            model_name="linklook",
            index=models.Index(fields=["link", "-looked_at"], name="look_of_link"),
        ),
        RunSqlFile("library_forget_check"),
        RunSqlFile("library_resource_triggers"),
    ]
