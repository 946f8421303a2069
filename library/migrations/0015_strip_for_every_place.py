"""A line of one place cannot stand at the top of every page: elsewhere nobody would answer."""

from django.db import migrations, models
from django.db.models import Q

_TAKE_DOWN = "UPDATE library_helpline SET in_strip = false WHERE in_strip AND place <> ''"


class Migration(migrations.Migration):
    dependencies = [("library", "0014_words_of_access")]

    operations = [
        migrations.RunSQL(_TAKE_DOWN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=Q(place="") | Q(in_strip=False),
                name="help_line_in_strip_is_for_every_place",
                violation_error_message="Only a line for the whole country can stand at the top of every page.",
            ),
        ),
    ]
