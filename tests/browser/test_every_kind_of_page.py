"""Pages that the starting content has none of, and answers that something is wrong: what axe finds on them. Nothing."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

from tests.browser.conftest import running_site
from tests.browser.test_accessibility import STATES
from tests.processes import ROOT

# An episode with sound and a transcript whose title speaks of a crisis, one whose sound cannot be played here, and what
# was withdrawn.
_ENTRIES = """
from django.utils import timezone
from library.models import Resource, Section
kept = {"section": Section.objects.get(anchor="podcasts"), "kind": "podcast", "listed_at": timezone.now()}
said = "What is said, in a sentence. " * 50
sound = {"audio_url": "https://audio.example.org/1.mp3", "audio_bytes": 24_000_000, "running_minutes": 25}
Resource(title="Suicide of an officer", slug="spoken", state="published", transcript=said, **sound, **kept).save()
gone = {"state": "withdrawn", "withdrawn_at": timezone.now(), "withdrawn_reason": "Its publisher took it off the web."}
Resource(title="Gone", slug="gone", **gone, **kept).save()
"""
VISITS = ["/resources/spoken/", "/resources/spoken/transcript/", "/resources/spoken/handout/", "/resources/gone/"]


@pytest.fixture(scope="module")
def full_site() -> Iterator[str]:
    def add_entries(data_dir: str) -> None:
        environment = {"DATA_DIR": data_dir, "DURABLE": "false"}
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", _ENTRIES], cwd=ROOT, env=environment, check=True, timeout=60
        )

    with running_site(add_entries) as address:
        yield address


@pytest.fixture(params=STATES)
def page_of_state(request: pytest.FixtureRequest, browser: Browser, full_site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=full_site, **STATES[request.param])
    yield context.new_page()
    context.close()


def assert_axe_finds_nothing(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("path", VISITS)
def test_axe_finds_nothing_on_what_an_entry_can_be(page_of_state: Page, path: str) -> None:
    page_of_state.goto(path)
    assert_axe_finds_nothing(page_of_state)


def test_axe_finds_nothing_in_a_form_with_errors(page_of_state: Page) -> None:
    page_of_state.goto("/suggest/")
    page_of_state.get_by_role("button", name="Send").click()
    assert page_of_state.get_by_role("alert").is_visible()
    assert_axe_finds_nothing(page_of_state)
    page_of_state.goto("/report/")
    page_of_state.get_by_role("button", name="Send").click()
    assert_axe_finds_nothing(page_of_state)


def refused(page: Page, status: int) -> str:
    """The answer of the site to what it refuses with this status."""
    ask = page.request
    if status == 405:
        return ask.put("/", max_retries=3).text()
    if status == 413:
        return ask.post("/report/", form={"words": "x" * 100_000}, max_retries=3).text()
    if status == 403:
        return ask.post("/report/", headers={"Origin": "http://other.example"}, max_retries=3).text()
    while True:
        token = re.search(r'name="token" value="([^"]+)"', ask.get("/report/", max_retries=3).text())
        assert token
        answer = ask.post("/report/", form={"reason": "dead-link", "token": token[1]}, max_redirects=0)
        if answer.status == status:
            return answer.text()


def assert_axe_finds_nothing_in(page: Page, status: int, body: str) -> None:
    page.goto("/about/")
    stylesheet = page.locator("link[rel=stylesheet]").get_attribute("href") or ""
    body = re.sub(r'/static/css/site[^"]*', stylesheet, body)
    page.route(
        "**/error/", lambda route: route.fulfill(status=status, content_type="text/html; charset=utf-8", body=body)
    )
    page.goto("/error/")
    color = page.locator(".help-strip").evaluate("strip => getComputedStyle(strip).backgroundColor")
    assert color != "rgba(0, 0, 0, 0)"  # with its style
    assert_axe_finds_nothing(page)


@pytest.mark.parametrize("status", [403, 405, 413, 429])
def test_axe_finds_nothing_on_what_is_refused(page_of_state: Page, status: int) -> None:
    assert_axe_finds_nothing_in(page_of_state, status, refused(page_of_state, status))


@pytest.mark.parametrize("status", [500, 503])
def test_axe_finds_nothing_where_something_is_broken(page_of_state: Page, status: int) -> None:
    assert_axe_finds_nothing_in(page_of_state, status, render_to_string(f"{status}.html"))
