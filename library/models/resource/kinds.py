"""The five kinds of resource, and which fields only one of them can have.

To add a field to a kind, say to podcasts:

1. Give `Resource` the column (`model.py`), `blank=True` for text and `null=True` for anything else, and name it in
   `FIELDS_OF_KIND`, and in `_NULL_WHEN_EMPTY` unless it is text.
2. `manage.py makemigrations library -n episode_language`, then `ruff format library/migrations`. The form, the history
   and the rule that other kinds leave it empty follow.
3. Readers see it through a line in `templates/library/_facts.html`. In lists: `with_card_relations` in `queryset.py`,
   then `pages/cards.py`. For machines: `pages/json_ld.py`. For searches: `db/sql/library_settle_search.sql` and
   `library_note_resources.sql`, as in `search/filters.py`.

To add a kind, add it to `Kind`, and to `PLURALS`, `FIELDS_OF_KIND`, `SCHEMA_TYPES` (`pages/json_ld.py`), `SENTENCES`
(`admin/resources/form.py`), the headings of `admin/resources/fieldsets.py` and of `admin/dashboard/coverage.py`, and
`db/sql/library_settle_search.sql`; a test names those that are missing. Lists and facets follow.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COURSE = "course", _("Course")
    PODCAST = "podcast", _("Podcast episode")
    REVIEW = "review", _("Critical incident review")
    FORUM = "forum", _("Forum")
    SITE = "site", _("Website")


# The words for several of one kind, as they stand within a title.
PLURALS = {
    Kind.COURSE: _("courses"),
    Kind.PODCAST: _("podcast episodes"),
    Kind.REVIEW: _("critical incident reviews"),
    Kind.FORUM: _("forums"),
    Kind.SITE: _("websites"),
}

# Fields of one kind alone. The admin shows them for that kind, the database keeps them empty for all others.
FIELDS_OF_KIND: dict[Kind, tuple[str, ...]] = {
    Kind.COURSE: ("course_length", "course_format"),
    Kind.PODCAST: (
        "series",
        "speaker",
        "speaker_affiliation",
        "host",
        "running_minutes",
        "audio_url",
        "audio_bytes",
        "transcript_url",
        "transcript",
    ),
    Kind.REVIEW: ("incident", "place", "incident_date", "agency", "authors", "pages"),
    Kind.FORUM: ("body",),
    Kind.SITE: (),
}
_NULL_WHEN_EMPTY = {"series", "running_minutes", "audio_bytes", "pages"}


def only_for(kind: Kind) -> models.CheckConstraint:
    """The constraint that keeps the fields of `kind` empty in a resource of any other kind."""
    empty = Q()
    for field in FIELDS_OF_KIND[kind]:
        empty &= Q(**{f"{field}__isnull": True}) if field in _NULL_WHEN_EMPTY else Q(**{field: ""})
    return models.CheckConstraint(
        condition=Q(kind=kind.value) | empty,
        name=f"resource_only_{kind.value}_has_its_fields",
        violation_error_message=_("These fields are for another kind of resource."),
    )
