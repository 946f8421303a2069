"""Which episodes of a podcast's feed have become entries."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0026_help_line_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedEpisode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guid", models.CharField(help_text="What the feed calls it, for ever.", max_length=500)),
                (
                    "resource",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed_episodes",
                        to="library.resource",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed_episodes",
                        to="library.series",
                    ),
                ),
            ],
            options={
                "verbose_name": "episode of a feed",
                "verbose_name_plural": "episodes of feeds",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "guid"),
                        name="feed_episode_once",
                        violation_error_message="This episode was taken from the feed before.",
                    ),
                    models.UniqueConstraint(
                        fields=("resource",),
                        name="feed_episode_of_one_entry",
                        violation_error_message="This entry was made of another episode.",
                    ),
                ],
            },
        ),
    ]
