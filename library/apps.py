"""The app's entry in Django's registry."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = _("Library")

    def ready(self) -> None:
        from library.server import deploy_checks  # noqa: F401 - registers itself


class CuratorsConfig(admin_apps.AdminConfig):
    """Makes the curators' site Django's default one."""

    default = False
    default_site = "library.admin.site.CuratorSite"

    def ready(self) -> None:
        from library import admin  # noqa: F401 - before Django asks for the site, whose module lies in this package

        super().ready()
