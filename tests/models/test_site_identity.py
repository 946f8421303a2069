"""What an agency may say of its copy, and what the database refuses."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from library.models import SiteIdentity
from tests.factories import make_identity
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_there_is_one_row() -> None:
    make_identity()

    with refused("site_identity_one_row"):
        SiteIdentity.objects.create(pk=2)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("site_identity_operator_named", {"operator_contact": "a@example.org"}),
        ("site_identity_operator_named", {"operator_url": "https://example.org"}),
        ("site_identity_operator_named", {"official_of": "Springfield"}),
        ("site_identity_review_complete", {"reviewer": "Jo Doe"}),
        ("site_identity_asks_before_it_saves", {"saves_to_archive": True}),
        ("site_identity_review_complete", {"reviewed_on": "2026-11-01"}),
        ("site_identity_reviewed_since_1990", {"reviewer": "Jo Doe", "reviewed_on": "1989-12-31"}),
        ("site_identity_accent_form", {"accent": "red"}),
        ("site_identity_contact_form", {"operator": "Springfield", "operator_contact": "javascript:alert(1)"}),
        ("site_identity_emergency_number_form", {"emergency_number": "nine"}),
        ("site_identity_time_zone_form", {"time_zone": "../Mars"}),
    ],
)
def test_what_makes_no_sense_is_refused(constraint: str, values: dict[str, Any]) -> None:
    make_identity()

    with refused(constraint):
        SiteIdentity.objects.update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"accent": "2e7d32"},
        {"accent": "#2e7d3"},
        {"operator": "A", "operator_contact": "call us"},
        {"operator": "A", "operator_contact": "http://example.org"},
        {"emergency_number": "call"},
        {"leave_url": "javascript:alert(1)"},
        {"time_zone": "Mars/Olympus"},
        {"reviewer": "Jo", "reviewed_on": "2126-01-01"},
    ],
)
def test_a_form_refuses_it_too(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make_identity(**values)


def test_a_color_may_be_typed_in_capitals() -> None:
    assert make_identity(accent=" #2E7D32").accent == "#2e7d32"


@pytest.mark.parametrize(
    ("accent", "text"),
    [
        ("#162e51", "Its contrast on the dark page is 1.19 to 1; it must be at least 3 to 1. Try #5c6d85."),
        ("#ffdd00", "Its contrast on the light page is 1.24 to 1; it must be at least 3 to 1. Try #a38d00."),
    ],
)
def test_a_weak_color_is_refused_and_told_by_how_much(accent: str, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make_identity(accent=accent)

    assert caught.value.message_dict == {"accent": [text]}


def test_is_called_by_its_name() -> None:
    assert [str(make_identity(name=name)) for name in ("Officer Wellness", "")] == ["Officer Wellness", "Site identity"]
