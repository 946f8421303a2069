"""Public addresses for tests that ask each of them the same."""

# What no page can be made of without the database.
NEED_THE_DATABASE = [
    "/",
    "/sections/podcasts/",
    "/resources/",
    "/resources/building-personal-resilience/",
    "/sections/podcasts/handout/",
    "/resources/building-personal-resilience/handout/",
    "/s/podcasts/",
    "/r/bpr2345/",
    "/anchors.json",
    "/help/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/linking/",
    "/about/checks/",
    "/sitemap.xml",
    "/sitemap-sections.xml",
    "/sitemap-resources.xml",
]
