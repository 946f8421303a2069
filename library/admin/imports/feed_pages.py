"""A podcast's feed into the library: where it is and where it goes, then its episodes to choose from, then drafts."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from library.admin.errors import REFUSALS, error_text
from library.admin.ids import only_ids
from library.admin.resources.bulk_undo import keep_undo
from library.imports.episodes import FeedImportResult, find_known, import_episodes
from library.imports.feeds import EPISODE_LIMIT, FEED_LIMIT, Episode, Feed, UnreadableFeed, read_feed
from library.links.client import fetch
from library.links.faults import CannotFetch, WireFault
from library.models import Resource, Section, Series

_SALT = "library.admin.imports.feed_pages"
_HOURS = 12
# Of a feed with more new episodes than this, the newest can be taken alone.
_FEW = 50


class FeedForm(forms.Form):
    address = forms.CharField(
        label=_("Feed address"),
        max_length=2000,
        required=False,
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=_("Podcast pages call it RSS. It often ends in .xml or .rss."),
    )
    file = forms.FileField(
        label=_("Or a feed file"),
        required=False,
        help_text=_("Up to 3 MB. If the feed is over 1 MB, save it from your browser and choose that file."),
    )
    series = forms.ModelChoiceField(
        label=_("Series"),
        queryset=Series.objects.all(),
        help_text=_("The podcast. If it’s new, add it under “Series” first. Drafts get its publisher."),
    )
    section = forms.ModelChoiceField(
        label=_("Section"),
        queryset=Section.objects.order_by("position"),
        help_text=_("Drafts go at the end of this section. Readers don’t see them."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("address")) == bool(cleaned.get("file")) and not self.errors:
            raise ValidationError(gettext("Enter a feed address or choose a file, not both."))
        return cleaned


def feed_page(owner: Any, request: HttpRequest) -> HttpResponse:
    """200 with the form or the episodes; 302 to the drafts that were made."""
    if not owner.has_add_permission(request):
        raise PermissionDenied
    if "episodes" in request.POST:
        return _take(owner, request)
    form = FeedForm(request.POST or None, request.FILES or None, initial=_section_of_podcasts(request))
    if form.is_valid():
        try:
            feed, is_cut = _read(form.cleaned_data)
        except (CannotFetch, UnreadableFeed) as error:
            form.add_error("address" if form.cleaned_data["address"] else "file", str(error))
        else:
            return _preview(owner, request, feed, form.cleaned_data["series"], form.cleaned_data["section"], is_cut)
    return _page(owner, request, "feed", gettext("Import a podcast feed"), form=form)


def _section_of_podcasts(request: HttpRequest) -> dict[str, Any]:
    newest: Any = Resource.objects.filter(kind="podcast").order_by("-pk").values_list("section", flat=True)
    return {} if request.method == "POST" else {"section": newest.first()}


def _read(given: dict[str, Any]) -> tuple[Feed, bool]:
    """The feed, and whether it is only the beginning of a longer one."""
    if given["file"]:
        if given["file"].size > FEED_LIMIT:
            raise UnreadableFeed(gettext("The file is larger than 3 MB, so it wasn’t read."))
        return read_feed(given["file"].read(FEED_LIMIT)), False
    answer = fetch(given["address"])
    if answer.status != 200:
        raise CannotFetch(
            WireFault.STATUS, gettext("The site answered with error %d instead of a feed.") % answer.status
        )
    return read_feed(answer.body, answer.content_type, is_cut=answer.is_cut), answer.is_cut


def _preview(
    owner: Any,
    request: HttpRequest,
    feed: Feed,
    series: Series,
    section: Section,
    is_cut: bool,
    chosen: Collection[str] = (),
) -> HttpResponse:
    known = find_known(feed.episodes, series)
    new = [place for place, episode in enumerate(feed.episodes) if episode.guid not in known]
    held = [_held(episode) for episode in feed.episodes]
    about = {"feed": vars(feed) | {"episodes": held}, "is_cut": is_cut}
    plan = {"series": series.pk, "section": section.pk} | about
    return _page(
        owner,
        request,
        "feed_episodes",
        gettext("Choose the episodes"),
        feed=feed,
        rows=[
            (place, episode, known.get(episode.guid), str(place) in chosen)
            for place, episode in enumerate(feed.episodes)
        ],
        new=len(new),
        few=_FEW,
        until=new[_FEW - 1] if len(new) > _FEW else None,
        is_cut=is_cut,
        limit=EPISODE_LIMIT,
        series=series,
        section=section,
        plan=signing.dumps(plan, salt=_SALT, compress=True),
    )


def _held(episode: Episode) -> dict[str, Any]:
    """The episode as the page of the preview carries it along, signed."""
    return vars(episode) | {"published_on": episode.published_on.isoformat() if episode.published_on else None}


def _feed_of(plan: dict[str, Any]) -> Feed:
    episodes = [
        Episode(**held | {"published_on": parse_date(held["published_on"] or "")}) for held in plan["feed"]["episodes"]
    ]
    return Feed(**plan["feed"] | {"episodes": tuple(episodes)})


def _take(owner: Any, request: HttpRequest) -> HttpResponse:
    """302 to the drafts; 200 to try once more, or 302 to the beginning, with the reason, where none could be made."""
    try:
        plan = signing.loads(request.POST["episodes"], salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        return _restart(owner, request, gettext("That page was too old. Open the feed again."))
    feed, chosen = _feed_of(plan), set(only_ids(request.POST.getlist("chosen")))
    until = next(map(int, only_ids([request.POST.get("until", "")])), -1)
    places = range(len(feed.episodes) if "all" in request.POST else until + 1)
    wanted = [episode for place, episode in enumerate(feed.episodes) if place in places or str(place) in chosen]
    if not wanted:
        return _restart(
            owner, request, gettext("You didn’t select any episodes, so nothing was added. Open the feed again.")
        )
    by: Any = request.user
    try:
        taken = import_episodes(wanted, series=plan["series"], section=plan["section"], by=by, now=timezone.now())
    except ValidationError as error:
        return _redisplay(owner, request, plan, chosen, " ".join(error.messages))
    except REFUSALS as error:
        return _redisplay(owner, request, plan, chosen, error_text(error, Resource))
    return _respond(owner, request, taken)


def _redisplay(owner: Any, request: HttpRequest, plan: dict[str, Any], chosen: set[str], why: str) -> HttpResponse:
    """200 with the episodes as they were chosen."""
    try:
        series, section = Series.objects.get(pk=plan["series"]), Section.objects.get(pk=plan["section"])
    except ObjectDoesNotExist as error:
        return _restart(owner, request, error_text(error, Resource))
    text = gettext("No drafts were made. Your selection is still here. %s") % why
    owner.message_user(request, text, messages.ERROR)
    return _preview(owner, request, _feed_of(plan), series, section, plan["is_cut"], chosen)


def _respond(owner: Any, request: Any, taken: FeedImportResult) -> HttpResponse:
    number = len(taken.drafts)
    keep_undo(request, taken.entry_id)
    sentences = [ngettext("%d draft was made.", "%d drafts were made.", number) % number]
    if taken.known:
        sentences.append(
            ngettext("%d was already in the library.", "%d were already in the library.", taken.known) % taken.known
        )
    if taken.undated:
        text = ngettext(
            "%d has no date: the feed’s is in the future or before 1900.",
            "%d have no date: the feed’s are in the future or before 1900.",
            taken.undated,
        )
        sentences.append(text % taken.undated)
    if taken.drafts:
        sentences.append(gettext("Check each one, add what’s missing, and publish it."))
    owner.message_user(request, " ".join(sentences), messages.SUCCESS if number else messages.WARNING)
    address = reverse("admin:library_resource_changelist")
    return HttpResponseRedirect(f"{address}?state__exact=draft&kind__exact=podcast")


def _restart(owner: Any, request: HttpRequest, text: str) -> HttpResponse:
    owner.message_user(request, text, messages.ERROR)
    return HttpResponseRedirect(reverse("admin:library_resource_feed"))


def _page(owner: Any, request: HttpRequest, name: str, title: str, **more: Any) -> TemplateResponse:
    context = owner.admin_site.each_context(request) | {"title": title, "opts": owner.opts} | more
    return TemplateResponse(request, f"admin/library/resource/{name}.html", context)
