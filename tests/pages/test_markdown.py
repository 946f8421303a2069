"""Markdown becomes HTML that may stand in any page, quickly, whatever was written."""

import pytest

from library.pages.markdown import MARKDOWN_LIMIT, digits_of, host_of, plain_words, render_markdown, single_line
from tests.support.steps import calls_of


def test_renders_what_a_curator_writes() -> None:
    html = render_markdown(
        "## Goals\n\nTo **share** and *learn*:\n\n- one\n- two\n\n1. first\n\n> said\n\n`code`\n\n---"
    )

    assert html == (
        "<h2>Goals</h2>\n<p>To <strong>share</strong> and <em>learn</em>:</p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<ol>\n<li>first</li>\n</ol>\n"
        "<blockquote>\n<p>said</p>\n</blockquote>\n<p><code>code</code></p>\n<hr>\n"
    )


def test_nothing_is_nothing() -> None:
    assert render_markdown("") == ""


def test_leaves_no_first_heading_beside_that_of_the_page() -> None:
    assert render_markdown("# One\n\n## Two\n\n### Three") == "<h2>One</h2>\n<h2>Two</h2>\n<h3>Three</h3>\n"


def test_headings_stand_below_the_heading_of_their_place() -> None:
    html = render_markdown("# One\n\n## Two\n\n### Three\n\n###### Six", top_heading=4)

    assert html == "<h4>One</h4>\n<h4>Two</h4>\n<h5>Three</h5>\n<h6>Six</h6>\n"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<style>body{display:none}</style>",
        "<iframe src=https://example.org></iframe>",
        '<a href="https://example.org" onclick="alert(1)">go</a>',
        "<form action=/x><input></form>",
        "<svg/onload=alert(1)>",
        "<!-- comment -->",
    ],
)
def test_html_is_shown_as_text(source: str) -> None:
    html = render_markdown(source)

    assert source.split()[0].split("/")[0] not in html
    assert "&lt;" in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox",
        "file:///etc/passwd",
    ],
)
def test_a_link_to_no_page_is_no_link(address: str) -> None:
    html = render_markdown(f"[words]({address}) and <{address}>")

    assert "href=" not in html.lower()
    assert "words" in html


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "http://example.org/",
        "mailto:a@example.org",
        "tel:988",
        "sms:988",
        "/help/",
        "#podcasts",
    ],
)
def test_links_to_pages_people_and_numbers_stay(address: str) -> None:
    assert render_markdown(f"[words]({address})") == f'<p><a href="{address}" rel="noreferrer">words</a></p>\n'


def test_pictures_are_left_out() -> None:
    html = render_markdown("![a badge](https://example.org/badge.png)")

    assert "<img" not in html
    assert "a badge" in html


def test_titles_of_links_are_left_out() -> None:
    assert "title" not in render_markdown('[words](https://example.org "hover")')


@pytest.mark.parametrize(
    "source", ["- " * 9_000, "> " * 9_000, "[" * 19_000, "*" * 19_000, "`" * 19_000, "1. " * 6_000]
)
def test_deep_nesting_is_as_many_steps_as_it_has_characters(source: str) -> None:
    assert calls_of(lambda: render_markdown(source)) < 150 * len(source)
    html = render_markdown(source)
    assert html.count("<ul>") + html.count("<blockquote>") + html.count("<ol>") < 200


def test_a_source_over_the_limit_is_refused() -> None:
    render_markdown("a" * MARKDOWN_LIMIT)
    with pytest.raises(ValueError, match="20001 characters"):
        render_markdown("a" * (MARKDOWN_LIMIT + 1))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://cops.usdoj.gov/html/", "cops.usdoj.gov"),
        ("https://www.copline.org", "copline.org"),
        ("https://WWW.Example.ORG:8443/a?b#c", "example.org"),
        ("https://wwwexample.org", "wwwexample.org"),
        ("http://[::1", ""),
        ("no address", ""),
        ("", ""),
    ],
)
def test_says_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("number", "digits"),
    [("1-800-267-5463", "18002675463"), ("988", "988"), ("(800) 985 5990", "8009855990"), ("", "")],
)
def test_a_telephone_dials_the_digits(number: str, digits: str) -> None:
    assert digits_of(number) == digits


def test_plain_words_are_what_can_be_seen_with_their_new_lines() -> None:
    assert plain_words(" Señora’s\r\n\U0001f634 <b>\tb\r ") == "Señora’s\n\U0001f634 <b>\tb"
    assert plain_words("a\0\x1b\x85\u202e\u2066\u200e\ud800\ufeff\uffff\u2028\xad\u200b\u200d\u2060b") == "ab"
    assert plain_words("Sen\u0303ora") == "Señora"
    assert plain_words("\U0001f46e\u200d\u2640\ufe0f") == "\U0001f46e\u200d\u2640\ufe0f"  # a police officer, joined


def test_a_single_line_has_one_space_between_two_words() -> None:
    assert single_line(" Sleep\xa0\u2003 and\r\n\u200b\u2028fa\xadtigue \u200b ") == "Sleep and fatigue"
