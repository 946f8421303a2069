"""Copies of lost pages: where they are, and whether the archive is asked for them."""

import django.db.models.deletion
from django.db import migrations, models

import library.models.days
import library.models.web_address
from library.db.sql_files import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0030_numbers_of_help_lines"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("none", "The Internet Archive has no copy of it that we could use."),
                            ("seen", "There’s a copy in case the page is lost."),
                            ("verified", "We compared it: it’s the same page."),
                            ("unclear", "We couldn’t compare it with the page. Open it and decide."),
                            ("approved", "A curator says it’s right."),
                            ("declined", "A curator says it’s wrong, so readers don’t get it."),
                            ("by-hand", "Added by a curator."),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "address",
                    library.models.web_address.WebAddressField(
                        blank=True, max_length=2000, verbose_name="address of the copy"
                    ),
                ),
                (
                    "taken_on",
                    models.DateField(
                        blank=True,
                        null=True,
                        validators=[library.models.days.validate_past_day],
                        verbose_name="taken on",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "copy of a link’s page",
                "verbose_name_plural": "copies of links’ pages",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="resource",
            name="copy_taken_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="copy taken on"),
        ),
        migrations.AddField(
            model_name="resource",
            name="copy_url",
            field=library.models.web_address.WebAddressField(
                blank=True, editable=False, max_length=2000, verbose_name="preserved copy"
            ),
        ),
        migrations.AddField(
            model_name="siteidentity",
            name="asks_archive",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "We look for copies of the pages you link to at archive.org, and offer one to readers when a page "
                    "is gone or shows something else. The Internet Archive, another organization, then learns the "
                    "addresses in your published entries. It learns nothing about drafts, and nothing about readers "
                    "until they open a copy."
                ),
                verbose_name="ask the Internet Archive for copies",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("copy_taken_on__isnull", True), models.Q(("copy_url", ""), _negated=True), _connector="OR"
                ),
                name="resource_copy_day_with_address",
            ),
        ),
        migrations.AddField(
            model_name="linkcopy",
            name="link",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="copy", to="library.link"
            ),
        ),
        migrations.AddIndex(
            model_name="linkcopy",
            index=models.Index(
                condition=models.Q(("standing__in", ["verified", "approved", "by-hand"])),
                fields=["link"],
                name="copy_offered",
            ),
        ),
        migrations.AddIndex(
            model_name="linkcopy",
            index=models.Index(fields=["next_at"], name="copy_due"),
        ),
        migrations.AddConstraint(
            model_name="linkcopy",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing", "none"), models.Q(("address", ""), _negated=True), _connector="OR"),
                name="copy_has_an_address",
            ),
        ),
        RunSqlFile("library_forget_check"),
    ]
