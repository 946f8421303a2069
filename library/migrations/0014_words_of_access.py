"""What a resource may ask for: an agency's e-mail address is not the only proof that somebody is an officer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0013_section_order")]

    operations = [
        migrations.AlterField(
            model_name="resource",
            name="access",
            field=models.CharField(
                choices=[
                    ("unchecked", "Access not checked yet"),
                    ("open", "Open to everyone, no sign-in"),
                    ("account", "Asks for an account"),
                    ("agency-email", "Asks for an agency e-mail or a verified law-enforcement account"),
                ],
                default="unchecked",
                max_length=12,
                verbose_name="access",
            ),
        ),
    ]
