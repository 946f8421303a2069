"""Links by the moment at which they were last checked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0036_link_uses")]

    operations = [
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("unused_since__isnull", True)), fields=["-looked_at"], name="link_looked_at"
            ),
        ),
    ]
