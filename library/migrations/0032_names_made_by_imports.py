"""Which publishers and tags an import has made, so that undoing it takes them back too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0031_former_values_kept")]

    operations = [
        migrations.AddField(model_name="fileimport", name="made_publishers", field=models.JSONField(default=list)),
        migrations.AddField(model_name="fileimport", name="made_tags", field=models.JSONField(default=list)),
    ]
