"""Names for addresses that nobody has to think of: numbered where they are taken. Asks its questions through others."""

from collections.abc import Callable, Collection, Iterable, Sequence

from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

# Ids that the layout uses contain an underscore, so that no anchor can ever equal one of them.
ANCHOR_PATTERN = r"^[a-z][a-z0-9-]{1,60}$"

validate_anchor = RegexValidator(
    ANCHOR_PATTERN,
    _("Use 2 to 61 lowercase letters, digits, and hyphens, starting with a letter, e.g. online-training."),
)

# “officer-suicides-50” is the last that is tried; then a random end is better than a search.
_ROUNDS = (range(1, 2), range(2, 10), range(10, 51))


def wish_for(text: str, ending: str, max_length: int, *, allow_unicode: bool = False) -> tuple[str, str]:
    """A wish for `free_slugs`: `text` as a slug, or `ending` alone where nothing of it can stand in an address."""
    return slugify(text, allow_unicode=allow_unicode)[:max_length].strip("-_") or ending, ending


def free_slugs(
    wishes: Sequence[tuple[str, str]], taken: Callable[[Collection[str]], Iterable[str]], max_length: int
) -> list[str]:
    """For each wish – a slug, and an ending of last resort – one that is free: with -2, -3, … where it is taken.

    No two of them are equal. `taken` tells which of some slugs are in use; it is asked at most three times.
    """
    given: list[str | None] = [None] * len(wishes)
    used: set[str] = set()
    for numbers in _ROUNDS:
        tried = {
            place: [_numbered(wishes[place][0], number, max_length) for number in numbers]
            for place, slug in enumerate(given)
            if slug is None
        }
        if not tried:
            break
        used.update(taken({slug for slugs in tried.values() for slug in slugs}))
        for place, slugs in tried.items():
            given[place] = next((slug for slug in slugs if slug not in used), None)
            used.add(given[place] or "")
    return [
        slug or f"{wish[: max_length - len(ending) - 1].rstrip('-')}-{ending}"
        for slug, (wish, ending) in zip(given, wishes, strict=True)
    ]


def _numbered(wish: str, number: int, max_length: int) -> str:
    if number == 1:
        return wish[:max_length]
    return f"{wish[: max_length - 3].rstrip('-')}-{number}"
