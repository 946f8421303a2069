"""The four groups: what each may do, and that making them again changes nothing."""

from io import StringIO
from itertools import pairwise

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from library.accounts.permissions import Role, make_groups, may_change, needs_second_factor
from library.models import User
from tests.admin.roles import make_person
from tests.factories import make_resource

pytestmark = pytest.mark.django_db


def rights_of(role: Role) -> set[str]:
    rights = Permission.objects.filter(group__name=role.value)
    return {f"{label}.{name}" for label, name in rights.values_list("content_type__app_label", "codename")}


def groups_output() -> str:
    call_command("make_groups", stdout=(out := StringIO()))
    return out.getvalue()


def test_the_command_makes_four_groups_once() -> None:
    assert groups_output() == "Made: Author, Editor, Publisher, Administrator.\n"
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
    assert groups_output() == "The groups are already correct.\n"


def test_the_command_puts_rights_right_and_leaves_other_groups_alone() -> None:
    make_groups()
    own = Group.objects.create(name="Night desk")
    own.permissions.set(Permission.objects.filter(codename="view_section"))
    Group.objects.get(name="Author").permissions.clear()

    assert groups_output() == "Permissions corrected: Author.\n"

    assert "library.add_resource" in rights_of(Role.AUTHOR)
    assert own.permissions.count() == 1


def test_each_role_may_do_what_the_one_before_may() -> None:
    make_groups()
    roles = list(Role)
    for lower, higher in pairwise(roles):
        assert rights_of(lower) < rights_of(higher), higher


def test_what_the_roles_differ_in() -> None:
    make_groups()
    author, editor, publisher, administrator = (rights_of(role) for role in Role)
    allowed = {f"library.{act}_{model}" for act in ("add", "change") for model in ("resource", "guide")}
    assert {name for name in author if "view_" not in name} == allowed
    assert "library.edit_every_resource" in editor - author
    assert "library.change_section" in editor - author
    assert "library.publish_resource" in publisher - editor
    deleting = {"library.delete_readerreport", "library.delete_zeroresultterm"}
    assert [{name for name in role if "delete_" in name} for role in (author, editor, publisher)] == [
        set(),
        deleting,
        deleting,
    ]
    assert {"library.delete_resource", "library.change_user", "auth.change_group"} <= administrator - publisher
    assert not any("user" in name for name in publisher)


def test_an_author_may_change_their_own_drafts_alone() -> None:
    author, other = make_person("author", Role.AUTHOR), make_person("other", Role.AUTHOR)
    assert may_change(author, make_resource("Own", state="draft", owner=author))
    assert not may_change(author, make_resource("Out", owner=author))
    assert not may_change(author, make_resource("Hers", state="draft", owner=other))
    assert not may_change(author, make_resource("Nobody's", state="draft"))


def test_an_editor_may_change_every_resource() -> None:
    editor = make_person("editor", Role.EDITOR)
    assert may_change(editor, make_resource("Out"))
    assert may_change(editor, make_resource("Nobody's", state="draft"))


def test_who_publishes_or_looks_after_people_needs_a_second_factor() -> None:
    needing = [role for role in Role if needs_second_factor(make_person(role.value.lower(), role))]
    assert needing == [Role.PUBLISHER, Role.ADMINISTRATOR]
    assert needs_second_factor(User.objects.create_superuser("first"))
