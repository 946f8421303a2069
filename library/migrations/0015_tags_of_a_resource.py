"""The tags of many resources are read from an index alone; those of the two columns on their own were doubles."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0014_time_zones"),
    ]

    operations = [
        migrations.AlterField(
            model_name="taggedresource",
            name="content_object",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tagged_items",
                to="library.resource",
            ),
        ),
        migrations.AlterField(
            model_name="taggedresource",
            name="tag",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tagged_items",
                to="library.tag",
            ),
        ),
        migrations.AddIndex(
            model_name="taggedresource",
            index=models.Index(fields=["content_object", "tag"], name="tags_of_resource"),
        ),
    ]
