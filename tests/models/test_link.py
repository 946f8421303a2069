"""Links: one row for an address, whoever has it."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from library.models import Link, LinkChange, LinkCopy, LinkLook, LinkUse

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_an_address_is_one_link() -> None:
    Link.objects.create(key="example.org/a", address="https://example.org/a", host="example.org", next_at=NOW)
    with pytest.raises(IntegrityError, match="link_key_unique"):
        Link.objects.create(key="example.org/a", address="http://example.org/a", host="example.org", next_at=NOW)


@pytest.mark.django_db
def test_a_copy_has_an_address_unless_there_is_none() -> None:
    link = Link.objects.create(key="example.org/a", address="https://example.org/a", host="example.org", next_at=NOW)
    LinkCopy.objects.create(link=link, standing="none", asked_at=NOW, next_at=NOW)
    with pytest.raises(IntegrityError, match="copy_has_an_address"):
        LinkCopy.objects.update(standing="seen")


@pytest.mark.django_db
def test_a_field_of_a_row_has_one_address_and_a_word_its_day() -> None:
    link = Link.objects.create(key="example.org/a", address="https://example.org/a", host="example.org", next_at=NOW)
    use = {"field": "resource.audio_url", "object_id": 1, "address": link.address, "link": link}
    assert str(LinkUse.objects.create(**use)) == "Audio: https://example.org/a"
    with pytest.raises(IntegrityError, match="link_use_once"), transaction.atomic():
        LinkUse.objects.create(**use)
    with pytest.raises(IntegrityError, match="link_use_word_with_day"):
        LinkUse.objects.update(word="dead")


def test_a_look_and_a_change_say_what_they_are_in_a_few_words() -> None:
    assert str(LinkLook(looked_at=NOW, status=404, reason="not found")) == "2026-03-02 00:00 404 Not Found"
    assert LinkLook(looked_at=NOW, status=403, reason="refused").label.startswith("403 Forbidden: the site blocked")
    assert LinkLook(looked_at=NOW, fault="timeout", reason="nothing came").label == "timeout"
    assert LinkLook(looked_at=NOW, status=999, reason="refused").label == "999: the site blocked the check"
    assert str(LinkChange(after="dead", reason="not found")) == "Gone"
    assert str(LinkChange(after="changed", reason="for sale")) == "Shows something else (the name is for sale)"
