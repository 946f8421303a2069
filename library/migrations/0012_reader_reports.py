"""What readers may tell the curators, and what bounds how much of it comes in an hour."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import library.models.web_address


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0011_help_line_cards"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=40)),
                ("number", models.PositiveSmallIntegerField()),
                ("until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "form mark",
                "verbose_name_plural": "form marks",
                "indexes": [models.Index(fields=["until"], name="form_mark_until")],
                "constraints": [models.UniqueConstraint(fields=("mark",), name="form_mark_unique")],
            },
        ),
        migrations.CreateModel(
            name="ReaderReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("problem", "Problem"), ("suggestion", "Suggestion")],
                        editable=False,
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("dead-link", "The link does not work"),
                            ("wrong-link", "The link leads somewhere else"),
                            ("wrong-fact", "Something here is wrong"),
                            ("distressing", "It is distressing, and there is no note that says so"),
                            ("other", "Something else"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="what is wrong",
                    ),
                ),
                (
                    "address",
                    library.models.web_address.WebAddressField(
                        blank=True, editable=False, max_length=2000, verbose_name="suggested address"
                    ),
                ),
                ("name", models.CharField(blank=True, editable=False, max_length=300, verbose_name="what it is")),
                (
                    "words",
                    models.CharField(blank=True, editable=False, max_length=1000, verbose_name="the reader’s words"),
                ),
                (
                    "received_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, editable=False, verbose_name="received on"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "Open"), ("done", "Done"), ("dismissed", "Dismissed")],
                        default="new",
                        help_text="Done: you did what it asks for. Dismissed: there is nothing to do. Nobody is told.",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="What you found or did, e.g. “Moved; new address entered.” Readers never see it.",
                        max_length=1000,
                        verbose_name="note for curators",
                    ),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="closed on")),
                (
                    "closed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reader_reports",
                        to="library.resource",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "reader report",
                "verbose_name_plural": "reader reports",
                "ordering": ("-state", "-id"),
                "indexes": [
                    models.Index(fields=["-state", "-id"], name="reader_report_open_first"),
                    models.Index(fields=["resource"], name="reader_report_resource"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("address", ""),
                                ("kind", "problem"),
                                ("name", ""),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind", "suggestion"),
                                ("reason", ""),
                                ("resource__isnull", True),
                                models.Q(("address", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reader_report_of_one_kind",
                        violation_error_message="A problem has a reason, a suggestion an address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["", "dead-link", "wrong-link", "wrong-fact", "distressing", "other"])
                        ),
                        name="reader_report_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", "other"), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reader_report_other_in_words",
                        violation_error_message="Say in a few words what is wrong.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "done", "dismissed"])),
                        name="reader_report_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True), ("state", "new")),
                            models.Q(models.Q(("state", "new"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="reader_report_closed_with_moment",
                        violation_error_message="A closed report has the moment of that; an open one has none.",
                    ),
                ],
            },
        ),
    ]
