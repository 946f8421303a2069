"""People of each role, signed in: what the tests of rights stand on."""

from django.contrib.auth.models import Group
from django.test import Client

from library.accounts.permissions import Role, make_groups
from library.models import User

PASSWORD = "a long and quiet night 7"


def make_person(name: str, *roles: Role) -> User:
    """Somebody who may sign in, and has these roles."""
    make_groups()
    person = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    person.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    return person


def client_of(person: User) -> Client:
    """A client in which this person has signed in."""
    client = Client()
    client.force_login(person)
    return client
