"""Every kind of page of the curators' desk, and how somebody who is signed in gets there. Lists and forms are those
that the admin has registered, so that a new model has its own by itself."""

import re
import time
from collections.abc import Callable
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.urls import reverse
from playwright.sync_api import Page

from library.models.resource.kinds import Kind
from tests.admin.roles import PASSWORD
from tests.browser.admin_rows import HEADER, ROWS
from tests.browser.odd_feed import ODD_FEED

Visit = Callable[[Page], Any]

RESOURCES = "/admin/library/resource/"
SECTIONS = "/admin/library/section/"
IMPORTS = "/admin/library/fileimport/"
_IMPORT_STATES = ("columns", "checked", "imported", "unreadable")


def sign_in(page: Page, name: str = "maria") -> None:
    page.goto("/admin/")
    enter(page, name)
    page.get_by_role("heading", name="What would you like to do?").wait_for()


def enter(page: Page, name: str) -> None:
    """Fill in the form that asks who it is, and send it."""
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def at(path: str) -> Visit:
    return lambda page: page.goto(path)


def _list_of(owner: "ModelAdmin[Any]") -> str:
    return reverse(f"admin:{owner.opts.app_label}_{owner.opts.model_name}_changelist")


def filled(path: str, page: Page) -> None:
    page.goto(path)
    page.locator("#result_list tbody tr").first.wait_for()


def link_on(page: Page, path: str, before: str, words: str = ".*?") -> str:
    """Where the first link with these words leads that stands behind `before` on a page, which is not shown for it.

    `before` and `words` are regular expressions.
    """
    text = page.request.get(path).text()
    found = re.search(rf'(?s){before}.*?<a\b[^>]*?\bhref="([^"]+)"[^>]*>\s*{words}[^<]*</a>', text)
    assert found, f"{path}: {before} {words}"
    return urljoin(path, unescape(found[1]))


def emptied(owner: "ModelAdmin[Any]", path: str, page: Page) -> None:
    """The list with a filter and with words that nothing answers, as far as it has either."""
    page.goto(link_on(page, path, 'id="changelist-filter".*?<li>') if owner.list_filter else path)
    if owner.list_filter:
        page.locator("#changelist-filter-extra-actions").wait_for()
    if owner.search_fields:
        page.locator("#searchbar").fill("nothing is called this")
        page.locator("#changelist-search input[type=submit]").click()
        page.locator("#changelist-search .quiet").wait_for()


def first_row(path: str, page: Page) -> None:
    page.goto(link_on(page, path, 'id="result_list".*?<tbody>.*?<th'))
    page.locator("#content-main").wait_for()


def beside_the_first_row(path: str, link: str, page: Page) -> None:
    """The page behind a link above the form of the first row of a list."""
    row = link_on(page, path, 'id="result_list".*?<tbody>.*?<th')
    page.goto(link_on(page, row, 'id="content-main"', re.escape(link)))
    page.locator("h1").first.wait_for()


# One row, whose list is its form.
_NO_LIST = {"siteidentity"}
# These come about by themselves, or one by one for each kind.
_NOT_ADDED = {"auditentry", "helplinechange", "zeroresultterm", "page", "readerreport", "resource"}


def _of_every_model() -> dict[str, Visit]:
    visits: dict[str, Visit] = {}
    for model, owner in admin.site._registry.items():
        path, name = _list_of(owner), str(model._meta.model_name)
        if name in _NO_LIST:
            visits[f"form of {name}"] = at(path)
            continue
        visits[f"list of {name}"] = partial(filled, path)
        if owner.list_filter or owner.search_fields:
            visits[f"list of {name}, emptied"] = partial(emptied, owner, path)
        if owner.list_display_links is not None and name != "resource":
            visits[f"form of {name}"] = partial(first_row, path)
        if name not in _NOT_ADDED:
            visits[f"new {name}"] = at(f"{path}add/")
    for kind in Kind:
        visits[f"new {kind}"] = at(f"{RESOURCES}add/?kind={kind}")
        visits[f"form of {kind}"] = partial(first_row, f"{RESOURCES}?kind__exact={kind}")
    return visits


def with_errors(path: str, page: Page) -> None:
    page.goto(path)
    page.locator("input[name=_save]:visible").click()
    page.locator(".errornote").wait_for()


def with_action(page: Page) -> None:
    page.goto(RESOURCES)
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("add-tag")


def bulk(action: str, page: Page) -> None:
    page.goto(f"{RESOURCES}?q=Sleep")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(action)
    page.get_by_role("button", name="Go", exact=True).click()
    page.locator("#bulk_form").wait_for()


def bulk_answered(page: Page) -> None:
    bulk("add-tag", page)
    page.locator("#bulk_form input[type=text]").fill("looked at")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("button", name="Yes, change them").wait_for()


def both_texts(page: Page) -> None:
    """Somebody else saves between opening the form and saving it."""
    first_row(f"{RESOURCES}?kind__exact=forum", page)
    other = page.context.new_page()
    other.goto(page.url)
    for form, words in [(other, "Theirs"), (page, "Mine")]:
        summary = form.locator("#id_summary")
        summary.fill(f"{words}, not {summary.input_value()}"[:200])
        form.locator("input[name=_continue]").click()
        form.wait_for_load_state()
    other.close()
    page.get_by_role("button", name="Save my choices").wait_for()


def of_a_changed_entry(page: Page) -> None:
    page.goto("/admin/library/auditentry/?kind__exact=changed")
    page.get_by_role("link", name="Resource: ").last.click()
    page.get_by_role("heading", name="What changed").wait_for()


def history(page: Page) -> None:
    of_a_changed_entry(page)
    page.get_by_role("link", name="All versions").click()
    page.get_by_role("columnheader", name="Who").wait_for()


def many_rows(page: Page) -> None:
    page.goto("/admin/library/auditentry/?kind__exact=changed")
    page.get_by_role("link", name="Resources: ").first.click()
    page.locator("#content-main li").first.wait_for()


def invitation(page: Page) -> None:
    """Of somebody who cannot be mailed."""
    page.goto("/admin/library/user/add/")
    page.get_by_label("Username").fill(f"new{time.time_ns()}")
    page.locator("input[name=_save]:visible").click()
    page.get_by_role("link", name="Continue to their page").wait_for()


def choosing_a_password(page: Page) -> None:
    invitation(page)
    page.goto(urlsplit(page.locator("code").inner_text()).path)
    page.get_by_role("button", name="Set password").wait_for()


def upload(page: Page) -> None:
    page.goto(f"{IMPORTS}add/")
    content = "\n".join([HEADER, *ROWS]).encode()
    page.locator("input[type=file]").set_input_files({"name": "new.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("#content-main form [type=submit]").first.click()
    page.wait_for_url("**/change/")


def import_in_state(state: str, page: Page) -> None:
    first_row(f"{IMPORTS}?state__exact={state}", page)


def episodes(page: Page) -> None:
    page.goto(f"{RESOURCES}feed/")
    feed = {"name": "feed.xml", "mimeType": "text/xml", "buffer": ODD_FEED}
    page.locator("input[type=file]").set_input_files(feed)
    page.locator("select[name=series]").select_option(index=1)
    page.locator("select[name=section]").select_option(index=1)
    page.locator("#content-main form [type=submit]").first.click()
    page.locator(".episodes").wait_for()


def link_checks(page: Page) -> None:
    """Of a link that is gone, with the form for another copy open."""
    page.goto(link_on(page, f"{RESOURCES}links/", 'id="gone".*?<ul>'))
    page.locator("summary", has_text="Use another copy").click()


def order(page: Page) -> None:
    page.goto(link_on(page, f"{SECTIONS}?q=many-entries", 'id="result_list"', "Put in order"))
    page.locator("[name=move]").first.wait_for()


def moved(page: Page) -> None:
    order(page)
    page.get_by_role("button", name="Move down").first.click()
    page.locator("[name=move]:focus").wait_for()


def signed_out(page: Page) -> None:
    """A form with a file in it, sent when the session is over; it goes on with the same session."""
    page.goto(f"{RESOURCES}add/?kind=site")
    page.locator("#id_title").fill("Sleep, at last")
    page.locator("#id_summary").fill("Short talks about sleep after night shifts. " * 4)
    page.locator("#id_picture_file").set_input_files({"name": "talk.png", "mimeType": "image/png", "buffer": b"-"})
    cookies: Any = [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
    page.context.clear_cookies(name="sessionid")
    page.locator("input[name=_save]:visible").click()
    page.get_by_role("heading", name="We couldn’t save this").wait_for()
    page.context.add_cookies(cookies)


def left(page: Page) -> None:
    """A form in which somebody typed, opened again."""
    address = f"{RESOURCES}add/?kind=site&left=1"
    page.goto(address)
    page.locator("#id_summary").fill("Typed and left.")
    page.goto(address)
    page.get_by_role("button", name="Bring back").wait_for()


def signed_link(page: Page) -> None:
    first_row(f"{RESOURCES}?q=draft&state__exact=draft", page)
    link = page.locator("#link_for_others a").get_attribute("href") or ""
    page.goto(link)
    page.get_by_role("heading", name="A draft").wait_for()


PAGES: dict[str, Visit] = {
    "front page": at("/admin/"),
    "library": at("/admin/library/"),
    "people": at("/admin/auth/"),
    "search": at("/admin/search/?q=sleep"),
    "quick edit": at(f"{RESOURCES}1/quick/"),
    **_of_every_model(),
    "list, searched": at(f"{RESOURCES}?q=sleep"),
    "list, second page": at(f"{RESOURCES}?p=2"),
    "list with an action chosen": with_action,
    "list in a pop-up": at("/admin/library/tag/?_popup=1"),
    "form in a pop-up": at("/admin/library/tag/add/?_popup=1"),
    "kinds": at(f"{RESOURCES}add/"),
    "new resource with errors": partial(with_errors, f"{RESOURCES}add/?kind=podcast"),
    "new help line with errors": partial(with_errors, "/admin/library/helpline/add/"),
    "new person with errors": partial(with_errors, "/admin/library/user/add/"),
    "both texts": both_texts,
    "form that couldn't be saved": signed_out,
    "form that was left": left,
    "history": history,
    "version": of_a_changed_entry,
    "rows of an act": many_rows,
    "recently deleted": at("/admin/library/auditentry/deleted/"),
    "deleting": partial(beside_the_first_row, "/admin/library/tag/", "Delete"),
    "deleting a category": partial(beside_the_first_row, "/admin/library/category/", "Delete"),
    "deleting a publisher": partial(beside_the_first_row, "/admin/library/publisher/", "Delete"),
    "merging": partial(beside_the_first_row, "/admin/library/tag/", "Merge with another"),
    "bulk tag": partial(bulk, "add-tag"),
    "bulk withdrawal": partial(bulk, "withdraw"),
    "bulk review": partial(bulk, "review"),
    "bulk publication": partial(bulk, "publish"),
    "bulk, answered": bulk_answered,
    "calendar": at(f"{RESOURCES}calendar/"),
    "links to decide": at(f"{RESOURCES}links/"),
    "link checks": link_checks,
    "new addresses": at(f"{RESOURCES}links/moved/?from=old.example&to=new.example"),
    "columns of an export": at(f"{RESOURCES}export/"),
    "upload": at(f"{IMPORTS}add/"),
    "import, just uploaded": upload,
    **{f"import, {state}": partial(import_in_state, state) for state in _IMPORT_STATES},
    "feed": at(f"{RESOURCES}feed/"),
    "episodes": episodes,
    "order of a section": order,
    "order, moved": moved,
    "anchor": partial(beside_the_first_row, SECTIONS, "Change the anchor"),
    "merge": partial(beside_the_first_row, SECTIONS, "Merge into another section"),
    "change of kind": partial(beside_the_first_row, f"{RESOURCES}?kind__exact=podcast", "Change kind"),
    "preview": partial(beside_the_first_row, RESOURCES, "Preview saved version"),
    "signed link": signed_link,
    "most opened": at(f"{RESOURCES}most-opened/"),
    "weekly email": at("/admin/library/user/weekly-mail/"),
    "style guide": at("/admin/styleguide/"),
    "new password": at("/admin/password_change/"),
    "invitation": invitation,
    "choosing a password": choosing_a_password,
    "your account": at("/admin/account/"),
    "name and email": at("/admin/account/details/"),
    "confirm": at("/admin/account/confirm/"),
    "app": at("/admin/account/app/add/"),
    "passkeys": at("/admin/account/passkeys/"),
    "new passkey": at("/admin/account/passkeys/add/"),
    "nowhere": at("/admin/nowhere/"),
    "no such row": at(f"{RESOURCES}999999/change/"),
}
