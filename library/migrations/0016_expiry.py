"""The end of a listing: a date like its beginning, which every list reads, so that nobody has to withdraw on time."""

from django.db import migrations, models
from django.db.models import F, OrderBy, Q

PUBLISHED = Q(state="published")
NEWEST_FIRST = OrderBy(F("published_on"), descending=True, nulls_last=True)
# As before, and with the new date: without it the rows would have to be read.
INDEXES = [
    models.Index(
        NEWEST_FIRST,
        OrderBy(F("id"), descending=True),
        name="resource_newest_listed",
        condition=PUBLISHED,
        include=["listed_at", "expires_at"],
    ),
    models.Index(
        F("section"),
        NEWEST_FIRST,
        F("position"),
        name="resource_section_newest_listed",
        condition=PUBLISHED,
        include=["id", "listed_at", "expires_at"],
    ),
    models.Index(
        fields=["section", "position"],
        name="resource_section_order",
        condition=PUBLISHED,
        include=["id", "listed_at", "expires_at"],
    ),
]


class Migration(migrations.Migration):
    dependencies = [("library", "0015_strip_for_every_place")]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="expires_at",
            field=models.DateTimeField(
                blank=True,
                help_text="From this moment on it is withdrawn by itself. Empty: until somebody withdraws it.",
                null=True,
                verbose_name="listed until",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("listed_at")) | Q(listed_at__isnull=True),
                name="resource_expires_after_listing",
                violation_error_message="The end of the listing comes after its beginning.",
            ),
        ),
        *(migrations.RemoveIndex(model_name="resource", name=index.name) for index in INDEXES),
        *(migrations.AddIndex(model_name="resource", index=index) for index in INDEXES),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                F("expires_at"), name="resource_expires", condition=PUBLISHED & Q(expires_at__isnull=False)
            ),
        ),
    ]
