"""Who may do what: four roles as Django's groups, and the two questions that only a row can answer.

Author → Editor → Publisher → Administrator: each may do all that the one before may. A superuser is an administrator.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library.models import Guide, Resource

EDIT_EVERY = "library.edit_every_resource"
PUBLISH = "library.publish_resource"
IDENTITY = "library.change_siteidentity"


class Role(models.TextChoices):
    """The names of the groups. Their rights are the site's own; other groups are the administrators'."""

    AUTHOR = "Author", _("Author: adds resources and guides, and edits their own drafts")
    EDITOR = "Editor", _("Editor: edits every entry and list, but doesn’t publish")
    PUBLISHER = "Publisher", _("Publisher: also publishes and withdraws")
    ADMINISTRATOR = "Administrator", _("Administrator: everything, including people and deletions")


@dataclass(frozen=True)
class RolesMade:
    """The groups that were not there before, and those whose rights were put right."""

    made: list[str]
    changed: list[str]


def may_change(user: Any, row: Resource | Guide) -> bool:
    """Whether this person may change this resource or guide: any, or a draft of their own."""
    own = row.owner_id is not None and row.owner_id == user.pk
    return bool(user.has_perm(EDIT_EVERY)) or (own and row.state == "draft")


def needs_second_factor(user: Any) -> bool:
    """Whether what this person may do calls for more than a password: publishing, the identity, or people."""
    return any(user.has_perm(right) for right in (PUBLISH, IDENTITY, "library.change_user", "auth.change_group"))


def make_groups() -> RolesMade:
    """Have the four groups with exactly the rights of today; what is right already is left alone."""
    made, changed = [], []
    with transaction.atomic():
        for role in Role:
            group, is_new = Group.objects.get_or_create(name=role.value)
            rights = set(_rights_of(role).values_list("pk", flat=True))
            if rights != set(group.permissions.values_list("pk", flat=True)):
                group.permissions.set(rights)
                changed += [] if is_new else [role.value]
            made += [role.value] if is_new else []
    return RolesMade(made, changed)


def _rights_of(role: Role) -> models.QuerySet[Permission]:
    ours = Permission.objects.filter(content_type__app_label="library")
    # And who did what: administrators alone look at people.
    people = Q(content_type__model__in=["user", "auditentry"])
    # But for what editors are asked to delete once it is done with.
    deleting = Q(codename__startswith="delete_") & ~Q(codename__in=["delete_readerreport", "delete_zeroresultterm"])
    deciding = Q(codename__in=["publish_resource", "approve_helplinechange", "change_siteidentity"])
    match role:
        case Role.AUTHOR:
            seen = Q(codename__startswith="view_") & ~Q(codename="view_readerreport")
            return ours.filter(
                seen | Q(codename__in=["add_resource", "change_resource", "add_guide", "change_guide"])
            ).exclude(people)
        case Role.EDITOR:
            return ours.exclude(people | deleting | deciding)
        case Role.PUBLISHER:
            return ours.exclude(people | deleting)
        case Role.ADMINISTRATOR:
            everybody = Q(content_type__app_label="library") | Q(content_type__app_label="auth")
            return Permission.objects.filter(everybody)
