"""The curators' desk: what axe finds on every kind of page, by day and by night: nothing. And that nothing is cut off,
and that the browser never has to refuse what a page asks for."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage

from tests.accounts.people import digits_of
from tests.browser.admin_pages import PAGES, enter, sign_in
from tests.browser.axe import put_into, reports_in
from tests.browser.test_signing_in import give_device
from tests.browser.visits import OVERFLOW

# A desk by day, and a small laptop at night.
STATES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "width": 1280, "height": 900},
    "dark": {"color_scheme": "dark", "width": 768, "height": 900},
}
# What is wider than its room, and neither a field nor a region that the keyboard reaches and that scrolls. A button
# of Django's whose words are moved out of sight is left out: they are its name.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter(part => {
    const style = getComputedStyle(part);
    if (style.overflowX === "visible" || part.clientWidth < 3 || part.scrollWidth - part.clientWidth < 2) return false;
    if (part.matches("input, select, textarea, [class^=select2], .selector button")) return false;
    return !(part.tabIndex === 0 && part.role === "region" && part.ariaLabel && style.overflowX === "auto");
}).map(part => part.outerHTML.slice(0, 200))"""


class AdminVisit:
    """A browser in the admin, and what it refused because the policy of the site does."""

    def __init__(self, browser: Browser, office: str, **options: Any) -> None:
        self.context = browser.new_context(base_url=office, viewport={"width": 1280, "height": 900}, **options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.context.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def assert_all_can_use_it(self) -> None:
        """The page as it is, by day, and then at night; it is left as it was by day."""
        refused = self.complaints.copy()  # axe tries styles of its own
        try:
            for _state, report in reports_in(self.page, STATES):
                assert self.page.evaluate(OVERFLOW) == 0
                assert self.page.evaluate(CLIPPED) == []
                assert report == ""
        finally:
            put_into(self.page, STATES["light"])
            self.complaints.clear()
        assert refused == []


@pytest.fixture(scope="module")
def stranger(browser: Browser, office: str) -> Iterator[AdminVisit]:
    """Somebody who has not signed in."""
    visit = AdminVisit(browser, office)
    yield visit
    visit.context.close()


@pytest.fixture(scope="module")
def visit(browser: Browser, office: str, session_of_maria: Any) -> Iterator[AdminVisit]:
    """Maria, who has signed in."""
    visit = AdminVisit(browser, office, storage_state=session_of_maria)
    yield visit
    visit.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page(visit: AdminVisit, name: str) -> None:
    PAGES[name](visit.page)
    visit.assert_all_can_use_it()


def test_everybody_can_sign_in_and_set_up_a_second_step(stranger: AdminVisit) -> None:
    visitor, check = stranger.page, stranger.assert_all_can_use_it
    visitor.goto("/admin/")
    check()
    for _time in range(5):
        enter(visitor, "nobody")
        visitor.locator(".errornote:visible").wait_for()
    check()
    enter(visitor, "nobody")
    visitor.get_by_role("heading", name="Too many attempts").wait_for()
    check()
    visitor.get_by_role("link", name="try again").click()
    visitor.get_by_role("link", name="Forgot your password?").click()
    visitor.get_by_label("Email").wait_for()
    check()
    visitor.get_by_label("Email").fill("nobody@example.org")
    visitor.get_by_role("button", name="Send the link").click()
    visitor.get_by_role("heading", name="Check your email").wait_for()
    for path in ("forgotten/sent/", "reset/made-up/", "password-set/"):
        visitor.goto(f"/admin/account/{path}")
        check()
    sign_in(visitor, "olga")
    visitor.goto("/admin/account/app/add/")
    secret = visitor.locator("code").first.inner_text()
    visitor.get_by_label("Authenticator code").fill(digits_of(secret))
    visitor.get_by_role("button", name="Set up the app").click()
    visitor.wait_for_url("**/admin/account/codes/")
    check()
    give_device(visitor.context, visitor)
    visitor.goto("/admin/account/passkeys/add/")
    visitor.get_by_label("Name").fill("This laptop")
    visitor.get_by_role("button", name="Add a passkey").click()
    visitor.get_by_text("This laptop").first.wait_for()
    for path in ("", "passkeys/", "codes/new/", "app/remove/"):
        visitor.goto(f"/admin/account/{path}")
        check()
    for link, heading in [("Rename", "Name this passkey"), ("Remove", "Remove this passkey")]:
        visitor.goto("/admin/account/passkeys/")
        visitor.get_by_role("link", name=link).click()
        visitor.get_by_role("heading", level=1, name=heading).wait_for()
        check()
    visitor.get_by_role("button", name="Log out").click()
    visitor.get_by_role("heading", name="Logged out").wait_for()
    check()
    visitor.goto("/admin/")
    enter(visitor, "olga")
    visitor.get_by_label("Code").wait_for()
    check()
    visitor.get_by_label("Code").fill(digits_of(secret, time.time() + 30))
    visitor.get_by_label("Trust this device for 30 days").check()
    visitor.get_by_role("button", name="Continue").click()
    visitor.get_by_role("link", name="Your account").click()
    visitor.get_by_role("button", name="Forget this device").wait_for()
    check()


def test_everybody_can_read_what_they_may_not_see(stranger: AdminVisit) -> None:
    visitor, check = stranger.page, stranger.assert_all_can_use_it
    visitor.context.clear_cookies()
    sign_in(visitor, "noor")
    check()
    visitor.goto("/admin/library/resource/")
    visitor.get_by_role("heading", level=1).wait_for()
    check()
