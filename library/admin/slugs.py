"""Address names that nobody has to think of: made from the title where the form leaves them empty."""

from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from django.db.models import Model

from library.models.slugs import free_slugs, wish_for

from .forms import CuratedForm


class SlugForm(CuratedForm):
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
        return free_slugs([wish_for(wish, self.slug_fallback(), longest)], self._taken, longest)[0]

    def _taken(self, slugs: Collection[str]) -> Iterator[str]:
        for model in self.slug_models():
            yield from model._default_manager.filter(slug__in=slugs).values_list("slug", flat=True)
