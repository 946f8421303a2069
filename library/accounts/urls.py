"""What is at which address, below `/admin/account/`. Of django-allauth: no sign-up, no email, no other site."""

from allauth.account import views as account
from allauth.mfa.base import views as steps
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from .details import DetailsPage
from .passkeys import SignInByPasskeyPage
from .password_links import LinkKind
from .passwords import ChoosePasswordPage, ForgottenPage
from .trusted_devices import forget_devices
from .views import AddPasskeyPage, SetUpAppPage, StepPage, StepsPage, page

urlpatterns = [
    # In and out
    path("login/", page(account.LoginView, "login", _("Sign in")), name="account_login"),
    path("login/step/", page(StepPage, "step", _("Second step")), name="mfa_authenticate"),
    path("login/passkey/", page(SignInByPasskeyPage, "login", _("Sign in")), name="mfa_login_webauthn"),
    path("logout/", require_POST(account.logout), name="account_logout"),
    # A forgotten password, and the first one. A token lets somebody in: the server's log leaves it out.
    path("forgotten/", page(ForgottenPage, "forgotten", _("Forgot your password?")), name="password_forgotten"),
    path(
        "forgotten/sent/",
        page(TemplateView, "forgotten_sent", _("Check your email")),
        name="password_forgotten_sent",
    ),
    path(
        "reset/<str:token>/",
        page(ChoosePasswordPage, "choose_password", _("Choose a password")),
        {"kind": LinkKind.RESET},
        name="password_reset",
    ),
    path(
        "invitation/<str:token>/",
        page(ChoosePasswordPage, "choose_password", _("Choose a password")),
        {"kind": LinkKind.INVITATION},
        name="password_invitation",
    ),
    path("password-set/", page(TemplateView, "password_set", _("Your password is set")), name="password_set"),
    # Is it still you? Asked before anything below is changed.
    path("confirm/", page(account.ReauthenticateView, "confirm", _("Confirm it’s you")), name="account_reauthenticate"),
    path("confirm/code/", page(steps.ReauthenticateView, "confirm", _("Confirm it’s you")), name="mfa_reauthenticate"),
    path(
        "confirm/passkey/",
        page(passkeys.ReauthenticateWebAuthnView, "confirm_passkey", _("Confirm it’s you")),
        name="mfa_reauthenticate_webauthn",
    ),
    # Who somebody is, and the second steps that they have
    path("", page(StepsPage, "steps", _("Your account")), name="mfa_index"),
    path("details/", page(DetailsPage, "details", _("Name and email")), name="account_details"),
    path("devices/forget/", forget_devices, name="forget_devices"),
    path("devices/<int:pk>/forget/", forget_devices, name="forget_device"),
    path("app/add/", page(SetUpAppPage, "app_add", _("Set up an app")), name="mfa_activate_totp"),
    path("app/remove/", page(apps.DeactivateTOTPView, "app_remove", _("Remove the app")), name="mfa_deactivate_totp"),
    path("codes/", page(codes.ViewRecoveryCodesView, "codes", _("Recovery codes")), name="mfa_view_recovery_codes"),
    path("codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path(
        "codes/new/",
        page(codes.GenerateRecoveryCodesView, "codes_new", _("Make new recovery codes")),
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", page(passkeys.ListWebAuthnView, "passkeys", _("Passkeys")), name="mfa_list_webauthn"),
    path("passkeys/add/", page(AddPasskeyPage, "passkey_add", _("Add a passkey")), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/name/",
        page(passkeys.EditWebAuthnView, "passkey_name", _("Name this passkey")),
        name="mfa_edit_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        page(passkeys.RemoveWebAuthnView, "passkey_remove", _("Remove this passkey")),
        name="mfa_remove_webauthn",
    ),
]
