"""What a feed calls an episode is kept when its draft is deleted, so that a draft that is recovered is known again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0034_days_of_looks")]

    operations = [
        migrations.AlterField(
            model_name="feedepisode",
            name="resource",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="feed_episodes",
                to="library.resource",
            ),
        ),
        # Back again, those without an entry would be refused.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "DELETE FROM library_feedepisode WHERE resource_id NOT IN (SELECT id FROM library_resource)",
        ),
    ]
