"""What the library holds. Read in this order: each module uses only those above it."""

from .user import User
from .audit_entry import AuditEntry, Version
from .saved_filter import SavedFilter
from .trusted_device import TrustedDevice
from .taxonomy import Category, Tag, TaggedResource
from .publisher import Publisher, Series
from .redirects import FormerSlug, FormerValue, SectionAlias
from .section import Section
from .resource import Resource
from .picture_file import PictureFile
from .site_identity import SiteIdentity
from .picture import Picture
from .preview_link import PreviewLink
from .help_line import HelpLine
from .help_line_change import HelpLineChange
from .page import Page
from .reader_report import ReaderReport
from .rate_limit_counter import RateLimitCounter
from .attempt import Attempt
from .file_import import FileImport, ImportChunk, ImportedRow
from .feed_episode import FeedEpisode
from .open_count import OpenCount
from .zero_result_term import ZeroResultDay, ZeroResultTerm
from .starting_entry import StartingEntry
from .review import ResourceNote, ReviewRequest
from .search_index import Edit, FacetBlock, LibraryVersion, PendingChange, SearchWords
from .vocabulary import CrisisTerm, SynonymGroup
from .guide import Guide
from .link import Link, LinkChange, LinkCopy, LinkHost, LinkLook, LinkMove
from .link_use import LinkUse

__all__ = [
    "Attempt",
    "AuditEntry",
    "Category",
    "CrisisTerm",
    "Edit",
    "FacetBlock",
    "FeedEpisode",
    "FileImport",
    "FormerSlug",
    "FormerValue",
    "Guide",
    "HelpLine",
    "HelpLineChange",
    "ImportChunk",
    "ImportedRow",
    "LibraryVersion",
    "Link",
    "LinkChange",
    "LinkCopy",
    "LinkHost",
    "LinkLook",
    "LinkMove",
    "LinkUse",
    "OpenCount",
    "Page",
    "PendingChange",
    "Picture",
    "PictureFile",
    "PreviewLink",
    "Publisher",
    "RateLimitCounter",
    "ReaderReport",
    "Resource",
    "ResourceNote",
    "ReviewRequest",
    "SavedFilter",
    "SearchWords",
    "Section",
    "SectionAlias",
    "Series",
    "SiteIdentity",
    "StartingEntry",
    "SynonymGroup",
    "Tag",
    "TaggedResource",
    "TrustedDevice",
    "User",
    "Version",
    "ZeroResultDay",
    "ZeroResultTerm",
]
