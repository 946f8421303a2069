"""The curators' words for searching: synonyms, crisis words, best bets. Readers see a change of them at once."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import LessThanOrEqual

TABLES = ["synonymgroup", "crisisterm", "bestbet"]
EDITS = "\n".join(
    f"CREATE TRIGGER {table}_version_noted AFTER INSERT OR UPDATE OR DELETE ON library_{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION library_note_edit();"
    for table in TABLES
)
NO_EDITS = "\n".join(f"DROP TRIGGER {table}_version_noted ON library_{table};" for table in TABLES)

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
FOLDED = ("folded", models.CharField(blank=True, editable=False))


class Migration(migrations.Migration):
    dependencies = [("library", "0007_search_and_facets")]

    operations = [
        migrations.CreateModel(
            name="SynonymGroup",
            fields=[
                ID,
                (
                    "name",
                    models.CharField(
                        help_text="What they are all about, e.g. “PTSD”. Only curators see it.",
                        max_length=60,
                        verbose_name="name",
                    ),
                ),
                (
                    "terms",
                    models.TextField(
                        help_text="One per line, 2 to 20 of them, in small or capital letters. A reader who types one "
                        "of them finds entries with any of them. Singular and plural need not both be there, but "
                        "“post-traumatic” and “posttraumatic” do.",
                        max_length=1500,
                        validators=[django.core.validators.MaxLengthValidator(1500)],
                        verbose_name="words that mean the same",
                    ),
                ),
            ],
            options={
                "verbose_name": "group of synonyms",
                "verbose_name_plural": "groups of synonyms",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="CrisisTerm",
            fields=[
                ID,
                (
                    "term",
                    models.CharField(
                        help_text="As somebody in distress, or worried about somebody, would type it, e.g. “want to "
                        "die”. Their search shows the help lines first. Slips in words of five letters and more are "
                        "understood; other ways to write a short word are entered on their own, e.g. “wanna die”.",
                        max_length=60,
                        verbose_name="word or words",
                    ),
                ),
                (
                    "lookalikes",
                    models.CharField(
                        blank=True,
                        help_text="With spaces between, e.g. “homeless” for “hopeless”: whoever types one of these "
                        "has not misspelled it.",
                        max_length=200,
                        verbose_name="words that only look like it",
                    ),
                ),
                FOLDED,
            ],
            options={"verbose_name": "crisis word", "verbose_name_plural": "crisis words", "ordering": ("folded",)},
        ),
        migrations.CreateModel(
            name="BestBet",
            fields=[
                ID,
                (
                    "words",
                    models.CharField(
                        help_text="All that a reader types, e.g. “peer support”. The entry is then shown above all "
                        "others. Capitals, accents, hyphens and quotes make no difference; other or more words do.",
                        max_length=100,
                        verbose_name="search words",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Shown while readers can see it; a draft or a withdrawn entry is left out.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="best_bets",
                        to="library.resource",
                        verbose_name="resource",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Where the same words have several entries, small numbers come first.",
                        verbose_name="place",
                    ),
                ),
                FOLDED,
            ],
            options={
                "verbose_name": "best bet",
                "verbose_name_plural": "best bets",
                "ordering": ("folded", "position", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="synonymgroup",
            constraint=models.UniqueConstraint(
                Lower("name"),
                name="synonym_group_name_unique",
                violation_error_message="There is a group of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="synonymgroup",
            constraint=models.CheckConstraint(
                condition=Q(terms__contains="\n"),
                name="synonym_group_has_two_terms",
                violation_error_message="Give at least two, one per line.",
            ),
        ),
        migrations.AddConstraint(
            model_name="synonymgroup",
            constraint=models.CheckConstraint(
                condition=LessThanOrEqual(Length("terms"), 1500),
                name="synonym_group_length",
                violation_error_message="All terms together may have 1,500 characters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="crisisterm",
            constraint=models.UniqueConstraint(
                fields=["folded"],
                name="crisis_term_unique",
                violation_error_message="This is there already, perhaps with other signs or capitals.",
            ),
        ),
        migrations.AddConstraint(
            model_name="crisisterm",
            constraint=models.CheckConstraint(
                condition=~Q(folded=""),
                name="crisis_term_has_a_word",
                violation_error_message="Give at least one letter or digit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bestbet",
            constraint=models.UniqueConstraint(
                fields=["folded", "resource"],
                name="best_bet_once",
                violation_error_message="This entry is a best bet for these words already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bestbet",
            constraint=models.CheckConstraint(
                condition=~Q(folded=""),
                name="best_bet_has_a_word",
                violation_error_message="Give at least one letter or digit.",
            ),
        ),
        migrations.AddIndex(model_name="bestbet", index=models.Index(fields=["resource"], name="best_bet_resource")),
        migrations.RunSQL(EDITS, NO_EDITS),
    ]
