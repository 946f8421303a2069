"""What the columns of a file seem to be, by the names that people and other systems give them."""

import io
from dataclasses import asdict

from library.imports.column_plan import ColumnPlan, guess_plan
from library.imports.readers import read_plan, read_rows

GUESSES = {
    # Of a person's spreadsheet.
    "Name,Type,Link,Description,Date,Keywords": "title kind url summary published tags",
    "Resource title;Website;Topic;Year;Organization;Notes": "title url categories published publisher -",
    "Title,Kind,Section,URL": "title kind section url",
    # LibGuides, Omeka and Zotero, as they export.
    "ID,Name,URL,Description,Type,Vendor": "- title url summary kind publisher",
    "Item Id,Item URI,Dublin Core:Title,Dublin Core:Description,Dublin Core:Date,Dublin Core:Subject": (
        "- url title summary published tags"
    ),
    "Key,Item Type,Publication Year,Author,Title,Publisher,Url,Abstract Note,Date,Manual Tags": (
        "- kind - - title publisher url summary published tags"
    ),
}


def plan_of(content: str, name: str = "list.csv") -> ColumnPlan:
    plan = read_plan(io.BytesIO(content.encode()), name)
    assert plan
    return plan


def test_columns_are_known_by_the_names_that_others_give_them() -> None:
    for header, targets in GUESSES.items():
        assert (header, [target or "-" for target in plan_of(header).targets]) == (header, targets.split())


def test_of_two_columns_that_could_be_one_the_better_name_is_it() -> None:
    assert guess_plan(["Address", "Link", "url"]).targets == ("", "", "url")
    assert guess_plan(["Item URI", "Link"]).targets == ("", "url")


def test_says_what_is_missing_until_something_makes_up_for_it() -> None:
    plan = plan_of("Name,Link")

    assert plan.missing == ["kind", "section"]
    assert ColumnPlan(plan.headers, plan.targets, kind="site", section="websites").missing == []


def test_shows_three_values_of_each_column() -> None:
    plan = plan_of("Name,Link\n" + "".join(f"{letter},\n{letter},\n" for letter in "abcd") + f"e,{'x' * 100}\n")

    assert plan.samples == (("a", "b", "c"), (f"{'x' * 60}…",))
    assert ColumnPlan.from_json(asdict(plan)) == plan


def test_a_plan_says_which_cell_is_what_and_what_new_entries_get() -> None:
    header = ("A", "B", "C", "D")
    plan = ColumnPlan(header, ("title", "", "tags", "tags"), kind="site", section="websites")

    (row,) = read_rows(io.BytesIO(b"A,B,C,D\nCalm,nothing,sleep | stress,ptsd\n"), "list.csv", plan)

    assert (row.texts, row.lists) == ({"title": "Calm"}, {"tags": ("sleep", "stress", "ptsd")})
    assert (row.defaults, row.ignored) == ({"kind": "site", "section": "websites"}, ())


def test_what_divides_the_columns_is_found_where_their_names_are_nobody_s() -> None:
    assert plan_of("Titel;Adresse;Art\n").headers == ("Titel", "Adresse", "Art")
