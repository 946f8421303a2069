"""What the library holds. Read in this order: each module uses only those above it."""

from .user import User
from .taxonomy import Category, Tag, TaggedResource
from .publisher import Publisher, Series
from .section import Section, SectionAlias
from .former_slug import FormerSlug
from .resource import Resource
from .help_line import HelpLine
from .page import Page
from .starting_entry import StartingEntry

__all__ = [
    "Category",
    "FormerSlug",
    "HelpLine",
    "Page",
    "Publisher",
    "Resource",
    "Section",
    "SectionAlias",
    "Series",
    "StartingEntry",
    "Tag",
    "TaggedResource",
    "User",
]
