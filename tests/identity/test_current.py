"""The site's identity: the row, what every copy has in place of what is empty, and the copy for a lost database."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from library.help_lines.offline_copy import offline_page
from library.identity.current import IDENTITY_SQL, current, identity_of_now, kept, refresh_identity, resolved
from library.models import SiteIdentity
from tests.factories import make_identity
from tests.reading import read


def refreshed() -> None:
    with connection.cursor() as cursor:
        cursor.execute(IDENTITY_SQL)
        refresh_identity((cursor.fetchone() or [None])[0])


def test_of_a_copy_that_nobody_has_named() -> None:
    identity = current()

    assert (identity.name, identity.operator, identity.official_of) == ("Officer Mental Health Resources", "", "")
    assert (identity.leave_url, identity.emergency_number) == ("https://www.weather.gov/", "911")
    assert identity.emergency_text == "In immediate danger?"
    assert identity.time_zone.key == "America/New_York"
    assert (identity.accent, identity.logo, identity.contact_address) == ("", None, "")


def test_the_environment_names_it_before_the_database_does(settings) -> None:
    settings.SITE_NAME, settings.TIME_ZONE = "Officer Wellness", "America/Chicago"

    assert (current().name, current().time_zone.key) == ("Officer Wellness", "America/Chicago")


def test_the_environment_names_who_runs_it_and_a_short_name(settings) -> None:
    settings.SITE_NAME, settings.SITE_SHORT_NAME = "Springfield Officer Wellness", "Wellness"
    settings.OPERATOR, settings.OPERATOR_CONTACT = "Springfield Police", "wellness@example.org"

    identity = resolved(SiteIdentity())
    assert (identity.short_name, identity.operator, identity.operator_contact) == (
        "Wellness",
        "Springfield Police",
        "wellness@example.org",
    )
    other = resolved(SiteIdentity(name="Shelbyville Wellness", operator="Shelbyville Police"))
    assert (other.short_name, other.operator_contact) == ("Shelbyville Wellness", "")


def test_a_time_zone_that_this_machine_does_not_know_is_the_usual_one() -> None:
    assert resolved(SiteIdentity(time_zone="Mars/Olympus")).time_zone.key == "America/New_York"
    assert resolved(SiteIdentity(time_zone="Europe/Paris")).time_zone.key == "Europe/Paris"


@pytest.mark.django_db
def test_has_what_the_row_says() -> None:
    make_identity(
        name="Officer Wellness",
        operator="Springfield Police",
        reviewer="Jo Doe, police psychologist",
        reviewed_on=date(2026, 11, 1),
        time_zone="America/Denver",
        leave_url="https://www.nps.gov/",
        emergency_number="112",
        emergency_text="Someone hurt?",
    )
    refreshed()

    identity = current()
    assert (identity.name, identity.operator, identity.reviewer) == (
        "Officer Wellness",
        "Springfield Police",
        "Jo Doe, police psychologist",
    )
    assert (identity.reviewed_on, identity.time_zone.key) == (date(2026, 11, 1), "America/Denver")
    assert (identity.leave_url, identity.emergency_number) == ("https://www.nps.gov/", "112")
    assert identity.emergency_text == "Someone hurt?"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("wellness@example.org", "mailto:wellness@example.org"),
        ("https://example.org/contact", "https://example.org/contact"),
        ("+1 (555) 010-0199", "tel:+15550100199"),
        ("", ""),
    ],
)
def test_whoever_runs_it_is_reached_by_a_link(contact: str, address: str) -> None:
    make_identity(operator="Springfield Police", operator_contact=contact)
    refreshed()

    assert current().contact_address == address


@pytest.mark.django_db
def test_the_same_row_is_not_read_again(django_assert_num_queries) -> None:
    make_identity(name="Officer Wellness")
    refreshed()
    first = current()

    with django_assert_num_queries(1), identity_of_now():
        assert current() is first


@pytest.mark.django_db
def test_a_process_that_begins_without_the_database_has_the_copy() -> None:
    make_identity(name="Officer Wellness", operator="Springfield Police", reviewer="Jo", reviewed_on=date(2026, 11, 1))
    refreshed()
    before = current()

    kept.clear()

    assert current() == before
    assert "Officer Wellness" in read(offline_page("503.html")).one("title").words


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"row": null, "logo_size": null}', '{"row": "{}"}'])
def test_a_broken_copy_is_none(settings, text: str) -> None:
    Path(settings.SITE_IDENTITY_COPY).write_text(text)

    assert current().name == "Officer Mental Health Resources"
    assert "Officer Mental Health Resources" in offline_page("503.html")


@pytest.mark.django_db
def test_a_library_without_the_row_is_like_one_that_nobody_has_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM library_siteidentity")

    assert "Officer Mental Health Resources" in client.get("/nothing/").text
