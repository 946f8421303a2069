"""Every public address. They are a promise to the sites that link here: tests spell them literally."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path
from django.views.generic import RedirectView

from library import views
from library.pages.sitemaps import SITEMAPS

urlpatterns = [
    # The library
    path("", views.library, name="library"),
    path("sections/<str:anchor>/", views.section, name="section"),
    path("resources/", views.resource_list, name="resource-list"),
    path("search/", RedirectView.as_view(pattern_name="resource-list", query_string=True), name="search"),
    path("resources/<str:slug>/", views.resource, name="resource"),
    path("resources/<str:slug>/transcript/", views.transcript, name="transcript"),
    path("guides/<str:slug>/", views.guide, name="guide"),
    path("topics/<str:slug>/", views.topic, name="topic"),
    path("media/<str:name>", views.picture, name="picture"),
    path("preview/<str:token>/", views.preview, name="preview"),
    # To print and to hand out
    path("sections/<str:anchor>/handout/", views.section_handout, name="section-handout"),
    path("resources/<str:slug>/handout/", views.resource_handout, name="resource-handout"),
    path("pack/", views.pack, name="pack"),
    # Permanent short links
    path("s/<str:anchor>/", views.short_section, name="short-section"),
    path("s/<str:anchor>/qr.svg", views.section_qr_code, name="section-qr-code"),
    path("r/<str:ref>/", views.short_resource, name="short-resource"),
    path("r/<str:ref>/qr.svg", views.resource_qr_code, name="resource-qr-code"),
    path("r/<str:ref>/opened/", views.opened, name="opened"),
    path("anchors.json", views.anchors, name="anchors"),
    # Help, and what readers and agencies expect of a public site
    path("help/", views.help_lines, name="help"),
    path("about/", views.text_page, {"name": "about"}, name="about"),
    path("about/checks/", views.text_page, {"name": "checks"}, name="checks"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.text_page, {"name": "accessibility"}, name="accessibility"),
    path("linking/", views.text_page, {"name": "linking"}, name="linking"),
    # What readers may tell us: the only public forms (`library.middleware.public_pages`)
    path("report/", views.report, name="report"),
    path("report/thanks/", views.report_thanks, name="report-thanks"),
    path("suggest/", views.suggest, name="suggest"),
    # Conventions
    path("sitemap.xml", sitemap_views.index, {"sitemaps": SITEMAPS}, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        sitemap_views.sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("robots.txt", views.robots, name="robots"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path(".well-known/security.txt", views.security, name="security"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("apple-touch-icon.png", views.touch_icon, name="touch-icon"),
    path("accent-<str:digits>.css", views.accent, name="accent"),
    # Operators
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
