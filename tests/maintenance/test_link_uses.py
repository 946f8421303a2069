"""Links beside the own address of an entry: its sound, its series, its publisher, each with words of its own."""

from dataclasses import replace

import pytest
from django.test import Client

from library.links.client import Answer
from library.links.faults import WireFault
from library.models import AuditEntry, LibraryVersion, Link, LinkUse, Publisher, Resource, Series
from tests.factories import make_series
from tests.links.days import page
from tests.maintenance.other_sites import World, entry, words_of
from tests.reading import Element, read

pytestmark = pytest.mark.django_db
PAGE, FILE = "https://example.org/sleep", "https://audio.example.org/sleep.mp3"
DESK = "/admin/library/resource/links/"
SOUND = Answer("", 206, headers={"content-type": "audio/mpeg", "content-range": "bytes 0-1/9000000"}, body=b"ID")


@pytest.fixture
def world() -> World:
    world = World()
    world.pages = {PAGE: page(), FILE: SOUND}
    world.pages |= {f"https://{host}/": page("Front") for host in ("example.org", "audio.example.org")}
    return world


def shown(client: Client, resource: Resource) -> Element:
    return read(client.get(resource.get_absolute_url()).content)


def test_c85_c86_a_sound_that_became_a_page_is_gone_while_its_page_works(world: World, client: Client) -> None:
    episode = entry(PAGE, audio_url=FILE)
    world.pass_days(1)
    assert [options["is_media"] for _at, address, options in world.asked if address == FILE] == [True]
    assert shown(client, episode).one("audio")["src"] == FILE
    before = LibraryVersion.objects.get().number
    world.pages[FILE] = page("Sleep", "The file has a new home.")
    world.pass_days(5)
    assert LibraryVersion.objects.get().number == before + 1
    main = shown(client, episode).one("main")
    assert "Hasn’t opened for our checks since March" in main.one("figure", class_="audio").words
    world.pass_days(12)
    answer = client.get(episode.get_absolute_url())
    main = read(answer.content).one("main")
    assert "No longer on audio.example.org when we checked on" in main.words
    assert not main.all("audio")
    assert "media-src" not in answer["Content-Security-Policy"]
    assert '"AudioObject"' not in answer.text
    assert words_of(episode)[0] == "alive"
    assert "Opened for our check in March 2026." in main.words
    episode.refresh_from_db()
    episode.audio_url = "https://audio.example.org/new.mp3"
    episode.save()
    assert shown(client, episode).one("audio")["src"] == episode.audio_url  # at once
    world.pages[episode.audio_url] = SOUND
    world.pass_days(1)
    assert Link.objects.get(address=FILE).unused_since is not None
    assert Link.objects.get(address=episode.audio_url).condition == "alive"


def test_c99_one_address_is_one_link_whatever_leads_there(world: World) -> None:
    first, second = entry(FILE), entry(PAGE, audio_url=FILE)
    world.pass_days(0.02)
    assert world.addresses().count(FILE) == 1
    del world.pages[FILE]
    world.pass_days(13)
    assert (words_of(first)[0], words_of(second)[0]) == ("dead", "alive")
    assert LinkUse.objects.get(object_id=second.pk).word == "dead"
    Resource.objects.filter(pk=second.pk).update(state="withdrawn", withdrawn_at=world.now, withdrawn_reason="Gone.")
    world.pass_days(0.1)
    assert not LinkUse.objects.exists()
    assert Link.objects.get(address=FILE).unused_since is None


def test_c84_all_sounds_behind_a_counter_that_is_gone_get_their_own_addresses_in_one_press(
    world: World, admin_client: Client
) -> None:
    counter = "https://dts.counter.example/redirect.mp3"
    episodes = []
    for number, host in enumerate(("one.example.org", "one.example.org", "two.example.org")):
        file = f"{host}/{number}.mp3"
        episodes.append(entry(f"{PAGE}/{number}", audio_url=f"{counter}/{file}"))
        world.pages |= {f"{PAGE}/{number}": page(), f"{counter}/{file}": SOUND, f"https://{file}": SOUND}
    world.pass_days(1)
    for episode in episodes:
        world.pages[episode.audio_url] = Answer("", fault=WireFault.NO_SUCH_NAME)
    world.pass_days(12)
    assert set(LinkUse.objects.values_list("word", flat=True)) == {"dead"}
    desk = read(admin_client.get(DESK).content).one("main")
    assert desk.words.count("dts.counter.example") == 1  # one row for one matter
    (row,) = [link for link in desk.all("a") if "The counter" in link.words]
    assert row.words == "The counter dts.counter.example in front of 3 audio files is gone: use their own addresses"
    form = read(admin_client.get(row["href"]).content).one("main")
    boxes = [box for box in form.all("input") if box.get("checked") is not None]
    assert form.words.count("Opens, and is an audio file") == len(boxes) == 3
    assert "3 of 3 opened for our check" in form.words
    tokens = {box["name"]: box["value"] for box in form.all("input") if (box.get("name") or "").startswith("seen-")}
    sent = {**tokens, "move": [box["value"] for box in boxes], "take": "1"}
    answer = admin_client.post(row["href"], sent, follow=True)
    assert "3 addresses were changed." in answer.text
    files = [f"https://{name}.example.org/{number}.mp3" for number, name in enumerate(("one", "one", "two"))]
    assert list(Resource.objects.order_by("pk").values_list("audio_url", flat=True)) == files
    assert set(Resource.objects.values_list("link_state", flat=True)) == {"alive"}
    admin_client.post("/admin/library/resource/undo/", {})
    assert set(Resource.objects.values_list("audio_url", flat=True)) == {one.audio_url for one in episodes}


def test_a_series_that_shows_something_else_is_linked_nowhere_and_the_desk_names_it(
    world: World, admin_client: Client
) -> None:
    home, site = "https://series.example.org/all", "https://publisher.example.org/"
    episode = entry("", series=make_series(url=home))
    Publisher.objects.filter(pk=episode.publisher_id).update(url=site)
    world.pages |= {home: page(), site: page()}
    before = LibraryVersion.objects.get().number
    world.pass_days(1)
    assert LibraryVersion.objects.get().number == before  # nobody is told anything else
    assert shown(admin_client, episode).one("a", class_="button")["href"] == home
    sale = replace(page(), body=b"<title>example</title>This domain is for sale.")
    world.pages |= {home: sale, site: sale}
    world.pass_days(4)
    text = admin_client.get(episode.get_absolute_url()).text
    assert home not in text
    assert "The address on series.example.org now shows something else" in text
    first = read(admin_client.get("/admin/").content).one("section", id="attention")
    assert "Links to audio files, transcripts, series, or publishers are lost" in first.words
    main = read(admin_client.get(DESK).content).one("main")
    links = {link.words: link["href"] for link in main.all("a")}
    series = Series.objects.get()
    assert links[str(series)] == f"/admin/library/series/{series.pk}/change/"
    assert links[str(episode.publisher)] == f"/admin/library/publisher/{episode.publisher_id}/change/"
    admin_client.post(DESK, {"works": "changed", "link": [Link.objects.get(address=home).pk]})
    assert home in admin_client.get(episode.get_absolute_url()).text
    assert AuditEntry.objects.filter(subject=str(series), comment="Opened the link and found it right.").exists()
    Series.objects.update(url="")
    world.pass_days(0.1)
    assert Link.objects.get(address=home).unused_since is not None


def test_a_curator_sees_the_checks_of_a_sound_and_gives_it_another_address(world: World, admin_client: Client) -> None:
    episode = entry(PAGE, audio_url=FILE)
    world.pass_days(1)
    del world.pages[FILE]
    world.pass_days(13)
    links = read(admin_client.get(DESK).content).all("a")
    (sound,) = [link["href"] for link in links if "of=audio_url" in link["href"]]
    form = read(admin_client.get(sound).content).one("main")
    assert "Audio: https://audio.example.org/sleep.mp3" in form.words
    assert "404 Not Found" in form.words
    assert "Send readers" not in form.words
    sent = {"do": "address", "address": f"{FILE}?new", "seen": form.all("input", name="seen")[0]["value"]}
    assert "1 address was changed." in admin_client.post(sound, sent, follow=True).text
    episode.refresh_from_db()
    assert (episode.url, episode.audio_url, episode.link_state) == (PAGE, f"{FILE}?new", "alive")
    assert admin_client.get(sound.replace("audio_url", "title")).status_code == 404
