"""What the database keeps beside the resources, so that lists are searched and counted quickly and never wrongly.

Triggers write all of it (`library/db/sql/`): each change is noted in `Edit` and `PendingChange`, and worked off at the
end of its own transaction, one transaction at a time. Python writes here twice: `search.index.rebuild` has all of it
made anew, and a restored library gets a higher number of its version.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from library.search.text_query import Query

from .resource import Resource
from .section import Section

# Resources that one row of bits speaks of. 4,000 bytes: two rows fill a page of the database.
BLOCK_SIZE = 32_000


class BitsField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `bit`, one for each resource of a block. Read and written by SQL alone."""

    def db_type(self, connection: Any) -> str:
        return f"bit({BLOCK_SIZE})"


class FacetBlock(models.Model):
    """Which resources of a section have one value of one facet: resource `slot` is bit `slot % 32000` of its block.

    Only published resources have bits; those whose listing date is still to come have theirs already. `total` is the
    number of bits that are set. The facet `all` with the value `` has every published resource.
    """

    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, related_name="facet_blocks", db_index=False, db_constraint=False
    )
    facet = models.CharField(max_length=10)
    value = models.CharField(max_length=20)
    block = models.PositiveIntegerField()
    bits = BitsField()
    total = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("facet block")
        verbose_name_plural = _("facet blocks")
        constraints = [
            # Also the index that counts are read by; with the total in it, a count without a filter reads nothing else.
            models.UniqueConstraint(
                fields=["section", "facet", "value", "block"], include=["total"], name="facet_block_unique"
            ),
        ]
        # For taking away what has become empty.
        indexes = [models.Index(fields=["block"], name="facet_block_empty", condition=models.Q(total=0))]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}, {self.block}"


class AnswersUnseen(models.Func):
    """Whether words answer a query that is known only when the statement runs."""

    template = "%(expressions)s)"
    arg_joiner = " @@ (SELECT "
    output_field = models.BooleanField()


class SearchWordsQuerySet(models.QuerySet[Any]):
    def naming(self, query: Query) -> "SearchWordsQuerySet":
        """The words that answer the query, found by their index, whatever the planner thinks.

        A query that it cannot see is always looked up there. It would guess that many resources answer the beginning
        of a word, and read all of them.
        """
        return self.filter(AnswersUnseen(models.F("search"), query))


class SearchWords(models.Model):
    """The weighted words by which a resource is found: its own, and those of what it belongs to; and its facets.

    Apart from the resource, so that whoever works off a change has to write, and to wait for, no resource.
    """

    resource = models.OneToOneField(
        Resource, on_delete=models.DO_NOTHING, primary_key=True, related_name="words", db_constraint=False
    )
    search = SearchVectorField()
    # Each value of each facet of a published one, as `kind=course`: to count what words find.
    facets = ArrayField(models.TextField(), default=list)

    objects = models.Manager.from_queryset(SearchWordsQuerySet)()

    class Meta:
        verbose_name = _("search words")
        verbose_name_plural = _("search words")
        indexes = [GinIndex(fields=["search"], name="search_words")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Edit(models.Model):
    """A transaction that has changed something that readers see. Gone again when that transaction ends."""

    transaction = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")

    def __str__(self) -> str:
        return str(self.transaction)


class PendingChange(models.Model):
    """What a transaction has changed: a `resource`, or a `new` one, a name that stands in its resources' search words,
    or a `slot` that a resource has left, `key` then being its section. Gone again when that transaction ends.
    """

    transaction = models.BigIntegerField()
    entity_type = models.CharField(max_length=10, db_column="noun")
    key = models.BigIntegerField()
    slot = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "library_change"
        verbose_name = _("pending change")
        verbose_name_plural = _("pending changes")
        constraints = [
            models.UniqueConstraint(fields=["transaction", "entity_type", "key", "slot"], name="change_noted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entity_type} {self.key}"


class LibraryVersion(models.Model):
    """One row: how many transactions have changed what readers see. A page is right until the next number.

    `names_changed` is the number of the last one that has changed a name which stands in search words.
    """

    number = models.BigIntegerField(default=0)
    names_changed = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("version of the library")
        verbose_name_plural = _("versions of the library")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="library_version_single"),
        ]

    def __str__(self) -> str:
        return str(self.number)
