"""The groups of a resource's form: what every entry needs first, the rest folded, and what the bar of buttons holds."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from library.admin.publication import PANEL
from library.models import Resource
from library.models.resource.kinds import FIELDS_OF_KIND, Kind

from .columns import older_addresses, opened_recently, short_link
from .pictures import picture_group
from .previews import LinkForOthers, preview_group

HEADINGS = {
    Kind.COURSE: _("Course details"),
    Kind.PODCAST: _("Episode details"),
    Kind.REVIEW: _("Review details"),
    Kind.FORUM: _("Forum details"),
}
# Fields of one kind that share a line, and those that few entries need.
_LINES = (
    ("course_length", "course_format"),
    ("speaker", "speaker_affiliation"),
    ("host", "running_minutes"),
    ("incident", "place"),
    ("incident_date", "agency"),
    ("authors", "pages"),
)
_RARE = ("audio_bytes", "transcript_url", "transcript")
_ACCESS_HELP = _("Shown before the link, so no one hits a sign-in page by surprise.")
_DRAFT = _("You can delete a draft; you can only withdraw what readers have seen.")
_SCHEDULED = _("Until it goes live, you can make it a draft again.")
_PUBLISHED = _("Readers have seen this entry, so it can’t be deleted and its links keep working. You can withdraw it.")
_WITHDRAWN = _("This entry isn’t listed anywhere. Old links show its title, the date, and your reason.")
_WITHDRAWAL = _(
    "Removes the entry from every list and search. Its links still work: they open a page with its title, the date, "
    "your reason, and a link to its replacement, if you name one. You can publish it again later."
)
_PERMANENT = _("These never change. The short link is the best one to print or send.")

_LINKS = (short_link, older_addresses, "updated_at")

Group = tuple[Any, dict[str, Any]]


def groups_of(
    kind: Kind, resource: Resource | None, *, link: LinkForOthers, may_change: bool, may_assign: bool, may_publish: bool
) -> list[Group]:
    """The common fields and those of this kind; without what is only for those who may do more."""
    dates = ("published_on", "published_precision")
    basics = ("title", "url", "summary", ("section", "kind"), "categories", "tags", "publisher", dates)
    about = ("audience", ("language", "country"), "credit", "keywords", "slug")
    usual, rare = _lines_of(kind)
    return [
        (_("Basics"), {"fields": basics}),
        *([(HEADINGS[kind], {"fields": usual})] if usual else []),
        *([_folded(_("File and transcript"), rare)] if rare else []),
        _folded(_("Audience, language, and search words"), about),
        _access_of(resource),
        picture_group(resource, may_change=may_change),
        _review_of(resource, may_assign=may_assign),
        *(preview_group(resource, link) if resource is not None and may_change else []),
        *publication_of(resource, may_publish=may_publish),
        *([] if resource is None else [_folded(_("Permanent links"), _LINKS, description=_PERMANENT)]),
    ]


def publication_of(resource: Resource | None, *, may_publish: bool) -> list[Group]:
    """What readers see of it, and from when; for what they can see, the way out of the lists."""
    name, withdrawal, dates = _("Publication"), ("withdrawn_reason", "successor"), ("listed_at", "expires_at")
    state = None if resource is None else resource.state
    if resource is not None and state == Resource.State.WITHDRAWN:
        return [(name, {"fields": ("state", *withdrawal, dates), "description": _WITHDRAWN})]
    if resource is None or not is_permanent(resource):
        text = _DRAFT if resource is None or state == Resource.State.DRAFT else _SCHEDULED
        if may_publish:
            return [_in_bar(_("Schedule"), ("state", *dates), text)]
        return [_folded(name, ("state", dates), description=text)]
    shown = _folded(name, ("state", dates), is_open=resource.expires_at is not None, description=_PUBLISHED)
    if may_publish:
        return [shown, _in_bar(_("Withdraw"), withdrawal, _WITHDRAWAL)]
    return [shown, _folded(_("Withdraw"), withdrawal)]


def is_permanent(resource: Resource) -> bool:
    """Whether the database refuses to delete it: readers have seen it."""
    return resource.is_listed(timezone.now())


def _folded(name: Any, fields: Iterable[Any], *, is_open: bool = False, description: Any = "") -> Group:
    """A group of which the name alone is seen until somebody opens it; `is_open` where it holds what matters."""
    return name, {"fields": tuple(fields), "classes": () if is_open else ("collapse",), "description": description}


def _in_bar(name: Any, fields: Iterable[Any], description: Any) -> Group:
    return name, {"fields": tuple(fields), "classes": (PANEL,), "description": description}


def _lines_of(kind: Kind) -> tuple[list[Any], list[str]]:
    """The fields of this kind alone, some of them in one line; and those that few entries need."""
    usual: list[Any] = []
    for name in FIELDS_OF_KIND[kind]:
        line = next((line for line in _LINES if name in line), name)
        if name not in _RARE and line not in usual:
            usual.append(line)
    return usual, [name for name in FIELDS_OF_KIND[kind] if name in _RARE]


def _access_of(resource: Resource | None) -> Group:
    is_open = resource is not None and bool(resource.access_note or resource.content_note)
    fields = ("access", "access_note", "content_note")
    return _folded(_("Access and content notes"), fields, is_open=is_open, description=_ACCESS_HELP)


def _review_of(resource: Resource | None, *, may_assign: bool) -> Group:
    fields: list[Any] = [("reviewed_on", "review_by"), ("link_state", "link_checked_on")]
    if resource is None:
        return _folded(_("Review"), fields)
    is_due = resource.review_by is not None and resource.review_by < timezone.localdate()
    return _folded(_("Review"), [*(["owner"] if may_assign else []), *fields, opened_recently], is_open=is_due)
