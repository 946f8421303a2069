"""The first curator: made once, from the environment or at random, and never touched again."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from library.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USERNAME", "PASSWORD", "EMAIL"):
        monkeypatch.delenv(f"DJANGO_SUPERUSER_{name}", raising=False)


def test_makes_the_curator_of_the_environment_and_prints_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "Lee")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "four words in a row")
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "lee@example.org")

    call_command("ensure_curator")

    curator = User.objects.get()
    assert (curator.username, curator.email) == ("Lee", "lee@example.org")
    assert (curator.is_superuser, curator.is_staff, curator.is_active) == (True, True, True)
    assert curator.check_password("four words in a row")
    assert capsys.readouterr().out == ""


def test_makes_up_a_password_and_prints_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ensure_curator")

    printed = capsys.readouterr().out.split()
    curator = User.objects.get()
    assert curator.username == "curator"
    assert curator.check_password(printed[-1])

    call_command("ensure_curator")
    assert capsys.readouterr().out == ""


def test_leaves_an_existing_superuser_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    User.objects.create_superuser("first", password="the first password")
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "first")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "another long password")

    call_command("ensure_curator")

    assert User.objects.get().check_password("the first password")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PASSWORD", "12345678", "too common"),
        ("PASSWORD", "short", "too short"),
        ("USERNAME", "not a name", "valid username"),
        ("EMAIL", "nowhere", "valid email"),
    ],
)
def test_refuses_in_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "four words in a row")
    monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)

    with pytest.raises(CommandError, match=reason):
        call_command("ensure_curator")

    assert not User.objects.exists()


def test_does_not_make_a_superuser_of_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("curator", password="somebody's password")

    with pytest.raises(CommandError, match="already exists"):
        call_command("ensure_curator")

    assert not User.objects.filter(is_superuser=True).exists()
