"""Links to other sites, and what checks have found of them: in tables of their own, so that no check edits an entry.

A link is known by the key of its address (`address_key`), and belongs to whatever has an address of that key.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import responses

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .days import validate_past_day
from .web_address import KEY_LIMIT, WebAddressField

# The reason of a change that no check has made.
OPENED_BY_PERSON = "opened by a person"
# Why, in the words of the desk; the names are those of `library.links.signals.Reason`.
REASONS: Mapping[str, str | Promise] = {
    "not found": "",
    "removed": _("its owner says that it was removed"),
    "no such name": _("the site’s name no longer exists"),
    "no such site": _("the host knows no such site"),
    "says that it is not found": _("the page says that it wasn’t found"),
    "leads to the front page": _("leads to the front page"),
    "one page for many addresses": _("many addresses lead to the same page"),
    "a page in place of a file": _("a web page in place of the file"),
    "empty": _("an empty page"),
    "the video was removed": _("the video was removed"),
    "server error": "",
    "broken off": _("the page broke off"),
    "the host no longer knows the site": _("the host no longer knows the site"),
    "a test for machines": _("the site tests whether a person is there"),
    "refused": _("the site blocked the check"),
    "too many requests": _("too many checks for the site"),
    "asks for a name and password": _("asks for a name and password"),
    "now asks for a login": _("now asks for a login"),
    "not in this region": _("not available in our region"),
    "the whole site turns us away": _("even the front page blocked the check"),
    "asks machines to keep out": _("the owner asks checkers to stay out"),
    "moved": _("leads to another address"),
    "another document": _("another document of the same site"),
    "taken over": _("taken over by someone else"),
    "for sale": _("the name is for sale"),
    "another owner": _("another owner’s site"),
    "new links to what has nothing to do with it": _("new links to gambling and the like"),
    "a script that leads away": _("only a script that leads away"),
    "a faulty certificate": _("a faulty certificate"),
    OPENED_BY_PERSON: _("someone opened it"),
}
# Looks that failed, and links that no entry has any more.
KEEP_LOOKS = timedelta(days=90)
KEEP_UNUSED = timedelta(days=90)


class LinkHost(models.Model):
    """A host that is asked: when it may be asked again, how long to wait between two requests, and its robots.txt."""

    name = models.CharField(max_length=253, primary_key=True)
    free_at = models.DateTimeField(null=True)
    gap = models.FloatField(default=0)  # seconds; 0 for the usual one
    robots = models.TextField(blank=True)
    robots_at = models.DateTimeField(null=True)
    robots_failing_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class LinkQuerySet(models.QuerySet["Link"]):
    def due(self, now: datetime) -> "LinkQuerySet":
        return self.filter(unused_since=None, next_at__lte=now)


class Link(models.Model):
    """One address. `evidence` is a `library.links.evidence.Evidence`, `page` what its last good look has left.

    `before` is the evidence before the last look: a run that finds its own network at fault takes looks back.
    """

    class Condition(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked yet")
        ALIVE = "alive", _("Works")
        MOVED = "moved", _("Moved")
        UNSURE = "unsure", _("Not sure")
        DEAD = "dead", _("Gone")
        CHANGED = "changed", _("Shows something else")
        BACK = "back", _("Opens again, but may have changed")

    key = models.CharField(max_length=KEY_LIMIT)
    address = WebAddressField(_("address"))
    host = models.CharField(_("host"), max_length=253)
    condition = models.CharField(_("state"), max_length=10, choices=Condition, default=Condition.UNCHECKED)
    reason = models.CharField(max_length=60, blank=True)
    # By which the last answer is the same as another (`library.links.evidence.signature`).
    signature = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(_("since"), null=True)
    looked_at = models.DateTimeField(_("last checked"), null=True)
    next_at = models.DateTimeField(_("next check"))
    evidence = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    page = models.JSONField(default=dict)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    # What the page has shown of the numbers of help lines (`library.links.numbers.Sightings`).
    numbers = models.JSONField(default=dict)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )
    unused_since = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["key"], name="link_key_unique")]
        indexes = [
            models.Index(fields=["next_at"], name="link_due", condition=models.Q(unused_since__isnull=True)),
            models.Index(fields=["host"], name="link_host"),
            # When the last one was checked, and which work now: the desk, and doubt of our own network.
            models.Index(fields=["-looked_at"], name="link_looked_at", condition=models.Q(unused_since__isnull=True)),
            # The few about which somebody may have something to do.
            models.Index(
                fields=["condition", "host"],
                name="link_not_well",
                condition=models.Q(unused_since__isnull=True) & ~models.Q(condition__in=["alive", "unchecked"]),
            ),
            models.Index(
                fields=["id"], name="link_to_https", condition=models.Q(reason="the same address, with https")
            ),
        ]

    def __str__(self) -> str:
        return str(self.address)

    @property
    def reason_label(self) -> str:
        """Why it is in its state, in a few words; empty where its state says it all."""
        return str(REASONS.get(self.reason, ""))


class LinkMove(models.Model):
    """A new address for a link: where it leads now, or, as `is_guess`, where others of its host have gone.

    A guess that `is_counter` is what stands in the address behind a counter that is gone. The `target` is a link of its
    own, so that it is looked at before somebody accepts it. `declined_at`: a curator keeps the old address.
    """

    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="move")
    target = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="moves_here")
    address = WebAddressField(_("new address"))
    is_guess = models.BooleanField(default=False)
    is_counter = models.BooleanField(default=False)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("move of a link")
        verbose_name_plural = _("moves of links")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.link} → {self.address}"


class LinkCopy(models.Model):
    """Where a copy of a link’s page is, so far as that is known: what the archive answered, or what a curator typed.

    Asked again at `next_at`, but never of a copy that is offered to readers. What a curator typed stays.
    """

    class Standing(models.TextChoices):
        NONE = "none", _("The Internet Archive has no copy of it that we could use.")
        SEEN = "seen", _("There’s a copy in case the page is lost.")
        VERIFIED = "verified", _("We compared it: it’s the same page.")
        UNCLEAR = "unclear", _("We couldn’t compare it with the page. Open it and decide.")
        APPROVED = "approved", _("A curator says it’s right.")
        DECLINED = "declined", _("A curator says it’s wrong, so readers don’t get it.")
        BY_HAND = "by-hand", _("Added by a curator.")

    OFFERED = (Standing.VERIFIED, Standing.APPROVED, Standing.BY_HAND)

    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="copy")
    standing = models.CharField(_("state"), max_length=10, choices=Standing)
    address = WebAddressField(_("address of the copy"), blank=True)
    taken_on = models.DateField(_("taken on"), null=True, blank=True, validators=[validate_past_day])
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField()

    class Meta:
        verbose_name = _("copy of a link’s page")
        verbose_name_plural = _("copies of links’ pages")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(standing="none") | ~models.Q(address=""), name="copy_has_an_address"
            )
        ]
        indexes = [
            models.Index(
                fields=["link"],
                name="copy_offered",
                condition=models.Q(standing__in=["verified", "approved", "by-hand"]),
            ),
            models.Index(fields=["next_at"], name="copy_due"),
        ]

    def __str__(self) -> str:
        return self.address or str(self.get_standing_display())

    @property
    def is_offered(self) -> bool:
        return self.standing in self.OFFERED


class LinkLook(models.Model):
    """A look that failed, or that found something else: the proof of a state. Kept for 90 days."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="looks", db_index=False)
    looked_at = models.DateTimeField()
    signal = models.CharField(max_length=30)
    reason = models.CharField(max_length=60)
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        default_permissions = ()
        indexes = [models.Index(fields=["link", "-looked_at"], name="look_of_link")]

    def __str__(self) -> str:
        return f"{self.looked_at:%Y-%m-%d %H:%M} {self.label}"

    @property
    def label(self) -> str:
        """What came, in a few words: “404 Not Found: not found”."""
        answer = f"{self.status} {responses.get(self.status, '')}".strip() if self.status else self.fault
        return ": ".join(part for part in (answer, str(REASONS.get(self.reason, ""))) if part)


class LinkChange(models.Model):
    """A change of a link’s state. Kept as long as the link."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="changes")
    changed_at = models.DateTimeField()
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("change of a link")
        verbose_name_plural = _("changes of links")
        default_permissions = ()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        conditions = dict(Link.Condition.choices)
        after = conditions.get(self.after, self.after)
        reason = REASONS.get(self.reason, "")
        return f"{after} ({reason})" if reason else str(after)
