"""Every resource has its address in a second form too, by which an import finds whatever leads to the same page."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from library.models.web_address import address_key

BATCH = 500


def fill(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Resources of before, a batch at a time."""
    resources = apps.get_model("library", "Resource")._base_manager
    rows = []
    for row in resources.exclude(url="").only("url").iterator(chunk_size=BATCH):
        row.address_key = address_key(row.url)
        rows.append(row)
        if len(rows) == BATCH:
            resources.bulk_update(rows, ["address_key"])
            rows = []
    resources.bulk_update(rows, ["address_key"])


class Migration(migrations.Migration):
    dependencies = [("library", "0004_named_constraints")]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="address_key",
            field=models.CharField(blank=True, editable=False, max_length=400),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index("address_key", "id", name="resource_address_key", condition=~models.Q(address_key="")),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
