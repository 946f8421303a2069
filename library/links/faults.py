"""Why another site gave no page: one name for each fault, and the sentence that a curator gets. No models."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class WireFault(StrEnum):
    """What kept us from a page. The first four are about the address itself, and nothing was asked."""

    NOT_WEB = "not a web address"
    USER_NAME = "names a user"
    PORT = "names a port"
    PRIVATE = "private network"
    NO_SUCH_NAME = "no such name"  # a name server says so
    NO_RESOLVER = "name servers don’t answer"
    TIMEOUT = "timeout"
    REFUSED = "connection refused"
    UNREACHABLE = "no connection"
    RESET = "connection lost"
    NOT_HTTP = "no answer of HTTP"
    TLS = "no secure connection"
    EXPIRED = "certificate expired"
    OTHER_NAME = "certificate of another name"
    ISSUER = "certificate of an unknown issuer"
    CHAIN = "certificate without those above it"  # browsers fetch them, and show the page
    CIRCLES = "redirects in circles"
    ODD_REDIRECT = "redirects to no web address"
    FORMAT = "unreadable format"
    STATUS = "answered with an error"


FAULT_SENTENCES: dict[WireFault, str | Promise] = {
    WireFault.NOT_WEB: _("That isn’t a web address. Web addresses start with https:// or http://."),
    WireFault.USER_NAME: _("Remove the user name from the address."),
    WireFault.PORT: _("We don’t fetch addresses that name a port."),
    WireFault.PRIVATE: _("That address is on a private network, where readers can’t go."),
    WireFault.NO_SUCH_NAME: _("We couldn’t find that site. Check the address for a typo."),
    WireFault.NO_RESOLVER: _("We can’t look up that site right now. Try again in a few minutes."),
    WireFault.TIMEOUT: _("The site was too slow. It didn’t answer within ten seconds."),
    WireFault.REFUSED: _("We can’t reach the site right now."),
    WireFault.UNREACHABLE: _("We can’t reach the site right now."),
    WireFault.RESET: _("The connection was lost, or the site didn’t answer the way a website does."),
    WireFault.NOT_HTTP: _("The connection was lost, or the site didn’t answer the way a website does."),
    WireFault.TLS: _("We can’t make a secure connection to the site."),
    WireFault.EXPIRED: _("The site’s security certificate isn’t valid: it has expired."),
    WireFault.OTHER_NAME: _("The site’s security certificate isn’t valid: it’s for another site."),
    WireFault.ISSUER: _("The site’s security certificate isn’t valid: we can’t tell who issued it."),
    WireFault.CHAIN: _("The site’s security certificate isn’t valid: part of it is missing."),
    WireFault.CIRCLES: _("The site redirects in circles."),
    WireFault.ODD_REDIRECT: _("The site redirects to something that isn’t a web address."),
    WireFault.FORMAT: _("The site sends its pages in a format we can’t read."),
    WireFault.STATUS: _("The site answered with an error."),
}
# Faults of a certificate behind which there may well be a page: browsers offer to go on.
OF_CERTIFICATES = frozenset({WireFault.EXPIRED, WireFault.OTHER_NAME, WireFault.ISSUER})


class CannotFetch(Exception):
    """Why an address can’t be fetched, in words for people: `text`, or the sentence of the fault."""

    def __init__(self, fault: WireFault, text: str = "") -> None:
        super().__init__(text or str(FAULT_SENTENCES[fault]))
        self.fault = fault
