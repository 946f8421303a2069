"""Signs that a site turns a check away, and not a reader: a wall of theirs says nothing of the page. No models.

Each with the day on which its owner's documentation, or a report of it, was read. A sign beats any status.
"""

from collections.abc import Mapping

from .client import Answer

_READ = 20_000  # bytes of a page
# By header: the name, and what has to be in it.
_HEADERS = (
    ("cf-mitigated", "challenge"),  # Cloudflare, “Detect a Challenge Page response”; November 2026
    ("x-amzn-waf-action", ""),  # AWS WAF, “CAPTCHA and Challenge actions”; November 2026
)
# By all of these words in the page, whatever their case.
_PAGES = (
    ("/cdn-cgi/challenge-platform",),  # Cloudflare; reported in go-shiori/shiori#454
    ("_cf_chl_opt",),
    ("incapsula incident id",),  # Imperva
    ("request unsuccessful", "incapsula"),
)
# Akamai gives 200 or 403, with this page and this header; reported of weather.gov and hhs.gov.
_AKAMAI = ("access denied", "reference&#32;&#35;18", "reference #")
# Statuses with which a site asks who is there, or says that it will not answer a machine.
WALLED = {401, 403, 406, 407, 418, 429, 451, 999}
# Where a page that asks for a name and password lies.
SIGN_IN_PATHS = ("/login", "/signin", "/sign-in", "/sso", "/auth", "/account/login", "/adfs/", "/saml")
# That it isn’t for this part of the world.
_REGION = (
    "not available in your region",
    "not available in your country",
    "isn't available in your region",
    "not available in your location",
    "unavailable in your region",
)


def is_challenge(answer: Answer) -> bool:
    """Whether the answer is a riddle or a refusal for machines."""
    if any(name in answer.headers and text in answer.headers[name].lower() for name, text in _HEADERS):
        return True
    page = answer.body[:_READ].decode("latin-1").lower()
    if any(all(word in page for word in words) for words in _PAGES):
        return True
    return _is_akamai(answer.headers) and _AKAMAI[0] in page and any(word in page for word in _AKAMAI[1:])


def _is_akamai(headers: Mapping[str, str]) -> bool:
    return "akamaighost" in headers.get("server", "").lower()


def names_region(text: str) -> bool:
    folded = text[:_READ].lower().replace("’", "'")
    return any(words in folded for words in _REGION)
