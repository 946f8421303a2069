"""What an address says by itself: what is behind a counter, and that a sound behind one has not moved."""

from dataclasses import replace

import pytest

from library.links.client import Answer, Hop
from library.links.naming import address_behind
from library.links.signals import Context, SignalKind, signal_of

FILE = "https://real.example.org/a.mp3"


@pytest.mark.parametrize(
    ("address", "behind"),
    [
        ("https://dts.podtrac.com/redirect.mp3/real.example.org/a.mp3", FILE),
        ("https://dts.podtrac.com/redirect.mp3/real.example.org/a.mp3?key=1#t=5", f"{FILE}?key=1"),
        ("http://counter.example/s/x/http://real.example.org/a.mp3", "http://real.example.org/a.mp3"),
        ("https://counter.example/play/1/https%3A%2F%2Freal.example.org%2Fa.mp3", FILE),
        (
            "https://one.example/e/two.example.com/track/3/real.example.org/a.mp3",
            "https://two.example.com/track/3/real.example.org/a.mp3",
        ),
        ("https://real.example.org/files/v1.2/a.mp3", ""),
        ("https://real.example.org/redirect.mp4/a.mp3", ""),
        ("https://real.example.org/example.com", ""),
        ("https://real.example.org/a.mp3", ""),
        ("https://counter.example/https://localhost/a.mp3", ""),
    ],
)
def test_c84_the_address_behind_a_counter_stands_in_its_own(address: str, behind: str) -> None:
    assert address_behind(address) == behind


def test_c85_c88_a_sound_that_comes_from_another_server_has_not_moved() -> None:
    sound = Answer(FILE, 206, headers={"content-type": "audio/mpeg", "content-range": "bytes 0-1/48000000"}, body=b"ID")
    moved = {"https://old.example.org/a.mp3": (301,), "https://counter.example/real.example.org/a.mp3": (301,)}
    moved |= {"https://elsewhere.example.org/a.mp3": (301, 302)}
    kinds = []
    for address, statuses in moved.items():
        answer = replace(sound, hops=tuple(Hop(address, status, FILE) for status in statuses))
        signal = signal_of(address, answer, Context(is_media=True))
        assert signal.reading is not None
        assert signal.reading.size == 48_000_000  # and not the two bytes that were sent
        kinds.append(signal.kind)
    assert kinds == [SignalKind.ELSEWHERE, SignalKind.GOOD, SignalKind.GOOD]
