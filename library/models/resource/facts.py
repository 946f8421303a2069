"""Whom a resource is for, its language, its country, how long it runs: short lists of choices."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    OFFICER = "officer", _("Officers")
    FAMILY = "family", _("Families")
    DISPATCHER = "dispatcher", _("Dispatchers")
    SUPERVISOR = "supervisor", _("Supervisors")
    CHIEF = "chief", _("Chiefs")
    PEER_SUPPORTER = "peer-supporter", _("Peer supporters")
    RETIRED = "retired", _("Retired officers")
    CHAPLAIN = "chaplain", _("Chaplains")
    CLINICIAN = "clinician", _("Clinicians")


class Length(models.TextChoices):
    """How long a resource runs, where that is known, as `db/sql/library_facets_of.sql` has it."""

    SHORT = "under-20", _("Under 20 minutes")
    LONG = "20-or-more", _("20 minutes or longer")


class Language(models.TextChoices):
    """By ISO 639-1."""

    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    FRENCH = "fr", _("French")


class Country(models.TextChoices):
    """By ISO 3166-1."""

    AUSTRALIA = "AU", _("Australia")
    CANADA = "CA", _("Canada")
    IRELAND = "IE", _("Ireland")
    NEW_ZEALAND = "NZ", _("New Zealand")
    UNITED_KINGDOM = "GB", _("United Kingdom")
    UNITED_STATES = "US", _("United States")


class AudienceField(ArrayField):  # type: ignore[type-arg]
    """Any of `Audience`, as checkboxes in a form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {"base_field": models.CharField(max_length=14, choices=Audience), "default": list, "blank": True}
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {key: value for key, value in options.items() if key != "base_field"}

    def formfield(self, **options: Any) -> Any:
        return forms.TypedMultipleChoiceField(
            choices=Audience.choices,
            required=False,
            label=self.verbose_name,
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )
