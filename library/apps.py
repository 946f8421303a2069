"""The app's entry in Django's registry."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core.checks import CheckMessage, Tags, register
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = _("Library")

    def ready(self) -> None:
        from library.server import deploy_checks  # noqa: F401 - registers itself


class CuratorsConfig(admin_apps.SimpleAdminConfig):
    """Makes the curators' site Django's default one. Its pages come with the addresses: few commands need either."""

    default = False
    default_site = "library.admin.site.CuratorSite"

    def ready(self) -> None:
        register(check_dependencies, Tags.admin)
        register(check_curators_pages, Tags.admin)


def check_curators_pages(app_configs: Any, **given: Any) -> list[CheckMessage]:
    """Django's own check of an admin, of pages that are there by then."""
    autodiscover_modules("admin")
    found: list[CheckMessage] = check_admin_app(app_configs, **given)
    return found
