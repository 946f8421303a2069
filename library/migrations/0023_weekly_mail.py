"""Which curators want the weekly mail, and when each got it last."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("library", "0022_needs_indexed")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="wants_digest",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Once a week, what needs attention, by mail. Nothing is sent in a week in which nothing does. Each "
                    "curator can change this on the page “Weekly mail”."
                ),
                verbose_name="weekly mail",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="digest_sent_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="weekly mail last sent on"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=Q(wants_digest=False) | ~Q(email=""),
                name="user_digest_with_address",
                violation_error_message="The weekly mail needs an e-mail address to go to.",
            ),
        ),
    ]
