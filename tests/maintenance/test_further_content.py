"""The starting content whole: what was added to the entries of the original page."""

import gzip
import json
import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Category, Guide, Resource, Section
from library.models.resource.facts import Audience
from library.search.vocabulary.lookup import guides_for
from tests.conftest import ROOT
from tests.reading import Element, read

FOLDER = ROOT / "fixtures"
SEED = ["online-training", "critical-incident-reviews", "podcasts", "forums", "websites"]


@pytest.fixture
def library_page(client: Client, full_content: None, db: None) -> Element:
    return read(client.get("/").content)


def resources() -> list[dict[str, Any]]:
    rows = json.loads((FOLDER / "further" / "04_resources.json").read_text(encoding="utf-8"))
    return [row["fields"] for row in rows]


def locked_anchors() -> list[str]:
    lines = (FOLDER / "anchors.lock").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_has_so_many_entries_of_each_kind_and_section() -> None:
    assert Counter(row["kind"] for row in resources()) == {
        "course": 7,
        "podcast": 4,
        "review": 2,
        "forum": 1,
        "site": 95,
    }
    assert Counter(row["section"][0] for row in resources()) == {
        "online-training": 8,
        "critical-incident-reviews": 2,
        "podcasts": 4,
        "forums": 1,
        "websites": 60,
        "self-help": 16,
        "family": 11,
        "state-programs": 7,
    }


def test_says_only_what_its_source_says() -> None:
    for row in resources():
        assert not {"notes", "source", "link_state", "link_checked_on", "reviewed_on"} & set(row)
        assert row["audience"]
        assert set(row["audience"]) <= set(Audience.values)
        assert row["language"] in {"en", "es"}
        assert row["country"] in {"US", "CA", "GB", "AU"}


@pytest.mark.usefixtures("full_content", "db")
def test_every_row_obeys_the_rules() -> None:
    assert Resource.objects.count() == 58 + 109
    for row in (*Resource.objects.all(), *Section.objects.all(), *Category.objects.all()):
        row.full_clean()


def test_the_library_page_keeps_the_original_sections_first_with_all_their_entries(library_page: Element) -> None:
    sections = library_page.all("section", class_="section")
    assert [section["id"] for section in sections] == [*SEED, "self-help", "family", "state-programs"]

    shown = {link["href"] for section in sections[:5] for link in section.all("a", class_="entry-title")}
    seed = json.loads((FOLDER / "04_resources.json").read_text(encoding="utf-8"))
    assert {f"/resources/{row['fields']['slug']}/" for row in seed} <= shown
    for section in sections:
        limit = Section.objects.get(anchor=section["id"]).entry_limit
        total = Resource.objects.filter(section__anchor=section["id"]).count()
        assert len(section.all("a", class_="entry-title")) == min(limit, total)


@pytest.mark.usefixtures("full_content", "db")
def test_every_page_of_it_is_there_and_small(client: Client) -> None:
    paths = ["/", "/resources/", "/sections/websites/", "/resources/?audience=family&audience=dispatcher"]
    paths += [f"/resources/{row['slug']}/" for row in resources()[::10]]

    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert len(gzip.compress(answer.content)) < 30_000, path


@pytest.mark.usefixtures("full_content", "db")
def test_says_whom_an_entry_is_for_and_in_which_language(client: Client) -> None:
    page = read(client.get("/resources/depresion/").content)

    facts = dict(zip((term.words for term in page.all("dt")), page.all("dd"), strict=False))
    assert "Spanish" in page.one("main").words
    assert "United States" in page.one("main").words
    assert "Made for" in facts
    assert page.all("a", href="/resources/?audience=family")


@pytest.mark.usefixtures("full_content", "db")
def test_every_anchor_ever_published_lands(client: Client, library_page: Element) -> None:
    ids = [element["id"] for element in library_page.descendants if element.get("id")]
    public = client.get("/anchors.json").json()["anchors"]
    known = {known["anchor"] for anchor in public for known in (anchor, *anchor["aliases"])}

    for anchor in locked_anchors():
        assert ids.count(anchor) == 1
        assert anchor in known
        response = client.get(f"/s/{anchor}/")
        assert response.status_code == 302
        assert response["Location"].removeprefix("/#") in ids
        assert client.get(f"/sections/{anchor}/", follow=True).status_code == 200


def test_the_lock_holds_every_anchor_that_is_published() -> None:
    rows = [row for file in FOLDER.rglob("03_sections.json") for row in json.loads(file.read_text())]

    assert {row["fields"]["anchor"] for row in rows} == {*SEED, "self-help", "family", "state-programs"}
    assert set(locked_anchors()) >= {row["fields"]["anchor"] for row in rows}
    assert locked_anchors() == sorted(set(locked_anchors()))


# Guides


@pytest.mark.usefixtures("full_content", "db")
def test_there_is_a_guide_for_each_situation() -> None:
    now = timezone.now()

    assert Guide.objects.published().count() == 27
    for guide in Guide.objects.all():
        guide.full_clean()
        assert len(guide.published_resources(now)) == len(guide.refs) >= 3, guide
        assert guide.help_lines.exists(), guide
        assert guide.categories.exists(), guide
        assert (guide.reviewed_on, guide.reviewer, guide.review_by) == (None, "", None)


@pytest.mark.usefixtures("full_content", "db")
def test_notes_name_nothing_but_help_lines_and_the_resources_that_they_list() -> None:
    for guide in Guide.objects.all():
        links = set(re.findall(r"\]\(([^)]*)\)", guide.note))
        assert links <= {"/help/", *(f"/r/{ref}/" for ref in guide.refs)}, guide
        assert "/help/" in links, guide


@pytest.mark.usefixtures("full_content", "db")
@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("ptsd", "trauma-and-ptsd"),
        ("i can't sleep after night shift", "sleep-and-shift-work"),
        ("coworker suicide", "a-colleague-died-by-suicide"),
        ("worried about my partner", "worried-about-a-coworker"),
        ("officer-involved shooting", "after-a-shooting"),
        ("fitness for duty evaluation", "fitness-for-duty"),
    ],
)
def test_what_people_type_finds_its_guide_first(words: str, slug: str) -> None:
    assert guides_for(words, {})[0].slug == slug


@pytest.mark.usefixtures("full_content", "db")
def test_topics_begin_with_what_people_need_and_end_with_incidents() -> None:
    slugs = list(Category.objects.in_order().values_list("slug", flat=True))

    assert slugs[:4] == ["suicide-prevention", "mental-health-care", "trauma-ptsd", "substance-use"]
    assert slugs[-1] == "critical-incidents"
    assert len(slugs) == 19


@pytest.mark.usefixtures("full_content", "db")
def test_the_guide_to_a_colleagues_suicide_has_the_help_lines_first(client: Client) -> None:
    text = client.get("/guides/a-colleague-died-by-suicide/").content.decode()

    assert text.index('href="tel:988"', text.index("<h1>")) < text.index("We’re sorry for your loss.")
    assert 'href="/r/rjjtx7n/"' in text
