"""`/favicon.ico`, `/apple-touch-icon.png` and the accent color: of the logo and color that an agency chose, if any."""

import io

import pytest
from django.test import Client
from PIL import Image

from library.identity.icons import LOGO_SIZE
from library.media.images import make_picture
from library.models import PictureFile
from library.models.picture_file import name_for
from library.models.site_identity import LOGO
from tests.factories import make_identity, make_page
from tests.photographs import photograph
from tests.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def logo() -> str:
    """The name of the site's logo: a red half and a blue one."""
    made = make_picture(photograph("PNG", (1600, 400)), LOGO_SIZE)
    name = name_for(LOGO, made.content)
    PictureFile.objects.store(name, made.content)
    make_identity(logo_id=name)
    return name


def test_the_icon_has_three_sizes(client: Client) -> None:
    response = client.get("/favicon.ico")

    assert response["Content-Type"] == "image/x-icon"
    assert response["Cache-Control"] == "public, max-age=86400"
    with Image.open(io.BytesIO(response.content)) as icon:
        assert icon.format == "ICO"
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
        assert len(icon.convert("RGB").getcolors(maxcolors=10_000)) > 2
    assert len(response.content) < 10_000


def test_a_logo_stands_before_the_name_of_the_site(client: Client, logo: str) -> None:
    make_page("about")
    header = read(client.get("/about/").content).one("header")
    image = header.one("a", class_="site-name").one("img")

    assert (image["src"], image["alt"], image["width"], image["height"]) == (f"/media/{logo}", "", "480", "120")
    response = client.get(f"/media/{logo}")
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")


def test_icons_are_made_of_the_logo(client: Client, logo: str) -> None:
    make_page("about")
    head = read(client.get("/about/").content).one("head")
    icons = [head.one("link", rel=rel)["href"] for rel in ("icon", "apple-touch-icon")]
    mark = logo.removesuffix(".webp").rpartition("-")[2]

    assert icons == [f"/favicon.ico?{mark}", f"/apple-touch-icon.png?{mark}"]
    small, large = (Image.open(io.BytesIO(client.get(address).content)) for address in icons)
    assert (small.format, large.format, large.size) == ("ICO", "PNG", (180, 180))
    for icon in (small.convert("RGB"), large.convert("RGB")):
        left, middle = icon.getpixel((icon.width // 4, icon.height // 2)), icon.getpixel((icon.width // 2, 0))
        assert left[0] > 200 > 60 > left[2]
        assert middle == (255, 255, 255)


def test_without_a_logo_there_is_no_touch_icon(client: Client) -> None:
    make_page("about")

    assert client.get("/apple-touch-icon.png").status_code == 404
    assert not read(client.get("/about/").content).all("link", rel="apple-touch-icon")
    assert not read(client.get("/about/").content).all("img")


def test_a_file_that_is_no_longer_the_logo_is_not_given(client: Client, logo: str) -> None:
    make_identity()

    assert client.get(f"/media/{logo}").status_code == 404


def test_an_accent_is_one_small_stylesheet_that_browsers_keep(client: Client) -> None:
    make_identity(accent="#2e7d32")
    make_page("about")
    sheets = [link["href"] for link in read(client.get("/about/").content).all("link", rel="stylesheet")]

    response = client.get("/accent-2e7d32.css")

    assert sheets[1:] == ["/accent-2e7d32.css"]
    assert (response.status_code, response["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.text == "@layer tokens { :root { --accent: #2e7d32; } }\n"


def test_without_an_accent_there_is_none(client: Client) -> None:
    make_page("about")

    assert len(read(client.get("/about/").content).all("link", rel="stylesheet")) == 1


@pytest.mark.parametrize("digits", ["162e51", "ffffff", "2E7D32", "2e7d3", "red", "2e7d32;}body{"])
def test_what_no_agency_may_choose_has_no_stylesheet(client: Client, digits: str) -> None:
    assert client.get(f"/accent-{digits}.css").status_code == 404
