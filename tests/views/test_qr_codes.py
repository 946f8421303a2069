"""`/r/<ref>/qr.svg` and `/s/<anchor>/qr.svg`: a short link as a picture, which never changes."""

import pytest
from django.test import Client

from library.pages.qr_codes import qr_picture
from tests.factories import make_resource, make_section, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows() -> None:
    make_resource(ref="bpr2345", section=make_section("podcasts"))
    withdraw(make_resource("Gone", ref="gone234"))
    make_resource("Draft", ref="drf2345", state="draft")


@pytest.mark.parametrize("path", ["/r/bpr2345/qr.svg", "/s/podcasts/qr.svg", "/r/gone234/qr.svg"])
def test_is_kept_for_a_year(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content == qr_picture("http://testserver" + path.removesuffix("qr.svg"))


@pytest.mark.parametrize("path", ["/r/drf2345/qr.svg", "/r/nothing/qr.svg", "/s/nothing/qr.svg"])
def test_there_is_none_of_what_readers_cannot_see(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
