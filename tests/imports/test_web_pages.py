"""What a page says of itself, read from every place where pages say it; and pages that were written to do harm."""

from datetime import date

import pytest

from library.imports.web_pages import PageFacts, read_page
from tests.support.steps import calls_of, growth

HERE = "https://example.org/articles/sleep"


def read(html: str | bytes, content_type: str = "text/html; charset=utf-8") -> PageFacts:
    return read_page(html.encode() if isinstance(html, str) else html, content_type, HERE)


def test_reads_open_graph_and_meta_tags() -> None:
    facts = read("""<!doctype html><html lang="en-US"><head><title>Sleep | Example</title>
        <meta name="description" content="Why officers &amp; dispatchers need it.">
        <meta property="og:title" content="Sleep"><meta property="og:site_name" content="Example">
        <meta property="article:published_time" content="2018-05-17T10:00:00Z">
        <meta property="og:audio" content="/sleep.mp3"></head>""")
    assert facts == PageFacts(
        title="Sleep",
        description="Why officers & dispatchers need it.",
        publisher="Example",
        published_on=date(2018, 5, 17),
        precision="day",
        language="en-US",
        audio="https://example.org/sleep.mp3",
    )


def test_reads_json_ld_of_the_work_and_not_of_its_surroundings() -> None:
    facts = read("""<script type="application/ld+json">{"@graph": [
        {"@type": "BreadcrumbList", "name": "Menu"}, {"@type": "Organization", "name": "Owner"},
        {"@type": ["PodcastEpisode"], "name": "Sleep", "description": "Calm.", "datePublished": "2020-02",
         "inLanguage": "es", "publisher": {"@type": "Organization", "name": "COPS Office"},
         "associatedMedia": [{"contentUrl": "https://example.org/1.mp3"}]}]}</script>""")
    assert (facts.title, facts.description, facts.publisher) == ("Sleep", "Calm.", "COPS Office")
    assert (facts.published_on, facts.precision) == (date(2020, 2, 1), "month")
    assert (facts.language, facts.audio) == ("es", "https://example.org/1.mp3")


def test_reads_citation_tags_in_any_spelling_of_html() -> None:
    facts = read("""<META CONTENT='Resilience > Stress' NAME=citation_title>
        <meta name="citation_publisher" content=RAND>
        <meta name="citation_publication_date" content="2015/7">""")
    assert (facts.title, facts.publisher) == ("Resilience > Stress", "RAND")
    assert (facts.published_on, facts.precision) == (date(2015, 7, 1), "month")


@pytest.mark.parametrize(
    ("html", "audio"),
    [
        ("<audio src='1.mp3'>", "https://example.org/articles/1.mp3"),
        ("<audio controls><source src='https://e.org/2.mp3'></audio>", "https://e.org/2.mp3"),
        ("<picture><source src='x.webp'></picture>", ""),
        ("<audio src='javascript:alert(1)'>", ""),
        ("<audio src='data:audio/mp3,x'>", ""),
        ("<audio src='//user@e.org/1.mp3'>", ""),
    ],
)
def test_reads_the_address_of_audio(html: str, audio: str) -> None:
    assert read(html).audio == audio


def test_title_alone_will_do_and_nothing_is_invented() -> None:
    assert read("<title>\n Sleep &amp;\n rest </title><p>Text") == PageFacts(title="Sleep & rest")
    assert read("") == PageFacts()


def test_scripts_comments_and_styles_are_no_markup() -> None:
    hidden = '<meta name="description" content="Hidden">'
    for html in (f"<!-- {hidden} -->", f"<script>'{hidden}'</script>", f"<style>{hidden}</style>", f"<!-- {hidden}"):
        assert read(f"{html}<title>Seen</title>").description == ""


def test_texts_are_plain_and_as_long_as_their_columns() -> None:
    facts = read(
        f"<title>{'word ' * 2000}</title><meta name=description content='&lt;b&gt;Bold&lt;/b&gt;\u202e&lt;script&gt;x'>"
    )
    assert facts.title.endswith("word…")
    assert len(facts.title) <= 300
    assert facts.description == "Bold"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Café</title>".encode(), ""),
        ("<title>Café</title>".encode("latin-1"), ""),
        ("<title>Café</title>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("<meta charset=windows-1252><title>Café</title>".encode("cp1252"), "text/html"),
        ("<title>Café</title>".encode("utf-16"), ""),
        ("<title>Café</title>".encode(), "text/html; charset=punycode"),
        ("<title>Café</title>".encode(), "text/html; charset=rot13"),
        ("<title>Café</title>".encode(), "text/html; charset=no-such-thing"),
    ],
)
def test_reads_the_encodings_of_the_web_and_no_others(body: bytes, content_type: str) -> None:
    assert read(body, content_type).title == "Café"


@pytest.mark.parametrize("text", ["99999", "2018-13", "soon", "0001-01-01", "2018-02-31", "20180517"])
def test_what_is_no_date_is_left_out(text: str) -> None:
    assert read(f"<meta name=date content='{text}'>").published_on is None


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<!", "<!--", "<meta ", "<meta name='", "<meta a", "<title>", "<script>", "<html", "<source>", "\x00", "&"],
)
def test_broken_markup_is_as_much_work_as_it_is_long(piece: str) -> None:
    page = piece * 1_000_000
    assert calls_of(lambda: read(page[:200_000])) < 400_000
    assert growth(lambda length: read(page[:length]), 100_000, 1_000_000) < 40  # 100 would be its square


@pytest.mark.parametrize("source", ["[" * 500_000, '{"a":' * 100_000, "9" * 900_000, "[1, 2", '"text"', "null", "[[]]"])
def test_json_that_does_harm_is_left_out(source: str) -> None:
    assert read(f'<title>Sleep</title><script type="application/ld+json">{source}</script>').title == "Sleep"
