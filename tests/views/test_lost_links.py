"""Where the link of an entry is lost: what readers are offered, in which order."""

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Resource
from tests.factories import make_resource, withdraw
from tests.reading import read


@pytest.mark.django_db
def test_where_a_link_is_lost_what_replaces_it_comes_before_a_copy_and_that_before_the_address(client: Client) -> None:
    gone = withdraw(make_resource("Sleep 2019"), successor=make_resource("Sleep 2026"))
    copy = "https://web.archive.org/web/20250514000000/https://example.org/"
    resource = make_resource("Sleep 2014", url="https://example.org/", successor=gone)
    for state, last in (("dead", ["https://example.org/"]), ("changed", [])):
        lost = {"link_state": state, "link_checked_on": timezone.localdate(), "copy_url": copy}
        Resource.objects.filter(pk=resource.pk).update(**lost)
        for address in (f"/resources/{resource.slug}/", f"/resources/{resource.slug}/handout/"):
            box = read(client.get(address).content).one("div", class_="open-box")
            assert [link["href"] for link in box.all("a")] == ["/resources/sleep-2026/", copy, *last]
