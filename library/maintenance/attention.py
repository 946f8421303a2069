"""What needs a curator's attention: counted, in words, with the list of the admin that shows exactly these rows.

The admin's front page and the weekly mail are made of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Value
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from library.models import (
    Guide,
    HelpLine,
    HelpLineChange,
    Link,
    LinkUse,
    ReaderReport,
    Resource,
    ZeroResultTerm,
)
from library.search import index

from .help_line_pages import line_matters

# Nobody does more than that in a week, so nobody needs to know how many more there are.
COUNT_LIMIT = 1000
_LOST = [Link.Condition.DEAD, Link.Condition.CHANGED, Link.Condition.BACK]
_CHECKS_STOPPED_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class AttentionItem:
    """So many rows of one sort that wait; `is_task` unless there is nothing to do about them but to know."""

    name: str
    text: str
    path: str
    is_task: bool


@dataclass(frozen=True)
class EntryNeed:
    """A need of entries: how a filter calls it, which ones have it, and how many that is in a sentence.

    `count` says how many the `rows` are, where there is a quicker way than to look at them. Whoever has not the `right`
    has nothing to do about it. `matters`: where on the page of links to decide these are, which shows them by host.
    """

    label: Any
    rows: Callable[[Any, datetime], Any]
    text: Any
    is_task: bool = True
    count: Callable[[], int] | None = None
    right: str = "library.view_resource"
    matters: str = ""


# By the word that stands in the address of the filtered list.
ENTRY_NEEDS: Mapping[str, EntryNeed] = {
    "submitted": EntryNeed(
        _("Waiting for review"),
        lambda resources, now: resources.submitted(),
        ngettext_lazy("%(shown)s entry waits for review", "%(shown)s entries wait for review", "number"),
        right="library.publish_resource",
    ),
    "link-changed": EntryNeed(
        _("Link shows something else"),
        lambda resources, now: resources.with_link("changed", "back"),
        ngettext_lazy("%(shown)s link shows something else", "%(shown)s links show something else", "number"),
        matters="changed",
    ),
    "link-gone": EntryNeed(
        _("Link is gone"),
        lambda resources, now: resources.with_link("dead"),
        ngettext_lazy("%(shown)s link is gone", "%(shown)s links are gone", "number"),
        matters="gone",
    ),
    "link-moved": EntryNeed(
        _("Link has moved"),
        lambda resources, now: resources.with_link("moved"),
        ngettext_lazy("%(shown)s link has moved", "%(shown)s links have moved", "number"),
        matters="moved",
    ),
    "link-unsure": EntryNeed(
        _("Link doesn’t open for our checks"),
        lambda resources, now: resources.with_link("unsure"),
        ngettext_lazy(
            "%(shown)s link doesn’t open for our checks lately",
            "%(shown)s links don’t open for our checks lately",
            "number",
        ),
        is_task=False,
    ),
    "review": EntryNeed(
        _("Overdue for review"),
        lambda resources, now: resources.due_for_review(localdate(now)),
        ngettext_lazy("%(shown)s entry is overdue for review", "%(shown)s entries are overdue for review", "number"),
    ),
    "summary": EntryNeed(
        _("No summary"),
        lambda resources, now: resources.without_summary(),
        ngettext_lazy("%(shown)s entry has no summary", "%(shown)s entries have no summary", "number"),
    ),
    "category": EntryNeed(
        _("No category"),
        lambda resources, now: resources.without_category(),
        ngettext_lazy("%(shown)s entry is in no category", "%(shown)s entries are in no category", "number"),
        count=lambda: index.count_missing("category"),
    ),
    # A category of leftovers that grows says that a subject is missing.
    "subject": EntryNeed(
        _("Recently added to “Other”"),
        lambda resources, now: resources.lately_in_other(now),
        ngettext_lazy(
            "%(shown)s entry was added to “Other” in the last 90 days",
            "%(shown)s entries were added to “Other” in the last 90 days",
            "number",
        ),
    ),
    "publisher": EntryNeed(
        _("No publisher"),
        lambda resources, now: resources.without_publisher(),
        ngettext_lazy("%(shown)s entry has no publisher", "%(shown)s entries have no publisher", "number"),
    ),
    "nothing-yet": EntryNeed(
        _("Scheduled"),
        lambda resources, now: resources.scheduled(now),
        ngettext_lazy(
            "%(shown)s entry is scheduled to appear on its own",
            "%(shown)s entries are scheduled to appear on their own",
            "number",
        ),
        is_task=False,
    ),
}
_OVERDUE_LINES = ngettext_lazy(
    "%(shown)s help line was last verified more than 90 days ago",
    "%(shown)s help lines were last verified more than 90 days ago",
    "number",
)
_CHANGES_OF_LINES = ngettext_lazy(
    "%(shown)s help line change needs approval",
    "%(shown)s help line changes need approval",
    "number",
)
_REPORTS = {
    ReaderReport.Kind.PROBLEM: ngettext_lazy(
        "%(shown)s open problem report",
        "%(shown)s open problem reports",
        "number",
    ),
    ReaderReport.Kind.SUGGESTION: ngettext_lazy("%(shown)s open suggestion", "%(shown)s open suggestions", "number"),
}
_GUIDES = ngettext_lazy("%(shown)s guide is overdue for review", "%(shown)s guides are overdue for review", "number")
_ZERO_RESULT_TERMS = ngettext_lazy(
    "%(shown)s search with no results (on 5 or more days)",
    "%(shown)s searches with no results (on 5 or more days)",
    "number",
)


def attention_items(may_see: Callable[[str], bool], now: datetime) -> list[AttentionItem]:
    """What waits at `now`, the most urgent first; nothing of rows of which `may_see("library.view_…")` says no.

    At most one query for each matter, and none of them counts further than 1,000.
    """
    items: list[AttentionItem | None] = []
    if may_see("library.view_helpline"):
        items.append(_lost_numbers())
    if may_see("library.view_helpline"):
        items.append(_item("lines", HelpLine.objects.overdue(now), _OVERDUE_LINES, "verified=overdue"))
    if may_see("library.view_helplinechange"):
        items.append(_item("changes", HelpLineChange.objects.open(), _CHANGES_OF_LINES, "state__exact=open"))
    if may_see("library.view_readerreport"):
        for kind, text in _REPORTS.items():
            query = f"kind__exact={kind}&state__exact={ReaderReport.State.NEW}"
            items.append(_item(kind.value, ReaderReport.objects.open().filter(kind=kind), text, query))
    if may_see("library.view_resource"):
        items += _links_at_large(now)
        for name, need in ((name, need) for name, need in ENTRY_NEEDS.items() if may_see(need.right)):
            rows = need.rows(Resource.objects, now)
            number = need.count() if need.count else None
            item = _item(name, rows, need.text, f"needs={name}", is_task=need.is_task, number=number)
            if item and need.matters:
                item = replace(item, path=f"{reverse('admin:library_resource_links')}#{need.matters}")
            items.append(item)
    if may_see("library.view_guide"):
        items.append(_item("guides", Guide.objects.due_for_review(localdate(now)), _GUIDES, "review=overdue"))
    if may_see("library.view_zeroresultterm"):
        items.append(_item("words", ZeroResultTerm.objects.all(), _ZERO_RESULT_TERMS, ""))
    return sorted((item for item in items if item), key=lambda item: not item.is_task)


def _lost_numbers() -> AttentionItem | None:
    """Of help lines: before all else, because a wrong one harms someone."""
    lines = [matter.line.name for matter in line_matters() if matter.number]
    if not lines:
        return None
    text = ngettext(
        "The page of a help line no longer shows its number: %s",
        "Pages of help lines no longer show their numbers: %s",
        len(lines),
    )
    path = f"{reverse('admin:library_resource_links')}#lines"
    return AttentionItem("numbers", text % ", ".join(dict.fromkeys(lines)), path, is_task=True)


def _links_at_large(now: datetime) -> list[AttentionItem]:
    """Whether links are checked at all, and whether any is lost that isn't the own one of an entry. One query."""
    lost = LinkUse.objects.except_help_lines().filter(link__condition__in=_LOST)
    # A link that has been due for days: then nothing checks links, and nothing else would say so.
    waiting = Link.objects.due(now - _CHECKS_STOPPED_AFTER)
    one_of_each = (
        waiting.order_by().values_list(Value("waiting"))[:1].union(lost.order_by().values_list(Value("lost"))[:1])
    )
    found = {name for (name,) in one_of_each}
    path, items = reverse("admin:library_resource_links"), []
    if "waiting" in found:
        text = gettext("Link checks have stopped. Ask whoever runs the server to start them.")
        items.append(AttentionItem("checks", text, path, is_task=True))
    if "lost" in found:
        text = gettext("Links to audio files, transcripts, series, or publishers are lost")
        items.append(AttentionItem("other-links", text, path, is_task=True))
    return items


def _item(
    name: str, rows: Any, text: Any, query: str, *, is_task: bool = True, number: int | None = None
) -> AttentionItem | None:
    """None where there are no such rows. `query` is what shows them in the list of their model."""
    if number is None:
        number = int(rows.order_by()[: COUNT_LIMIT + 1].values("pk").count())
    if not number:
        return None
    shown = gettext("more than %s") % intcomma(COUNT_LIMIT) if number > COUNT_LIMIT else str(intcomma(number))
    sentence = capfirst(str(text % {"number": number, "shown": shown}))
    path = reverse(f"admin:library_{rows.model._meta.model_name}_changelist")
    return AttentionItem(name, sentence, f"{path}?{query}" if query else path, is_task)
