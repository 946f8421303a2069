"""Feeds to episodes: RSS and Atom as podcasts write them, and feeds that were written to do harm."""

from datetime import date
from pathlib import Path

import pytest

from library.imports import feeds
from library.imports.feeds import EPISODE_LIMIT, Episode, UnreadableFeed, read_feed
from tests.imports.conftest import item, rss

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Beat</title>
<entry><id>tag:1</id><title>Sleep</title><link href="https://example.org/1"/><updated>2020-02-04T23:30:00-05:00</updated>
<link rel="enclosure" href="https://example.org/1.mp3" type="audio/mpeg" length="5"/></entry></feed>"""


def test_reads_a_podcast() -> None:
    feed = read_feed(
        rss(
            item("g1", "Officer &amp; Family", link="https://example.org/1", date="Tue, 04 Feb 2020 23:30:00 -0500"),
            "<language>en-us</language><itunes:author>COPS Office</itunes:author><description>Talks.</description>",
        )
    )
    assert (feed.title, feed.publisher, feed.description) == ("The Beat", "COPS Office", "Talks.")
    assert (feed.language, feed.episode_count) == ("en-us", 1)
    assert feed.episodes == (
        Episode(
            guid="g1",
            title="Officer & Family",
            url="https://example.org/1",
            summary="Calm words.",
            published_on=date(2020, 2, 4),
            audio_url="https://example.org/g1.mp3",
            audio_bytes=5000000,
            running_minutes=13,
        ),
    )


def test_reads_atom() -> None:
    (episode,) = read_feed(ATOM.encode()).episodes
    assert (episode.guid, episode.title, episode.url) == ("tag:1", "Sleep", "https://example.org/1")
    assert (episode.audio_url, episode.audio_bytes) == ("https://example.org/1.mp3", 5)
    assert episode.published_on in {date(2020, 2, 4), date(2020, 2, 5)}


def test_newest_come_first_and_at_most_a_thousand() -> None:
    dates = [f"Tue, 04 Feb {2000 + number % 20} 12:00:00 GMT" for number in range(EPISODE_LIMIT + 5)]
    items = [item(f"g{number}", "Sleep", date=day) for number, day in enumerate(dates)]
    feed = read_feed(rss("".join([*items, item("undated", "Sleep")])))
    years = [episode.published_on.year for episode in feed.episodes if episode.published_on]
    assert (feed.episode_count, len(feed.episodes)) == (EPISODE_LIMIT + 6, EPISODE_LIMIT)
    assert years == sorted(years, reverse=True)


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("12:30", 13),
        ("1:00:00", 60),
        ("60", 1),
        ("61", 2),
        ("0", None),
        ("", None),
        ("9" * 30, None),
        ("a:b", None),
        ("3600.0", 60),
        ("01:02:03.5", 63),
        ("62 min", 62),
        ("1:2:3:4", None),
    ],
)
def test_running_time_is_in_whole_minutes(duration: str, minutes: int | None) -> None:
    (episode,) = read_feed(rss(item("g", "Sleep", duration=duration))).episodes
    assert episode.running_minutes == minutes


def test_texts_have_no_markup_and_addresses_are_of_the_web() -> None:
    summary = "&lt;p onclick='x'&gt;Hello&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;you&lt;/b&gt;"
    (episode,) = read_feed(
        rss(
            item(
                "g", "&lt;i&gt;Sleep&lt;/i&gt;", link="javascript:alert(1)", audio="file:///etc/passwd", summary=summary
            )
        )
    ).episodes
    assert (episode.title, episode.summary) == ("Sleep", "Hello you")
    assert (episode.url, episode.audio_url, episode.audio_bytes) == ("", "", None)


@pytest.mark.parametrize(
    ("address", "kind", "audio"),
    [
        ("https://e.org/1", "x-audio/mp3", "https://e.org/1"),
        ("https://e.org/1", "mp3", "https://e.org/1"),
        ("https://e.org/1", "audio", "https://e.org/1"),
        ("https://e.org/1.mp3?a=b", "application/octet-stream", "https://e.org/1.mp3?a=b"),
        ("https://e.org/1.opus", "", "https://e.org/1.opus"),
        ("https://e.org/a talk.mp3", "audio/mpeg", "https://e.org/a%20talk.mp3"),
        ("/1.mp3", "audio/mpeg", "https://e.org/1.mp3"),
        ("https://e.org/1.mp4", "video/mp4", ""),
        ("https://e.org/1.jpg", "", ""),
    ],
)
def test_sound_is_known_by_its_type_or_its_ending(address: str, kind: str, audio: str) -> None:
    enclosure = f'<enclosure url="{address}" type="{kind}"/>'
    body = rss(
        f"<item><guid>1</guid><itunes:title>Sleep</itunes:title>{enclosure}</item>", "<link>https://e.org/</link>"
    )
    (episode,) = read_feed(body).episodes
    assert (episode.title, episode.audio_url) == ("Sleep", audio)


def test_relative_addresses_are_meant_from_the_base_of_the_feed_or_its_page() -> None:
    items = item("1", "One", link="/1", audio="1.mp3") + item("2", "Two", link="2").replace(
        "<item>", '<item xml:base="https://other.example/shows/">'
    )
    one, two = read_feed(rss(items, "<link>https://e.org/show/</link>")).episodes
    assert (one.url, one.audio_url, two.url) == (
        "https://e.org/1",
        "https://e.org/show/1.mp3",
        "https://other.example/shows/2",
    )


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-02-04T23:30:00-05:00", date(2020, 2, 4)),
        ("2020-02-30", None),
        ("Tue, 04 Feb 0001 10:00:00 +0000", None),
        ("Tue, 04 Feb 9999 10:00:00 GMT", None),
    ],
)
def test_no_day_is_made_up(written: str, day: date | None) -> None:
    (episode,) = read_feed(rss(item("1", "One", date=written))).episodes
    assert episode.published_on == day


def test_a_list_of_feeds_is_called_one_and_its_feeds_are_named() -> None:
    opml = '<opml version="2.0"><body><outline xmlUrl="https://e.org/feed?a=1&amp;b=2"/></body></opml>'
    with pytest.raises(UnreadableFeed, match=r"list of feeds .* https://e\.org/feed\?a=1&b=2$"):
        read_feed(opml.encode())


def test_address_of_several_episodes_is_no_episodes_own() -> None:
    show = "https://example.org/show"
    feed = read_feed(
        rss(item("1", "One", link=show) + item("2", "Two", link=show) + item("3", "Three", link=f"{show}/3"))
    )
    assert {episode.guid: episode.url for episode in feed.episodes} == {"1": "", "2": "", "3": f"{show}/3"}


def test_episode_without_a_guid_is_known_by_its_address_and_comes_once() -> None:
    bare = "<item><title>Sleep</title><link>https://example.org/1</link></item>"
    assert [episode.guid for episode in read_feed(rss(bare)).episodes] == ["https://example.org/1"]
    feed = read_feed(rss(item("g", "Sleep") * 2 + "<item><title>Nothing to know it by</title></item>"))
    assert (len(feed.episodes), feed.repeated, feed.nameless) == (1, 1, 1)


def test_feed_that_was_cut_gives_its_whole_episodes() -> None:
    whole = rss(item("1", "One") + item("2", "Two"))
    feed = read_feed(whole[: whole.index(b"Two") + 2], is_cut=True)
    assert [episode.title for episode in feed.episodes] == ["One"]


@pytest.mark.parametrize("body", [b"", b"<html><title>Sleep</title></html>", b"\x00\xff\xfe", b"https://example.org/"])
def test_what_is_no_feed_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(UnreadableFeed, match="isn’t a podcast feed"):
        read_feed(body)


def test_no_file_of_that_name_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "<rss >"
    path.write_bytes(rss(item("g", "Secret")))
    assert read_feed(str(path).encode()).episodes == ()


def test_entities_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    doctype = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "file://{tmp_path}/secret"><!ENTITY b "&a;&a;">]>'
    body = rss(item("g", "Sleep &a; &b;")).replace(b"<rss", doctype.encode() + b"<rss", 1)
    assert all("secret" not in episode.title for episode in read_feed(body).episodes)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "punycode"])
def test_encoding_is_the_one_that_is_named_if_it_is_one(encoding: str) -> None:
    text = rss(item("g", "Café")).decode().replace("utf-8", encoding)
    raw = text.encode("utf-8" if encoding == "punycode" else encoding)
    assert [episode.title for episode in read_feed(raw).episodes] == ["Café"]


@pytest.mark.parametrize("piece", ["<a>", "<", "&", "<item>", "<a\n"])
def test_feed_with_too_much_in_it_is_not_read(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "CPU_SECONDS", "no process is started")

    with pytest.raises(UnreadableFeed, match="far more in it than a podcast"):
        read_feed(rss(piece * (1_000_000 // len(piece))))


def test_feed_with_many_declarations_has_no_episodes() -> None:
    assert read_feed(rss("<!DOCTYPE [" * 90_000)).episodes == ()


def test_podcast_of_three_thousand_episodes_is_read() -> None:
    summary = "&lt;p&gt;" + "Calm words. " * 55 + "&lt;/p&gt;" * 5
    body = rss("".join(item(f"g{number}", f"Episode {number}", summary=summary) for number in range(3000)))

    assert read_feed(body).episode_count == 3000


def test_feed_that_would_take_minutes_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "CPU_SECONDS", 1)
    body = rss("<item>" * 90_000)

    with pytest.raises(UnreadableFeed, match="took too long"):
        read_feed(body)
