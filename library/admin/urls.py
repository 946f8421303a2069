"""Pages of the desk that no admin of a model has; they stand before those of Django's site."""

from django.contrib import admin
from django.urls import path, re_path

from .desk_search import desk_search
from .public_pages import edit_page_of
from .resources.quick_edit import quick_edit_page

urlpatterns = [
    path("library/resource/<int:pk>/quick/", admin.site.admin_view(quick_edit_page), name="quick-edit"),
    path("search/", admin.site.admin_view(desk_search), name="desk-search"),
    # The address of a page that readers see, after `/admin/edit`.
    re_path(r"^edit(?P<page>/.*)$", admin.site.admin_view(edit_page_of), name="desk-edit"),
]
