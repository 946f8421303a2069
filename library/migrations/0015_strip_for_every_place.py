"""What cannot stand at the top of every page: a line of one place, of some hours, or with words behind its number."""

from django.db import migrations, models
from django.db.models import Q

_TAKE_DOWN = """
    UPDATE library_helpline SET in_strip = false
    WHERE in_strip AND (place <> '' OR availability <> 'always' OR call_note <> '' OR text_word <> ''
                        OR (call_number = '' AND text_number = ''))"""


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
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=Q(availability="always") | Q(in_strip=False),
                name="help_line_in_strip_is_always_open",
                violation_error_message="Only a line that is open at any hour can stand at the top of every page.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=models.CheckConstraint(
                condition=(~Q(call_number="", text_number="") & Q(call_note="", text_word="")) | Q(in_strip=False),
                name="help_line_in_strip_has_plain_numbers",
                violation_error_message=(
                    "The top of every page has room for a number to call or to text, and for no words behind it."
                ),
            ),
        ),
    ]
