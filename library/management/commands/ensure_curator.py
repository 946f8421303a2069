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
        "Makes the first curator from DJANGO_SUPERUSER_USERNAME, DJANGO_SUPERUSER_PASSWORD and DJANGO_SUPERUSER_EMAIL; "
        "without a password there, makes one up and prints it once. Does nothing when there is a superuser already."
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
            raise CommandError(f"The curator “{username}” of DJANGO_SUPERUSER_… cannot be made: {reasons}") from error
        curator.save()
        if not given:
            self.stdout.write(f"\nA curator was made. Sign in at /admin/ as {username} with this password,")
            self.stdout.write(f"which is shown only now:\n\n    {password}\n")
            self.stdout.flush()
