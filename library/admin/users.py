"""The people who keep the library, and the groups that say what they may do."""

from functools import cached_property
from typing import Any

import allauth.account.admin  # registers rows of allauth's that nobody edits here
import allauth.mfa.admin
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField, ReadOnlyPasswordHashWidget, UserChangeForm
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from library.accounts.permissions import Role
from library.models import User

from .base import CuratedAdmin
from .dashboard.digest_page import mail_page
from .forms import CuratedForm, make_form_class
from .invitations import invite, invite_again

admin.site.unregister([Group, allauth.account.admin.EmailAddress, allauth.mfa.admin.Authenticator])
# What a superuser alone gives, and what an administrator gives too.
_HIGHEST = ("is_superuser", "user_permissions")
_RIGHTS = ("is_staff", "groups")


class PasswordSummary(ReadOnlyPasswordHashWidget):
    """Whether there is a password, and a button for another one; nothing of how it is kept."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        has_one = bool(value) and is_password_usable(value)
        text = gettext("Set. Nobody can see it.") if has_one else gettext("Not set.")
        return context | {"summary": [{"label": text}]}


class UserForm(CuratedForm, UserChangeForm):  # type: ignore[type-arg]
    """What is known of a person, and what they may do."""

    password = ReadOnlyPasswordHashField(label=_("Password"), widget=PasswordSummary)


class NewUserForm(CuratedForm):
    """Who is added. They choose their password themselves."""

    def clean_username(self) -> str:
        """As Django's own form: no name that another one has in other letters."""
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Someone has this username already."))
        return username


@admin.register(User)
class UserAdmin(CuratedAdmin, StockUserAdmin):  # type: ignore[type-arg]
    """Curators are not deleted but made inactive: what they did stays in the history."""

    form = UserForm
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "first_name", "last_name", "email")
    readonly_fields = ("last_login", "date_joined")
    add_form_template = None
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", ("first_name", "last_name"), "email", "groups"),
                "description": _(
                    "We’ll email them a link to choose a password. If we can’t, you’ll get the link to hand over."
                ),
            },
        ),
    )
    fieldsets = (
        (
            _("Name and email"),
            {"fields": ("username", "password", ("first_name", "last_name"), "email", "wants_digest", "wants_alerts")},
        ),
        (
            _("What they can do"),
            {
                "fields": ("is_active", "is_staff", "groups", "is_superuser", "user_permissions"),
                "description": _(
                    "When someone leaves, make them inactive. Don’t delete them, so the history still shows who did "
                    "what. To sign in here, a person needs “staff status”."
                ),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )

    @cached_property
    def new_form_class(self) -> type[CuratedForm]:
        """The form of somebody who is added: who they are, and what they may do."""
        return make_form_class(self, NewUserForm)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        return self.new_form_class if obj is None else self.form_class

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        again = require_POST(lambda request, pk: invite_again(self, request, pk))
        return [
            path("weekly-mail/", view(lambda request: mail_page(self, request)), name="weekly_mail"),
            path("<int:pk>/invite/", view(again), name="library_user_invite"),
            *super().get_urls(),
        ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Groups to tick, those of the four roles with what they may do."""
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **options)
        options |= {"widget": CheckboxSelectMultiple(), "queryset": Group.objects.order_by("pk"), "help_text": ""}
        field: Any = super().formfield_for_manytomany(db_field, request, **options)
        field.label_from_instance = lambda group: Role(group.name).label if _is_role(group) else group.name
        return field

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As every other model's: Django's own answers within the transaction, and a mail would be sent too early."""
        return admin.ModelAdmin.add_view(self, request, form_url, extra_context)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return invite(self, request, obj) or super().response_add(request, obj, post_url_continue)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """As Django's own: only those who may also change people."""
        return super().has_add_permission(request) and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody makes themselves more than they are by way of another account."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if request.user.is_superuser:
            return self.readonly_fields
        may_give = request.user.has_perm("auth.change_group")
        return (*self.readonly_fields, *_HIGHEST, *(() if may_give else _RIGHTS))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Whoever is added here is to sign in here, with a password that nobody else has known."""
        if not change:
            obj.is_staff = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Group)
class GroupAdmin(CuratedAdmin, StockGroupAdmin):
    """A set of rights that several people have. Those of the four roles are the site's own."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_role(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_role(obj)


def _is_role(group: Any) -> bool:
    return group is not None and group.name in Role.values
