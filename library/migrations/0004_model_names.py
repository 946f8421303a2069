"""The names of today for models that older libraries list by former names: whoever had a right keeps it.

Tables and columns keep their names in the database.
"""

from django.db import migrations

# The model in content types and rights, before and now, and what people read of it in the names of rights.
_NAMES = (
    ("change", "pendingchange", "change", "pending change"),
    ("entryuse", "opencount", "use of an entry", "open count"),
    ("formmark", "ratelimitcounter", "form mark", "rate limit counter"),
    ("missedday", "zeroresultday", "day of a word that found nothing", "day of a word that found nothing"),
    ("missedword", "zeroresultterm", "word that found nothing", "word that found nothing"),
)
_RENAME_RIGHTS = """
UPDATE auth_permission
SET codename = replace(codename, '_' || %s, '_' || %s), name = replace(name, ' ' || %s, ' ' || %s)
WHERE content_type_id = (SELECT id FROM django_content_type WHERE app_label = 'library' AND model = %s)"""
_RENAME_MODEL = """
UPDATE django_content_type SET model = %s WHERE app_label = 'library' AND model = %s"""


class Migration(migrations.Migration):
    dependencies = [("library", "0003_history")]

    operations = [
        migrations.RunSQL(
            [(_RENAME_RIGHTS, [was, now, was_read, read, was]), (_RENAME_MODEL, [now, was])], migrations.RunSQL.noop
        )
        for was, now, was_read, read in _NAMES
    ]
