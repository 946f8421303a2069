"""Guessers are slowed down, and the people whose names they guess get in."""

import re
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from library.accounts.attempts import ADDRESS, CODE, DEVICE, MEMORY, NAME, PAIR, CountedAttempt, Counter
from library.accounts.cleanup import delete_expired
from library.accounts.permissions import Role
from library.models import Attempt, User
from tests.accounts.people import LOGIN, STEP, digits_of, set_up_app, sign_in
from tests.accounts.software_passkey import SoftwarePasskey
from tests.admin.roles import PASSWORD, make_person

pytestmark = pytest.mark.django_db
NAT, ELSEWHERE = "203.0.113.1", "198.51.100.77"
BY_PASSKEY = "/admin/account/login/passkey/"


@pytest.fixture
def editor(db: None) -> User:
    return make_person("editor", Role.EDITOR)


@pytest.fixture
def colleague(db: None) -> User:
    return make_person("colleague", Role.EDITOR)


@pytest.fixture
def known(editor: User) -> Client:
    """A device on which the editor has signed in before."""
    return device_of("editor")


def device_of(name: str, *names: str) -> Client:
    client = Client(REMOTE_ADDR=NAT)
    for person in (name, *names):
        assert sign_in(client, person).status_code == 302
        client.post("/admin/account/logout/")
    return client


def sign_in_from(address: str, name: str = "editor", client: Client | None = None) -> Any:
    """What the form answers the owner of that name, with the right password."""
    return (client or Client()).post(LOGIN, {"login": name, "password": PASSWORD}, REMOTE_ADDR=address)


def guess(name: str, address: str, password: str = "wrong") -> Any:
    return Client().post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address)


def use_passkey(passkey: SoftwarePasskey, address: str) -> int:
    client = Client(REMOTE_ADDR=address)
    options = client.get(BY_PASSKEY, headers={"accept": "application/json"}).json()["request_options"]
    return client.post(BY_PASSKEY, {"credential": passkey.answer(options)}).status_code


def pass_time(seconds: float) -> None:
    gone = timedelta(seconds=seconds)
    Attempt.objects.update(wait_until=F("wait_until") - gone, expires=F("expires") - gone)


def failures(limit: Any, of: str) -> int:
    return sum(Attempt.objects.filter(key=Counter(limit, of).key).values_list("failures", flat=True))


# Scenarios: an attack, then who gets in (302) and who has to wait (429)


def one_address_guesses_one_name() -> None:
    for _time in range(20):
        guess("editor", NAT)


def count_guess(name: str, address: str) -> None:
    """What the form counts of a guess, without the form."""
    CountedAttempt([Counter(ADDRESS, address), Counter(NAME, name), Counter(PAIR, f"{address} {name}")])


def many_addresses_guess_one_name() -> None:
    for number in range(90):
        count_guess("editor", f"192.0.2.{number}")
    for number in range(90, 110):
        guess("editor", f"192.0.2.{number}")


def one_address_sprays_many_names() -> None:
    for number in range(190):
        count_guess(f"name{number}", NAT)
    for number in range(190, 210):
        guess(f"name{number}", NAT)


@pytest.mark.parametrize(
    ("attack", "new_device_here", "new_device_elsewhere", "colleague_here", "longest_wait"),
    [
        (one_address_guesses_one_name, 429, 302, 302, 10),
        (many_addresses_guess_one_name, 429, 429, 302, 60),
        (one_address_sprays_many_names, 429, 302, 429, 60),
    ],
)
def test_an_attack_slows_the_guesser_and_never_a_known_device_or_a_passkey(
    editor: User,
    colleague: User,
    known: Client,
    attack: Any,
    new_device_here: int,
    new_device_elsewhere: int,
    colleague_here: int,
    longest_wait: int,
) -> None:
    known_to_colleague, passkey = device_of("colleague"), SoftwarePasskey(colleague)

    attack()

    assert guess("editor", NAT).status_code == 429
    assert sign_in_from(NAT).status_code == new_device_here
    assert sign_in_from(ELSEWHERE).status_code == new_device_elsewhere
    assert sign_in_from(NAT, client=known).status_code == 302
    assert use_passkey(passkey, NAT) == 302
    passkey.remove()
    assert sign_in_from(NAT, "colleague", known_to_colleague).status_code == 302
    assert sign_in_from(NAT, "colleague").status_code == colleague_here
    assert int(guess("editor", NAT)["Retry-After"]) <= longest_wait
    pass_time(longest_wait)
    assert sign_in_from(NAT).status_code == 302


def test_fifty_people_sign_in_from_one_address_at_eight(editor: User) -> None:
    for number in range(50):
        person = User.objects.create(username=f"curator{number}", password=editor.password, is_staff=True)
        assert guess(person.username, NAT).status_code == 200
        assert sign_in_from(NAT, person.username).status_code == 302
    assert failures(ADDRESS, NAT) == 50


def test_who_signs_in_at_once_leaves_no_count(editor: User) -> None:
    assert sign_in_from(NAT).status_code == 302
    assert not Attempt.objects.exists()


def test_a_right_password_does_not_wipe_out_what_was_guessed_before(editor: User) -> None:
    for _time in range(4):
        guess("editor", NAT)
    assert sign_in_from(NAT).status_code == 302
    assert failures(PAIR, f"{NAT} editor") == 4
    assert guess("editor", NAT).status_code == 200
    assert guess("editor", NAT).status_code == 429


# How long


def test_the_wait_doubles_up_to_a_bound() -> None:
    assert PAIR.wait(4) is None
    assert [PAIR.wait(number).seconds for number in range(5, 14)] == [10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert NAME.wait(10**9).seconds == ADDRESS.wait(10**9).seconds == 60


def test_who_tries_during_the_wait_makes_it_no_longer(editor: User) -> None:
    for _time in range(5):
        guess("editor", NAT)
    for _time in range(10):
        assert int(guess("editor", NAT)["Retry-After"]) <= 10
    pass_time(10)
    assert guess("editor", NAT).status_code == 200
    assert 10 < int(guess("editor", NAT)["Retry-After"]) <= 20


def test_after_an_hour_nothing_is_remembered(editor: User) -> None:
    for _time in range(5):
        guess("editor", NAT)
    pass_time(MEMORY.seconds)
    assert guess("editor", NAT).status_code == 200
    assert failures(PAIR, f"{NAT} editor") == 1


def test_the_page_says_how_long_and_what_works_in_the_meantime(editor: User) -> None:
    for _time in range(5):
        guess("editor", NAT)
    answer = Client().post(LOGIN, {"login": "editor", "password": "x", "next": "/admin/library/"}, REMOTE_ADDR=NAT)
    words = " ".join(answer.content.decode().split())
    assert answer.status_code == 429
    assert re.search(r"Wait (10|[1-9]) seconds?, then <a href=\"/admin/account/login/\?next=%2Fadmin%2F", words)
    assert "on a device where you’ve signed in before, or with a passkey" in words
    assert "No one is locked out for good." in words
    assert "a new device may have to wait again and again" in words
    assert 'value="Sign in with a passkey"' in words
    assert "no-store" in answer["Cache-Control"]
    Attempt.objects.update(wait_until=timezone.now() + timedelta(minutes=14))
    assert "Wait 14 minutes" in " ".join(guess("editor", NAT).content.decode().split())


# What is counted


def test_the_name_counts_however_it_is_written_and_from_every_port(editor: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    for number, name in enumerate(["editor", "EDITOR", " Editor ", "editor", "edItor"]):
        Client(headers={"host": f"localhost:{8000 + number}"}, REMOTE_ADDR=NAT).post(
            LOGIN, {"login": name, "password": "wrong"}
        )
    answer = Client(headers={"host": "localhost:9"}, REMOTE_ADDR=NAT).post(LOGIN, {"login": "editor", "password": "x"})
    assert answer.status_code == 429


def test_a_name_that_nobody_has_is_slowed_in_the_same_way(editor: User) -> None:
    for name in ("editor", "nobody"):
        assert [guess(name, NAT).status_code for _time in range(6)] == [200] * 5 + [429]


def test_behind_a_proxy_the_address_that_it_wrote_is_counted(editor: User, settings) -> None:
    settings.HTTPS = True
    for number in range(5):
        sign_in(Client(headers={"x-forwarded-for": f"198.51.100.{number}, {NAT}"}), "editor", "wrong")
    assert sign_in(Client(headers={"x-forwarded-for": f"198.51.100.77, {NAT}"}), "editor").status_code == 429
    assert sign_in(Client(headers={"x-forwarded-for": f"{NAT}, 203.0.113.2"}), "editor").status_code == 302


def test_a_form_without_a_name_or_a_password_counts_nothing(editor: User) -> None:
    for form in ({}, {"login": "editor"}, {"password": "x"}):
        assert Client().post(LOGIN, form).status_code == 200
    assert not Attempt.objects.exists()


def test_counts_name_nobody_and_made_up_names_share_a_fixed_number_of_keys(editor: User) -> None:
    for name in ("editor", "x" * 100_000, "édîtor’ OR 1=1", "a b"):
        guess(name, NAT)
    for row in Attempt.objects.all():
        assert re.fullmatch(r"(pair|name|address) [0-9a-f]{5}", row.key)
    assert Attempt.objects.count() <= 11


def test_a_flood_of_made_up_names_does_not_forget_whom_it_guesses(editor: User) -> None:
    for _time in range(5):
        guess("editor", NAT)
    end = timezone.now() + MEMORY
    Attempt.objects.bulk_create(Attempt(key=f"name {number:05x}", failures=1, expires=end) for number in range(3_000))
    assert guess("editor", NAT).status_code == 429


def test_counts_whose_time_is_over_are_deleted(editor: User) -> None:
    guess("editor", NAT)
    delete_expired(timezone.now() + MEMORY - timedelta(minutes=1))
    assert Attempt.objects.count() == 3
    delete_expired(timezone.now() + MEMORY + timedelta(minutes=1))
    assert not Attempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_count_as_twenty() -> None:
    make_person("editor", Role.EDITOR)

    names = [f"name{number}" for number in range(20)]

    assert at_once([lambda name=name: guess(name, NAT) for name in names]) == [200] * 20
    assert failures(ADDRESS, NAT) == 20
    assert at_once([lambda: guess("editor", NAT)] * 20) == [200] * 5 + [429] * 15


@pytest.mark.django_db(transaction=True)
def test_of_five_at_once_with_the_same_digits_one_gets_in() -> None:
    make_person("editor", Role.EDITOR)
    own, others = Client(), [Client() for _number in range(5)]
    sign_in(own, "editor")
    digits = digits_of(set_up_app(own), later_step())
    for other in others:
        sign_in(other, "editor")

    assert at_once([lambda other=other: other.post(STEP, {"code": digits}) for other in others]) == [200] * 4 + [302]


def at_once(requests: list[Callable[[], Any]]) -> list[int]:
    """Which statuses they answer, sorted."""
    statuses, start = [], threading.Barrier(len(requests))

    def one(request: Callable[[], Any]) -> None:
        with closing(connection):
            start.wait()
            statuses.append(request().status_code)

    threads = [threading.Thread(target=one, args=[request]) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


# A known device


def test_a_device_is_known_for_those_who_signed_in_on_it(editor: User, colleague: User) -> None:
    make_person("third", Role.EDITOR)
    shared = device_of("editor", "colleague")
    cookie = shared.cookies["known_device"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/admin/account/", "Strict", True)
    for name in ("editor", "colleague", "third"):
        for number in range(100):
            CountedAttempt([Counter(NAME, name), Counter(PAIR, f"{number} {name}")])
    assert sign_in_from(NAT, "third", shared).status_code == 429
    for name in ("editor", "colleague"):
        assert sign_in_from(NAT, name, shared).status_code == 302
        shared.post("/admin/account/logout/")


def test_a_new_password_makes_every_device_unknown(editor: User, known: Client) -> None:
    editor.set_password("another long night 8")
    editor.save()
    sign_in(known, "editor", "wrong")
    assert failures(NAME, "editor") == 1


def test_a_reset_second_step_makes_every_device_unknown(editor: User) -> None:
    client = Client()
    sign_in(client, "editor")
    set_up_app(client)
    client.post("/admin/account/logout/")
    sign_in(client, "editor", "wrong")
    assert failures(NAME, "editor") == 0
    editor.authenticator_set.all().delete()
    sign_in(client, "editor", "wrong")
    assert failures(NAME, "editor") == 1


@pytest.mark.parametrize("cookie", ["", "x", "1.abcdefghi:1:x", "9" * 4_000, "|" * 4_000, "1.é:1:x", "0.a:b:c|1"])
def test_a_made_up_cookie_makes_no_device_known(editor: User, cookie: str) -> None:
    client = Client()
    client.cookies["known_device"] = cookie
    sign_in(client, "editor", "wrong")
    assert failures(NAME, "editor") == 1
    assert sign_in(client, "editor").status_code == 302
    cookie = client.cookies["known_device"].value
    assert len(cookie) < 300


def test_the_cookie_of_a_device_is_no_way_in(editor: User, known: Client) -> None:
    assert known.get("/admin/").status_code == 302
    statuses = [sign_in(known, "editor", "wrong").status_code for _time in range(11)]
    assert statuses == [200] * 10 + [429]
    assert "with a passkey" in (page := sign_in(known, "editor").content.decode())
    assert "on a device where" not in page
    assert failures(DEVICE, "") == 0
    assert sign_in_from(NAT).status_code == 302


# The second step, and “Confirm it’s you”


def test_guessing_digits_is_slowed_from_anywhere_and_a_known_device_is_not(editor: User) -> None:
    own = Client()
    sign_in(own, "editor")
    secret = set_up_app(own)
    own.post("/admin/account/logout/")
    assert sign_in(own, "editor")["Location"] == STEP
    guessers = [Client() for _address in range(5)]
    for number, guesser in enumerate(guessers):
        assert sign_in_from(f"192.0.2.{number}", client=guesser)["Location"] == STEP
        assert guesser.post(STEP, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{number}").status_code == 200
    answer = guessers[0].post(STEP, {"code": "000000"})
    assert answer.status_code == 429
    assert "a passkey or a security key" in answer.content.decode()
    assert failures(CODE, str(editor.pk)) == 5
    assert own.post(STEP, {"code": digits_of(secret, later_step())}).status_code == 302


def test_who_is_signed_in_and_asked_again_is_not_slowed_by_guessers_outside(editor: User, client: Client) -> None:
    sign_in(client, "editor")
    many_addresses_guess_one_name()
    asking = "/admin/account/confirm/"
    assert client.post(asking, {"password": "wrong"}).status_code == 200
    assert client.post(asking, {"password": PASSWORD}).status_code == 302
    for _time in range(5):
        client.post(asking, {"password": "wrong"})
    assert client.post(asking, {"password": PASSWORD}).status_code == 429


def later_step() -> float:
    return timezone.now().timestamp() + 30


def test_answers_of_passkeys_are_never_limited(editor: User) -> None:
    for _time in range(40):
        assert Client(REMOTE_ADDR=NAT).post(BY_PASSKEY, {"credential": "{}"}).status_code == 200
    assert use_passkey(SoftwarePasskey(editor), NAT) == 302
    assert not Attempt.objects.exclude(key__startswith="once ").exists()
