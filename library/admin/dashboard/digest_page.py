"""The page on which each curator asks for the weekly mail and for mails right away, or for no more of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.mail import can_send_mail
from library.models import User
from library.models.user import NO_ADDRESS


class MailForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("wants_digest", "wants_alerts")
        labels = {
            "wants_digest": _("Email me what needs attention once a week"),
            "wants_alerts": _("Email me right away when something waits for me"),
        }
        help_texts = {
            "wants_digest": _(
                "A plain-text email with the counts and links from the desk’s first page. It never includes anything "
                "readers wrote. If nothing needs attention that week, we don’t send it."
            ),
            "wants_alerts": _(
                "A sentence and a link when a draft waits for your review, a help line change needs your approval, or "
                "a draft you submitted is published or sent back; and once a day, if readers reported a problem with "
                "an entry you own. It never includes anything readers or curators wrote."
            ),
        }


def mail_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """200 with the form of whoever is signed in; 302 to the first page when it is saved."""
    user: Any = User.objects.get(username=request.user.get_username())
    form = MailForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        # Two columns, and only where the address is still there: an administrator may be changing the rest.
        rows = User.objects.filter(pk=user.pk)
        if any(wanted.values()):
            rows = rows.exclude(email="")
        if rows.update(**wanted):
            model_admin.message_user(request, _what_comes(**wanted), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:index"))
        form.add_error(None if wanted["wants_alerts"] else "wants_digest", NO_ADDRESS)
    context = model_admin.admin_site.each_context(request) | {
        "title": gettext("Email to you"),
        "form": form,
        "address": user.email,
        "is_set_up": can_send_mail(),
    }
    return TemplateResponse(request, "admin/library/user/weekly_mail.html", context)


def _what_comes(*, wants_digest: bool, wants_alerts: bool) -> str:
    weekly = gettext("You’ll get the weekly email.") if wants_digest else gettext("You won’t get the weekly email.")
    if wants_alerts:
        return f"{weekly} {gettext('We’ll email you right away when something waits for you.')}"
    return weekly
