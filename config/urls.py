"""Where addresses begin: the curators' door, then the public site."""

from django.contrib import admin
from django.urls import include, path
from django.utils.module_loading import autodiscover_modules
from django.views.generic import RedirectView

autodiscover_modules("admin")  # before Django asks for their site, whose module lies in the same package

urlpatterns = [
    path("admin/account/", include("library.accounts.urls")),
    path("admin/", include("library.admin.urls")),
    path("admin/", admin.site.urls),
    path("styleguide/", RedirectView.as_view(pattern_name="admin:styleguide"), name="styleguide"),
    path("", include("library.urls")),
]

handler400 = "library.views.bad_request"
handler403 = "library.views.forbidden"
handler404 = "library.views.not_found"
handler500 = "library.views.server_error"
