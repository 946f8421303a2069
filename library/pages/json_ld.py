"""What each page says to machines: schema.org as JSON-LD, the same facts as the page and no others."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from library.identity.current import current
from library.middleware.page_request import site_root
from library.models import Guide, Page, Resource, Section
from library.models.resource.kinds import Kind

from .cards import Card
from .other_links import OtherLinks

Data = dict[str, Any]

SCHEMA_TYPES = {
    Kind.COURSE: "Course",
    Kind.PODCAST: "PodcastEpisode",
    Kind.REVIEW: "Report",
    Kind.FORUM: "CreativeWork",
    Kind.SITE: "WebSite",
}
_EMPTY: tuple[Any, ...] = (None, "", [], {})
# Characters that could end the script element or break its text; the same set as Django's `json_script`.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def as_script_text(data: Data) -> SafeString:
    """`data` as the text of a JSON-LD script element, without its empty values."""
    filled = {"@context": "https://schema.org", **without_empty(data)}
    return mark_safe(json.dumps(filled, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308 - escaped


def without_empty(value: Any) -> Any:
    """`value` without what is empty in it, at any depth, and without what is empty then."""
    if isinstance(value, dict):
        filled = {key: without_empty(part) for key, part in value.items()}
        return {key: part for key, part in filled.items() if part not in _EMPTY}
    if isinstance(value, list):
        return [part for part in map(without_empty, value) if part not in _EMPTY]
    return value


def of_library(request: HttpRequest, sections: Iterable[Section]) -> SafeString:
    """The library page: the site with its search, who runs it, and its sections."""
    identity = current()
    home = site_root(request) + reverse("library")
    search = site_root(request) + reverse("resource-list")
    return as_script_text(
        {
            "@type": "WebSite",
            "name": identity.name,
            "url": home,
            "publisher": identity.operator
            and {"@type": "Organization", "name": identity.operator, "url": identity.operator_url},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": search + "?q={search_term_string}"},
                "query-input": "required name=search_term_string",
            },
            "hasPart": [
                {
                    "@type": "CollectionPage",
                    "name": section.title,
                    "url": site_root(request) + section.get_absolute_url(),
                }
                for section in sections
                if section.is_published
            ],
        }
    )


def of_list(request: HttpRequest, url: str, title: str, cards: Iterable[Card], start: int) -> SafeString:
    """One page of a list, at `url`: its title, and its cards, of which the first is number `start` of the list."""
    return as_script_text(
        {
            "@type": "CollectionPage",
            "name": title,
            "url": site_root(request) + url,
            "mainEntity": _item_list(request, cards, start),
        }
    )


def of_guide(request: HttpRequest, guide: Guide, cards: Iterable[Card]) -> SafeString:
    """A guide: when and by whom it was reviewed, and its resources."""
    return as_script_text(
        {
            "@type": "WebPage",
            "name": guide.title,
            "url": site_root(request) + guide.get_absolute_url(),
            "dateModified": timezone.localdate(guide.updated_at).isoformat(),
            "lastReviewed": guide.reviewed_on and guide.reviewed_on.isoformat(),
            "reviewedBy": guide.reviewer and {"@type": "Person", "name": guide.reviewer},
            "mainEntity": _item_list(request, cards, 1),
        }
    )


def _item_list(request: HttpRequest, cards: Iterable[Card], start: int) -> Data:
    root = site_root(request)
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": card.link_text, "url": root + card.address}
            for place, card in enumerate(cards, start=start)
        ],
    }


def of_resource(request: HttpRequest, resource: Resource, keywords: Iterable[str], links: OtherLinks) -> SafeString:
    """One resource as its kind's type; `url` is where it opens, `mainEntityOfPage` is our page about it."""
    kind = Kind(resource.kind)
    publisher = resource.publisher
    data: Data = {
        "@type": SCHEMA_TYPES[kind],
        "name": resource.title,
        "description": resource.summary,
        "url": resource.open_url,
        "archivedAt": resource.offered_copy,
        "mainEntityOfPage": site_root(request) + resource.get_absolute_url(),
        "identifier": resource.ref,
        "datePublished": resource.published_iso,
        "keywords": ", ".join(keywords),
        "publisher": publisher and {"@type": "Organization", "name": publisher.name, "url": publisher.url},
    }
    if kind is Kind.COURSE:
        data |= {"provider": data.pop("publisher"), "learningResourceType": resource.course_format}
    if kind is Kind.PODCAST:
        data |= _of_episode(resource, links)
    if kind is Kind.REVIEW:
        data |= {
            "about": resource.incident and {"@type": "Event", "name": resource.incident, "location": resource.place},
            "numberOfPages": resource.pages,
            "author": resource.authors,
        }
    return as_script_text(data)


def _of_episode(resource: Resource, links: OtherLinks) -> Data:
    series, audio = resource.series, links.audio.open_url
    return {
        "partOfSeries": series and {"@type": "PodcastSeries", "name": series.title, "url": links.series.open_url},
        "timeRequired": resource.running_minutes and f"PT{resource.running_minutes}M",
        "contributor": resource.speaker and {"@type": "Person", "name": resource.speaker},
        "associatedMedia": audio and {"@type": "AudioObject", "contentUrl": audio},
    }


def of_page(request: HttpRequest, page: Page) -> SafeString:
    """One of the site's own texts."""
    return as_script_text(
        {
            "@type": "WebPage",
            "name": page.title,
            "url": site_root(request) + page.get_absolute_url(),
            "dateModified": timezone.localdate(page.updated_at).isoformat(),
        }
    )
