"""One row of each model of which versions are kept, as `library.history.snapshot.VERSIONED_MODELS` lists them."""

from datetime import date
from typing import Any

from library.models import (
    Category,
    CrisisTerm,
    Guide,
    HelpLine,
    Page,
    Publisher,
    Resource,
    Section,
    Series,
    SiteIdentity,
    SynonymGroup,
    Tag,
)
from tests.factories import (
    make_category,
    make_crisis_term,
    make_guide,
    make_help_line,
    make_identity,
    make_page,
    make_publisher,
    make_resource,
    make_series,
    make_synonyms,
    make_tag,
)


def make_one_of_each() -> dict[type, Any]:
    """By model. The resource has one of everything that it can have."""
    series = make_series(make_publisher())
    resource = make_resource(
        series=series,
        publisher=series.publisher,
        categories=[make_category()],
        tags=["rest"],
        published_on=date(2018, 5, 1),
    )
    return {
        Resource: resource,
        Section: resource.section,
        HelpLine: make_help_line(),
        Page: make_page(Page.Name.ABOUT),
        Publisher: series.publisher,
        Series: series,
        Category: resource.categories.get(),
        Tag: make_tag(),
        SynonymGroup: make_synonyms(),
        CrisisTerm: make_crisis_term(),
        Guide: make_guide("Resilience", resource, categories=resource.categories.all(), phrases="stress"),
        SiteIdentity: make_identity(name="Officer Wellness"),
    }
