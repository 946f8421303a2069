"""The database knows the kinds and states too: another word in one of these columns would break every list with it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("library", "0002_permanent_names")]

    operations = [
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=["course", "podcast", "review", "forum", "site"]), name="resource_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "withdrawn"]), name="resource_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=Q(access__in=["unchecked", "open", "account", "agency-email"]), name="resource_access_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=Q(link_state__in=["unchecked", "alive", "moved", "unsure", "dead", "changed"]),
                name="resource_link_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "withdrawn"]), name="section_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(condition=Q(order__in=["newest", "manual"]), name="section_order_known"),
        ),
    ]
