"""Videos: whether they are there is for their providers to say, and their pages’ status means nothing."""

import json

import pytest

from library.links.client import Answer
from library.links.signals import Reason, SignalKind
from library.links.videos import needs_picture, video_at, video_signal

OEMBED = "https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dabc_DEF-123"
PICTURE = "https://img.youtube.com/vi/abc_DEF-123/0.jpg"


def answer(status: int, body: object = "") -> Answer:
    raw = body if isinstance(body, str) else json.dumps(body)
    return Answer(OEMBED, status, headers={"content-type": "application/json"}, body=raw.encode())


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=abc_DEF-123&t=10s",
        "https://youtu.be/abc_DEF-123",
        "https://m.youtube.com/watch?list=x&v=abc_DEF-123",
        "https://www.youtube.com/shorts/abc_DEF-123",
    ],
)
def test_a_video_is_known_by_its_id(address: str) -> None:
    video = video_at(address)
    assert video is not None
    assert (video.oembed, video.picture) == (OEMBED, PICTURE)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/@channel",
        "https://www.youtube.com/watch?v=../x",
        "https://vimeo.com/about",
        "https://example.org/watch?v=abc_DEF-123",
    ],
)
def test_anything_else_is_a_page(address: str) -> None:
    assert video_at(address) is None


def test_c81_a_removed_video_is_gone_and_one_with_a_title_is_there() -> None:
    gone = video_signal(answer(404), answer(404))
    assert gone is not None
    assert (gone.kind, gone.reason) == (SignalKind.GONE, Reason.NO_VIDEO)
    there = video_signal(answer(200, {"title": "Sleep on shift"}), None)
    assert there is not None
    assert there.kind is SignalKind.GOOD
    assert there.reading is not None
    assert there.reading.title == "Sleep on shift"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_c82_a_video_that_may_not_be_embedded_is_there_by_its_picture(status: int) -> None:
    assert needs_picture(answer(status))
    signal = video_signal(answer(status), answer(200))
    assert signal is not None
    assert signal.kind is SignalKind.GOOD


@pytest.mark.parametrize("said", [answer(403), answer(200, "Forbidden"), answer(200, ["x"])])
def test_c83_what_its_provider_hides_is_for_a_person_to_see(said: Answer) -> None:
    signal = video_signal(said, None)
    assert signal is not None
    assert signal.kind is SignalKind.WALLED


def test_trouble_of_a_provider_is_read_as_that_of_any_page() -> None:
    assert video_signal(answer(503), None) is None
    assert not needs_picture(answer(503))
