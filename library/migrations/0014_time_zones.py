"""Any time zone of the world, and more places for the short name."""

from django.db import migrations, models

import library.models.site_identity


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0013_length"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="siteidentity",
            name="site_identity_time_zone_known",
        ),
        migrations.AlterField(
            model_name="siteidentity",
            name="short_name",
            field=models.CharField(
                blank=True,
                help_text=(
                    "Used where space is tight: home screens, passkeys, authenticator apps, and browsers’ search "
                    "engine lists. Up to 16 characters."
                ),
                max_length=16,
                verbose_name="short name",
            ),
        ),
        migrations.AlterField(
            model_name="siteidentity",
            name="time_zone",
            field=models.CharField(
                blank=True,
                help_text="Sets when days begin, and the times curators see and enter.",
                max_length=40,
                validators=[library.models.site_identity.validate_time_zone],
                verbose_name="time zone",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteidentity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("time_zone", ""), ("time_zone__regex", "^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$"), _connector="OR"
                ),
                name="site_identity_time_zone_form",
            ),
        ),
    ]
