"""What searches find more: audiences, languages, section titles, one-way synonyms, help lines by other words."""

import django.core.validators
from django.db import migrations, models

from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0005_audience"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="synonymgroup",
            name="synonym_group_has_two_terms",
        ),
        migrations.AddField(
            model_name="crisisterm",
            name="about",
            field=models.CharField(
                choices=[
                    ("self", "Themselves, or no one in particular"),
                    ("other", "Someone else"),
                    ("loss", "A death by suicide"),
                ],
                default="self",
                max_length=5,
                verbose_name="speaks of",
            ),
        ),
        migrations.AddField(
            model_name="helpline",
            name="search_words",
            field=models.CharField(
                blank=True,
                help_text=("Other words people might search for. Its name, place, numbers, and audience already work."),
                max_length=200,
                verbose_name="search words",
            ),
        ),
        migrations.AddField(
            model_name="synonymgroup",
            name="finds",
            field=models.TextField(
                blank=True,
                help_text=(
                    "One per line: words that a search for these also finds, but not the other way around. "
                    "“Flashbacks” finds “PTSD”; a common misspelling finds the right word."
                ),
                max_length=1500,
                validators=[django.core.validators.MaxLengthValidator(1500)],
                verbose_name="also finds",
            ),
        ),
        migrations.AlterField(
            model_name="synonymgroup",
            name="terms",
            field=models.TextField(
                help_text=(
                    "One per line, up to 20. A search for one finds entries with any of them. You don’t need both "
                    "singular and plural, or spellings with and without a hyphen."
                ),
                max_length=1500,
                validators=[django.core.validators.MaxLengthValidator(1500)],
                verbose_name="synonyms",
            ),
        ),
        migrations.AddConstraint(
            model_name="crisisterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ["self", "other", "loss"])), name="crisis_term_about_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="synonymgroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("terms__contains", "\n"), models.Q(("finds", ""), _negated=True), _connector="OR"),
                name="synonym_group_has_two_terms",
                violation_error_message="Enter at least two, one per line, or something that one also finds.",
            ),
        ),
        # The file of today keeps facets beside the words (`0016_facets_of_words`).
        migrations.RunSQL(
            "ALTER TABLE library_searchwords ADD COLUMN IF NOT EXISTS facets text[] NOT NULL DEFAULT '{}'",
            migrations.RunSQL.noop,
        ),
        # The files of today write it (`0018_import_ahead`).
        migrations.RunSQL(
            "ALTER TABLE library_libraryversion ADD COLUMN IF NOT EXISTS names_changed bigint NOT NULL DEFAULT 0",
            migrations.RunSQL.noop,
        ),
        RunSqlFile("library_address_words"),
        RunSqlFile("library_facets_of"),
        RunSqlFile("library_bits_of"),
        RunSqlFile("library_settle_facets"),
        RunSqlFile("library_settle_search"),
        RunSqlFile("library_note_resources"),
        RunSqlFile("library_settle"),
        RunSqlFile("library_section_triggers"),
        migrations.RunSQL("SET LOCAL statement_timeout TO 0", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            INSERT INTO library_change (transaction, noun, key, slot)
                SELECT txid_current(), 'resource', id, 0 FROM library_resource;
            SELECT library_settle();
            """,
            migrations.RunSQL.noop,
        ),
    ]
