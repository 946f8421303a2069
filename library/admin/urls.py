"""Pages of the desk that belong to no list; they stand before those of Django's site."""

from django.contrib import admin
from django.urls import path, re_path

from .desk_search import desk_search
from .public_pages import edit_page_of

urlpatterns = [
    path("search/", admin.site.admin_view(desk_search), name="desk-search"),
    # The address of a page that readers see, after `/admin/edit`.
    re_path(r"^edit(?P<page>/.*)$", admin.site.admin_view(edit_page_of), name="desk-edit"),
]
