"""`manage.py purge_history`: what is older goes with its versions, the rest stays."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from library.history.record import record, record_before
from library.models import AuditEntry, Tag, Version
from tests.factories import make_tag

pytestmark = pytest.mark.django_db


def purge(days: int) -> str:
    output = StringIO()
    call_command("purge_history", days=days, stdout=output)
    return output.getvalue()


def test_deletes_what_is_older_with_its_versions() -> None:
    tag = make_tag()
    for days in (800, 400, 10):
        then = timezone.now() - timedelta(days=days)
        record_before(Tag, [tag.pk], now=then)
        Tag.objects.update(name=f"Sleep {days}")
        record(Tag, [tag.pk], AuditEntry.Kind.CHANGED, by=None, now=then)

    assert purge(365) == "Deleted: 3.\n"
    assert [version.label for version in Version.objects.all()] == ["Sleep 10"]
    assert AuditEntry.objects.get().subject == "Sleep 10"
    assert purge(365) == "Deleted: 0.\n"


def test_refuses_a_short_time() -> None:
    with pytest.raises(CommandError, match="365 or more"):
        purge(30)
