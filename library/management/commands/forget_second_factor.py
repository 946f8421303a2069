"""`manage.py forget_second_factor`: lets somebody sign in with the password alone who has lost phone and codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from library.accounts.second_factor import remove_second_factor
from library.models import User


class Command(BaseCommand):
    help = (
        "Removes all of a curator's apps, passkeys, and recovery codes. They then sign in with their password alone "
        "and are asked to set up a new second step. First, make sure you know who is asking."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There's no curator “{options['username']}”.")
        number = remove_second_factor(user)
        self.stdout.write("Removed. They can sign in with their password alone." if number else "They didn't have one.")
