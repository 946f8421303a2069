"""`/media/<name>`: the picture of a resource, by its exact name, for ever the same; and on the page of its entry."""

import pytest
from django.test import Client, RequestFactory

from library.db.edit_cache import edit_cache
from library.media.images import make_picture
from library.middleware.page_cache import is_cacheable
from library.models import Picture, PictureFile, Resource
from tests.factories import make_resource, withdraw
from tests.photographs import photograph
from tests.reading import read

pytestmark = pytest.mark.django_db


def with_picture(resource: Resource, alt: str = "Two officers talk.", decorative: bool = False) -> Picture:
    Picture.objects.store(resource, make_picture(photograph()), alt=alt, decorative=decorative)
    return Picture.objects.get(resource=resource)


def test_is_served_to_be_kept_for_a_year_with_its_true_type(client: Client, django_assert_num_queries) -> None:
    address = with_picture(make_resource()).get_absolute_url()
    with django_assert_num_queries(1):
        response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content.startswith(b"RIFF")
    assert not response.cookies


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/bpr2345-0000000000000000.webp",
        "/media/..%2Fsecret_key",
        "/media/%2e%2e/secret_key",
        "/media/bpr2345-0000000000000000.webp%0a",
        "/media/bpr2345-0000000000000000.webp/",
        "/media/BPR2345-0000000000000000.WEBP",
        "/media/bpr2345-1111111111111111.webp",
    ],
)
def test_nothing_else_is_there(client: Client, path: str) -> None:
    with_picture(make_resource(ref="bpr2345"))
    PictureFile.objects.create(name="bpr2345-1111111111111111.webp", content=b"of former days")
    response = client.get(path, follow=True)
    assert response.status_code == 404
    assert b"former days" not in response.content


def test_is_not_kept_in_the_memory_of_the_server(client: Client, django_assert_num_queries) -> None:
    address = with_picture(make_resource()).get_absolute_url()
    assert not is_cacheable(RequestFactory().get(address))
    assert client.get(address).status_code == 200
    with django_assert_num_queries(1):
        assert client.get(address).status_code == 200


def test_stands_on_the_page_of_its_entry_with_its_size_and_its_words(client: Client) -> None:
    resource = make_resource()
    picture = with_picture(resource, alt='Two "officers" talk.')
    image = read(client.get(resource.get_absolute_url()).content).one("p", class_="picture").one("img")
    assert image["src"] == picture.get_absolute_url()
    assert (image["width"], image["height"], image["loading"]) == ("960", "720", "lazy")
    assert image["alt"] == 'Two "officers" talk.'


def test_one_that_only_decorates_is_silent(client: Client) -> None:
    resource = make_resource()
    with_picture(resource, alt="", decorative=True)
    assert read(client.get(resource.get_absolute_url()).content).one("p", class_="picture").one("img")["alt"] == ""


def test_stands_in_no_list_and_not_where_there_is_none(client: Client) -> None:
    resource = make_resource()
    assert not read(client.get(resource.get_absolute_url()).content).all("p", class_="picture")
    with_picture(resource)
    for path in ("/", "/resources/", "/sections/podcasts/"):
        assert not read(client.get(path).content).all("p", class_="picture")
    assert not read(client.get(withdraw(resource).get_absolute_url()).content).all("p", class_="picture")


def test_costs_the_page_no_query(client: Client, django_assert_num_queries) -> None:
    plain, shown = make_resource("Plain"), make_resource("Shown")
    with_picture(shown)
    with django_assert_num_queries(8):
        client.get(plain.get_absolute_url())
    edit_cache.clear()
    with django_assert_num_queries(8):
        client.get(shown.get_absolute_url())
