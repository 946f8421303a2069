"""The curators' words for searching: what means the same, and what asks for the help lines.

A word is compared as `folded_words` has it. What is done with a reader's words is the business of
`library.search.vocabulary.lookup`.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from library.search.text_query import fold, folded_words

# Groups of synonyms and crisis words are read with every search, all of them: so many of each, and no more.
VOCABULARY_ROW_LIMIT = 500
TERM_LIMIT = 20
TERM_LENGTH = 60
TERMS_LENGTH = 1500

# What the search would take for its own language, or a curator for “and another one”.
_OPERATOR = re.compile(r"[\"“”|&!()<>:*\\,;]|(^|\s)-|(^|\s)or(\s|$)", re.IGNORECASE)


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def refuse_beyond(limit: int, others: models.QuerySet[Any], message: str) -> None:
    """Refuse a new row where there are `limit` others already. Costs a query."""
    if others.count() >= limit:
        raise ValidationError(message)


class SynonymGroupManager(models.Manager["SynonymGroup"]):
    def get_by_natural_key(self, name: str) -> "SynonymGroup":
        return self.get(name__iexact=name)


class SynonymGroup(models.Model):
    """Words that mean the same: who searches for one of them finds entries with any of them."""

    name = models.CharField(
        _("name"), max_length=60, help_text=_("What they’re about, e.g. “PTSD”. Only curators see it.")
    )
    terms = models.TextField(
        _("synonyms"),
        max_length=TERMS_LENGTH,
        validators=[MaxLengthValidator(TERMS_LENGTH)],
        help_text=_(
            "One per line, up to 20. A search for one finds entries with any of them. You don’t need both singular "
            "and plural, or spellings with and without a hyphen."
        ),
    )
    finds = models.TextField(
        _("also finds"),
        max_length=TERMS_LENGTH,
        validators=[MaxLengthValidator(TERMS_LENGTH)],
        blank=True,
        help_text=_(
            "One per line: words that a search for these also finds, but not the other way around. “Flashbacks” "
            "finds “PTSD”; a common misspelling finds the right word."
        ),
    )

    objects = SynonymGroupManager()

    class Meta:
        verbose_name = _("synonym group")
        verbose_name_plural = _("synonyms")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="synonym_group_name_unique",
                violation_error_message=_("There’s already a group with this name."),
            ),
            models.CheckConstraint(
                condition=Q(terms__contains="\n") | ~Q(finds=""),
                name="synonym_group_has_two_terms",
                violation_error_message=_("Enter at least two, one per line, or something that one also finds."),
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("terms"), TERMS_LENGTH),
                name="synonym_group_length",
                violation_error_message=_("All terms together can have up to 1,500 characters."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.name,)

    @property
    def terms_as_list(self) -> list[str]:
        """The terms as they were typed, without empty lines and needless spaces."""
        return lines_of_text(self.terms)

    @property
    def finds_as_list(self) -> list[str]:
        """The same of what they also find."""
        return lines_of_text(self.finds)

    def clean(self) -> None:
        """Tidy the terms, and refuse those that the search could not use. Costs a query."""
        terms, finds = self.terms_as_list, self.finds_as_list
        self.terms, self.finds = "\n".join(terms), "\n".join(finds)
        fewest = 1 if finds else 2
        faults = {"terms": faults_of(terms, fewest), "finds": faults_of(finds, 0)}
        if any(faults.values()):
            raise ValidationError({name: found for name, found in faults.items() if found})
        others = SynonymGroup.objects.exclude(pk=self.pk)
        refuse_beyond(VOCABULARY_ROW_LIMIT, others, gettext("The limit is 500 groups. Remove one first."))


def lines_of_text(text: str) -> list[str]:
    """The lines of a list that was typed, without empty ones and needless spaces."""
    return [term for line in text.splitlines() if (term := in_one_line(line))]


def faults_of(terms: list[str], fewest: int) -> list[str]:
    """Why these cannot be a group of synonyms, in words for curators; nothing when they can."""
    if not fewest <= len(terms) <= TERM_LIMIT:
        return [gettext("Enter %(fewest)d to 20 terms, one per line.") % {"fewest": fewest}]
    faults, seen = [], set()
    for term in terms:
        if len(term) > TERM_LENGTH:
            faults.append(gettext("“%s” has more than 60 characters.") % term)
        if not folded_words(term):
            faults.append(gettext("“%s” has no letter and no digit.") % term)
        if _OPERATOR.search(term):
            faults.append(
                gettext(
                    "“%s” can’t be searched for as it is. Leave out quotes, commas, brackets, and other symbols, a "
                    "hyphen before a word, and the word “or”."
                )
                % term
            )
        if fold(term) in seen:
            faults.append(gettext("“%s” is there twice.") % term)
        seen.add(fold(term))
    return faults


class CrisisTermManager(models.Manager["CrisisTerm"]):
    def get_by_natural_key(self, term: str) -> "CrisisTerm":
        return self.get(folded=folded_words(term))


class CrisisTerm(models.Model):
    """A word or a few that put the help lines above what a search finds. Who types them is never written down."""

    class About(models.TextChoices):
        """Whom someone who types it speaks of: the help above the results is worded for that."""

        SELF = "self", _("Themselves, or no one in particular")
        OTHER = "other", _("Someone else")
        LOSS = "loss", _("A death by suicide")

    term = models.CharField(
        _("word or words"),
        max_length=TERM_LENGTH,
        help_text=_(
            "Type it as someone in distress, or worried about someone, would, e.g. “want to die”. Their search shows "
            "the help lines first. Typos in words of five or more letters are understood; add other spellings of "
            "short words separately, e.g. “wanna die”."
        ),
    )
    lookalikes = models.CharField(
        _("lookalike words"),
        max_length=200,
        blank=True,
        help_text=_(
            "Separated by spaces: words that look similar but aren’t misspellings, e.g. “homeless” for “hopeless”."
        ),
    )
    about = models.CharField(_("speaks of"), max_length=5, choices=About, default=About.SELF)
    folded = models.CharField(editable=False, blank=True)

    objects = CrisisTermManager()

    class Meta:
        verbose_name = _("crisis word")
        verbose_name_plural = _("crisis words")
        ordering = ("folded",)
        constraints = [
            models.UniqueConstraint(
                fields=["folded"],
                name="crisis_term_unique",
                violation_error_message=_("This is already on the list, maybe with different capitals or punctuation."),
            ),
            models.CheckConstraint(
                condition=~Q(folded=""),
                name="crisis_term_has_a_word",
                violation_error_message=_("Enter at least one letter or digit."),
            ),
            models.CheckConstraint(condition=Q(about__in=["self", "other", "loss"]), name="crisis_term_about_known"),
        ]

    def __str__(self) -> str:
        return self.term

    def save(self, *args: Any, **options: Any) -> None:
        self.folded = folded_words(self.term)
        super().save(*args, **options)

    def natural_key(self) -> tuple[str]:
        return (self.term,)

    def clean(self) -> None:
        """Tidy it, and refuse what is there already. Costs two queries."""
        self.term, self.lookalikes = in_one_line(self.term), in_one_line(self.lookalikes)
        self.folded = folded_words(self.term)
        others = CrisisTerm.objects.exclude(pk=self.pk)
        if same := others.filter(folded=self.folded).first():
            raise ValidationError({"term": gettext("This is already on the list, as “%s”.") % same})
        refuse_beyond(VOCABULARY_ROW_LIMIT, others, gettext("The limit is 500 words. Remove one first."))
