"""Save Page Now: the Internet Archive takes a page that it has no capture of, on the order of somebody with a key.

Its version 2, as its documentation and its users describe it in November 2026: 7 captures a minute with a key, of which
5 are asked for at most; a job is known for an hour, and takes two minutes at most. No models.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .archive import ARCHIVE_HOST, ArchiveUnavailable, Capture, captured, require_answer
from .client import Answer

SAVES_A_MINUTE = 5
# Captures of one visit to the archive.
SAVES_OF_A_VISIT = 20
_PAUSE = 60 / SAVES_A_MINUTE
_POLLS = 15
# How long there is no use in asking again, by what it says of an address: those that it never takes, and those whose
# host it doesn't find, as often as we look at one that is lost. Anything else may be another matter tomorrow.
_REFUSALS = ("blocked-url", "blocked", "no-access", "not-found", "unauthorized", "invalid-url-syntax", "filesize-limit")
_AGAIN = dict.fromkeys(_REFUSALS, timedelta(days=365)) | {"invalid-host-resolution": timedelta(days=7)}
# What is asked for beside the address: no outlinks, no pictures of the screen, nothing that it has from this year.
_WISHES = {
    "if_not_archived_within": "365d",
    "skip_first_archive": "1",
    "delay_wb_availability": "1",
    "js_behavior_timeout": "0",
    "capture_outlinks": "0",
    "capture_screenshot": "0",
}


@dataclass(frozen=True)
class Saved:
    """The capture, if there is one now; `again`: without one, how long there is no use in asking, if it says so."""

    capture: Capture | None
    again: timedelta | None = None


@dataclass
class Saver:
    """`call` asks with the key: an address, and perhaps the `form` that is sent there."""

    call: Callable[..., Answer]
    pause: Callable[[float], object]

    def save(self, address: str) -> Saved:
        """Have this page captured, and wait for it. Raises `ArchiveUnavailable`."""
        told = self._told("/save", form={"url": address} | _WISHES)
        job = told.get("job_id")
        for _poll in range(_POLLS):
            if told.get("status") == "success":
                return Saved(captured(str(told.get("timestamp")), str(told.get("original_url")), "200"))
            if not isinstance(job, str) or told.get("status") == "error":
                return Saved(None, _AGAIN.get(str(told.get("status_ext")).removeprefix("error:")))
            told = self._told(f"/save/status/{job}")
        return Saved(None)

    def _told(self, path: str, **sent: Any) -> dict[str, Any]:
        answer = self.call(f"https://{ARCHIVE_HOST}{path}", **sent)
        self.pause(_PAUSE)
        require_answer(answer)
        try:
            told = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise ArchiveUnavailable from error
        if answer.status != 200 or not isinstance(told, dict):
            raise ArchiveUnavailable
        return told


def is_old(capture: Capture | None, now: datetime) -> bool:
    """Whether the page is worth another capture: there is none, or none of a year."""
    return capture is None or capture.taken_on < (now - timedelta(days=365)).date()
