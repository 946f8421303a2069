"""Categories, tags and publishers, by which lists are filtered: how many entries have each, where addresses lead."""

from dataclasses import replace
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Count, Exists, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from library.accounts.permissions import PUBLISH
from library.admin.base import CuratedAdmin
from library.admin.form_request import FormRequest, Outcome
from library.admin.ids import only_ids
from library.admin.slugs import SlugForm
from library.models import Publisher, Tag
from library.models.redirects import FACET_OF
from library.taxonomy.merge import MERGE_LIMIT, TIES, entry_counts

from .merge_page import merge_page


def list_address(row: Any, slug: str = "") -> str:
    """The list that readers see of this row, at its own slug or another one."""
    return f"{reverse('resource-list')}?{urlencode({FACET_OF[type(row)]: slug or row.slug})}"


def entries_address(row: Any) -> str:
    """Where curators see its entries, drafts too."""
    query = urlencode({FACET_OF[type(row)]: row.pk})
    return f"{reverse('admin:library_resource_changelist')}?{query}"


class OneValueFilter(admin.SimpleListFilter):
    """The entries of one tag or publisher. There may be thousands of them: other pages lead to the list of one."""

    model: ClassVar[type[Model]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        ids = only_ids([self.value() or ""])
        row = self.model._default_manager.filter(pk__in=ids).first()
        return [(self.value() or "", str(row) if row else gettext("one that’s gone"))]

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(pk__in=TIES[self.model].resources([int(pk) for pk in only_ids([self.value()])]))


class TagFilter(OneValueFilter):
    title = _("tag")
    parameter_name = "tag"
    model = Tag


class PublisherFilter(OneValueFilter):
    title = _("publisher")
    parameter_name = "publisher"
    model = Publisher


class UseFilter(admin.SimpleListFilter):
    """Those that no entry has, for tidying up."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Not used")), ("some", _("Used"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        ties = TIES[queryset.model]
        used = Exists(ties.table.objects.filter(**{ties.row: OuterRef("pk")}))
        return {"none": queryset.filter(~used), "some": queryset.filter(used)}.get(self.value() or "", queryset)


class FilterValueForm(SlugForm):
    """Says of the name in the address what a change of it leaves as it is. Costs a query for a row that is there."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "slug" in self.fields:
            self.fields["slug"].label = gettext("URL name")
            self.fields["slug"].help_text = self._slug_help()

    def _slug_help(self) -> str:
        row: Any = self.instance
        if row._state.adding:
            example = f"{reverse('resource-list')}?{FACET_OF[type(row)]}="
            return gettext("Used in web addresses after %s. Leave blank to make it from the name.") % example
        total, _published = entry_counts(type(row), [row.pk]).get(row.pk, (0, 0))
        return " ".join(
            (
                gettext("Readers find its list at %s. That doesn’t change when the name does.") % list_address(row),
                ngettext("%d entry has it.", "%d entries have it.", total) % total,
                gettext("If you change it, the old address keeps showing the same list."),
            )
        )


class FilterValueAdmin(CuratedAdmin):
    """An admin of one of the three. Subclasses say which fields, columns and words."""

    form = FilterValueForm
    list_filter = (UseFilter,)
    actions = ("merge_chosen",)

    # The list

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the number of entries, which the database counts for the rows that are shown."""
        ties = TIES[self.model]
        counted = ties.table.objects.filter(**{ties.row: OuterRef("pk")}).order_by().values(ties.row)
        number = Subquery(counted.annotate(number=Count("pk")).values("number"))
        return super().get_queryset(request).annotate(entry_count=Coalesce(number, 0))

    @admin.display(description=_("entries"))
    def entries(self, row: Any) -> SafeString:
        label = ngettext("%d entry", "%d entries", row.entry_count) % row.entry_count
        if not row.entry_count:
            return format_html("{}", label)
        return format_html('<a href="{}">{}</a>', entries_address(row), label)

    @admin.action(description=_("Merge…"), permissions=["merge"])
    def merge_chosen(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        pks = list(rows.order_by("pk").values_list("pk", flat=True)[: MERGE_LIMIT + 1])
        if len(pks) > MERGE_LIMIT:
            self.message_user(request, gettext("You can merge up to %d at once.") % MERGE_LIMIT, messages.WARNING)
            return None
        return HttpResponseRedirect(self.merge_address(*pks))

    # Merging

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Who publishes: it changes what readers see of every entry that has one of them."""
        return self.has_change_permission(request) and bool(request.user.has_perm(PUBLISH))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(partial(merge_page, self))
        return [path("merge/", page, name=f"library_{self.opts.model_name}_merge"), *super().get_urls()]

    def merge_address(self, *pks: int) -> str:
        return f"{reverse(f'admin:library_{self.opts.model_name}_merge')}?{urlencode([('id', pk) for pk in pks])}"

    def render_change_form(self, request: HttpRequest, context: Any, *place: Any, **options: Any) -> HttpResponse:
        row = context.get("original")
        merge = self.merge_address(row.pk) if row and self.has_merge_permission(request) else ""
        context |= {"merge_address": merge, "entries_address": entries_address(row) if row else ""}
        return super().render_change_form(request, context, *place, **options)

    # Renaming

    def view_on_site(self, row: Any) -> str:
        return list_address(row)

    def store(self, form_request: FormRequest, form: Any) -> Outcome:
        """Saved; where its address is another one now, it is said what became of the old one."""
        outcome = super().store(form_request, form)
        before = form.initial.get("slug", outcome.row.slug)
        if form_request.is_new or before == outcome.row.slug:
            return outcome
        addresses = {"new": list_address(outcome.row), "old": list_address(outcome.row, before)}
        text = gettext("Its list is now at %(new)s. Links to %(old)s still show it.") % addresses
        return replace(outcome, messages=((messages.INFO, text), *outcome.messages))

    # Deleting

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """With what becomes of the entries and of the address of each."""
        rows = list(objs)
        going, counts, refused, forbidding = super().get_deleted_objects(rows, request)
        used = entry_counts(self.model, [row.pk for row in rows])
        entries = [self._entries_text(row, *used.get(row.pk, (0, 0))) for row in rows]
        if forbidding:  # Django shows nothing but this
            return going, counts, refused, [*entries, *self._merge_link(request, rows), *forbidding]
        items: list[Any] = []
        for row, text, sentence in zip(rows, going, entries, strict=True):
            items += [text, [sentence, self._address_text(row)]]
        return [*items, *self._merge_link(request, rows)], counts, refused, []

    def _entries_text(self, row: Any, total: int, published: int) -> SafeString:
        if not total:
            return format_html("{}", gettext("No entries have it."))
        text = ngettext(
            "%(total)d entry has it (published: %(published)d).",
            "%(total)d entries have it (published: %(published)d).",
            total,
        ) % {"total": total, "published": published}
        fate = gettext("They stay, without it.") if self.model is not Publisher else ""
        return format_html('{} {} <a href="{}">{}</a>', text, fate, entries_address(row), gettext("See them"))

    def _address_text(self, row: Any) -> str:
        return gettext("Old links to %s will show the list without this filter and say that it’s gone.") % list_address(
            row
        )

    def _merge_link(self, request: HttpRequest, rows: list[Any]) -> list[SafeString]:
        """The way to have entries and old links go on to another one."""
        if not self.has_merge_permission(request) or len(rows) > MERGE_LIMIT:
            return []
        text = gettext("Merge instead, so entries and old links move to another one")
        return [format_html('<a href="{}">{}</a>', self.merge_address(*(row.pk for row in rows)), text)]
