"""What the starting content has none of: for the sites that browsers visit."""

from django.utils import timezone

from library.models import Category, Guide, HelpLine, Resource, Section, User
from tests.admin.roles import PASSWORD


def make_entries_for_readers() -> None:
    """An episode with sound and a transcript whose title speaks of a crisis, one that was withdrawn, and a guide."""
    now = timezone.now()
    common = {"section": Section.objects.get(anchor="podcasts"), "kind": "podcast", "listed_at": now}
    transcript = "What is said, in a sentence. " * 50
    sound = {"audio_url": "https://audio.example.org/1.mp3", "audio_bytes": 24_000_000, "running_minutes": 25}
    Resource(
        title="Suicide of an officer", slug="spoken", state="published", transcript=transcript, **sound, **common
    ).save()
    gone = {"state": "withdrawn", "withdrawn_at": now, "withdrawn_reason": "Its publisher took it off the web."}
    Resource(title="Gone", slug="gone", **gone, **common).save()
    listed = "\n".join(Resource.objects.published(now).values_list("ref", flat=True)[:2])
    guide = Guide(title="A guide", slug="a-guide", note="A note with [a link](/help/).", resources=listed)
    guide.state, guide.help_lines_first, guide.phrases = "published", True, "suicide"
    guide.save()
    guide.help_lines.set(HelpLine.objects.all()[:2])
    guide.categories.set(Category.objects.all()[:2])


def make_maria() -> None:
    """A second curator, who may do all and signs in with `PASSWORD`."""
    User.objects.create_superuser("maria", password=PASSWORD)
