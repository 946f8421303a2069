"""Asking for a link by email after forgetting a password, and choosing a password with it or with an invitation.

Not Django's own: those keep the link's token in a session, which strangers have none of here; name the host that the
request names; and take longer where there is somebody to write to.
"""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from library.history.record import record_event
from library.mail import can_send_mail
from library.models import AuditEntry, User

from .attempts import CountedAttempt, counters_of_reset
from .password_links import LinkKind, send_reset_links, user_of_link


class ForgottenForm(forms.Form):
    email = forms.EmailField(label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class ForgottenPage(FormView):  # type: ignore[type-arg]
    """302 to the same answer, whether or not somebody has this address. Raises TooManyAttempts."""

    form_class = ForgottenForm
    success_url = reverse_lazy("password_forgotten_sent")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if can_send_mail() else self.get(request)

    def form_valid(self, form: Any) -> HttpResponse:
        email = form.cleaned_data["email"]
        CountedAttempt(counters_of_reset(self.request, email))  # none of them is taken back
        send_reset_links(email)
        return super().form_valid(form)


class ChoosePasswordPage(FormView):  # type: ignore[type-arg]
    """200 with the form, 302 when the password is set; 410 for a link that no longer works.

    Leads to the sign-in page, which asks for the second step as ever.
    """

    form_class = SetPasswordForm
    success_url = reverse_lazy("password_set")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():  # of two that come at once, the second finds the link used
            rows = User.objects.select_for_update(no_key=True) if request.method == "POST" else User.objects.all()
            owner = user_of_link(kwargs["kind"], kwargs["token"], rows)
            if owner is None:
                is_invitation = kwargs["kind"] is LinkKind.INVITATION
                title = gettext("This link no longer works")
                ended = self.get_context_data(form=None, title=title, is_invitation=is_invitation)
                return self.render_to_response(ended, status=410)
            self.owner = owner
            return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.owner}

    def form_valid(self, form: Any) -> HttpResponse:
        """The person's sessions end with their old password."""
        form.save()
        text = gettext("Chose a password with a link.")
        record_event(User, AuditEntry.Kind.CHANGED, row=self.owner, by=self.owner, now=timezone.now(), comment=text)
        return super().form_valid(form)
