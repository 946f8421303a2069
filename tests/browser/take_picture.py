"""`make picture`: the library page on a laptop and on a phone, side by side, as README.png."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, running_site

PICTURE = Path(__file__).resolve().parents[2] / "README.png"
HEIGHT = 844


def view(browser: Browser, site: str, width: int, color_scheme: str) -> Image.Image:
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=color_scheme)
    page.goto(site)
    return Image.open(BytesIO(page.screenshot()))


def main() -> None:
    with running_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        laptop, phone = view(browser, site, 1160, "light"), view(browser, site, 390, "dark")
        browser.close()
    picture = Image.new("RGB", (laptop.width + 24 + phone.width, HEIGHT), "#8b95a1")
    picture.paste(laptop, (0, 0))
    picture.paste(phone, (laptop.width + 24, 0))
    picture.quantize(64).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
