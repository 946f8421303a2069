"""Every rule of ours has a name, by which a refusal finds its words; and no column is indexed twice.

A violation of one that is about a single field has the code `unique`, with which forms show it beside that field.
"""

import django.core.validators
from django.db import migrations, models

FORM_OF_ANCHOR = django.core.validators.RegexValidator(
    "^[a-z][a-z0-9-]{1,60}$",
    "Use 2 to 61 small letters, digits and hyphens, beginning with a letter, e.g. online-training.",
)
PAGES = [
    ("library", "Library page (introduction)"),
    ("help", "Help lines (introduction)"),
    ("about", "About"),
    ("privacy", "Privacy"),
    ("accessibility", "Accessibility"),
    ("linking", "Linking to this library"),
]


def one_of_its_kind(name: str, field: str, message: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=(field,), name=name, violation_error_code="unique", violation_error_message=message
    )


class Migration(migrations.Migration):
    dependencies = [("library", "0003_known_values")]

    operations = [
        # Unnamed before, each with a second index for beginnings that nobody looks for.
        migrations.AlterField(
            model_name="formerslug",
            name="slug",
            field=models.SlugField(db_index=False, max_length=100, verbose_name="older address name"),
        ),
        migrations.AlterField(
            model_name="helpline", name="name", field=models.CharField(max_length=120, verbose_name="name")
        ),
        migrations.AlterField(
            model_name="page", name="name", field=models.CharField(choices=PAGES, max_length=20, verbose_name="page")
        ),
        migrations.AlterField(
            model_name="sectionalias",
            name="anchor",
            field=models.CharField(max_length=61, validators=[FORM_OF_ANCHOR], verbose_name="older anchor"),
        ),
        migrations.AddConstraint(
            model_name="formerslug",
            constraint=one_of_its_kind(
                "former_slug_unique", "slug", "This older address name leads to a resource already."
            ),
        ),
        migrations.AddConstraint(
            model_name="helpline",
            constraint=one_of_its_kind("help_line_name_unique", "name", "There is a help line of this name already."),
        ),
        migrations.AddConstraint(
            model_name="page", constraint=one_of_its_kind("page_name_unique", "name", "This page has its text already.")
        ),
        migrations.AddConstraint(
            model_name="sectionalias",
            constraint=one_of_its_kind(
                "section_alias_anchor_unique", "anchor", "This older anchor leads to a section already."
            ),
        ),
        # Indexed by their constraints.
        migrations.AlterField(
            model_name="category",
            name="slug",
            field=models.SlugField(
                db_index=False,
                help_text=(
                    "Stands in addresses: /resources/?category=peer-support. "
                    "Links of other sites use it, so leave it as it is."
                ),
                max_length=60,
                verbose_name="address name",
            ),
        ),
        migrations.AlterField(
            model_name="publisher",
            name="slug",
            field=models.SlugField(
                db_index=False,
                help_text="Stands in addresses: /resources/?publisher=copline. Leave it as it is once it is used.",
                max_length=80,
                verbose_name="address name",
            ),
        ),
        migrations.AlterField(
            model_name="series",
            name="slug",
            field=models.SlugField(
                db_index=False, help_text="Lower case, e.g. the-beat.", max_length=80, verbose_name="short name"
            ),
        ),
        # Only the code is new.
        migrations.AlterConstraint(
            model_name="category",
            name="category_slug_unique",
            constraint=one_of_its_kind("category_slug_unique", "slug", "Another category has this address name."),
        ),
        migrations.AlterConstraint(
            model_name="publisher",
            name="publisher_slug_unique",
            constraint=one_of_its_kind("publisher_slug_unique", "slug", "Another publisher has this address name."),
        ),
        migrations.AlterConstraint(
            model_name="resource",
            name="resource_slug_unique",
            constraint=one_of_its_kind(
                "resource_slug_unique", "slug", "Another resource has this address name. Add a year or a speaker to it."
            ),
        ),
        migrations.AlterConstraint(
            model_name="section",
            name="section_anchor_unique",
            constraint=one_of_its_kind("section_anchor_unique", "anchor", "Another section has this anchor."),
        ),
        migrations.AlterConstraint(
            model_name="series",
            name="series_slug_unique",
            constraint=one_of_its_kind("series_slug_unique", "slug", "Another series has this short name."),
        ),
    ]
