"""Address names that nobody has to think of: made from the title where the form leaves them empty."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.text import slugify

# “officer-suicides-50” is the last that is tried; then a random end is better than a search.
_LAST_NUMBER = 50


def free_slug(wish: str, fallback: str, taken_in: Iterable[type[Model]], max_length: int) -> str:
    """`wish` as a slug that none of these models has, with -2, -3, … behind it where it is taken; else `fallback`.

    One query for each model.
    """
    base = slugify(wish)[:max_length].strip("-_") or fallback
    numbered = [base] + [f"{base[: max_length - 3].rstrip('-')}-{number}" for number in range(2, _LAST_NUMBER + 1)]
    taken: set[str] = set()
    for model in taken_in:
        taken.update(model._default_manager.filter(slug__in=numbered).values_list("slug", flat=True))
    free = (slug for slug in numbered if slug not in taken)
    return next(free, f"{base[: max_length - len(fallback) - 1].rstrip('-')}-{fallback}")


class SlugForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose `slug` may stay empty: it is then made from `slug_source`, and numbered where it is taken.

    Later it stays as it was when it is emptied, and one that is taken is an error.
    """

    slug_source: ClassVar[str] = "name"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def slug_models(self) -> tuple[type[Model], ...]:
        """The models in which a slug is looked for."""
        return (type(self.instance),)

    def slug_fallback(self) -> str:
        """What stands for a title without a single letter or digit of the Latin alphabet."""
        return self.instance._meta.model_name or ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "slug" in cleaned and self.instance._state.adding:
            cleaned["slug"] = self._made_from(cleaned["slug"] or str(cleaned.get(self.slug_source, "")))
        elif "slug" in cleaned:
            cleaned["slug"] = cleaned["slug"] or self.initial["slug"]
        return cleaned

    def _made_from(self, wish: str) -> str:
        longest = self.instance._meta.get_field("slug").max_length or 50
        return free_slug(wish, self.slug_fallback(), self.slug_models(), longest)
