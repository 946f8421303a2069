"""The groups of a resource's form, in the order in which a person thinks, with a sentence where one helps."""

from typing import Any

from django.contrib import admin
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.models import Resource
from library.models.resource.kinds import FIELDS_OF_KIND, Kind

from .columns import older_addresses, opened_recently, short_link
from .pictures import picture_group
from .previews import LinkForOthers, preview_group

# The button that saves the form and takes the entry out of the lists.
WITHDRAW = "_withdraw"

HEADINGS = {
    Kind.COURSE: _("Course details"),
    Kind.PODCAST: _("Episode details"),
    Kind.REVIEW: _("Review details"),
    Kind.FORUM: _("Forum details"),
}
_FINDING_HELP = _("Where it appears and how people find it.")
_ACCESS_HELP = _("Shown before the link, so no one hits a sign-in page by surprise.")
_DRAFT = _("Only curators can see drafts. You can delete a draft; you can only withdraw what readers have seen.")
_SCHEDULED = _("Goes live at the time below. Until then, you can make it a draft again or delete it.")
_PUBLISHED = _("Readers have seen this entry, so it can’t be deleted and its links keep working. You can withdraw it.")
_WITHDRAWN = _(
    "This entry isn’t listed anywhere. Old links show its title, the date, and your reason. To bring it back, set "
    "the state to “Published”."
)
_WITHDRAWAL = _(
    "Removes the entry from every list and search. Nothing is deleted and no link breaks: its web address, short "
    "link, and printed codes open a page with its title, the date, your reason, and a link to its replacement, if "
    "you name one. You can publish it again later."
)
_PERMANENT = _("These never change. The short link is the best one to print or send.")

Group = tuple[Any, dict[str, Any]]


def groups_of(
    kind: Kind, resource: Resource | None, *, link: LinkForOthers, may_change: bool, may_assign: bool, may_publish: bool
) -> list[Group]:
    """The common fields and those of this kind; without what is only for those who may do more."""
    own: list[Group] = [(HEADINGS[kind], {"fields": FIELDS_OF_KIND[kind]})] if FIELDS_OF_KIND[kind] else []
    made = ("publisher", "credit", ("published_on", "published_precision"), ("language", "country"))
    right: list[Any] = [("reviewed_on", "review_by"), ("link_state", "link_checked_on")]
    if resource is not None:
        right = [*(["owner"] if may_assign else []), *right, opened_recently]
    groups: list[Group] = [
        (_("Basics"), {"fields": ("kind", "title", "summary")}),
        *own,
        (_("Link"), {"fields": ("url",)}),
        (_("Publisher and date"), {"fields": made}),
        (
            _("Finding it"),
            {"fields": ("section", "categories", "tags", "audience", "keywords", "slug"), "description": _FINDING_HELP},
        ),
        (
            _("Access and content notes"),
            {"fields": ("access", "access_note", "content_note"), "description": _ACCESS_HELP},
        ),
        picture_group(resource, may_change=may_change),
        (_("Review"), {"fields": right}),
        *([preview_group(resource, link)] if resource is not None and may_change else []),
        *publication_of(resource, may_publish=may_publish),
    ]
    if resource is not None:
        permanent = (short_link, older_addresses, "updated_at")
        groups.append((_("Permanent links"), {"fields": permanent, "description": _PERMANENT}))
    return groups


def publication_of(resource: Resource | None, *, may_publish: bool) -> list[Group]:
    """What readers see of it, and from when; for what they can see, the way out of the lists."""
    name, withdrawal, dates = _("Publication"), ("withdrawn_reason", "successor"), ("listed_at", "expires_at")
    state = None if resource is None else resource.state
    if state == Resource.State.WITHDRAWN:
        return [(name, {"fields": ("state", *withdrawal, dates), "description": _WITHDRAWN})]
    if resource is None or state != Resource.State.PUBLISHED:
        return [(name, {"fields": ("state", dates), "description": _DRAFT})]
    if not is_permanent(resource):
        return [(name, {"fields": ("state", dates), "description": _SCHEDULED})]
    fields = (*withdrawal, withdraw_now) if may_publish else withdrawal
    return [
        (name, {"fields": ("state", dates), "description": _PUBLISHED}),
        (_("Withdraw"), {"fields": fields, "description": _WITHDRAWAL}),
    ]


@admin.display(description=_("withdraw"))
def withdraw_now(_resource: Resource) -> SafeString:
    """The button belongs to the form: whatever else was typed is saved with it."""
    return format_html(
        '<button type="submit" name="{}" value="1">{}</button>', WITHDRAW, gettext("Save and withdraw this entry")
    )


def with_button(sent: QueryDict) -> QueryDict:
    """What was sent, with the button as the state that it stands for: seen, asked about and kept as one chosen."""
    if WITHDRAW not in sent:
        return sent
    data = sent.copy()
    del data[WITHDRAW]
    data["state"] = Resource.State.WITHDRAWN
    return data


def is_permanent(resource: Resource) -> bool:
    """Whether the database refuses to delete it: readers have seen it."""
    return resource.is_listed(timezone.now())
