"""The page on which each curator asks for the weekly mail, or for no more of it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.models import User


class WeeklyMailForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("wants_digest",)
        labels = {"wants_digest": _("Email me what needs attention once a week")}
        help_texts = {
            "wants_digest": _(
                "A plain-text email with the counts and links from the desk’s first page. It never includes anything "
                "readers wrote. If nothing needs attention that week, we don’t send it."
            )
        }


def weekly_mail_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """200 with the form of whoever is signed in; 302 to the first page when it is saved."""
    user: Any = User.objects.get(username=request.user.get_username())
    form = WeeklyMailForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["wants_digest"]
        # One column, and only where the address is still there: an administrator may be changing the rest.
        rows = User.objects.filter(pk=user.pk)
        if wanted:
            rows = rows.exclude(email="")
        if rows.update(wants_digest=wanted):
            text = gettext("You’ll get the weekly email.") if wanted else gettext("You won’t get the weekly email.")
            model_admin.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:index"))
        form.add_error("wants_digest", gettext("The weekly email needs an address to go to."))
    context = model_admin.admin_site.each_context(request) | {
        "title": gettext("Weekly email"),
        "form": form,
        "address": user.email,
        "is_set_up": bool(settings.EMAIL_HOST and settings.SITE_ADDRESS),
    }
    return TemplateResponse(request, "admin/library/user/weekly_mail.html", context)
