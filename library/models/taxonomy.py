"""What a resource is about: categories from a short list, tags as free keywords.

Tags are django-taggit's, in tables of our own. `tests/models/test_taxonomy.py` has a test for each thing we use of it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.postgres.search import SearchRank, SearchVector
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from library.db.locks import Lock, transaction_lock
from library.pages.markdown import single_line
from library.search.text_query import CONFIG, Query

from .order import Goal, move

TAG_LIMIT = 30
_DIVIDERS = re.compile(r"[,;\r\n]+")


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_order(self) -> "CategoryQuerySet":
        """In the order that curators gave them."""
        return self.order_by("position")

    @transaction.atomic
    def move(self, pk: int, goal: Goal, seen: Sequence[int] = ()) -> bool:
        """Move this category; False when it cannot go that way, or is gone.

        Raises `OrderChanged` where those in `seen` do not stand in that order any more.
        """
        transaction_lock(Lock.CATEGORY_ORDER)
        return move(self.all(), pk, goal, seen)

    def next_position(self) -> int:
        """The place behind the last category. Nobody else gets one, or moves any, until the end of the transaction."""
        transaction_lock(Lock.CATEGORY_ORDER)
        last: int | None = self.order_by("-position").values_list("position", flat=True).first()
        return (last or 0) + 1

    def described_by(self, query: Query) -> "CategoryQuerySet":
        """Those whose name or scope answers the query, the best first."""
        words = SearchVector("name", weight="A", config=CONFIG) + SearchVector("scope", weight="C", config=CONFIG)
        return self.annotate(words=words).filter(words=query).order_by(SearchRank(words, query).desc(), "name")


class CategoryManager(models.Manager.from_queryset(CategoryQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str) -> "Category":
        category: Category = self.get(slug=slug)
        return category


class Category(models.Model):
    """A subject from the short controlled list, with a page of its own; a new one stands last."""

    name = models.CharField(
        _("name"), max_length=80, help_text=_("As readers see it, e.g. “Fatigue, sleep and shift work”.")
    )
    slug = models.SlugField(
        _("URL name"),
        max_length=60,
        db_index=False,
        help_text=_(
            "The last part of the web address: /topics/peer-support/. If you change it, the old address leads to the "
            "new one."
        ),
    )
    scope = models.CharField(
        _("what belongs here"),
        max_length=200,
        blank=True,
        help_text=_("One sentence on what belongs here. Readers see it on the topic’s page."),
    )
    position = models.PositiveIntegerField(_("place"), editable=False, blank=True)

    objects = CategoryManager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="category_slug_unique",
                violation_error_code="unique",
                violation_error_message=_("Another category has this URL name."),
            ),
            models.UniqueConstraint(
                Lower("name"),
                name="category_name_unique",
                violation_error_message=_("There’s already a category with this name."),
            ),
            # Deferrable, so that two can change places in one transaction.
            models.UniqueConstraint(
                fields=["position"], name="category_position_unique", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """A new one takes the last place, unless it comes with one that is free."""
        with transaction.atomic():
            if self.position is None or self._is_place_taken():
                self.position = Category.objects.next_position()
            super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

    def _is_place_taken(self) -> bool:
        return self._state.adding and bool(Category.objects.filter(position=self.position).exists())

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Tag(TagBase):
    """A free keyword. “PTSD” and “ptsd” are one tag."""

    name: str

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="tag_name_unique_in_any_case",
                violation_error_message=_("There’s already a tag with this name."),
            )
        ]

    def clean(self) -> None:
        """Full-width letters are plain ones, as in `split_tags`."""
        self.name = unicodedata.normalize("NFKC", self.name)


def split_tags(text: str) -> list[str]:
    """The names in a text as people type or paste it. Commas, semicolons and line ends divide, and nothing else does.

    Each name once, in any case, without what nobody sees, and full-width letters as plain ones; sorted.
    """
    names: dict[str, str] = {}
    for part in _DIVIDERS.split(unicodedata.normalize("NFKC", text)):
        if name := single_line(part):
            names.setdefault(name.lower(), name)
    return sorted(names.values())


def join_tags(tags: Iterable[Tag]) -> str:
    """The names of these tags as a form shows them."""
    return ", ".join(sorted(tag.name for tag in tags))


def validate_tags(names: Collection[str]) -> None:
    """Refuse what cannot be the tags of one resource."""
    if len(names) > TAG_LIMIT or any(len(name) > 60 for name in names):
        raise ValidationError(_("Up to 30 tags, separated by commas, up to 60 characters each."))
    if not all(any(character.isalnum() for character in name) for name in names):
        raise ValidationError(_("Every tag needs a letter or a digit."))


class TaggedResource(ItemBase):
    """One tag on one resource."""

    content_object = models.ForeignKey(
        "library.Resource", on_delete=models.CASCADE, related_name="tagged_items", db_index=False
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_items", db_index=False)

    natural_key_fields = ["content_object", "tag"]

    class Meta:
        verbose_name = _("tag of a resource")
        verbose_name_plural = _("tags of resources")
        constraints = [
            # Also the index for "the resources that have this tag".
            models.UniqueConstraint(fields=["tag", "content_object"], name="tagged_resource_once"),
        ]
        # "The tags of these resources", read from the index alone.
        indexes = [models.Index(fields=["content_object", "tag"], name="tags_of_resource")]
