"""Signing in as a person does it: with an authenticator app, and with a passkey, under the site's own strict policy."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.accounts.people import digits_of
from tests.browser.admin_pages import enter


@pytest.fixture
def complaints() -> list[str]:
    """What the browser says in its console: a refused script or style, above all."""
    return []


@pytest.fixture
def curator(browser: Browser, guarded_office: str, complaints: list[str]) -> Iterator[BrowserContext]:
    """Somebody at a laptop. A passkey needs a secure context, and http://localhost is one."""
    yield from _at_a_laptop(browser, guarded_office, complaints, scripts=True)


@pytest.fixture
def person(browser: Browser, guarded_office: str, complaints: list[str], scripts: bool) -> Iterator[BrowserContext]:
    """Somebody who has scripts or none."""
    yield from _at_a_laptop(browser, guarded_office, complaints, scripts)


def _at_a_laptop(
    browser: Browser, guarded_office: str, complaints: list[str], scripts: bool
) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=guarded_office, java_script_enabled=scripts)

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    context.on("console", note)
    yield context
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    enter(page, "maria")


def give_device(context: BrowserContext, page: Page) -> None:
    """A phone or laptop that has a passkey's fingerprint at hand, and says yes."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def test_sets_up_an_app_and_signs_in_with_its_digits(person: BrowserContext, complaints: list[str]) -> None:
    page = person.new_page()
    sign_in(page)
    page.get_by_role("heading", name="Your account").wait_for()
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("code").first.inner_text()
    assert page.locator(".scan svg").bounding_box()["width"] > 150
    page.get_by_label("Authenticator code").fill(set_up_with := digits_of(secret))
    page.get_by_role("button", name="Set up the app").click()
    page.wait_for_url("**/admin/account/codes/")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="Continue to the curators’ desk").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("Logged out").first.wait_for()

    sign_in(page)
    page.get_by_label("Code").fill(set_up_with)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("That code has already been used.").wait_for()
    page.get_by_label("Code").fill(digits_of(secret, time.time() + 30))
    page.get_by_role("button", name="Continue").click()

    page.get_by_role("heading", name="What would you like to do?").wait_for()
    page.goto("/admin/account/app/remove/")
    page.get_by_role("button", name="Remove the app").click()
    page.get_by_text("a password alone isn’t enough").wait_for()
    assert complaints == []


def test_adds_a_passkey_and_signs_in_with_it_alone(curator: BrowserContext, complaints: list[str]) -> None:
    page = curator.new_page()
    give_device(curator, page)
    sign_in(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("This laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/admin/account/codes/")
    page.goto("/admin/account/")
    assert page.get_by_text("This laptop").is_visible()
    page.get_by_role("button", name="Log out").click()

    page.goto("/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="What would you like to do?").wait_for()

    page.get_by_role("button", name="Log out").click()
    sign_in(page)
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.get_by_role("heading", name="What would you like to do?").wait_for()
    page.goto("/admin/account/passkeys/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove this passkey").click()
    page.get_by_text("None yet.").wait_for()
    assert complaints == []


def test_says_so_when_no_passkey_answers(curator: BrowserContext) -> None:
    page = curator.new_page()
    page.goto("/admin/account/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('stopped')) }")
    problem = page.get_by_text("That didn’t work, or you canceled it.")
    assert not problem.is_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    problem.wait_for()
    assert page.url.endswith("/admin/account/login/")
