"""How many times the step of an import was begun: one that ends the program each time is given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0037_missed_words_hashed")]

    operations = [
        migrations.AddField(
            model_name="fileimport",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
