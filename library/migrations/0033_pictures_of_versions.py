"""Which pictures the history names, found by their names: their files stay."""

from django.db import migrations

FOUND = """
CREATE INDEX reversion_version_picture ON reversion_version
    ((serialized_data::jsonb #>> '{0,fields,picture_file,name}'))
    WHERE serialized_data::jsonb #>> '{0,fields,picture_file,name}' IS NOT NULL;
"""
NOT_FOUND = "DROP INDEX reversion_version_picture;"


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0032_names_made_by_imports"),
        ("reversion", "0002_add_index_on_version_for_content_type_and_db"),
    ]

    operations = [migrations.RunSQL(FOUND, NOT_FOUND)]
