"""Pages that the starting content has none of, and answers that something is wrong: what axe finds on them. Nothing."""

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

from tests.browser.axe import STATES, violations_in_every_state

VISITS = ["/resources/spoken/", "/resources/spoken/transcript/", "/resources/spoken/handout/", "/resources/gone/"]


@pytest.fixture(scope="module")
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site)
    yield context.new_page()
    context.close()


def assert_axe_finds_nothing(page: Page) -> None:
    assert violations_in_every_state(page) == dict.fromkeys(STATES, "")


@pytest.mark.parametrize("path", VISITS)
def test_axe_finds_nothing_on_what_an_entry_can_be(page: Page, path: str) -> None:
    page.goto(path)
    assert_axe_finds_nothing(page)


def test_axe_finds_nothing_in_a_form_with_errors(page: Page) -> None:
    page.goto("/suggest/")
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("alert").is_visible()
    assert_axe_finds_nothing(page)
    page.goto("/report/")
    page.get_by_role("button", name="Send").click()
    assert_axe_finds_nothing(page)


def refused(page: Page, status: int) -> str:
    """The answer of the site to what it refuses with this status."""
    ask = page.request
    if status == 405:
        return ask.put("/", max_retries=3).text()
    if status == 413:
        return ask.post("/report/", form={"words": "x" * 100_000}, max_retries=3).text()
    if status == 403:
        return ask.post("/report/", headers={"Origin": "http://other.example"}, max_retries=3).text()
    return too_many(urlsplit(page.url).netloc)


def too_many(site: str) -> str:
    """The answer to one report too many, from an address from which nobody else sends any."""
    sender = http.client.HTTPConnection(site, source_address=("127.0.0.2", 0))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    while True:
        sender.request("GET", "/report/")
        token = re.search(r'name="token" value="([^"]+)"', sender.getresponse().read().decode())
        assert token
        sender.request("POST", "/report/", urlencode({"reason": "dead-link", "token": token[1]}), kind)
        answer = sender.getresponse()
        body = answer.read().decode()
        if answer.status == 429:
            sender.close()
            return body


def assert_axe_finds_nothing_in(page: Page, status: int, body: str) -> None:
    stylesheet = page.locator("link[rel=stylesheet]").get_attribute("href") or ""
    body = re.sub(r'/static/css/site[^"]*', stylesheet, body)
    page.route(
        "**/error/", lambda route: route.fulfill(status=status, content_type="text/html; charset=utf-8", body=body)
    )
    page.goto("/error/")
    color = page.locator(".help-strip").evaluate("strip => getComputedStyle(strip).backgroundColor")
    assert color != "rgba(0, 0, 0, 0)"  # with its style
    assert_axe_finds_nothing(page)
    page.unroute("**/error/")


@pytest.mark.parametrize("status", [403, 405, 413, 429])
def test_axe_finds_nothing_on_what_is_refused(page: Page, status: int) -> None:
    page.goto("/about/")
    assert_axe_finds_nothing_in(page, status, refused(page, status))


@pytest.mark.parametrize("status", [500, 503])
def test_axe_finds_nothing_where_something_is_broken(page: Page, status: int) -> None:
    page.goto("/about/")
    assert_axe_finds_nothing_in(page, status, render_to_string(f"{status}.html"))
