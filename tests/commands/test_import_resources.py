"""The command: a file in, the counts and the reasons out, and a status that a script can rely on."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from library.models import Category, Resource, Section
from tests.conftest import ROOT
from tests.factories import make_resource, make_section
from tests.imports.conftest import HEADER, json_lines

pytestmark = pytest.mark.django_db

GOOD = "Resilience,podcast,podcasts,https://example.org/a"
BAD = "Resilience,novel,podcasts,https://example.org/b"


@pytest.fixture(autouse=True)
def section() -> Section:
    return make_section("podcasts")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "resources.csv"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_adds_the_resources_of_a_file_and_tells_how_many(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{HEADER},notes\n{GOOD},x\n")

    call_command("import_resources", str(file))

    assert Resource.objects.get().title == "Resilience"
    printed = capsys.readouterr()
    assert printed.out == ("The column “notes” isn’t imported (line 2).\n1 new, 0 changed, 0 unchanged, 0 bad.\n")
    assert printed.err == ""


def test_takes_json_lines_as_well(tmp_path: Path) -> None:
    file = tmp_path / "resources.jsonl"
    line = {
        "title": "Resilience",
        "kind": "podcast",
        "section": "podcasts",
        "url": "https://example.org/",
        "tags": ["a"],
    }
    file.write_text(json_lines(line))

    call_command("import_resources", str(file))

    assert list(Resource.objects.get().tags.names()) == ["a"]


def test_the_same_file_again_changes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{HEADER}\n{GOOD}\n")
    call_command("import_resources", str(file))
    before = list(Resource._base_manager.values_list())

    call_command("import_resources", str(file))

    assert list(Resource._base_manager.values_list()) == before
    assert capsys.readouterr().out.endswith("0 new, 0 changed, 1 unchanged, 0 bad.\n")


def test_a_bad_row_is_told_with_line_column_and_reason_and_nothing_is_written(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{HEADER}\n{GOOD}\n{BAD}\n{GOOD},x,\n")

    with pytest.raises(CommandError, match="Nothing is written while there are bad rows") as error:
        call_command("import_resources", str(file))

    assert error.value.returncode == 1
    assert not Resource.objects.exists()
    printed = capsys.readouterr()
    assert printed.out == "Not written: 1 new, 0 changed, 0 unchanged, 2 bad.\n"
    assert printed.err == (
        "Line 3, kind: “novel” isn’t a kind of resource. Use one of these: course, podcast, review, forum, site.\n"
        "Line 4: This row has 6 cells, but the header has 4. A cell with a comma in it needs quotes.\n"
    )


def test_writes_the_good_rows_when_the_bad_are_to_be_skipped(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{HEADER}\n{GOOD}\n{BAD}\n")

    call_command("import_resources", str(file), "--skip-bad")

    assert Resource.objects.count() == 1
    printed = capsys.readouterr()
    assert printed.out == "1 new, 0 changed, 0 unchanged, 1 bad.\n"
    assert "Line 3, kind" in printed.err


def test_makes_what_is_missing_when_told_to(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{HEADER},categories\n{GOOD.replace('podcasts', 'News')},Sleep|Stress\n")

    with pytest.raises(CommandError):
        call_command("import_resources", str(file))
    capsys.readouterr()
    call_command("import_resources", str(file), "--create-missing")

    assert Section.objects.get(anchor="news").title == "News"
    assert Category.objects.count() == 2
    assert capsys.readouterr().out.startswith("New sections: “News”\nNew categories: “Sleep”, “Stress”\n")


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_resource("Old", url="https://example.org/a")
    file.write_text(f"{HEADER}\n{GOOD}\n{GOOD}b\n")

    call_command("import_resources", str(file), "--dry-run")

    assert Resource.objects.get().title == "Old"
    assert capsys.readouterr().out == "Not written: 1 new, 1 changed, 0 unchanged, 0 bad.\n"


def test_a_dry_run_of_a_bad_file_fails_as_the_import_would(file: Path) -> None:
    file.write_text(f"{HEADER}\n{BAD}\n")

    with pytest.raises(CommandError):
        call_command("import_resources", str(file), "--dry-run")


def test_shows_how_far_it_is_on_a_terminal_alone(file: Path) -> None:
    file.write_text(f"{HEADER}\n" + "".join(f"A,site,podcasts,https://example.org/{n}\n" for n in range(1001)))
    terminal, pipe = Terminal(), io.StringIO()

    call_command("import_resources", str(file), "--dry-run", stderr=terminal, stdout=io.StringIO())
    call_command("import_resources", str(file), "--dry-run", stderr=pipe, stdout=io.StringIO())

    assert terminal.getvalue() == "100%, 1,000 rows\r100%, 1,001 rows\r"
    assert pipe.getvalue() == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "Nothing was written. The file is empty."),
        ("title,url\n", "Nothing was written. Line 1: The header is missing these columns: kind, section."),
        (f"{HEADER}\n{GOOD}\n\xff", "Nothing was written. Line 3: The file isn’t in UTF-8."),
    ],
)
def test_a_file_of_no_use_is_told_in_one_sentence(file: Path, content: str, reason: str) -> None:
    file.write_text(content, encoding="latin-1")

    with pytest.raises(CommandError) as error:
        call_command("import_resources", str(file), "--skip-bad")

    assert str(error.value).startswith(reason)
    assert not Resource.objects.exists()


@pytest.mark.parametrize("name", ["resources.xls", "resources"])
def test_only_four_endings_are_understood(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(f"{HEADER}\n{GOOD}\n")

    with pytest.raises(CommandError, match=r"Choose a file that ends in \.csv"):
        call_command("import_resources", str(tmp_path / name))


def test_a_missing_file_and_a_folder_are_told_in_one_sentence(tmp_path: Path) -> None:
    missing, folder = tmp_path / "missing.csv", tmp_path / "folder.csv"
    folder.mkdir()

    with pytest.raises(CommandError, match=r"^\S+missing\.csv can't be read: No such file or directory\.$"):
        call_command("import_resources", str(missing))
    with pytest.raises(CommandError, match=r"^\S+folder\.csv can't be read: Is a directory\.$"):
        call_command("import_resources", str(folder))


def test_the_readme_names_every_column() -> None:
    table = (ROOT / "docs" / "curators.md").read_text().partition("## Importing")[2].partition("##")[0]

    for column in ("title", "kind", "section", "summary", "url", "publisher", "published", "categories", "tags"):
        assert f"`{column}`" in table
