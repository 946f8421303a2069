"""The curators' desk: what axe finds on every kind of page, by day and by night: nothing. And that nothing is cut off,
and that the browser never has to refuse what a page asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.accounts.people import digits_of
from tests.browser.conftest import running_site
from tests.browser.desk_pages import PAGES, enter, sign_in
from tests.browser.desk_rows import put_rows
from tests.browser.test_accessibility import OVERFLOW
from tests.browser.test_signing_in import give_device

# A desk by day, and a small laptop at night.
STATES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 768, "height": 900}},
}
# What is wider than its room, and neither a field nor a region that the keyboard reaches and that scrolls. A button
# of Django's whose words are moved out of sight is left out: they are its name.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter(part => {
    const style = getComputedStyle(part);
    if (style.overflowX === "visible" || part.clientWidth < 3 || part.scrollWidth - part.clientWidth < 2) return false;
    if (part.matches("input, select, textarea, [class^=select2], .selector button")) return false;
    return !(part.tabIndex === 0 && part.role === "region" && part.ariaLabel && style.overflowX === "auto");
}).map(part => part.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """A site with a row in every list, where a password is enough; by the name at which passkeys work without TLS."""
    with running_site(put_rows, REQUIRE_SECOND_FACTOR="false") as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """What a browser refused because the policy of the site does."""
    return []


@pytest.fixture(scope="module", params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def visitor(browser: Browser, office: str, state: str, complaints: list[str]) -> Iterator[Page]:
    """Somebody who has not signed in."""
    with in_state(browser, office, state, complaints) as page:
        yield page


@pytest.fixture(scope="module")
def desk(browser: Browser, office: str, state: str, complaints: list[str]) -> Iterator[Page]:
    """Maria, who has signed in."""
    with in_state(browser, office, state, complaints) as page:
        sign_in(page)
        yield page


@contextmanager
def in_state(browser: Browser, office: str, state: str, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(base_url=office, **STATES[state])

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    context.on("console", note)
    yield context.new_page()
    context.close()


def assert_all_can_use_it(page: Page, complaints: list[str]) -> None:
    assert complaints == []
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(CLIPPED) == []
    results = Axe().run(page)
    complaints.clear()  # axe tries styles of its own
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page(desk: Page, complaints: list[str], name: str) -> None:
    PAGES[name](desk)
    assert_all_can_use_it(desk, complaints)


def test_everybody_can_sign_in_and_set_up_a_second_step(visitor: Page, state: str, complaints: list[str]) -> None:
    def look() -> None:
        assert_all_can_use_it(visitor, complaints)

    visitor.goto("/admin/")
    look()
    for _time in range(5):
        enter(visitor, f"nobody at {state}")
        visitor.locator(".errornote:visible").wait_for()
    look()
    enter(visitor, f"nobody at {state}")
    visitor.get_by_role("heading", name="Too many attempts").wait_for()
    look()
    visitor.get_by_role("link", name="try again").click()
    sign_in(visitor, state)
    visitor.goto("/admin/account/app/add/")
    secret = visitor.locator("code").first.inner_text()
    visitor.get_by_label("Authenticator code").fill(digits_of(secret))
    visitor.get_by_role("button", name="Set up the app").click()
    visitor.wait_for_url("**/admin/account/codes/")
    look()
    give_device(visitor.context, visitor)
    visitor.goto("/admin/account/passkeys/add/")
    visitor.get_by_label("Its name").fill("This laptop")
    visitor.get_by_role("button", name="Add a passkey").click()
    visitor.get_by_text("This laptop").first.wait_for()
    for path in ("", "passkeys/", "codes/new/", "app/remove/"):
        visitor.goto(f"/admin/account/{path}")
        look()
    for link, heading in [("Name it", "Name the passkey"), ("Remove it", "Remove the passkey")]:
        visitor.goto("/admin/account/passkeys/")
        visitor.get_by_role("link", name=link).click()
        visitor.get_by_role("heading", level=1, name=heading).wait_for()
        look()
    visitor.get_by_role("button", name="Log out").click()
    visitor.get_by_role("heading", name="Logged out").wait_for()
    look()
    visitor.goto("/admin/")
    enter(visitor, state)
    visitor.get_by_label("Code").wait_for()
    look()


def test_everybody_can_read_what_they_may_not_see(visitor: Page, complaints: list[str]) -> None:
    visitor.context.clear_cookies()
    sign_in(visitor, "noor")
    assert_all_can_use_it(visitor, complaints)
    visitor.goto("/admin/library/resource/")
    visitor.get_by_role("heading", level=1).wait_for()
    assert_all_can_use_it(visitor, complaints)
