"""The forms for readers: a problem, and a resource that is missing. The only public addresses that take a form."""

from collections.abc import Callable
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from library.db.errors import is_database_away
from library.feedback.forms import ProblemForm, ReaderForm, SuggestionForm, is_cross_site, is_too_long, read_post
from library.feedback.rate_limit import ReportOutcome, accept_report, client_network, new_token, seconds_left
from library.help_lines.offline_copy import RETRY_AFTER
from library.models import Resource
from library.search.vocabulary.crisis import load_crisis_words

from .errors import forbidden, sections


def report(request: HttpRequest) -> HttpResponse:
    """200 with the form about the entry whose ref is `r`, or about the site; else as `form_page` says."""
    return form_page(request, ProblemForm, "library/report.html", reported_resource)


def suggest(request: HttpRequest) -> HttpResponse:
    """200 with the form for a resource that is missing; else as `form_page` says."""
    return form_page(request, SuggestionForm, "library/suggest.html")


def report_thanks(request: HttpRequest) -> HttpResponse:
    """200: it has arrived, and what happens now. Loading it again sends nothing."""
    return render(request, "library/report_thanks.html")


def reported_resource(request: HttpRequest) -> Resource | None:
    """The entry whose ref is `r`, if readers may know of it."""
    ref = request.GET.get("r", "")
    return Resource.objects.listed(timezone.now()).filter(ref=ref).first() if ref else None


def form_page(
    request: HttpRequest,
    form_class: Callable[..., ReaderForm],
    template: str,
    find_entry: Callable[[HttpRequest], Resource | None] = lambda request: None,
) -> HttpResponse:
    """200 with an empty form. For one that was sent: 400, 403 and 413 as `refusal` says; else as `accepted` says.

    503 with what was typed, to be sent again, while the database can't take it.
    """
    if request.method != "POST":
        return render_form(request, template, form_class(), find_entry(request))
    if response := refusal(request):
        return never_cached(response)
    form = form_class(read_post(request))
    if form.is_trap():  # a program is told nothing that it could learn from
        return thanks()
    try:
        return accepted(request, template, form, find_entry(request))
    except Error as error:
        if not is_database_away(error):
            raise
        return unavailable(request, template, form)


def accepted(request: HttpRequest, template: str, form: ReaderForm, entry: Resource | None) -> HttpResponse:
    """303 to the thanks; 422 with what was typed and what is missing; 429 with what was typed when the hour is full.

    200 with the help lines and the thanks where the words speak of a crisis.
    """
    if not form.is_valid():
        return render_form(request, template, form, entry)
    now = timezone.now()
    sender = client_network(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))
    outcome = accept_report(form.report(entry), form.data.get("token", ""), sender, now)
    if outcome is ReportOutcome.TAKEN:
        # Said in this answer alone: no address, log or row has it.
        about = load_crisis_words().kind_of(" ; ".join(text for _label, text in form.texts()))
        return (
            never_cached(render(request, "library/report_thanks.html", {"about_crisis": about})) if about else thanks()
        )
    if outcome is ReportOutcome.TOO_MANY:
        return too_many(request, form, seconds_left(now))
    form.add_error(None, error_message(outcome))
    return render_form(request, template, form, entry)


def render_form(request: HttpRequest, template: str, form: ReaderForm, entry: Resource | None) -> HttpResponse:
    """The form with a token of its own. 422 where something is wrong, so that no machine takes it for done."""
    context: dict[str, Any] = {"form": form, "entry": entry, "token": new_token()}
    return never_cached(render(request, template, context, status=422 if form.errors else 200))


def unavailable(request: HttpRequest, template: str, form: ReaderForm) -> HttpResponse:
    """503 with what was typed. The token stays: should it have arrived after all, it is not taken twice."""
    form.is_valid()  # what else is wrong is said at once
    form.add_error(
        None,
        gettext("We can’t accept this right now. Nothing you typed is lost. Wait a minute, then select Send again."),
    )
    context: dict[str, Any] = {"form": form, "token": form.data.get("token", ""), "is_entry_unknown": True}
    response = never_cached(render(request, template, context, status=503))
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def too_many(request: HttpRequest, form: ReaderForm, seconds: int) -> HttpResponse:
    """429: nothing was taken, but what was typed is there to be copied."""
    context = {"typed": form.texts(), "minutes": seconds // 60 + 1, "sections": sections()}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return never_cached(response)


def refusal(request: HttpRequest) -> HttpResponse | None:
    """403 when the browser says that another site sent it, 413 when it is too long; None when it may be read.

    Raises BadRequest for a length that is no number.
    """
    if is_cross_site(request):
        return forbidden(request, reason="another site")
    if is_too_long(request):
        return render(request, "413.html", {"sections": sections()}, status=413)
    return None


def error_message(outcome: ReportOutcome) -> str:
    if outcome is ReportOutcome.SENT_BEFORE:
        return gettext("We already got this. Send it again only if you’ve changed something.")
    return gettext("This page was open for more than two hours, so nothing was sent. Select Send again.")


def thanks() -> HttpResponse:
    return never_cached(HttpResponseRedirect(reverse("report-thanks"), status=303))


def never_cached(response: HttpResponse) -> HttpResponse:
    """Kept by nobody: there are a reader's words in it, or a token that works once."""
    patch_cache_control(response, no_store=True)
    return response
