"""Every part that pages are made of, in every state that it can be in: to look at when a style is changed.

The parts are the templates themselves, shown with the things of `samples`. A test holds that none is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from library.feedback.forms import ProblemForm
from library.help_lines.cards import help_cards
from library.identity.current import Logo, current
from library.models import LinkUse, Picture, Resource
from library.models.resource.kinds import Kind
from library.pages.cards import Year, by_year, cards_of
from library.pages.markdown import render_markdown
from library.pages.other_links import OtherLink
from library.pages.packs import PackPart
from library.search.alternatives import Alternative
from library.search.description import describe
from library.search.facets import Facet, Option
from library.search.filters import read_query
from library.search.pagination import Total, list_page
from library.search.query import ListQuery
from library.search.urls import ListUrls
from library.server.access_log import access_log_line

from .samples import (
    LONG_TITLE,
    PROSE,
    SUMMARY,
    sample_category,
    sample_guide,
    sample_help_lines,
    sample_resource,
    sample_resources,
    sample_section,
    with_links,
)

ROOT = "https://library.example.org"
# What has an icon besides the kinds.
_ACTIONS = ("call", "text", "print", "search", "add", "leave")
States = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Piece:
    """A template of a part, and what it looks like in each of its states."""

    template: str
    states: dict[str, SafeString]


def styleguide(request: HttpRequest) -> HttpResponse:
    """200 with all parts. For staff: it stands behind the sign-in of the admin."""
    now = timezone.now()
    pieces = [
        Piece(template, {state: _shown(template, given) for state, given in states.items()})
        for template, states in states_of_all_parts(request, now)
    ]
    context = {"pieces": pieces, "prose": render_markdown(PROSE)}
    return render(request, "admin/styleguide.html", context)


def _shown(template: str, given: dict[str, Any]) -> SafeString:
    """The part as it is on a page, but for what would take the focus from the top of this one."""
    return SafeString(render_to_string(template, given).replace(" autofocus", ""))


def states_of_all_parts(request: HttpRequest, now: datetime) -> Iterator[tuple[str, States]]:
    """Each template with what it is given in each of its states, which has no name where there is but one."""
    yield from _help(now)
    yield from _around_every_page(now)
    yield from _search(now)
    yield from _lists()
    yield from _one_resource()
    yield from _other_links()
    yield from _guides()
    yield from _sheets()
    yield from _forms(now)
    yield "library/_log_line.html", {"": {"line": access_log_line(request.META, "200", now)}}


def _help(now: datetime) -> Iterator[tuple[str, States]]:
    lines = sample_help_lines(now)
    cards = dict(zip(lines, help_cards(lines.values(), now), strict=True))
    some = list(lines.values())[:4]
    strip = {"more": "#", "address": f"{ROOT}/help/"}
    any_hour, *_others, by_text, _overdue = lines.values()
    yield (
        "_shared/_help_strip.html",
        {"to call or text": {"line": any_hour} | strip, "to text alone": {"line": by_text} | strip},
    )
    yield "_shared/_help_without_database.html", {"": {}}
    yield "_shared/_copied_help.html", {"": {"lines": some}}
    yield "library/_help_line.html", {state: {"card": card, "is_full": True} for state, card in cards.items()}
    two = {"cards": list(cards.values())[:2]}
    yield (
        "library/_help_now.html",
        {"of oneself": two, "of someone else": two | {"about": "other"}, "of a death": two | {"about": "loss"}},
    )
    yield "library/_help_named.html", {"": two}
    yield "library/_help_panel.html", {"": {"lines": some}}
    yield "_shared/_printed_help.html", {"on paper alone": {"lines": some, "address": f"{ROOT}/help/"}}
    yield "_shared/_leave.html", {"": {"address": current().leave_url}}


def _around_every_page(now: datetime) -> Iterator[tuple[str, States]]:
    site = {"identity": current()}
    lines = list(sample_help_lines(now).values())[:4]
    yield (
        "_shared/_site_header.html",
        {"on the library page": site | {"current": "library"}, "elsewhere": site | {"current": "help"}},
    )
    icons = [*Kind.values, *_ACTIONS]
    yield "_shared/_icon.html", {name: {"name": name} for name in icons}
    yield "_shared/_logo.html", {"": {"logo": Logo("sitelogo-0123456789abcdef.webp", 480, 120)}}
    named = replace(current(), operator="Springfield Police", operator_contact="(555) 010-0199", reviewer="Jo Doe")
    named = replace(named, reviewed_on=timezone.localdate(now), official_of="the City of Springfield")
    operators = {"of an agency": {"identity": named}, "of nobody": {"identity": replace(current(), operator="")}}
    yield "_shared/_operator.html", operators
    yield "library/_who_runs_it.html", operators
    yield "_shared/_site_footer.html", {"": site | {"lines": lines, "help_address": f"{ROOT}/help/"}}
    sections = [sample_section(), sample_section(title="Another section")]
    yield "_shared/_section_links.html", {"with sections": {"sections": sections}, "without the database": {}}
    typed = [("Its address on the web", "https://example.org/course"), ("Why would it help? (optional)", "A\nB")]
    chips = {"first": sections, "rest": sections, "more": "More topics"}
    yield "library/_chips.html", {"": chips}
    yield "_shared/_typed.html", {"": {"typed": typed}}


def _search(now: datetime) -> Iterator[tuple[str, States]]:
    lines = list(sample_help_lines(now).values())[:2]
    query = read_query(QueryDict("q=night+shift&kind=podcast&kind=course&year=2020&access=open"))
    others = [
        Alternative("without the year", "#", Total(23)),
        Alternative("“shift” alone", "#", Total(1000, is_more=True)),
    ]
    facets = _facets()
    yield "_shared/_search_form.html", {"": {"action": "#"}, "with words": {"action": "#", "words": "night shift"}}
    yield (
        "library/_list_search.html",
        {"of everything": {"words": query.words}, "of a section": {"section": sample_section()}},
    )
    applied = describe(query).applied
    yield "library/_chosen.html", {"": {"applied": applied, "clear_url": ListUrls(query).without_filters}}
    yield (
        "library/_filters.html",
        {
            "": {"query": ListQuery(), "facets": list(facets.values()), "is_exact": True},
            "with numbers of a part": {"query": query, "facets": list(facets.values()), "is_exact": False},
        },
    )
    yield "library/_facet.html", {state: {"facet": facet} for state, facet in facets.items()}
    yield (
        "library/_nothing_found.html",
        {
            "with other lists": {"query": query, "results": {"alternatives": others}, "lines": lines},
            "in an empty list": {"query": ListQuery()},
        },
    )
    yield (
        "_shared/_total.html",
        {"": {"total": Total(23)}, "of more than are counted": {"total": Total(1000, is_more=True)}},
    )


def _facets() -> dict[str, Facet]:
    counted = tuple(Option(str(kind), str(kind.label), False, count) for count, kind in enumerate(Kind))
    chosen = (Option("2020", "2020", True, 12), Option("2019", "2019", False, 1234), Option("1999", "1999", False, 0))
    unknown = (Option("a", "A tag", False, None), Option("b", LONG_TITLE, False, None))
    return {
        "closed, one of its values without entries": Facet("kind", "Kind", counted),
        "open, for one is chosen": Facet("year", "Year", chosen),
        "with numbers that nobody knows": Facet("tag", "Tag", unknown),
    }


def _lists() -> Iterator[tuple[str, States]]:
    cards = cards_of(sample_resources())
    years = by_year(cards_of(sample_resource(Kind.PODCAST, title) for title in ("An episode", "Another episode")))
    section, more = sample_section(intro=SUMMARY), Total(212)
    full = {"section": section, "years": years, "total": more, "has_more": True}
    short = {"section": section, "years": years, "total": Total(2), "has_more": False}
    empty = {"section": section, "years": [], "total": Total(0), "has_more": False}
    gone = {"section": sample_section(state="withdrawn", withdrawn_reason="Entries moved."), "years": []}
    yield "_shared/_cards.html", {"": {"cards": cards}}
    yield "library/_years.html", {"by year": {"years": years}, "without years": {"years": [Year("", cards[:1])]}}
    yield "library/_jump_list.html", {"": {"parts": [full, short, empty, gone]}}
    yield (
        "library/_section.html",
        {"with more": {"part": full}, "with all": {"part": short}, "empty": {"part": empty}, "gone": {"part": gone}},
    )
    yield "library/_see_all.html", {"": {"section": section, "total": more}}
    yield (
        "library/_pages.html",
        {
            f"page {page.number}": {
                "page": page,
                "links": [(each, "#" if isinstance(each, int) else "") for each in page.numbers()],
                "previous_url": "#",
                "next_url": "#",
            }
            for page in (list_page(Total(450), number) for number in (1, 12, 23))
        },
    )
    yield "library/_parts.html", {"": {"parts": [(number, "#") for number in range(1, 5)], "current": 2}}


def _one_resource() -> Iterator[tuple[str, States]]:
    states, today = Resource.LinkState, timezone.localdate()
    ways = {str(state.label): sample_resource(link_state=state, link_checked_on=today) for state in states}
    ways[str(states.UNCHECKED.label)] = sample_resource()
    copy_url, taken_on = "https://web.archive.org/web/20250514000000/https://example.org/", date(2025, 5, 14)
    ways["gone, with a copy"] = sample_resource(
        link_state=states.DEAD, link_checked_on=today, copy_url=copy_url, copy_taken_on=taken_on
    )
    ways |= {str(access.label): sample_resource(access=access) for access in Resource.Access}
    ways["an episode without an address"] = sample_resource(Kind.PODCAST, url="")
    ways["without any address"] = sample_resource(url="")
    facts = {str(kind.label): with_links(sample_resource(kind)) | {"age": 13} for kind in Kind}
    facts["with nothing known"] = with_links(sample_resource(publisher=None, published_on=None)) | {"age": None}
    facts["of this year"] = with_links(sample_resource()) | {"age": 0}
    yield "library/_open.html", {state: with_links(row) for state, row in ways.items()}
    yield (
        "library/_copy.html",
        {"": {"address": copy_url, "day": taken_on}, "of no known day": {"address": copy_url, "day": None}},
    )
    yield "library/_link_words.html", {str(state.label): {"state": state.value, "day": today} for state in states}
    yield "library/_facts.html", facts
    picture = Picture(name="2345678-0123456789abcdef.webp", width=960, height=720, alt="What it shows")
    yield "library/_picture.html", {"": {"picture": picture}}
    yield (
        "library/_preview.html",
        {
            "for a curator": {"sentence": "Readers do not see this page: it is a draft.", "way_back": "#"},
            "for others": {"sentence": "Readers do not see this page: it is a draft."},
        },
    )
    place = {"root": ROOT, "path": "/r/2345678/"}
    ways_to = place | {"handout_path": "#", "pack_path": "#"}
    yield "_shared/_qr_code.html", {"": place}
    yield "_shared/_take_away.html", {"of a section": ways_to, "of a resource": ways_to | {"ref": "2345678"}}


def _other_links() -> Iterator[tuple[str, States]]:
    episode, today = sample_resource(Kind.PODCAST), timezone.localdate()
    lost = {str(word.label): OtherLink("https://audio.example.org/1.mp3", word, today) for word in LinkUse.Word}
    yield (
        "library/_other_link.html",
        {label: {"link": link, "text": "Listen on audio.example.org"} for label, link in lost.items()},
    )
    yield (
        "library/_audio.html",
        {
            "": {"resource": episode},
            "that hasn’t opened lately": {"resource": episode, "audio": next(iter(lost.values()))},
        },
    )


def _guides() -> Iterator[tuple[str, States]]:
    guide, reviewed = sample_guide(), {"reviewed_on": date(2026, 1, 5)}
    topics = [sample_category(), sample_category(LONG_TITLE), sample_category("Without a scope", "")]
    yield "library/_guide_card.html", {"": {"guide": guide}, "without a note": {"guide": sample_guide(note="")}}
    yield (
        "library/_reviewed.html",
        {
            "by somebody": {"guide": sample_guide(**reviewed, reviewer="A reviewer, psychologist")},
            "on a day": {"guide": sample_guide(**reviewed)},
            "not yet": {"guide": guide},
        },
    )
    yield (
        "_shared/_tiles.html",
        {"guides": {"rows": [guide, sample_guide(title=LONG_TITLE)]}, "topics": {"rows": topics}},
    )


def _sheets() -> Iterator[tuple[str, States]]:
    first, last = cards_of([sample_resource(Kind.PODCAST), sample_resource(content_note="Describes a death.")])
    parts = [PackPart(first, "", "#", "#"), PackPart(last, "#", "", "#")]
    times = {"with a running time": ("25 minutes", 0), "known in part": ("25 minutes", 1), "not known": ("", 2)}
    yield "library/_how_to_print.html", {"": {"address": f"{ROOT}/r/2345678/"}}
    yield "library/_pack_start.html", {"": {}}
    yield (
        "library/_pack_total.html",
        {
            state: {"pack": {"parts": parts, "running_time": running_time, "without_time": number}}
            for state, (running_time, number) in times.items()
        },
    )
    yield (
        "library/_pack_part.html",
        {state: {"part": part, "site_root": ROOT} for state, part in zip(("first", "last"), parts, strict=True)},
    )
    pack = {"refs": ["2345678"]}
    yield "library/_pack_search.html", {"": {"pack": pack, "query": ListQuery(words="sleep"), "has_lengths": True}}
    yield "library/_pack_form.html", {"": {"refs": ["2345678"]}}


def _forms(now: datetime) -> Iterator[tuple[str, States]]:
    empty, wrong, nothing = ProblemForm(), ProblemForm(QueryDict("reason=other")), ProblemForm(QueryDict())
    line = next(iter(sample_help_lines(now).values()))
    yield "library/_form_notice.html", {"": {"line": line}}
    yield "library/_form_errors.html", {"": {"form": wrong}}
    yield "library/_form_field.html", {"empty": {"field": empty["words"]}, "with an error": {"field": wrong["words"]}}
    yield (
        "library/_form_choices.html",
        {"empty": {"field": empty["reason"]}, "with an error": {"field": nothing["reason"]}},
    )
    yield "library/_form_end.html", {"": {"trap": empty["homepage"], "token": ""}}
