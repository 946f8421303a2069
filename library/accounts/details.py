"""The page on which people change their own name and email."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from library.history.record import record_event
from library.mail import can_send_mail, mail_to, send_mails_later
from library.models import AuditEntry, User

from .attempts import CountedAttempt, TooManyAttempts, counters_of_confirming
from .encryption import keyed_hash


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Another email takes the password. `token` stands for what the row is; `seen`, which is sent, for what it was."""

    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Needed only to change your email."),
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["class"] = "vTextField"
        self.before = {name: str(self.initial[name]) for name in self.Meta.fields}
        self.token = keyed_hash("library.details", "\n".join(self.before.values()))

    def clean(self) -> dict[str, Any] | None:
        data: dict[str, Any] | None = super().clean()
        if self.data.get("seen") != self.token:
            now = (f"{self.fields[name].label}: {value or '–'}" for name, value in self.before.items())
            text = _("An administrator changed this while you had it open. It’s now: %s. Check yours, then save again.")
            self.add_error(None, text % "; ".join(now))
        elif "email" in self.changed_data and not self.errors:
            self._clean_change_of_email()
        return data

    def _clean_change_of_email(self) -> None:
        if not self.cleaned_data["email"] and (self.instance.wants_digest or self.instance.wants_alerts):
            self.add_error("email", _("You asked for email. Turn that off first, or keep an address."))
        if not self.cleaned_data["password"]:
            self.add_error("password", _("Enter your password to change your email."))
            return
        try:
            attempt = CountedAttempt(counters_of_confirming(self.instance))
        except TooManyAttempts as error:
            self.add_error("password", _("There were several wrong attempts. Wait %s.") % error.wait_text)
            return
        if self.instance.check_password(self.cleaned_data["password"]):
            attempt.succeeded()
        else:
            self.add_error("password", _("That isn’t your password."))


@method_decorator(login_required, name="dispatch")
class DetailsPage(FormView):  # type: ignore[type-arg]
    """200 with the form, 302 when it is saved; a mail to the address of before says that there is another."""

    form_class = DetailsForm
    success_url = reverse_lazy("mfa_index")

    def get_form_kwargs(self) -> dict[str, Any]:
        user: Any = self.request.user
        rows = User.objects.select_for_update(no_key=True) if self.request.method == "POST" else User.objects.all()
        return super().get_form_kwargs() | {"instance": rows.get(pk=user.pk)}

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        changed = [name for name in form.changed_data if name in form.Meta.fields]
        if changed:
            user = form.instance
            user.save(update_fields=changed)
            text = gettext("Changed their own name or email.")
            record_event(User, AuditEntry.Kind.CHANGED, row=user, by=user, now=timezone.now(), comment=text)
            messages.success(self.request, gettext("Saved."))
        if "email" in changed and can_send_mail():
            notice = mail_to(form.initial["email"], gettext("Your email was changed"), "library/email_changed.txt")
            transaction.on_commit(partial(send_mails_later, [notice]))
        return super().form_valid(form)
