"""Whether the Internet Archive is to keep pages that it has no copy of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0031_link_copies"),
    ]

    operations = [
        migrations.AddField(
            model_name="siteidentity",
            name="saves_to_archive",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Asks the Internet Archive to keep pages it has no copy of from the last year. Everyone can then "
                    "see them there. Works once whoever runs the site has set ARCHIVE_KEY."
                ),
                verbose_name="have pages kept there",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteidentity",
            constraint=models.CheckConstraint(
                condition=models.Q(("saves_to_archive", False), ("asks_archive", True), _connector="OR"),
                name="site_identity_asks_before_it_saves",
                violation_error_message="To have pages kept, turn on asking the Internet Archive, too.",
            ),
        ),
    ]
