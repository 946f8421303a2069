"""`/preview/<token>/`: an entry that is not published, for somebody who was sent the link, and for nobody else."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from library.middleware.page_cache import is_cacheable, is_public_response
from library.models import PreviewLink, Resource, User
from library.pages.resource_page import visibility_text
from tests.factories import TEN_YEARS, make_category, make_resource, withdraw
from tests.reading import read

pytestmark = pytest.mark.django_db


def link_to(resource: Resource, **values: object) -> str:
    by = User.objects.get_or_create(username="curator")[0]
    link = PreviewLink.objects.make(resource, by, timezone.now())
    PreviewLink.objects.filter(pk=link.pk).update(**values)
    return link.get_absolute_url()


def test_shows_a_draft_by_the_public_template_and_says_that_it_is_a_preview(client: Client) -> None:
    draft = make_resource(state="draft", summary="How to rest.", categories=[make_category()])
    response = client.get(link_to(draft))
    page = read(response.content)
    assert response.status_code == 200
    assert response.templates[0].name == "library/resource.html"
    assert page.one("h1").words == "Building Personal Resilience"
    assert page.one("p", class_="resource-summary").words == "How to rest."
    assert page.one("p", class_="preview").words.startswith("Preview Readers can’t see this page. It’s a draft.")
    assert "Not published yet" in page.one("main").words
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_is_kept_nowhere_found_nowhere_and_sets_no_cookie(client: Client) -> None:
    address = link_to(make_resource(state="draft"))
    for path, status in ((address, 200), ("/preview/nothing/", 404)):
        response = client.get(path)
        assert response.status_code == status
        assert "no-store" in response["Cache-Control"]
        assert "public" not in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
        assert read(response.content).one("meta", name="robots")["content"] == "noindex"
        assert not response.cookies
        assert not read(response.content).all("script", type="application/ld+json")


def test_an_edit_and_the_end_of_the_link_are_seen_at_once(client: Client) -> None:
    draft = make_resource(state="draft")
    address = link_to(draft)
    first = client.get(address)
    assert is_cacheable(first.wsgi_request)
    assert not is_public_response(first)
    draft.title = "Mended"
    draft.save()
    assert read(client.get(address).content).one("h1").words == "Mended"
    assert PreviewLink.objects.end(draft) is True
    assert client.get(address).status_code == 404
    assert PreviewLink.objects.end(draft) is False


def test_tells_nothing_when_the_link_is_not_good(client: Client, settings) -> None:
    draft = make_resource("Secret Title", state="draft")
    past = timezone.now() - timedelta(days=8)
    ended = link_to(draft, made_at=past, until=past + timedelta(days=7))
    good = link_to(draft)
    nonce = PreviewLink.objects.get().nonce
    settings.SECRET_KEY, key = "another", settings.SECRET_KEY
    foreign = PreviewLink.objects.get().get_absolute_url()
    settings.SECRET_KEY = key
    other_salt = Signer(sep=".", salt="other").sign(nonce)
    bad = [ended, foreign, f"/preview/{nonce}/", f"/preview/{other_salt}/", good[:-3] + "AA/", "/preview/%FF/"]
    answers = {client.get(path, follow=False).content.replace(path.encode(), b"") for path in bad}
    assert {client.get(path).status_code for path in bad} == {404}
    assert all(b"This preview link has expired" in answer for answer in answers)
    assert not any(b"Secret Title" in answer for answer in answers)
    assert client.get(good).status_code == 200


def test_new_link_ends_the_one_before(client: Client) -> None:
    draft = make_resource(state="draft")
    first, second = link_to(draft), link_to(draft)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert PreviewLink.objects.count() == 1


def test_offers_nothing_that_does_not_work_before_publication(client: Client) -> None:
    draft = make_resource(state="draft", transcript="Welcome.")
    page = read(client.get(link_to(draft)).content)
    links = [link["href"] for link in page.one("main").all("a")]
    assert not [link for link in links if link.startswith(("/report/", "/pack/", f"/resources/{draft.slug}"))]


def test_says_what_readers_see_in_each_state(client: Client) -> None:
    now = timezone.now()
    scheduled = make_resource("Soon", listed_at=TEN_YEARS)
    assert visibility_text(scheduled, now).startswith("Starting Jan. 5, 2036")
    assert visibility_text(make_resource("Here"), now) == "Readers can already see this page."
    assert visibility_text(withdraw(make_resource("Gone")), now) == "Readers can’t see this page. It’s been withdrawn."


def test_costs_the_same_queries_whatever_the_entry_has(client: Client, django_assert_num_queries) -> None:
    draft = make_resource(state="draft")
    address = link_to(draft)
    with django_assert_num_queries(8):
        client.get(address)
    draft.categories.set([make_category(f"c{number}", f"C {number}") for number in range(10)])
    with django_assert_num_queries(8):
        client.get(address)


def test_is_read_only(client: Client) -> None:
    assert client.post(link_to(make_resource(state="draft"))).status_code == 405


def test_old_links_are_forgotten_when_a_new_one_is_made(client: Client) -> None:
    past = timezone.now() - timedelta(days=8)
    link_to(make_resource(state="draft"), made_at=past, until=past + timedelta(days=7))
    link_to(make_resource("Other", state="draft"))
    assert PreviewLink.objects.count() == 1
