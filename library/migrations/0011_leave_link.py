"""The link off a page is called “Leave this site”."""

from django.db import migrations

import library.models.web_address


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0010_identity_from_texts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="siteidentity",
            name="leave_url",
            field=library.models.web_address.WebAddressField(
                blank=True,
                help_text="A page anyone might have open. Leave blank for the weather (weather.gov).",
                max_length=2000,
                verbose_name="where “Leave this site” leads",
            ),
        ),
    ]
