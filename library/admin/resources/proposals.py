"""“Paste an address”: what a page says of itself, beneath the fields of a resource. Taken over only by a click.

The form is sent as it stands and comes back unsaved, with all that was typed: first with the proposals (which it
carries along), then with one of them in its field. So it needs no script.
"""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms.utils import ErrorDict
from django.http import HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext

from library.admin.errors import REFUSALS, error_text
from library.admin.form_request import FormAction, FormRequest
from library.admin.forms import CuratedForm
from library.history.record import record
from library.imports.feeds import UnreadableFeed, is_feed, read_feed
from library.imports.web_pages import PageFacts, date_in, read_page
from library.links.client import fetch
from library.links.faults import CannotFetch, WireFault
from library.models import AuditEntry, Publisher
from library.models.days import date_label, is_published_day
from library.models.web_address import without_tracking
from library.taxonomy.lookup import find_or_make_publishers, find_publishers

from .url_changes import NO_TRACKING

READ, USE = "_read_page", "_use"
# In the place of one field: every field that is empty.
_EMPTY_ONES = "empty"
_CARRIED = "proposed_"
_FIELDS = ("title", "summary", "publisher", "published_on", "audio_url")
_LONGEST = 2000


def fill_in(form_request: FormRequest) -> FormRequest:
    """The form with what its page proposes, or with one of the proposals in its field; to be shown and not saved.

    It fetches, so that no transaction may be open. Raises `PermissionDenied`.
    """
    form_request.loaded()
    data = form_request.sent.copy()
    if READ in data:
        typed = data.get("url", "")
        data["url"] = address = without_tracking(typed)
        if address != typed:
            form_request.model_admin.message_user(form_request.request, NO_TRACKING, messages.INFO)
        text, proposals = _proposals_of(address)
        level = messages.INFO if proposals else messages.WARNING
        form_request.model_admin.message_user(form_request.request, text, level)
        for name in _FIELDS:
            data[_CARRIED + name] = proposals.get(name, "")
    elif data.get(USE) == _EMPTY_ONES:
        for name in _FIELDS:
            if not data.get(name):
                _use(form_request, data, name)
    else:
        _use(form_request, data, data.get(USE, ""))
    return replace(form_request, data=data, action=FormAction.FILL_IN)


def is_fill_in(data: QueryDict) -> bool:
    """Whether the form was sent to be looked at, and not to be saved."""
    return READ in data or USE in data


def carried(data: QueryDict) -> dict[str, str]:
    """The proposals that a form carries along, by their fields."""
    values = {name: data.get(_CARRIED + name, "")[:_LONGEST] for name in _FIELDS}
    return {name: value for name, value in values.items() if value}


def has_only_address(form_request: FormRequest) -> bool:
    """Whether an address alone was sent, to begin a new form with."""
    return form_request.action is FormAction.FILL_IN and "title" not in form_request.sent


def _use(form_request: FormRequest, data: QueryDict, name: str) -> None:
    """Put one proposal into its field. A publisher that the library does not have is made."""
    value = data.get(_CARRIED + name, "")[:_LONGEST]
    if name == "publisher" and value:
        value = _publisher(form_request, value[:200])
    if name == "published_on" and value:
        day, data["published_precision"] = date_in(value)
        value = day.isoformat() if day else ""
    if name in _FIELDS and value:
        data[name] = value
        data[_CARRIED + name] = ""


def _publisher(form_request: FormRequest, name: str) -> str:
    """Its key; empty, with a message, where there is none and none was made."""
    user: Any = form_request.request.user
    try:
        publishers = _made(name, user) if user.has_perm("library.add_publisher") else find_publishers({name})
    except REFUSALS as error:
        form_request.model_admin.message_user(form_request.request, error_text(error, Publisher), messages.WARNING)
        return ""
    if name not in publishers:
        text = gettext("This publisher isn’t in the library yet.")
        form_request.model_admin.message_user(form_request.request, text, messages.WARNING)
    return str(publishers.get(name, ""))


def form_redirect(query: str) -> HttpResponseRedirect:
    """307: the browser sends the address again, to the form of the kind in the query."""
    return HttpResponseRedirect(f"?{query}", preserve_request=True)


class ProposalForm(CuratedForm):
    """A form with a button that reads the page at its `url`, and beneath its fields what that said: `proposals`.

    One that `is_filled_in` further is shown as it was sent, and not complained of; with a `start`, as it begins.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        proposals: dict[str, str] | None = None,
        is_filled_in: bool = False,
        start: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        if start is not None:
            data, files, options["initial"] = None, None, start
        super().__init__(data, files, **options)
        self.is_filled_in = is_filled_in
        others = {name: value for name, value in (proposals or {}).items() if name in self.fields}
        others = {name: value for name, value in others.items() if self._held(name) != value}
        if "url" in self.fields:
            several = any(not self._held(name) for name in others) and len(others) > 1
            inputs: dict[str, Any] = {"name": READ, "use": USE, "value": _EMPTY_ONES if several else ""}
            self._add("url", "admin/library/resource/_read_page.html", inputs)
        for name, value in others.items():
            shown = _shown(name, value)
            inputs = {"name": name, "value": value, "shown": shown, "label": self.fields[name].label, "use": USE}
            self._add(name, "admin/library/resource/_proposal.html", inputs)

    def full_clean(self) -> None:
        if not self.is_filled_in:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def _held(self, name: str) -> str:
        """What stands in the field. Not asked of the bound field: that keeps the help text of this moment."""
        value = self.data.get(name) if self.is_bound else self.get_initial_for_field(self.fields[name], name)
        return str(value or "")

    def _add(self, name: str, template: str, inputs: dict[str, Any]) -> None:
        field = self.fields[name]
        field.help_text = format_html("{}{}", field.help_text, render_to_string(template, inputs))


def _made(name: str, by: Any) -> dict[str, int]:
    """The publisher of this name, made where there is none, which is recorded as this person's act."""
    with transaction.atomic():
        publishers, new = find_or_make_publishers({name})
        if new:
            text = gettext("Copied from a resource’s page.")
            record(Publisher, list(publishers.values()), AuditEntry.Kind.ADDED, by=by, now=timezone.now(), comment=text)
    return publishers


def _shown(name: str, value: str) -> str:
    if name != "published_on":
        return value
    day, precision = date_in(value)
    return date_label(day, precision) if day else value


def _proposals_of(address: str) -> tuple[str, dict[str, str]]:
    """What to tell the curator, and the value that the page proposes for each field. Asks the page, no database."""
    try:
        answer = fetch(address)
        if answer.status != 200:
            raise CannotFetch(
                WireFault.STATUS, gettext("The site answered with error %d instead of a page.") % answer.status
            )
        facts, hint = _facts_of(answer.body, answer.content_type, answer.url)
    except (CannotFetch, UnreadableFeed) as error:
        return gettext("We couldn’t read the page. Nothing was changed. %(why)s") % {"why": error}, {}
    known = facts.published_on
    day = known.isoformat() if known and is_published_day(known) else ""
    proposals = {
        "title": facts.title,
        "summary": facts.description,
        "publisher": facts.publisher,
        "published_on": day[: {"year": 4, "month": 7}.get(facts.precision, 10)],
        "audio_url": facts.audio,
    }
    proposals = {name: value for name, value in proposals.items() if value}
    if not proposals:
        return gettext("We read the page but found nothing to suggest. Please fill in the form yourself."), {}
    sentences = [gettext("We read the page. Suggestions are under the fields; choose the ones to use.")]
    sentences += [gettext("Its language: %s.") % facts.language] if facts.language else []
    if known and not day:
        sentences.append(gettext("Its date is in the future or before 1900, so we left it out."))
    return " ".join([*sentences, *hint]), proposals


def _facts_of(body: bytes, content_type: str, url: str) -> tuple[PageFacts, list[str]]:
    """What a page or a feed says of itself, and what else to tell the curator."""
    if not is_feed(body):
        return read_page(body, content_type, url), []
    feed = read_feed(body, content_type, is_cut=True)
    audio = next((episode.audio_url for episode in feed.episodes if episode.audio_url), "")
    facts = PageFacts(feed.title, feed.description, feed.publisher, language=feed.language, audio=audio)
    return facts, [gettext("This is a podcast feed. Use “Import a podcast feed” to make drafts of its episodes.")]
