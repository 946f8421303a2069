"""What the library holds. Read in this order: each module uses only those above it."""

from .user import User
from .audit_entry import AuditEntry, Version
from .taxonomy import Category, Tag, TaggedResource
from .publisher import Publisher, Series
from .redirects import FormerSlug, FormerValue, SectionAlias
from .section import Section
from .resource import Resource
from .picture_file import PictureFile
from .picture import Picture
from .preview_link import PreviewLink
from .help_line import HelpLine
from .help_line_change import HelpLineChange
from .page import Page
from .reader_report import ReaderReport
from .form_mark import FormMark
from .attempt import Attempt
from .file_import import FileImport, ImportChunk, ImportedRow
from .feed_episode import FeedEpisode
from .entry_use import EntryUse
from .missed_word import MissedDay, MissedWord
from .starting_entry import StartingEntry
from .upkeep import Change, Edit, FacetBlock, LibraryVersion, SearchWords
from .wording import BestBet, CrisisTerm, SynonymGroup

__all__ = [
    "Attempt",
    "AuditEntry",
    "BestBet",
    "Category",
    "Change",
    "CrisisTerm",
    "Edit",
    "EntryUse",
    "FacetBlock",
    "FeedEpisode",
    "FileImport",
    "FormMark",
    "FormerSlug",
    "FormerValue",
    "HelpLine",
    "HelpLineChange",
    "ImportChunk",
    "ImportedRow",
    "LibraryVersion",
    "MissedDay",
    "MissedWord",
    "Page",
    "Picture",
    "PictureFile",
    "PreviewLink",
    "Publisher",
    "ReaderReport",
    "Resource",
    "SearchWords",
    "Section",
    "SectionAlias",
    "Series",
    "StartingEntry",
    "SynonymGroup",
    "Tag",
    "TaggedResource",
    "User",
    "Version",
]
