"""The list of all public pages of the library in the database, by their addresses."""

from library.models import Category, FormerSlug, FormerValue, Guide, PictureFile, Resource, Section, SectionAlias

# Those that hold whatever is in the library.
LISTS = [
    "/",
    "/resources/",
    "/resources/?q=resilience",
    "/resources/?q=nothing+answers+this",
    "/resources/?q=suicide",
    "/resources/?category=suicide-prevention&kind=podcast",
    "/resources/?page=2",
    "/resources/?sort=title&page=3",
]
TEXTS_AND_FORMS = [
    "/pack/",
    "/help/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/linking/",
    "/about/checks/",
    "/report/",
    "/report/thanks/",
    "/suggest/",
]
FOR_MACHINES = [
    "/anchors.json",
    "/sitemap.xml",
    "/sitemap-library.xml",
    "/sitemap-sections.xml",
    "/sitemap-topics.xml",
    "/sitemap-guides.xml",
    "/sitemap-resources.xml",
    "/robots.txt",
    "/opensearch.xml",
    "/.well-known/security.txt",
    "/favicon.ico",
    "/accent-2e7d32.css",
]
# Of the starting content.
SHEETS = [
    "/sections/critical-incident-reviews/handout/",
    "/resources/leo-near-miss/handout/",
    "/pack/?r=2r7gzbq&r=x7wp4x6&r=8shk4sn",
]


def public_paths() -> list[str]:
    """Each of them once, with what is at former addresses, and with what is not for readers and must not be."""
    anchors = [
        *Section.objects.values_list("anchor", flat=True),
        *SectionAlias.objects.values_list("anchor", flat=True),
    ]
    resources = list(Resource.objects.values_list("slug", "ref"))
    slugs = [slug for slug, _ref in resources] + list(FormerSlug.objects.values_list("slug", flat=True))
    guides = list(Guide.objects.values_list("slug", "former_slugs"))
    topics = [*Category.objects.values_list("slug", flat=True)]
    topics += FormerValue.objects.of(Category).values_list("slug", flat=True)
    former = FormerValue.objects.values_list("facet", "slug")
    names = PictureFile.objects.values_list("name", flat=True)
    return (
        LISTS
        + TEXTS_AND_FORMS
        + FOR_MACHINES
        + sorted(
            {f"{path}{end}" for anchor in anchors for path in [f"/sections/{anchor}/"] for end in ("", "handout/")}
            | {f"/s/{anchor}/" for anchor in anchors}
            | {f"/resources/{slug}/{end}" for slug in slugs for end in ("", "handout/", "transcript/")}
            | {f"/r/{ref}/" for _slug, ref in resources}
            | {f"/resources/?{facet}={slug}" for facet, slug in former}
            | {f"/guides/{name}/" for slug, former_slugs in guides for name in (slug, *former_slugs)}
            | {f"/topics/{slug}/" for slug in topics}
            | {f"/media/{name}" for name in names}
        )
    )


# Of the starting content, one address for each kind of page that a browser opens, and for each state of it; the guide
# is one of `tests.browser.rows`.
PUBLIC_PAGES = [
    "/",
    "/sections/podcasts/",
    "/sections/critical-incident-reviews/",
    "/resources/",
    "/resources/?q=suicide&kind=podcast&category=suicide-prevention",
    "/resources/?q=nothing+answers+this",
    "/resources/?page=2",
    "/resources/leo-near-miss/",
    "/resources/police-under-attack/",
    "/topics/suicide-prevention/",
    "/guides/a-guide/",
    *SHEETS,
    *TEXTS_AND_FORMS,
]
# No page is there, and the address is none.
ERROR_PAGES = ["/nowhere/", "/resources/%00/"]
