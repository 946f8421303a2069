"""`make picture`: the pictures of the README and of docs/, from the site with its starting content."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.sites import CHROMIUM, FLAGS, running_site, sign_in

ROOT = Path(__file__).resolve().parents[2]
HEIGHT = 844

# One row of each fate: new, bad, and about an entry that the library has.
_FILE = """title,kind,section,url,published
Example of a new episode,podcast,podcasts,https://example.org/episode,2024-05
Example with a slip in its date,podcast,podcasts,https://example.org/slip,sometime in May
Below 100,site,websites,https://www.below100.org,
"""


def view(browser: Browser, site: str, width: int, color_scheme: str) -> Image.Image:
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=color_scheme)
    page.goto(site)
    return picture_of(page)


def picture_of(page: Page, content: Locator | None = None) -> Image.Image:
    """What fits on the screen, no further down than the content."""
    picture = Image.open(BytesIO(page.screenshot()))
    box = content.bounding_box() if content else None
    end = int(box["y"] + box["height"]) + 24 if box else HEIGHT
    return picture.crop((0, 0, picture.width, min(HEIGHT, end)))


def save(picture: Image.Image, name: str) -> None:
    picture.quantize(64).save(ROOT / name, optimize=True)


def library_page(browser: Browser, site: str) -> Image.Image:
    """On a laptop and on a phone, side by side."""
    laptop, phone = view(browser, site, 1160, "light"), view(browser, site, 390, "dark")
    picture = Image.new("RGB", (laptop.width + 24 + phone.width, HEIGHT), "#8b95a1")
    picture.paste(laptop, (0, 0))
    picture.paste(phone, (laptop.width + 24, 0))
    return picture


def needs_attention(page: Page) -> None:
    page.goto("/admin/")


def entry(page: Page) -> None:
    page.goto("/admin/library/resource/?q=near+miss")
    page.get_by_role("link", name="LEO Near Miss", exact=True).click()
    page.wait_for_url("**/change/**")


def checked_file(page: Page) -> None:
    page.goto("/admin/library/fileimport/add/")
    file = {"name": "episodes.csv", "mimeType": "text/csv", "buffer": _FILE.encode()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("heading", name="What it would do, row by row").wait_for()


ADMIN_PICTURES: dict[str, Callable[[Page], None]] = {
    "docs/attention.png": needs_attention,
    "docs/entry.png": entry,
    "docs/import.png": checked_file,
}


def main() -> None:
    with running_site(REQUIRE_SECOND_FACTOR="false") as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        save(library_page(browser, site), "README.png")
        page = browser.new_page(base_url=site, viewport={"width": 1160, "height": HEIGHT})
        sign_in(page)
        for name, go_there in ADMIN_PICTURES.items():
            go_there(page)
            save(picture_of(page, page.locator("#content-main")), name)
        browser.close()


if __name__ == "__main__":
    main()
