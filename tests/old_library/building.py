"""Weeks of a small library, by the forms that its people use: whatever an upgrade could lose has happened in it."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from library.accounts.permissions import Role
from library.imports.worker import run_imports
from library.maintenance.seed_content import load_starting_content
from library.models import FileImport, HelpLine, HelpLineChange, Publisher, Resource, Section, Tag, User
from tests.accounts.people import set_up_app, sign_in
from tests.accounts.software_passkey import SoftwarePasskey
from tests.admin.conftest import filled_in
from tests.admin.roles import client_of, make_person
from tests.conftest import ROOT
from tests.old_library import ANN, BOB, EVE, Clock
from tests.photographs import photograph
from tests.reading import read
from tests.sending import send

RESOURCES = "/admin/library/resource/"
SECTIONS = "/admin/library/section/"
TAGS = "/admin/library/tag/"
IMPORTS = "/admin/library/fileimport/"
HEADER = "title,kind,section,url,summary,categories,tags,published,publisher"


class Curator:
    """A person in the admin. Each form that is sent takes a minute."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self.client = client
        self.clock = clock

    def fill_in(self, address: str, **typed: Any) -> str:
        """Send the form at this address with what was typed; where it leads."""
        return self.send(address, filled_in(self.client.get(address), **typed))

    def send(self, address: str, form: dict[str, Any]) -> str:
        self.clock.move(minutes=1)
        answer = self.client.post(address, form)
        assert answer.status_code == 302, read(answer.content).words
        return str(answer["Location"])

    def change(self, row: Any, **typed: Any) -> None:
        self.fill_in(f"/admin/library/{row._meta.model_name}/{row.pk}/change/", **typed)

    def add(self, kind: str, **typed: Any) -> Resource:
        self.fill_in(f"{RESOURCES}add/?kind={kind}", **typed)
        return Resource.objects.latest("pk")

    def delete(self, row: Any) -> None:
        self.send(f"/admin/library/{row._meta.model_name}/{row.pk}/delete/", {"post": "yes"})

    def restore(self, row: Any, number: int) -> None:
        """Bring back one of the versions of a row, the newest being 0."""
        history = f"/admin/library/{row._meta.model_name}/{row.pk}/history/"
        links = [link["href"] for link in read(self.client.get(history).content).one("tbody").all("a")]
        address = links[number] if links[number].startswith("/") else history + links[number]
        self.send(address, {"_seen": read(self.client.get(address).content).one("input", name="_seen")["value"]})

    def file(self, name: str, *rows: str) -> str:
        """Upload a file and have it checked and imported; the address of its page."""
        content = "\n".join([HEADER, *rows]).encode()
        form = {"file": SimpleUploadedFile(name, content), "create_missing": "on", "publish": "yes"}
        address = self.send(f"{IMPORTS}add/", form)
        run_imports(self.clock)
        self.ask(address, "import")
        return address

    def ask(self, address: str, step: str, **more: str) -> None:
        self.send(address, {"do": step, **more})
        run_imports(self.clock)


def entry(slug: str) -> Resource:
    return Resource.objects.get(slug=slug)


def start_of(moment: datetime) -> datetime:
    """When all of it begins that is over at that moment."""
    return moment - timedelta(days=7)


def build(clock: Clock) -> None:
    """Fill an empty library. Ends before `MOMENT`."""
    load_starting_content(ROOT / "fixtures", "seed")
    people = {name: make_person(name, role) for name, role in ((ANN, Role.PUBLISHER), (BOB, Role.PUBLISHER))}
    people[EVE] = make_person(EVE, Role.EDITOR)
    ann, bob, eve = (Curator(client_of(person), clock) for person in people.values())
    root = Curator(client_of(User.objects.create_superuser("root")), clock)
    _edit(ann, bob, eve, root)
    _rename(ann, root)
    _import(root)
    _visit(clock)
    _propose(Curator(client_of(people[ANN]), clock))  # sessions end with the day
    _second_steps(people[ANN])


def _edit(ann: Curator, bob: Curator, eve: Curator, root: Curator) -> None:
    """Versions, a picture, a reverted entry, drafts, deleted ones, withdrawn ones, one for later, one that is over."""
    websites, podcasts = Section.objects.get(anchor="websites"), Section.objects.get(anchor="podcasts")
    resilience = entry("building-personal-resilience")
    eve.change(resilience, summary="Five habits that keep officers well.", tags="resilience, habits")
    bob.change(resilience, title="Building Your Personal Resilience", tags="resilience, habits, sleep")
    ann.change(
        resilience, picture_file=SimpleUploadedFile("a.jpg", photograph(), "image/jpeg"), picture_alt="Two halves."
    )
    near_miss = entry("leo-near-miss")
    bob.change(near_miss, title="Something else", summary="Wrong.")
    ann.restore(near_miss, 1)
    eve.change(near_miss, slug="near-miss")
    draft = eve.add(
        "site", title="A draft of Eve", section=websites.pk, tags="passing", url="https://example.org/draft"
    )
    gone = eve.add("site", title="A mistake", section=websites.pk, tags="only here", url="https://example.org/mistake")
    root.delete(gone)
    published = {"section": websites.pk, "state": "published"}
    older = ann.add("site", title="An older guide", url="https://example.org/older", **published)
    newer = ann.add("site", title="A newer guide", url="https://example.org/newer", **published)
    ann.change(older, state="withdrawn", withdrawn_reason="Its publisher wrote a new one.", successor=newer.pk)
    later = (ann.clock() + timedelta(days=3650)).strftime("%Y-%m-%d")
    ann.add("site", title="In ten years", url="https://example.org/later", **published, **_at("listed_at", later))
    soon = (ann.clock() + timedelta(days=1)).strftime("%Y-%m-%d")
    ann.add("site", title="Over soon", url="https://example.org/over", **published, **_at("expires_at", soon))
    eve.change(draft, summary="More of it.")
    body = "## What was said\n\nSleep is no weakness. The officer slept."
    with_transcript = ann.add(
        "podcast",
        title="Sleep",
        section=podcasts.pk,
        url="https://example.org/sleep",
        state="published",
        transcript=body,
    )
    bob.change(with_transcript, published_on="2020-02-01", published_precision="month", speaker="Dr. John Violanti")


def _at(name: str, day: str) -> dict[str, str]:
    return {f"{name}_0": day, f"{name}_1": "08:00"}


def _rename(ann: Curator, root: Curator) -> None:
    """What leads from former addresses: of a section, a merged section, tags, a merged tag, a publisher."""
    podcasts = Section.objects.get(anchor="podcasts")
    ann.send(f"{SECTIONS}{podcasts.pk}/anchor/", {"anchor": "the-beat", "confirmed": "on"})
    root.change(Tag.objects.get(name="habits"), name="good habits", slug="good-habits")
    sleep, shifts = Tag.objects.get(name="sleep"), Tag.objects.create(name="slepe", slug="slepe")
    ann.change(entry("a-newer-guide"), tags="slepe")
    merge = f"{TAGS}merge/?id={sleep.pk}&id={shifts.pk}"
    root.fill_in(merge, survivor=sleep.pk, confirmed="on")
    root.change(Publisher.objects.order_by("pk")[0], slug="renamed-publisher")
    root.delete(Tag.objects.get(name="passing"))


def _import(root: Curator) -> None:
    """One that was undone, and one that can be: it changed an entry, and made a publisher and tags."""
    undone = root.file("undone.csv", "Undone,site,websites,https://example.org/undone,,,undone,2021,Undone Press")
    root.ask(undone, "undo", sure="yes")
    older = entry("a-newer-guide")
    root.file(
        "kept.csv",
        f"A guide from a file,site,websites,{older.url},New words.,,from a file,2021-03,A New Press",
        "Another from a file,site,websites,https://example.org/from-a-file,Words.,,from a file,2020,A New Press",
    )
    assert list(FileImport.objects.order_by("pk").values_list("state", flat=True)) == ["undone", "imported"]


def _visit(clock: Clock) -> None:
    """Readers open entries, search in vain, report and suggest."""
    reader = Client()
    ref = entry("building-personal-resilience").ref
    for _day in range(5):
        clock.move(days=1)
        reader.get("/resources/?q=gambling")
        for _time in range(3):
            assert reader.post(f"/r/{ref}/opened/", b"PING", content_type="text/ping").status_code == 204
    reader.get("/resources/?q=chickens")
    assert send(reader, f"/report/?r={ref}", reason="wrong-link", words="It opens a parked page.").status_code == 303
    assert send(reader, "/report/", reason="other", words="The search is slow.").status_code == 303
    assert send(reader, "/suggest/", address="https://example.org/new").status_code == 303


def _propose(ann: Curator) -> None:
    """A change of a help line that waits for a second person, and one that was dropped."""
    line = HelpLine.objects.get(name="COPLINE")
    ann.change(line, call_number="1-800-555-0100")
    waiting = HelpLineChange.objects.get()
    address = f"/admin/library/helplinechange/{waiting.pk}/change/"
    seen = read(ann.client.get(address).content).one("input", name="_seen")["value"]
    ann.send(address, {"_seen": seen, "decision": "drop"})
    ann.change(line, call_number="1-800-555-0199")


def _second_steps(person: User) -> None:
    """An app, with recovery codes, and a passkey."""
    client = Client()
    sign_in(client, person.username)
    set_up_app(client)
    SoftwarePasskey(person)
