"""`manage.py forget_second_factor`: lets somebody sign in with the password alone who has lost phone and codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from library.accounts.second_factor import remove_second_factor
from library.models import User


class Command(BaseCommand):
    help = (
        "Removes every app, passkey and recovery code of a curator, who then signs in with the password alone and is "
        "led to set up a new second step. Be sure first who is asking."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name with which they sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no curator “{options['username']}”.")
        number = remove_second_factor(user)
        self.stdout.write("Removed. They sign in with the password alone." if number else "There was none.")
