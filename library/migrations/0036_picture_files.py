"""The bytes of pictures, which were files. Each host copies its own at its start (`library.media.storage`)."""

from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual


class Migration(migrations.Migration):
    dependencies = [("library", "0035_feed_episodes_kept")]

    operations = [
        migrations.CreateModel(
            name="PictureFile",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
            ],
            options={
                "verbose_name": "picture file",
                "verbose_name_plural": "picture files",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[a-z0-9]{4,12}-[0-9a-f]{16}\\.webp$")),
                        name="picture_file_name_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            GreaterThan(Length("content"), 0), LessThanOrEqual(Length("content"), 32000)
                        ),
                        name="picture_file_size",
                    ),
                ],
            },
        ),
    ]
