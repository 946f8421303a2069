"""The starting content: complete, true to its facts, loaded once, and never over a curator's work."""

import json
import re
from collections import Counter
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command

from library.maintenance.seed_content import LoadResult, load_starting_content
from library.models import Category, HelpLine, Page, Resource, Section, StartingEntry, Tag
from tests.conftest import ROOT

FOLDER = ROOT / "fixtures"


def rows(file: str) -> list[dict[str, Any]]:
    return json.loads((FOLDER / file).read_text(encoding="utf-8"))


def all_rows() -> list[dict[str, Any]]:
    return [row for file in sorted(FOLDER.glob("*.json")) for row in rows(file.name)]


def resources() -> list[dict[str, Any]]:
    return [row["fields"] for row in rows("04_resources.json")]


# The files


# Only these. Other numbers seen in public could not be confirmed and must not be published.
NUMBERS = {
    "988 Suicide & Crisis Lifeline": ["988", "988", ""],
    "Veterans Crisis Line": ["988", "838255", ""],
    "COPLINE": ["1-800-267-5463", "", ""],
    "Crisis Text Line": ["", "741741", ""],
    "Cop2Cop (New Jersey)": ["1-866-267-2267", "", ""],
    "POPPA (New York City)": ["1-888-267-7267", "", ""],
    "SAMHSA Disaster Distress Helpline": ["800-985-5990", "800-985-5990", ""],
    "SAMHSA National Helpline": ["1-800-662-4357", "", "1-800-487-4889"],
}

HOSTS = {
    "988lifeline.org",
    "a860-gpp.nyc.gov",
    "cops.usdoj.gov",
    "destinationzero.org",
    "incidentreviews.org",
    "internationalmentalhealth.org",
    "learn.copstrainingportal.org",
    "leknowledgelab.org",
    "mpdc.dc.gov",
    "njcop2cop.com",
    "poppanewyork.org",
    "uncommonwealth.virginiamemory.com",
    "www.below100.org",
    "www.clarkcountynv.gov",
    "www.copline.org",
    "www.crisistextline.org",
    "www.hsdl.org",
    "www.lawa.org",
    "www.leonearmiss.org",
    "www.minneapolismn.gov",
    "www.nationalpublicsafetypartnership.org",
    "www.policefoundation.org",
    "www.policinginstitute.org",
    "www.respondersafety.com",
    "www.theiacp.org",
    "www.valorforblue.org",
    "www.veteranscrisisline.net",
}


def test_has_so_many_entries_of_each_kind() -> None:
    assert Counter(resource["kind"] for resource in resources()) == {
        "course": 3,
        "review": 23,
        "podcast": 23,
        "forum": 2,
        "site": 7,
    }
    assert len(rows("01_categories.json")) == 16
    assert len(rows("03_sections.json")) == 5
    assert {row["fields"]["name"] for row in rows("07_pages.json")} == set(Page.Name.values)


def test_shows_only_numbers_that_were_verified() -> None:
    lines = {row["fields"]["name"]: row["fields"] for row in rows("06_help_lines.json")}

    assert {
        name: [line.get(field, "") for field in ("call_number", "text_number", "tty_number")]
        for name, line in lines.items()
    } == NUMBERS
    assert {line["verified_on"] for line in lines.values()} == {"2026-11-23"}
    assert [name for name, line in lines.items() if not line["is_crisis"]] == ["SAMHSA National Helpline"]
    assert [name for name, line in lines.items() if line["in_strip"]] == ["988 Suicide & Crisis Lifeline"]
    assert lines["Crisis Text Line"]["text_word"] == "HOME"
    assert lines["Veterans Crisis Line"]["call_note"] == "then press 1"


def test_shows_a_number_nowhere_else() -> None:
    telephone = re.compile(r"(?<![\w/.-])(?:1[- .])?\(?\d{3}\)?[- .]\d{3}[- .]?\d{4}(?![\w/])")
    known = {number for numbers in NUMBERS.values() for number in numbers}

    for row in all_rows():
        shown = {name: value for name, value in row["fields"].items() if name != "notes"}
        assert set(telephone.findall(json.dumps(shown))) <= known


def test_leads_only_to_hosts_that_the_facts_name() -> None:
    addresses = re.findall(r"https?://[^\s\"\\)]+", "".join(file.read_text() for file in FOLDER.glob("*.json")))

    assert {urlsplit(address).hostname for address in addresses} == HOSTS


def test_claims_no_check_that_nobody_made() -> None:
    for resource in resources():
        assert "link_state" not in resource
        assert "link_checked_on" not in resource
        assert "reviewed_on" not in resource
        assert resource.get("access", "unchecked") in {"unchecked", "account"}


def test_names_no_primary_keys_and_nothing_that_is_computed() -> None:
    for row in all_rows():
        assert "pk" not in row
        assert not {"id", "body_html", "intro_html", "search", "updated_at"} & set(row["fields"])


def test_every_ref_slug_and_title_is_as_it_should_be() -> None:
    refs = [resource["ref"] for resource in resources()]
    slugs = [resource["slug"] for resource in resources()]

    assert len(set(refs)) == len(set(slugs)) == 58
    assert all(re.fullmatch(r"[a-z0-9]{7}", ref) for ref in refs)
    assert all(resource["state"] == "published" for resource in resources())


def test_every_row_is_described_by_a_category() -> None:
    assert [resource["title"] for resource in resources() if not resource.get("categories")] == []


def test_speaks_of_suicide_with_care() -> None:
    own_words = " ".join(row["fields"]["body"] for row in rows("07_pages.json") if row["fields"]["name"] != "library")

    for words in ("committed suicide", "commit suicide", "successful suicide", "failed attempt"):
        assert words not in own_words.lower()
        assert words not in json.dumps(resources()).lower()


# Loading


@pytest.mark.django_db
def test_loads_into_an_empty_library(starting_content: LoadResult) -> None:
    assert starting_content == LoadResult(added=len(all_rows()), known=0)
    assert Resource.objects.count() == 58
    assert HelpLine.objects.count() == 8
    assert StartingEntry.objects.count() == len(all_rows())
    resource = Resource.objects.get(slug="building-personal-resilience")
    assert resource.published_iso == "2020-02"
    assert list(resource.categories.values_list("slug", flat=True))
    group = Resource.objects.get(kind="forum", title__contains="OSW")
    assert group.body_html.count("<li>") == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("starting_content")
class TestALoadedLibrary:
    def test_obeys_every_rule(self) -> None:
        for row in (*Resource.objects.all(), *Section.objects.all(), *HelpLine.objects.all(), *Page.objects.all()):
            row.full_clean()

    def test_keeps_the_order_of_the_file_in_each_section(self) -> None:
        for section in Section.objects.all():
            positions = list(section.resources.order_by("id").values_list("position", flat=True))
            assert positions == list(range(1, len(positions) + 1))

    def test_a_second_load_adds_nothing(self) -> None:
        before = {model: model.objects.count() for model in (Resource, Tag, Category, HelpLine, Page, StartingEntry)}

        assert load_starting_content(FOLDER, "seed") == LoadResult(added=0, known=len(all_rows()))
        assert {model: model.objects.count() for model in before} == before

    def test_what_curators_changed_stays(self) -> None:
        Resource.objects.filter(slug="officer-fatigue").update(title="Ours", slug="ours")
        Category.objects.filter(slug="peer-support").update(slug="peers", name="Peers")
        HelpLine.objects.filter(name="COPLINE").update(name="Copline", call_number="1")
        Page.objects.filter(name="about").update(title="Ours")
        Section.objects.filter(anchor="podcasts").update(anchor="the-beat", title="Ours")

        assert load_starting_content(FOLDER, "seed").added == 0

        assert Resource.objects.get(slug="ours").title == "Ours"
        assert not Resource.objects.filter(slug="officer-fatigue").exists()
        assert not Category.objects.filter(slug="peer-support").exists()
        assert HelpLine.objects.get(name="Copline").call_number == "1"
        assert HelpLine.objects.count() == 8
        assert Page.objects.get(name="about").title == "Ours"
        assert Section.objects.count() == 5

    def test_what_curators_deleted_stays_deleted(self) -> None:
        tags = Tag.objects.count()
        HelpLine.objects.filter(name="COPLINE").delete()
        Tag.objects.filter(name="bombing").delete()
        Category.objects.filter(slug="peer-support").delete()

        assert load_starting_content(FOLDER, "seed").added == 0

        assert HelpLine.objects.count() == 7
        assert Tag.objects.count() == tags - 1
        assert not Category.objects.filter(slug="peer-support").exists()

    def test_is_reported_by_the_command_only_when_something_was_added(self) -> None:
        output = StringIO()
        call_command("load_starting_content", stdout=output)
        assert output.getvalue() == ""

        StartingEntry.objects.filter(model="library.page").delete()
        Page.objects.all().delete()
        call_command("load_starting_content", stdout=output)
        assert output.getvalue() == "Starting content: 7 rows added.\n"
