"""What becomes of the links to a resource when the end of its address changes, said before and after."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from library.models import Resource

NO_TRACKING = _("Tracking codes such as utm_source were removed from the address.")


def form_of(resource: Resource) -> str:
    """Where a resource is edited."""
    return reverse("admin:library_resource_change", args=[resource.pk])


def slug_help(resource: Resource) -> str:
    """What a change of its slug would leave as it is. Costs two queries."""
    former: Any = resource.former_slugs
    predecessors: Any = resource.predecessors
    sentences = [
        gettext("The last part of its web address. It doesn’t change when the title does."),
        gettext("If you change it, the old address leads to the new one forever."),
        _older(former.count()),
        _short_link(resource),
        _followers(predecessors.count()),
    ]
    return " ".join(filter(None, sentences))


def slug_warning(resource: Resource, slug: str) -> str:
    """What would become of its links if it had this slug again. Costs two queries."""
    former: Any = resource.former_slugs
    predecessors: Any = resource.predecessors
    addresses = {"new": reverse("resource", args=[slug]), "old": resource.get_absolute_url()}
    sentences = [
        gettext("Its address would be %(new)s again. Links to %(old)s would lead there.") % addresses,
        _older(former.exclude(slug=slug).count()),
        _short_link(resource),
        _followers(predecessors.count()),
    ]
    return " ".join(filter(None, sentences))


def slug_notice(resource: Resource, before: str) -> str:
    """What has become of the old address. Costs two queries."""
    former: Any = resource.former_slugs
    predecessors: Any = resource.predecessors
    addresses = {"new": resource.get_absolute_url(), "old": reverse("resource", args=[before])}
    sentences = [
        gettext("Its address is now %(new)s. Links to %(old)s lead there.") % addresses,
        _older(former.exclude(slug=before).count()),
        _followers(predecessors.count()),
    ]
    return " ".join(filter(None, sentences))


def _short_link(resource: Resource) -> str:
    text = gettext("The short link /r/%s/, roll-call packs, and printed handouts don’t use it and don’t change.")
    return text % resource.ref


def _older(number: int) -> str:
    if not number:
        return ""
    return ngettext("So does %d former address.", "So do %d former addresses.", number) % number


def _followers(number: int) -> str:
    if not number:
        return ""
    text = ngettext(
        "The page of %d withdrawn entry names this one as its replacement and updates automatically.",
        "The pages of %d withdrawn entries name this one as their replacement and update automatically.",
        number,
    )
    return text % number
