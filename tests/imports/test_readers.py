"""Files to rows: what is read from CSV and JSON Lines, and what is told of a file that cannot be read."""

import io
import tracemalloc

import pytest

from library.imports.readers import quote, read_rows
from library.imports.tables import UnreadableFile
from library.imports.text_files import CELL_LIMIT, LINE_LIMIT
from tests.imports.conftest import HEADER, json_lines, rows_of

GOOD = "Resilience,podcast,podcasts,https://example.org/"


def reasons(content: str | bytes, name: str = "resources.csv") -> list[tuple[int, str, str]]:
    return [(error.line, error.column, error.reason) for row in rows_of(content, name) for error in row.errors]


def refusal(content: str | bytes, name: str = "resources.csv") -> str:
    with pytest.raises(UnreadableFile) as refused:
        rows_of(content, name)
    return str(refused.value)


def test_reads_a_csv_file() -> None:
    header = "title,kind,section,summary,url,publisher,published,categories,tags"
    cells = "Resilience,podcast,podcasts,Calm.,https://example.org/,COPS Office,2020-02,sleep| stress |,ptsd"

    (row,) = rows_of(f"{header}\n{cells}\n")

    assert row.line == 2
    assert row.texts == {
        "title": "Resilience",
        "kind": "podcast",
        "section": "podcasts",
        "summary": "Calm.",
        "url": "https://example.org/",
        "publisher": "COPS Office",
        "published": "2020-02",
    }
    assert row.lists == {"categories": ("sleep", "stress"), "tags": ("ptsd",)}
    assert (row.ignored, row.errors) == ((), ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_reads_what_spreadsheets_write(delimiter: str, end: str, mark: str) -> None:
    header = mark + '"Title",KIND, section ,url'.replace(",", delimiter)
    content = end.join([header, delimiter.join(["A, b; c", "site", "websites", "https://e.org"]).join(["", end])])
    if delimiter != "\t":
        content = content.replace("A, b; c", '"A, b; c"')

    (row,) = rows_of(content)

    assert row.texts == {"title": "A, b; c", "kind": "site", "section": "websites", "url": "https://e.org"}


def test_a_row_has_the_line_on_which_it_begins() -> None:
    content = f'\n \n{HEADER}\n"Two\nlines",site,websites,u\n\n,,,\nThree,site,"web\n\nsites",u\nFour,site,websites,u'

    assert [(row.line, row.texts["title"]) for row in rows_of(content)] == [
        (4, "Two\nlines"),
        (8, "Three"),
        (11, "Four"),
    ]


def test_what_is_empty_is_not_in_the_row() -> None:
    (row,) = rows_of(f"{HEADER},summary,tags\nResilience,,  ,https://example.org/,,|\n")

    assert row.texts == {"title": "Resilience", "url": "https://example.org/"}
    assert row.lists == {}


def test_a_short_row_lacks_its_last_cells() -> None:
    (row,) = rows_of(f"{HEADER},summary\n{GOOD}\n")

    assert "summary" not in row.texts
    assert row.errors == ()


def test_a_long_row_is_bad_unless_the_rest_is_empty() -> None:
    assert reasons(f"{HEADER}\n{GOOD},,\n{GOOD},more,\n") == [
        (3, "", "This row has 6 cells, but the header has 4. A cell with a comma in it needs quotes.")
    ]


def test_other_columns_are_ignored_and_named() -> None:
    (row,) = rows_of(f"id,{HEADER},,Notes\n7,{GOOD},x,y\n")

    assert row.ignored == ("id", "notes")
    assert "id" not in row.texts


def test_formulas_are_texts() -> None:
    (row,) = rows_of(f"{HEADER}\n=1+1,@SUM(A1),-2,+3\n")

    assert row.texts == {"title": "=1+1", "kind": "@SUM(A1)", "section": "-2", "url": "+3"}


def test_formulas_for_links_are_read() -> None:
    formula = '"=HYPERLINK(""https://e.org/1?a=1,2"",""Calm"")"'
    rows = rows_of(
        f"{HEADER}\n{formula},course,podcasts,\n"
        'Sleep,course,podcasts,"=HYPERLINK(""https://e.org/2"";""Open"")"\n'
        '"\'=HYPERLINK(""https://e.org/3"")",course,podcasts,https://e.org/4\n'  # as an export writes it
        '"=HYPERLINK(""javascript:alert(1)"",""Calm"")",course,podcasts,https://e.org/5\n'
    )

    assert [row.texts["title"] for row in rows] == [
        *("Calm", "Sleep", '=HYPERLINK("https://e.org/3")', '=HYPERLINK("javascript:alert(1)","Calm")')
    ]
    addresses = [row.texts["url"].removeprefix("https://e.org/") for row in rows]
    assert addresses == ["1?a=1,2", "2", "4", "5"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "The file is empty."),
        ("\n \r\n", "The file is empty."),
        ("title,kind,url\n", "Line 1: The header is missing these columns: section."),
        (GOOD, "Line 1: The header is missing these columns: title, kind, section, url."),
        (f"\n{HEADER},Title\n", "Line 2: The header has the column “title” twice."),
        (f"{HEADER}\n{GOOD}\nCaf\x8e,".encode("latin-1"), "Line 3: The file isn’t in UTF-8."),
        (f"{HEADER}\n{GOOD}\nДа,".encode("cp1251"), "Line 3: The file isn’t in UTF-8."),
        (b"\xff\xfet\x00\x00\xdc", "Line 1: The file isn’t in UTF-8."),
        (f'{HEADER}\n"Said "hello",b\n', "Line 2: The quotes in this row don’t match."),
        (f'{HEADER}\n{GOOD}\n"open,b\n{GOOD}\n', "Line 3: The quotes in this row don’t match."),
        (f"{HEADER}\r{GOOD}\r{GOOD}", "Line 1: This row has a line break we can’t read"),
        (f"{HEADER}\n{'a' * (CELL_LIMIT + 1)},b", "Line 2: A cell of this row is longer than a million characters."),
        (f"{HEADER}\n{'a' * LINE_LIMIT},b", "Line 2: This row is too long."),
        (f"{HEADER}\n" + ('"a\n",' * 1_000_000), "Line 2: This row is too long."),
        ("a" * LINE_LIMIT, "Line 1: This row is too long."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_tells_what_is_wrong_with_a_csv_file(content: str | bytes, words: str) -> None:
    assert refusal(content).startswith(words)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_what_windows_writes_is_read(encoding: str) -> None:
    (row,) = rows_of(f"{HEADER}\r\n“Don’t panic” – a café,{GOOD[11:]}\r\n".encode(encoding))

    assert row.texts["title"] == "“Don’t panic” – a café"


def test_tabs_divide_a_file_of_tabs_and_a_file_may_name_its_sign() -> None:
    for name, content in {
        "list.tsv": "title\tkind\tsection\turl\nA, b\tsite\twebsites\tu\n",
        "list.csv": "sep=|\ntitle|kind|section|url\nA, b|site|websites|u\n",
    }.items():
        assert [row.texts["title"] for row in rows_of(content, name)] == ["A, b"]


def test_rows_before_an_unreadable_line_are_read() -> None:
    rows = read_rows(io.BytesIO(f"{HEADER}\n{GOOD}\n\xff".encode("latin-1")), "resources.csv")

    assert next(rows).texts["title"] == "Resilience"
    with pytest.raises(UnreadableFile, match="Line 3"):
        next(rows)


@pytest.mark.parametrize("name", ["resources.xls", "resources", "resources.csv.gz", ".csv"])
def test_other_files_are_refused_by_their_names(name: str) -> None:
    assert refusal("", name).startswith("Choose a file that ends in .csv, .tsv, ")


@pytest.mark.parametrize("name", ["resources.jsonl", "Resources.NDJSON"])
def test_reads_json_lines(name: str) -> None:
    content = json_lines(
        {"title": " Resilience ", "Kind": "podcast", "categories": ["sleep", " stress"], "tags": [], "summary": None},
        {"title": "Café", "id": 7, "notes": {"any": ["thing"]}, "summary": ""},
    )

    first, second = rows_of(f"\ufeff{content.replace(chr(10), chr(10) * 2)}\n", name)

    assert (first.line, second.line) == (1, 3)
    assert first.texts == {"title": "Resilience", "kind": "podcast"}
    assert first.lists == {"categories": ("sleep", "stress")}
    assert second.texts == {"title": "Café"}
    assert second.ignored == ("id", "notes")
    assert (first.errors, second.errors) == ((), ())


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        '["a list"]',
        '"a text"',
        "7",
        "null",
        '{"title": NaN}',
        '{"title": Infinity}',
        '{"title": "open',
        '{"title": "a"} {"title": "b"}',
        '{"title": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"title": ' + '{"a":' * 100_000,
    ],
    ids=lambda line: line[:20],
)
def test_a_line_that_is_no_object_is_bad(line: str) -> None:
    assert [error[:2] for error in reasons(f"{line}\n", "resources.jsonl")] == [(1, "")]


@pytest.mark.parametrize("value", [7, 2.5, True, ["a"], {"a": "b"}, {}])
def test_a_value_that_is_no_text_is_bad(value: object) -> None:
    line = json_lines({"published": value, "title": "Resilience"})

    assert reasons(line, "resources.jsonl") == [(1, "published", 'Use a string, in quotes: "2020".')]


@pytest.mark.parametrize("value", ["sleep", 7, ["sleep", 7], [["sleep"]], {"sleep": "stress"}, {}])
def test_a_value_that_is_no_list_of_texts_is_bad(value: object) -> None:
    line = json_lines({"tags": value, "title": "Resilience"})

    assert reasons(line, "resources.jsonl") == [(1, "tags", 'Use a list of strings: ["sleep", "stress"].')]


def test_a_name_that_stands_twice_is_bad() -> None:
    assert reasons('{"title": "a", "Title": "b"}', "resources.jsonl") == [
        (1, "title", "This name is in the line twice.")
    ]


def test_a_line_that_is_too_long_is_bad_and_the_next_is_read() -> None:
    content = f'{{"title": "{"a" * LINE_LIMIT * 2}"}}\n{json_lines({"title": "Resilience"})}'

    first, second = rows_of(content, "resources.jsonl")

    assert first.errors[0].reason == "This line is longer than two million bytes."
    assert (second.line, second.texts) == (2, {"title": "Resilience"})


@pytest.mark.parametrize("content", ["", "\n\n \n"])
def test_an_empty_file_of_json_lines_is_refused(content: str) -> None:
    assert refusal(content, "resources.jsonl") == "The file is empty."


def test_a_file_of_json_lines_in_another_encoding_is_refused() -> None:
    assert refusal(b'{"title": "a"}\n{"title": "\x8e"}', "resources.jsonl").startswith("Line 2: The file isn’t in")


@pytest.mark.parametrize(("name", "line"), [("a.csv", f"{GOOD}\n"), ("a.jsonl", json_lines({"title": "a"}) + "\n")])
def test_a_long_file_is_never_all_in_memory(name: str, line: str) -> None:
    content = f"{HEADER}\n".encode() if name == "a.csv" else b""
    stream = io.BytesIO(content + line.encode() * 5_000)

    tracemalloc.start()
    try:
        count = sum(1 for _row in read_rows(stream, name))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 5_000
    assert peak < 200_000


def test_any_terminal_can_show_what_is_quoted() -> None:
    assert quote("a\x1b[2J\ud800\u202eb") == "“a�[2J��b”"
    assert quote("a" * 61) == f"“{'a' * 60}…”"
