"""What leads to a link besides the address of an entry, and moves from behind a counter that is gone."""

import django.db.models.deletion
from django.db import migrations, models

import library.models.web_address
from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0035_search_words_anew"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("resource.audio_url", "Audio"),
                            ("resource.transcript_url", "Transcript"),
                            ("series.url", "Series"),
                            ("publisher.url", "Publisher"),
                            ("helpline.url", "Help line"),
                            ("helpline.source_url", "Where a help line was verified"),
                            ("helpline.chat_url", "Help line’s chat"),
                        ],
                        max_length=30,
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("address", library.models.web_address.WebAddressField(max_length=2000, verbose_name="address")),
                (
                    "word",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unsure", "Hasn’t opened lately"),
                            ("back", "Opens again, but may have changed"),
                            ("dead", "Gone"),
                            ("changed", "Shows something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since", models.DateField(blank=True, null=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="library.link"
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a link",
                "verbose_name_plural": "uses of links",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("field", "object_id"), name="link_use_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("since__isnull", True), ("word", "")),
                            models.Q(models.Q(("word", ""), _negated=True), ("since__isnull", False)),
                            _connector="OR",
                        ),
                        name="link_use_word_with_day",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="linkmove",
            name="is_counter",
            field=models.BooleanField(default=False),
        ),
        RunSqlFile("library_linkuse_triggers"),
    ]
