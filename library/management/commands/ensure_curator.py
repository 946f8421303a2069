"""`manage.py ensure_curator`: the first person who may sign in; does nothing when there is one."""

import os
import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from library.models import User


class Command(BaseCommand):
    help = (
        "Creates the first curator from DJANGO_SUPERUSER_USERNAME, DJANGO_SUPERUSER_PASSWORD, and "
        "DJANGO_SUPERUSER_EMAIL. Without a password there, makes one up and prints it once. Does nothing if there's "
        "already a superuser."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(is_superuser=True).exists():
            return
        username = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "curator"
        email = os.environ.get("DJANGO_SUPERUSER_EMAIL", "")
        given = os.environ.get("DJANGO_SUPERUSER_PASSWORD", "")
        password = given or secrets.token_urlsafe(15)
        curator = User(username=username, email=email, is_staff=True, is_superuser=True)
        curator.set_password(password)
        try:
            curator.full_clean()
            validate_password(password, curator)
        except ValidationError as error:
            reasons = " ".join(error.messages)
            raise CommandError(f"The curator “{username}” of DJANGO_SUPERUSER_… can't be created: {reasons}") from error
        curator.save()
        if not given:
            self.stdout.write(f"\nA curator was created. Sign in at /admin/ as {username} with this password.")
            self.stdout.write(f"Save it, because it's shown only once:\n\n    {password}\n")
            self.stdout.flush()
