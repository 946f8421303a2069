"""What crawlers, browsers and operators expect of any site, at the addresses where they expect it."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from library.identity.current import current
from library.middleware.page_request import site_root

TEXT = "text/plain; charset=utf-8"


def robots(request: HttpRequest) -> HttpResponse:
    """200: everything but the admin may be read, and where the sitemap is."""
    return render(request, "library/robots.txt", content_type=TEXT)


def opensearch(request: HttpRequest) -> HttpResponse:
    """200: how a browser adds this library to its search engines."""
    return render(request, "library/opensearch.xml", content_type="application/opensearchdescription+xml")


def security(request: HttpRequest) -> HttpResponse:
    """200: whom to tell of a security problem (RFC 9116): as SECURITY_CONTACT says, or whoever runs the site.

    The about page, while neither is known.
    """
    contact = settings.SECURITY_CONTACT or current().contact_address or site_root(request) + reverse("about")
    this_month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    context = {"contact": contact, "expires": this_month + timedelta(days=180)}
    return render(request, "library/security.txt", context, content_type=TEXT)


def healthz(request: HttpRequest) -> HttpResponse:
    """200: the process answers. Asks nothing of the database."""
    return uncached("ok\n")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and is migrated; 503 with the reason otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError):
        return uncached("the database does not answer\n", status=503)
    if waiting:
        return uncached(f"{len(waiting)} migrations wait\n", status=503)
    return uncached("ready\n")


def uncached(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type=TEXT, headers={"Cache-Control": "no-store"})
