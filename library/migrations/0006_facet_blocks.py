"""Transcripts; a place for the bits that facets are counted from; indexes that every filter's list is read by."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import library.models.upkeep

SLOTS = """
CREATE FUNCTION library_give_slot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.section_id = OLD.section_id THEN
            NEW.slot := OLD.slot;
            RETURN NEW;
        END IF;
    END IF;
    PERFORM 1 FROM library_section WHERE id = NEW.section_id FOR NO KEY UPDATE;
    SELECT coalesce(max(slot) + 1, 0) INTO NEW.slot FROM library_resource WHERE section_id = NEW.section_id;
    RETURN NEW;
END $$;
UPDATE library_resource SET slot = place.slot
    FROM (SELECT id, row_number() OVER (PARTITION BY section_id ORDER BY id) - 1 AS slot FROM library_resource) AS place
    WHERE place.id = library_resource.id;
CREATE TRIGGER resource_slot BEFORE INSERT OR UPDATE OF section_id, slot ON library_resource
    FOR EACH ROW EXECUTE FUNCTION library_give_slot();
"""
NO_SLOTS = """
DROP TRIGGER resource_slot ON library_resource;
DROP FUNCTION library_give_slot();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0005_address_key")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField()),
                ("noun", models.CharField(max_length=10)),
                ("key", models.BigIntegerField()),
                ("slot", models.PositiveIntegerField(default=0)),
            ],
            options={"verbose_name": "change", "verbose_name_plural": "changes"},
        ),
        migrations.CreateModel(
            name="Edit",
            fields=[("transaction", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"verbose_name": "edit", "verbose_name_plural": "edits"},
        ),
        migrations.CreateModel(
            name="FacetBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facet", models.CharField(max_length=10)),
                ("value", models.CharField(max_length=20)),
                ("block", models.PositiveIntegerField()),
                ("bits", library.models.upkeep.BitsField()),
                ("total", models.PositiveIntegerField()),
                (
                    "section",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facet_blocks",
                        to="library.section",
                    ),
                ),
            ],
            options={"verbose_name": "facet block", "verbose_name_plural": "facet blocks"},
        ),
        migrations.CreateModel(
            name="LibraryVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(default=0)),
            ],
            options={"verbose_name": "version of the library", "verbose_name_plural": "versions of the library"},
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(fields=["transaction", "noun", "key", "slot"], name="change_noted_once"),
        ),
        migrations.AddConstraint(
            model_name="libraryversion",
            constraint=models.CheckConstraint(condition=Q(pk=1), name="library_version_single"),
        ),
        migrations.AddIndex(
            model_name="facetblock",
            index=models.Index(fields=["block"], name="facet_block_empty", condition=Q(total=0)),
        ),
        migrations.AddConstraint(
            model_name="facetblock",
            constraint=models.UniqueConstraint(
                fields=["section", "facet", "value", "block"], include=["total"], name="facet_block_unique"
            ),
        ),
        migrations.RemoveConstraint(model_name="resource", name="resource_only_podcast_has_its_fields"),
        migrations.AddField(
            model_name="resource",
            name="transcript",
            field=models.TextField(
                blank=True,
                help_text="What is said, as plain text with an empty line between paragraphs; at most a million "
                "characters. It is searched, and has a page of its own.",
                max_length=1000000,
                validators=[django.core.validators.MaxLengthValidator(1000000)],
                verbose_name="transcript",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=Q(kind="podcast")
                | Q(
                    ("series__isnull", True),
                    ("speaker", ""),
                    ("speaker_affiliation", ""),
                    ("host", ""),
                    ("running_minutes__isnull", True),
                    ("audio_url", ""),
                    ("audio_bytes__isnull", True),
                    ("transcript_url", ""),
                    ("transcript", ""),
                ),
                name="resource_only_podcast_has_its_fields",
                violation_error_message="These fields belong to another kind of resource.",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="publisher",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who made it. Leave it empty when it is not known.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="resources",
                to="library.publisher",
                verbose_name="publisher",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                "publisher",
                F("published_on").desc(nulls_last=True),
                F("id").desc(),
                name="resource_publisher_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index("listed_at", name="resource_listed", condition=Q(state="published")),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                "access",
                F("published_on").desc(nulls_last=True),
                F("id").desc(),
                name="resource_access_newest",
                condition=Q(state="published"),
            ),
        ),
        # Which resource has which bit.
        migrations.AddField(
            model_name="resource",
            name="slot",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(SLOTS, NO_SLOTS),
        migrations.AlterField(
            model_name="resource",
            name="slot",
            field=models.PositiveIntegerField(blank=True, editable=False),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(fields=["section", "slot"], name="resource_slot_unique"),
        ),
    ]
