"""The order of a section without its drafts: the unique index of all places has them too, however many there are."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("library", "0012_reader_reports")]

    operations = [
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                fields=["section", "position"],
                name="resource_section_order",
                condition=Q(state="published"),
                include=["id", "listed_at"],
            ),
        ),
    ]
