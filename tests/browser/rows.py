"""What the starting content has none of: for the sites that browsers visit."""

from django.utils import timezone

from library.models import Resource, Section, User
from tests.admin.roles import PASSWORD


def make_entries_for_readers() -> None:
    """An episode with sound and a transcript whose title speaks of a crisis, and one that was withdrawn."""
    now = timezone.now()
    common = {"section": Section.objects.get(anchor="podcasts"), "kind": "podcast", "listed_at": now}
    transcript = "What is said, in a sentence. " * 50
    sound = {"audio_url": "https://audio.example.org/1.mp3", "audio_bytes": 24_000_000, "running_minutes": 25}
    Resource(
        title="Suicide of an officer", slug="spoken", state="published", transcript=transcript, **sound, **common
    ).save()
    gone = {"state": "withdrawn", "withdrawn_at": now, "withdrawn_reason": "Its publisher took it off the web."}
    Resource(title="Gone", slug="gone", **gone, **common).save()


def make_maria() -> None:
    """A second curator, who may do all and signs in with `PASSWORD`."""
    User.objects.create_superuser("maria", password=PASSWORD)
