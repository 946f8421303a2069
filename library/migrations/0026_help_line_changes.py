"""Changes of help lines, each kept until a second person has looked at it."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0025_attempts"),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpLineChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("add", "New line"), ("change", "Change"), ("remove", "Removal")],
                        editable=False,
                        max_length=6,
                        verbose_name="what",
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=120, verbose_name="help line")),
                (
                    "values",
                    models.JSONField(
                        default=dict,
                        editable=False,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="new",
                    ),
                ),
                (
                    "former",
                    models.JSONField(
                        default=dict,
                        editable=False,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="before",
                    ),
                ),
                ("proposed_at", models.DateTimeField(editable=False, verbose_name="proposed on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waits for a second person"),
                            ("approved", "Approved by a second person"),
                            ("alone", "Published without a second person"),
                            ("dropped", "Dropped"),
                        ],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="decided on")),
                (
                    "reason",
                    models.CharField(
                        blank=True, editable=False, max_length=500, verbose_name="why without a second person"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="changes",
                        to="library.helpline",
                        verbose_name="help line",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a help line",
                "verbose_name_plural": "changes of help lines",
                "ordering": ("-id",),
                "permissions": [("approve_helplinechange", "Can approve changes of help lines that others proposed")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="help_line_change_second_person",
                        violation_error_message="Whoever proposed a change cannot approve it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_by", models.F("proposed_by")),
                                ("state", "alone"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "alone"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="help_line_change_alone_with_reason",
                        violation_error_message="Write down why nobody else could look at it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="help_line_change_decided_by_somebody",
                        violation_error_message="A decided change has somebody who decided it, and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "approved", "alone", "dropped"])),
                        name="help_line_change_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["add", "change", "remove"])),
                        name="help_line_change_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("line",),
                        name="help_line_change_one_at_a_time",
                        violation_error_message="Another change of this line waits already. Decide that one first.",
                    ),
                ],
            },
        ),
    ]
