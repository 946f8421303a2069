"""What needs a curator's attention is few rows of many: found without reading all of them for a number."""

from django.db import migrations, models
from django.db.models import Q

PUBLISHED = Q(state="published")


class Migration(migrations.Migration):
    dependencies = [("library", "0021_missed_words")]

    operations = [
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                models.F("review_by"),
                name="resource_review_due",
                condition=PUBLISHED & Q(review_by__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                models.F("id"), name="resource_without_summary", condition=PUBLISHED & Q(summary="", body="")
            ),
        ),
    ]
