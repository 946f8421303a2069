"""One visit of each public page, and all that tests ask of it: it is opened once for all of them."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.axe import STATES, put_into, violations_in_every_state

LAPTOP: Any = {"width": 1280, "height": 800}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# WCAG 2.2, 1.4.12: nothing may be lost when a reader sets these.
TEXT_SPACING = """* {
  line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
}
p { margin-block-end: 2em !important; }"""
# Not `add_style_tag`: the policy of the site refuses it, as it should.
ADD_STYLE = """css => {
  const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet];
}"""
REMOVE_STYLE = "() => { document.adoptedStyleSheets = []; }"
SCRIPTS = "[...document.scripts].filter(s => s.type !== 'application/ld+json').map(s => [s.type, s.src, s.text])"


@dataclass(frozen=True)
class Visit:
    """A page as it came to a laptop that had nothing of the site, on paper, and then on other screens."""

    hosts: set[str]
    sizes: dict[str, dict[str, int]]  # bytes over the network, by the address
    cookies: list[Any]
    stored: list[int]  # entries in localStorage and in sessionStorage
    complaints: list[str]  # in the browser's console
    scripts: list[list[str]]  # type, address and text of each
    ways_to_leave: int
    levels: list[int]  # of the headings, in their order
    landmarks: dict[str, int]
    words: str  # all of the page as a screen reader has it
    footer: str
    help_strip: str
    shows_printed_help: bool
    printed_help: str
    fits_on_paper: bool
    violations: dict[str, str]  # what axe finds, by the state
    overflow: list[int]  # pixels too wide for 320 of them: as it is, and with more space in the text
    second_stop_is_a_call: bool  # with the keyboard


class Visitor:
    """Somebody with one browser that keeps no files of the site, and with one tab."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800})
        self.page = self.context.new_page()
        session = self.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._visits: dict[str, Visit] = {}
        self._requests: list[Request] = []
        self._finished: list[Request] = []
        self._console: list[ConsoleMessage] = []
        self.page.on("request", lambda request: self._requests.append(request))
        self.page.on("requestfinished", lambda request: self._finished.append(request))
        self.page.on("console", lambda message: self._console.append(message))

    def visit(self, path: str) -> Visit:
        """What the first visit of this path has shown."""
        if path not in self._visits:
            self._visits[path] = self._visit(path)
        return self._visits[path]

    def _visit(self, path: str) -> Visit:
        page = self.page
        put_into(page, LAPTOP)
        loaded = self._load(path)  # what the browser complains of later is what axe tries
        return Visit(**loaded, **_as_it_is(page), **_on_paper(page), **_on_other_screens(page))

    def _load(self, path: str) -> dict[str, Any]:
        for of_this_visit in (self._requests, self._finished, self._console):
            of_this_visit.clear()
        self.page.goto(path, wait_until="networkidle")
        return {
            "hosts": {urlsplit(request.url).netloc for request in self._requests},
            "sizes": {request.url: dict(request.sizes()) for request in self._finished},
            "complaints": [message.text for message in self._console],
            "cookies": self.context.cookies(),
            "stored": self.page.evaluate("[localStorage.length, sessionStorage.length]"),
        }


def words_of(page: Page) -> str:
    """The reader's own line of the log has the moment of each visit."""
    return re.sub(r"\d\d:\d\d:\d\d UTC", "", page.locator("body").aria_snapshot())


def _as_it_is(page: Page) -> dict[str, Any]:
    return {
        "scripts": page.evaluate(SCRIPTS),
        "ways_to_leave": page.locator(".leave").count(),
        "levels": page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"),
        "landmarks": {name: page.locator(f"body > {name}").count() for name in ("main", "header", "footer")},
        "words": words_of(page),
        "footer": page.get_by_role("contentinfo").aria_snapshot(),
        "help_strip": page.get_by_role("complementary", name="Help now").inner_text(),
        "shows_printed_help": page.locator(".printed-help").is_visible(),
    }


def _on_paper(page: Page) -> dict[str, Any]:
    page.emulate_media(media="print")
    shown = {
        "printed_help": page.locator(".printed-help").inner_text(),
        "fits_on_paper": page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
    }
    page.emulate_media(media="screen")
    return shown


def _on_other_screens(page: Page) -> dict[str, Any]:
    violations = violations_in_every_state(page)
    put_into(page, STATES["narrow"])
    overflow = [page.evaluate(OVERFLOW)]
    page.evaluate(ADD_STYLE, TEXT_SPACING)
    overflow.append(page.evaluate(OVERFLOW))
    page.evaluate(REMOVE_STYLE)
    put_into(page, LAPTOP)
    for _press in range(2):
        page.keyboard.press("Tab")
    call = page.get_by_role("link", name="Call 988").first
    is_focused = call.evaluate("link => link === document.activeElement")
    return {"violations": violations, "overflow": overflow, "second_stop_is_a_call": is_focused}
