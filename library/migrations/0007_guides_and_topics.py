"""Guides in the place of best bets, a page for each category, and an order of categories that curators set."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone
from django.utils.text import slugify

import library.models.days
from library.db.sql_files import RunSqlFile

# What people need comes first, incidents last; categories of a library's own follow by name.
_ORDER = """
    UPDATE library_category SET position = place FROM (
        SELECT id, coalesce(array_position(known, slug::text), cardinality(known) + row_number() OVER (ORDER BY name))
        FROM library_category, (SELECT ARRAY[
            'suicide-prevention', 'mental-health-care', 'trauma-ptsd', 'substance-use', 'resilience-stress',
            'fatigue-shift-work', 'peer-support', 'family-wellness', 'dispatchers', 'career-workforce',
            'physical-health', 'leadership-culture', 'ethics-procedural-justice', 'casualty-care', 'roadway-safety',
            'lodd-near-miss', 'assaults-tactical-safety', 'demonstrations-crowds', 'critical-incidents'
        ]) AS in_order (known)
    ) AS placed (id, place) WHERE library_category.id = placed.id;
    SET CONSTRAINTS ALL IMMEDIATE;
"""
# What was done to best bets stays in the audit log, without versions of rows that no model has any more.
_RENAME = """
DO $$
DECLARE former integer := (SELECT id FROM django_content_type WHERE app_label = 'library' AND model = 'bestbet');
BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    DELETE FROM library_version WHERE entity_type_id = former;
    UPDATE library_auditentry SET object_id = NULL WHERE entity_type_id = former;
    IF NOT EXISTS (SELECT FROM django_content_type WHERE app_label = 'library' AND model = 'guide') THEN
        UPDATE auth_permission
        SET codename = replace(codename, 'bestbet', 'guide'), name = replace(name, 'best bet', 'guide')
        WHERE content_type_id = former;
        UPDATE django_content_type SET model = 'guide' WHERE id = former;
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
END
$$"""

_GONE = "DROP FUNCTION library_keep_guide_slug, library_refuse_hidden_guide CASCADE"


def guides_of_best_bets(apps, schema_editor):
    """For all words that had best bets a guide of that name with the same entries; a draft where readers see none."""
    guides = apps.get_model("library", "Guide").objects
    best_bets = apps.get_model("library", "BestBet").objects
    groups, slugs, now = {}, set(), timezone.now()
    for bet in best_bets.select_related("resource").order_by("folded", "position", "id"):
        groups.setdefault(bet.folded, []).append(bet)
    for folded, bets in groups.items():
        wish = slugify(bets[0].words)[:90] or "guide"
        slug = next(name for number in range(1, 10_000) if (name := _numbered(wish, number)) not in slugs)
        slugs.add(slug)
        is_shown = any(_is_shown(bet.resource, now) for bet in bets)
        guides.create(
            title=bets[0].words,
            slug=slug,
            phrases="\n".join(dict.fromkeys(bet.words for bet in bets)),
            folded=[folded],
            resources="\n".join(f"{bet.resource.ref} {bet.resource.title}" for bet in bets),
            state="published" if is_shown else "draft",
        )


def _numbered(wish, number):
    return wish if number == 1 else f"{wish}-{number}"


def _is_shown(resource, now):
    has_ended = resource.expires_at is not None and resource.expires_at <= now
    return resource.state == "published" and resource.listed_at <= now and not has_ended


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0006_search_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guide",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "title",
                    models.CharField(
                        help_text="The situation, e.g. “After a shooting”.", max_length=120, verbose_name="title"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text=(
                            "The last part of the web address: /guides/…/. If you change it, the old address leads "
                            "to the new one."
                        ),
                        max_length=100,
                        verbose_name="URL name",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text=(
                            "Up to 150 words on what this guide is for and what’s in it. Link each claim to its "
                            "source. Markdown: **bold**, - lists, [words](https://address)."
                        ),
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="note",
                    ),
                ),
                ("note_html", models.TextField(blank=True, editable=False)),
                (
                    "phrases",
                    models.TextField(
                        blank=True,
                        help_text=(
                            "One per line, e.g. “can’t sleep”. The guide’s card appears above the results of any "
                            "search that includes one. Capitals, accents, and punctuation make no "
                            "difference."
                        ),
                        max_length=10000,
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="phrases that find it",
                    ),
                ),
                (
                    "folded",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), blank=True, default=list, editable=False, size=None
                    ),
                ),
                (
                    "resources",
                    models.TextField(
                        blank=True,
                        help_text=(
                            "One per line, in the order readers see them: paste the web address of the entry’s "
                            "page here, or its short code. The title is added when you save. Readers don’t see "
                            "drafts or withdrawn entries."
                        ),
                        max_length=10000,
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="resources in order",
                    ),
                ),
                (
                    "help_lines_first",
                    models.BooleanField(
                        default=False,
                        help_text="Puts them above the note. For anything close to a crisis.",
                        verbose_name="show the help lines first",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft (curators only)"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "withdrawn_reason",
                    models.CharField(
                        blank=True,
                        help_text="Readers who follow an old link see this sentence. Say where to look instead.",
                        max_length=300,
                        verbose_name="reason for withdrawal",
                    ),
                ),
                (
                    "reviewed_on",
                    models.DateField(
                        blank=True,
                        help_text="Shown to readers.",
                        null=True,
                        validators=[library.models.days.validate_past_day],
                        verbose_name="reviewed on",
                    ),
                ),
                (
                    "reviewer",
                    models.CharField(
                        blank=True,
                        help_text="Name and profession. Shown to readers.",
                        max_length=120,
                        verbose_name="reviewed by",
                    ),
                ),
                ("review_by", models.DateField(blank=True, null=True, verbose_name="next review by")),
                (
                    "former_slugs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(db_index=False, max_length=100),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                (
                    "categories",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The guide appears on each one’s page.",
                        related_name="guides",
                        to="library.category",
                        verbose_name="categories",
                    ),
                ),
                (
                    "help_lines",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Those that take calls about this.",
                        related_name="guides",
                        to="library.helpline",
                        verbose_name="help lines",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Who looks after it. Authors can edit only their own drafts.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "related",
                    models.ManyToManyField(blank=True, to="library.guide", verbose_name="related guides"),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
            ],
            options={
                "verbose_name": "guide",
                "verbose_name_plural": "guides",
                "ordering": ("title", "id"),
            },
        ),
        migrations.AlterField(
            model_name="category",
            name="scope",
            field=models.CharField(
                blank=True,
                help_text="One sentence on what belongs here. Readers see it on the topic’s page.",
                max_length=200,
                verbose_name="what belongs here",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="slug",
            field=models.SlugField(
                db_index=False,
                help_text=(
                    "The last part of the web address: /topics/peer-support/. If you change it, the old address "
                    "leads to the new one."
                ),
                max_length=60,
                verbose_name="URL name",
            ),
        ),
        migrations.AddConstraint(
            model_name="guide",
            constraint=models.UniqueConstraint(
                fields=("slug",),
                name="guide_slug_unique",
                violation_error_code="unique",
                violation_error_message="Another guide has this URL name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="guide",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "published", "withdrawn"])), name="guide_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="guide",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("withdrawn_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="guide_withdrawn_with_reason",
                violation_error_message="Enter a reason. Readers who follow an old link will see it.",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="position",
            field=models.PositiveIntegerField(blank=True, default=0, editable=False, verbose_name="place"),
            preserve_default=False,
        ),
        migrations.RunSQL(_ORDER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("position",),
                name="category_position_unique",
            ),
        ),
        migrations.RunPython(guides_of_best_bets, migrations.RunPython.noop),
        migrations.RunSQL(_RENAME, migrations.RunSQL.noop),
        migrations.DeleteModel(name="BestBet"),
        migrations.RunSQL(migrations.RunSQL.noop, _GONE),
        RunSqlFile("library_keep_guide_slug"),
        RunSqlFile("library_refuse_hidden_guide"),
        RunSqlFile("library_guide_triggers"),
        RunSqlFile("library_guide_categories_triggers"),
        RunSqlFile("library_guide_help_lines_triggers"),
        RunSqlFile("library_guide_related_triggers"),
    ]
