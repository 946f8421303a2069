"""Other sites as a dictionary, a clock that only pauses move, and entries that link there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from library.links.client import Answer
from library.maintenance.link_checks import Checker
from library.maintenance.link_intake import sweep_links
from library.models import Link, LinkHost, Publisher, Resource
from tests.factories import make_publisher, make_resource
from tests.links.days import PUBLISHER, status

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)


class World:
    """Other sites as a dictionary, and a clock that only pauses move."""

    def __init__(self) -> None:
        self.now = NOW
        self.pages: dict[str, Answer | Callable[[], Answer]] = {}
        self.asked: list[tuple[datetime, str, dict[str, Any]]] = []
        self.checker = Checker("tests", self.ask, self.pause, lambda: self.now, threads=1)

    def ask(self, address: str, **options: Any) -> Answer:
        self.asked.append((self.now, address, options))
        found = self.pages.get(address, status(404, "<title>Not found</title>"))
        answer = found() if callable(found) else found
        return replace(answer, url=answer.url if answer.hops else address)

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def pass_days(self, days: float) -> None:
        """Whatever becomes due within these days is looked at when it is."""
        end = self.now + days * DAY
        while True:
            sweep_links(self.now)
            next_at = Link.objects.filter(unused_since=None).order_by("next_at").values_list("next_at", flat=True)
            due = next_at.first()
            if due is None or due > end:
                break
            self.now = max(self.now, due)
            free = LinkHost.objects.filter(free_at__gt=self.now).order_by("free_at").first()
            before = len(self.asked)
            self.checker.run(once=True)
            if len(self.asked) == before and free is not None and free.free_at is not None:
                self.now = free.free_at
                if self.now > end:
                    break
        self.now = max(self.now, end)

    def addresses(self) -> list[str]:
        return [address for _at, address, _options in self.asked]


def entry(address: str, **values: Any) -> Resource:
    publisher = Publisher.objects.filter(name=PUBLISHER).first() or make_publisher("example", PUBLISHER)
    return make_resource(url=address, publisher=publisher, **values)


def words_of(resource: Resource) -> tuple[str, str]:
    resource.refresh_from_db()
    return resource.link_state, str(resource.link_checked_on)
