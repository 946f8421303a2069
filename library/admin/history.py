"""Every change that is made through the admin is kept in the history, and each row's page tells its own."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext

from library.history.diff import difference
from library.history.record import keep, note
from library.history.restore import STAYS, ChangedMeanwhile, recover, restore
from library.history.snapshot import is_kept, snapshot_now, snapshot_of, versions_of
from library.models import Deed

from .errors import REFUSALS, words_for

# What the row was when its page was made: a form carries it, and only that is changed which its person has seen.
SEEN = "_seen"
# The most versions of a row that its page lists.
_LISTED = 200


class Recorded(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin whose changes are kept. What other code changes, that code keeps: `library.history.record`."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        entry: Any = super().log_addition(request, obj, message)
        self._keep(request, obj, Deed.Kind.ADDED, "")
        return entry

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """What is kept is compared as a row: it may be another one although no field of the form is (no `message`)."""
        entry: Any = super().log_change(request, obj, message)
        if message or is_kept(type(obj)):
            self._keep(request, obj, Deed.Kind.CHANGED, entry.get_change_message() if message else "")
        return entry

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """With what goes with them: a best bet is nothing without its resource."""
        rows = list(queryset)
        if is_kept(self.model):
            self._keep_deleted(request, self.model, [row.pk for row in rows])
        for relation in self.opts.related_objects:
            other: Any = relation.related_model
            if relation.on_delete is models.CASCADE and is_kept(other):
                users = other._base_manager.filter(**{f"{relation.field.name}__in": rows})
                self._keep_deleted(request, other, list(users.values_list("pk", flat=True)))
        if not is_kept(self.model):
            for row in rows:
                note(self.model, Deed.Kind.DELETED, row=row, by=self._curator(request), now=timezone.now())
        return super().log_deletions(request, queryset)

    def _keep_deleted(self, request: HttpRequest, model: type[models.Model], pks: Collection[int]) -> None:
        keep(model, pks, Deed.Kind.DELETED, by=self._curator(request), now=timezone.now())

    def _keep(self, request: HttpRequest, row: Any, kind: Deed.Kind, words: str) -> None:
        by, now = self._curator(request), timezone.now()
        if is_kept(type(row)):
            keep(type(row), [row.pk], kind, by=by, now=now, words=words)
        else:
            note(type(row), kind, row=row, by=by, now=now, words=words)

    def _curator(self, request: HttpRequest) -> Any:
        return request.user

    # The pages

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.version_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_version"
        return [path("<path:object_id>/history/<int:version>/", page, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"may_recover": is_kept(self.model) and self.may_recover(request)} | (extra_context or {})
        return super().changelist_view(request, context)

    def may_recover(self, request: HttpRequest) -> bool:
        """Whether this person may bring back what was deleted: who may delete may undo it."""
        permission = f"{self.opts.app_label}.delete_{self.opts.model_name}"
        return self.has_add_permission(request) and bool(request.user.has_perm(permission))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """200 with every version of the row, the newest first; as Django's for what has no versions."""
        row = self.get_object(request, unquote(object_id)) if is_kept(self.model) else None
        if row is None or not self.has_view_or_change_permission(request, row):
            return super().history_view(request, object_id, extra_context)
        versions = versions_of(self.model, row.pk).select_related("revision__user", "revision__deed")
        context = self._row_context(request, row, gettext("History: %s") % row)
        return TemplateResponse(request, "admin/history.html", context | {"versions": versions[:_LISTED]})

    def version_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """200 with what a change did and what restoring it would do; 302 when it has been restored.

        409 with what it would do today, where somebody has changed the row since the page was made.
        """
        row = self.get_object(request, unquote(object_id)) if is_kept(self.model) else None
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        versions = versions_of(self.model, row.pk).select_related("revision__user", "revision__deed")
        shown = versions.filter(pk=version).first()
        if shown is None:
            raise Http404
        if request.method != "POST":
            return self._version_page(request, row, shown, versions)
        try:
            return self._restore(request, row, shown)
        except ChangedMeanwhile:
            return self._version_page(request, row, shown, versions, is_changed=True)

    def _version_page(
        self, request: HttpRequest, row: Any, shown: Any, versions: Any, is_changed: bool = False
    ) -> HttpResponse:
        before = versions.filter(pk__lt=shown.pk).first()
        then, now = snapshot_of(shown), snapshot_now(self.model, row.pk)
        stays = STAYS.get(self.model, frozenset())
        would = [found for found in difference(self.model, now, then) if found.name not in stays]
        context = self._row_context(request, row, gettext("A version of: %s") % row) | {
            "version": shown,
            "then": then,
            "is_first": before is None,
            "done": difference(self.model, snapshot_of(before) if before else None, then),
            "would": would,
            "address": self.words_before_a_restore(row, then.fields) if would else "",
            "seen": now.token if now else "",
            "is_changed": is_changed,
            "may_restore": self.has_change_permission(request, row),
        }
        return TemplateResponse(request, "admin/version.html", context, status=409 if is_changed else 200)

    def words_before_a_restore(self, row: Any, fields: dict[str, Any]) -> str:
        """What else comes of it when the row gets these values again; empty where nothing does."""
        return ""

    def words_after_a_restore(self, row: Any, before: Any) -> str:
        """The same, when `before` has become `row`."""
        return ""

    def _restore(self, request: HttpRequest, row: Any, version: Any) -> HttpResponse:
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            with transaction.atomic():
                seen = request.POST.get(SEEN, "")
                done = restore(version, seen=seen, by=self._curator(request), now=timezone.now())
        except REFUSALS as error:
            self.message_user(
                request, gettext("Nothing was changed. %s") % words_for(error, self.model), messages.ERROR
            )
            return HttpResponseRedirect(request.path)
        self.message_user(request, gettext("The older version is the one of today again."), messages.SUCCESS)
        if words := self.words_after_a_restore(done.row, row):
            self.message_user(request, words, messages.INFO)
        if done.left_out:
            told = gettext("What is gone was left out: %s.") % ", ".join(done.left_out)
            self.message_user(request, told, messages.WARNING)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[row.pk]))

    def recover_version(self, request: HttpRequest, version: Any) -> HttpResponse:
        """302 to the row that is back; to what was deleted, with the reason, where it cannot be."""
        here = HttpResponseRedirect(request.get_full_path())
        try:
            with transaction.atomic():
                done = recover(version, by=self._curator(request), now=timezone.now())
        except REFUSALS as error:
            self.message_user(
                request, gettext("Nothing was changed. %s") % words_for(error, self.model), messages.ERROR
            )
            return here
        told = gettext("“%s” is back.") if done.renamed else gettext("“%s” is back, with the same permanent names.")
        self.message_user(request, told % done.row, messages.SUCCESS)
        if done.renamed:
            self.message_user(request, done.renamed, messages.WARNING)
        if done.left_out:
            told = gettext("What is gone was left out: %s.") % ", ".join(done.left_out)
            self.message_user(request, told, messages.WARNING)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[done.row.pk]))

    def _row_context(self, request: HttpRequest, row: Any, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "original": row}
