"""In which section and which categories an entry goes: those that there are, and those that may be made."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext

from library.taxonomy.lookup import find_categories, find_sections, make_category, make_section

from .readers import RowError, quote
from .rows import Entry

# The most sections, and the most categories, that one import makes: readers choose from the whole list.
NEW_LIMIT = 50


class Placement:
    """The sections and categories that one import speaks of, a batch at a time.

    `new_…` has the names and `made_…` the ids of those that it has made.
    """

    def __init__(self, now: datetime, create_missing: bool) -> None:
        self.now, self.create_missing = now, create_missing
        self.new_sections: list[str] = []
        self.new_categories: list[str] = []
        self.made_sections: set[int] = set()
        self.made_categories: set[int] = set()
        self._sections: dict[str, list[int]] = {}
        self._categories: dict[str, int] = {}

    def load_names(self, entries: Collection[Entry]) -> None:
        """Find what this batch needs. Two queries."""
        self._sections = find_sections({entry.section for entry in entries if entry.section})
        self._categories = find_categories({name for entry in entries for name in entry.categories})

    def errors_of(self, entry: Entry) -> list[RowError]:
        """Why this entry cannot be placed; empty where it can."""
        errors = []
        section = self._sections.get(entry.section, [])
        if len(section) > 1:
            message = gettext("Several sections are called %(name)s. Use the anchor of one of them.")
            errors.append(RowError(entry.line, "section", message % {"name": quote(entry.section)}))
        if entry.section and not section and (reason := self._refusal(self.new_sections, 1)):
            message = gettext("There’s no section %(name)s. %(reason)s")
            errors.append(RowError(entry.line, "section", message % {"name": quote(entry.section), "reason": reason}))
        unknown = [name for name in entry.categories if name not in self._categories]
        if unknown and (reason := self._refusal(self.new_categories, len(unknown))):
            message = gettext("There’s no category %(names)s. %(reason)s")
            names = ", ".join(map(quote, unknown))
            errors.append(RowError(entry.line, "categories", message % {"names": names, "reason": reason}))
        return errors

    def _refusal(self, made: list[str], number: int) -> str:
        """Why so many more cannot be made."""
        if not self.create_missing:
            return gettext("Correct the name, add it first, or choose to create missing ones.")
        if len(made) + number > NEW_LIMIT:
            return gettext("An import can create up to 50 new ones. Is this the right column?")
        return ""

    def section_of(self, entry: Entry) -> int:
        """The id of its section, made where it is missing."""
        name = entry.section
        if name not in self._sections:
            # Perhaps an entry before has had it made, under the same name in another case.
            self._sections |= find_sections([name])
        if name not in self._sections:
            self._sections[name] = [make_section(name, self.now).pk]
            self.made_sections.update(self._sections[name])
            self.new_sections.append(name)
        return self._sections[name][0]

    def categories_of(self, entry: Entry) -> set[int]:
        """The ids of its categories, made where they are missing."""
        unknown = [name for name in entry.categories if name not in self._categories]
        if unknown:
            self._categories |= find_categories(unknown)
        for name in unknown:
            if name not in self._categories:
                self._categories[name] = make_category(name).pk
                self.made_categories.add(self._categories[name])
                self.new_categories.append(name)
        return {self._categories[name] for name in entry.categories}
