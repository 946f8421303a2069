"""The public pages, one module for each group of addresses: read the query, get results, render."""

from .conventions import healthz, opensearch, readyz, robots, security
from .errors import bad_request, forbidden, not_found, server_error
from .guides import guide, topic
from .library_page import library
from .lists import resource_list, section
from .look import accent, favicon, touch_icon
from .opened import opened
from .pictures import picture
from .previews import preview
from .reports import report, report_thanks, suggest
from .resource_page import resource, transcript
from .sheets import pack, resource_handout, section_handout
from .short_links import anchors, resource_qr_code, section_qr_code, short_resource, short_section
from .texts import help_lines, privacy, text_page

__all__ = [
    "accent",
    "anchors",
    "bad_request",
    "favicon",
    "forbidden",
    "guide",
    "healthz",
    "help_lines",
    "library",
    "not_found",
    "opened",
    "opensearch",
    "pack",
    "picture",
    "preview",
    "privacy",
    "readyz",
    "report",
    "report_thanks",
    "resource",
    "resource_handout",
    "resource_list",
    "resource_qr_code",
    "robots",
    "section",
    "section_handout",
    "section_qr_code",
    "security",
    "server_error",
    "short_resource",
    "short_section",
    "suggest",
    "text_page",
    "topic",
    "touch_icon",
    "transcript",
]
