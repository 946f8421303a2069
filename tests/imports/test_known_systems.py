"""Files of other programs: what each has for title, link and the rest, and what is said of those that are no list."""

import io
import zipfile

import pytest

from library.imports.column_plan import ColumnPlan
from library.imports.readers import Row, read_plan, read_rows
from library.imports.tables import UnreadableFile

BOOKMARKS = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<DL><p>
  <DT><H3 ADD_DATE="1">Officers &amp; sleep</H3>
  <DL><p>
    <DT><A HREF="https://example.org/1?a=1&amp;b=2" ADD_DATE="1" TAGS="sleep,shift work">Sleep &amp; rest</A>
    <DD>What helps at night.
    <DT><A HREF="javascript:alert(1)">Script</A>
  </DL><p>
  <DT><A HREF="https://example.org/2">Calm</A>
</DL><p>
"""
RIS = """TY  - ELEC
TI  - Calm under pressure
UR  - https://example.org/1
AB  - What helps.
DA  - 2020/02/28/
KW  - stress
KW  - calm
ER  -
TY  - RPRT
T1  - Sleep
PY  - 2019
UR  - https://example.org/2
PB  - COPS Office
ER  -
"""
WORDPRESS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"><channel><title>Blog</title>
<item><title>Calm &amp; rest</title><link>https://example.org/calm</link>
<pubDate>Fri, 28 Feb 2020 09:30:00 +0000</pubDate>
<content:encoded><![CDATA[<p>What <b>helps</b>.</p>]]></content:encoded><excerpt:encoded></excerpt:encoded>
<category domain="category" nicename="s">Sleep</category><category domain="post_tag" nicename="c">calm</category>
<category domain="post_tag" nicename="d">ptsd</category><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>
<wp:comment><wp:comment_content>Nice</wp:comment_content></wp:comment></item>
<item><title>photo</title><link>https://example.org/photo</link><wp:post_type>attachment</wp:post_type></item>
</channel></rss>"""
OPML = '<opml version="2.0"><body><outline text="The Beat" xmlUrl="https://example.org/feed"/></body></opml>'
ODS = """<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:style="s" xmlns:table="t" xmlns:text="x"
  xmlns:xlink="l"><office:automatic-styles><style:style style:name="ta1"><style:table-properties table:display="false"/>
</style:style></office:automatic-styles><office:body><office:spreadsheet>
<table:table table:name="Old" table:style-name="ta1"><table:table-row><table:table-cell><text:p>no</text:p>
</table:table-cell></table:table-row></table:table>
<table:table table:name="List"><table:table-row>%s</table:table-row>
<table:table-row table:number-rows-repeated="3">
<table:table-cell table:number-columns-repeated="1024"/></table:table-row>
<table:table-row>%s<table:table-cell><text:p><text:a xlink:href="https://example.org/1">Click</text:a></text:p>
</table:table-cell><table:table-cell office:value-type="date" office:date-value="2020-02-01"><text:p>Feb 2020</text:p>
</table:table-cell><table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p><office:annotation>
<text:p>a note</text:p></office:annotation></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def cell(text: str) -> str:
    return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"


def ods(content: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", content)
    return file.getvalue()


def read(name: str, content: bytes) -> tuple[ColumnPlan, list[Row]]:
    plan = read_plan(io.BytesIO(content), name)
    assert plan
    return plan, list(read_rows(io.BytesIO(content), name, plan))


def test_bookmarks_of_a_browser_are_read() -> None:
    plan, (first, second) = read("bookmarks.html", BOOKMARKS.encode())

    assert plan.missing == ["kind", "section"]
    assert first.texts == {
        "title": "Sleep & rest",
        "url": "https://example.org/1?a=1&b=2",
        "summary": "What helps at night.",
    }
    assert first.lists == {"tags": ("sleep", "shift work")}
    assert plan.samples[4] == ("Officers & sleep",)
    assert (second.line, second.texts) == (9, {"title": "Calm", "url": "https://example.org/2"})


def test_references_are_read() -> None:
    plan, (first, second) = read("zotero.ris", RIS.encode())

    assert plan.missing == ["kind", "section"]
    assert (first.texts["title"], first.texts["published"]) == ("Calm under pressure", "2020-02-28")
    assert first.lists == {"tags": ("stress", "calm")}
    assert (second.line, second.texts["publisher"], second.texts["published"]) == (9, "COPS Office", "2019")


def test_posts_of_wordpress_are_read() -> None:
    plan, (row,) = read("blog.xml", WORDPRESS.encode())

    assert plan.targets == ("title", "url", "summary", "published", "categories", "tags", "kind", "")
    assert row.texts == {
        "title": "Calm & rest",
        "url": "https://example.org/calm",
        "summary": "What helps .",
        "published": "Fri, 28 Feb 2020 09:30:00 +0000",
        "kind": "post",
    }
    assert row.lists == {"categories": ("Sleep",), "tags": ("calm", "ptsd")}


def test_open_document_spreadsheets_are_read() -> None:
    header = "".join(map(cell, ["Name", "Link", "Date", "Notes"]))
    plan, (row,) = read("list.ods", ods(ODS % (header, cell("Calm"))))

    assert (plan.headers, plan.samples[3]) == (("Name", "Link", "Date", "Notes"), ("12",))
    assert (row.line, row.texts) == (5, {"title": "Calm", "url": "https://example.org/1", "published": "Feb 2020"})
    assert plan.notes == ("The sheet “List” was read: the first one that isn’t hidden.",)
    link, formula = (
        '<text:a xlink:href="https://example.org/1">Click</text:a>',
        "of:=HYPERLINK(&quot;https://e.org/2&quot;;&quot;",
    )
    by_formula = (ODS % (header, cell("Calm"))).replace(
        f"<table:table-cell><text:p>{link}", f'<table:table-cell table:formula="{formula}Click&quot;)"><text:p>Click'
    )
    assert read("list.ods", ods(by_formula))[1][0].texts["url"] == "https://e.org/2"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'
NO_XML = "We can’t read this XML file."
NO_SHEET = "We can’t read this spreadsheet."


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("feeds.opml", OPML.encode(), "This is a list of 1 feed, not of entries."),
        ("feed.xml", b"<rss><channel/></rss>", "This is a feed. Use “Import a podcast feed” for it."),
        ("any.xml", b"<catalog/>", "Of XML files we read those that WordPress exports; this one has “catalog”"),
        ("bomb.xml", BOMB.encode(), NO_XML),
        ("bomb.xml", BOMB.encode("utf-16"), NO_XML),
        ("deep.xml", b"<a>" * 1_000_000, NO_XML),
        ("text.xml", b"<rss><a>" + b"a" * 5_000_000, "A text in this file is longer than"),
        ("not.xml", b"title,kind", NO_XML),
        ("any.html", b"<a " * 1_000_000, "There are no bookmarks in this file."),
        ("any.ris", b"TY  - ELEC\n" * 100_000, "There are no references in this file."),
        ("any.ods", b"PK\3\4 and nothing", NO_SHEET),
        ("bomb.ods", ods(BOMB), NO_SHEET),
        ("deep.ods", ods("<table:table>" * 1_000_00), NO_SHEET),
        ("blown.ods", ods(" " * 30_000_000), "This spreadsheet has far more in it"),
        ("empty.ods", ods("<a/>"), "The first sheet of the file is empty."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_or_hostile_is_said_in_a_sentence(name: str, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(name, content)

    assert str(refused.value).startswith(words)
