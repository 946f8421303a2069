"""Encrypt the secrets of apps and the seeds of recovery codes, which were in the clear until now."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

from library.accounts.encryption import decrypt, encrypt

# Where the secret of each kind is, among its data.
_SECRETS = {"totp": "secret", "recovery_codes": "seed"}


def _change_all(apps: Any, change: Callable[[str], str]) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=_SECRETS).select_for_update():
        name = _SECRETS[row.type]
        row.data[name] = change(row.data[name])
        row.save(update_fields=["data"])


def encrypt_all(apps: Any, _schema: Any) -> None:
    _change_all(apps, encrypt)


def decrypt_all(apps: Any, _schema: Any) -> None:
    _change_all(apps, decrypt)


class Migration(migrations.Migration):
    dependencies = [("library", "0039_sign_in_attempts"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(encrypt_all, decrypt_all)]
