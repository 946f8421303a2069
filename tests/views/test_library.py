"""`/`: every section under its permanent anchor, with its first entries."""

from datetime import date

import pytest
from django.test import Client

from library.models import Page, Section, SectionAlias
from tests.factories import (
    TEN_YEARS,
    make_help_line,
    make_page,
    make_publisher,
    make_resource,
    make_resources,
    make_section,
    make_series,
    withdraw,
)
from tests.reading import Element, read

pytestmark = pytest.mark.django_db

# Its text, the sections, their aliases, the entries, those added last, guides, topics, those in use, help lines.
QUERIES = 10


@pytest.fixture(autouse=True)
def texts() -> None:
    make_page("library", title="Officer Mental Health Resources")


def library_page(client: Client) -> Element:
    response = client.get("/")
    assert response.status_code == 200
    return read(response.content)


def section_of_page(client: Client, anchor: str) -> Element:
    return library_page(client).one("section", id=anchor)


def test_shows_every_section_with_its_entries(client: Client) -> None:
    podcasts = make_section("podcasts", title="Podcasts – The Beat", intro="Episodes *worth* an hour.")
    make_resource("Building Personal Resilience", section=podcasts, summary="How to.")

    page = library_page(client)

    assert page.one("h1").words == "Officer Mental Health Resources"
    assert page.one("title").words == "Officer Mental Health Resources"
    section = page.one("section", id="podcasts")
    assert section.one("h2").words == "Podcasts – The Beat"
    assert section.one("em").words == "worth"
    (entry,) = section.all("li", class_="entry")
    assert entry.one("a").words == "Building Personal Resilience"
    assert entry.one("a")["href"] == "/resources/building-personal-resilience/"
    assert "How to." in entry.words


def test_an_empty_library_has_a_page_too(client: Client) -> None:
    page = library_page(client)

    assert page.all("section") == []
    assert page.one("nav", id="section_list").all("a") == []


def test_jumps_to_each_section_by_its_heading(client: Client) -> None:
    for anchor, title in {"podcasts": "Podcasts – The Beat", "forums": "Forums"}.items():
        make_section(anchor, title=title)
    make_resources(3)

    jumps = library_page(client).one("nav", id="section_list")

    assert [(link["href"], link.words) for link in jumps.all("a")] == [
        ("#podcasts", "Podcasts – The Beat"),
        ("#forums", "Forums"),
    ]
    assert [item.words for item in jumps.all("li")] == ["Podcasts – The Beat 3 resources", "Forums 0 resources"]


def test_offers_a_link_to_each_section_and_back_to_the_list(client: Client) -> None:
    make_section("podcasts", title="Podcasts – The Beat")

    links = {link["href"]: link.words for link in section_of_page(client, "podcasts").all("a")}

    assert links["#podcasts"] == "Link to this section: Podcasts – The Beat"
    assert links["#section_list"] == "Back to sections"


def test_an_empty_section_keeps_its_anchor_and_heading(client: Client) -> None:
    make_section("podcasts", title="Podcasts – The Beat")

    section = section_of_page(client, "podcasts")

    assert section.one("h2").words == "Podcasts – The Beat"
    assert "Nothing here yet." in section.words


def test_a_withdrawn_section_keeps_its_anchor_with_the_reason(client: Client) -> None:
    make_section("forums", title="Forums", state="withdrawn", withdrawn_reason="See the podcasts.")
    make_resource("LEO Near Miss", section=Section.objects.get())

    page = library_page(client)

    section = page.one("section", id="forums")
    assert section.one("h2").words == "Forums"
    assert "We removed this section. See the podcasts." in section.words
    assert "LEO Near Miss" not in section.words
    assert page.one("nav", id="section_list").all("a") == []


def test_older_and_merged_anchors_stand_before_the_heading(client: Client) -> None:
    section = make_section("podcasts")
    Section.objects.update(anchor="the-beat")
    SectionAlias.objects.create(anchor="audio", section=section)

    shown = section_of_page(client, "the-beat")

    before_heading = [part for part in shown.parts if isinstance(part, Element)][:2]
    assert [(part.tag, part["id"], part.words) for part in before_heading] == [
        ("span", "audio", ""),
        ("span", "podcasts", ""),
    ]


def test_a_draft_section_is_not_there(client: Client) -> None:
    make_section("forums", title="Forums", state="draft")

    page = library_page(client)

    assert page.all(id="forums") == []
    assert "Forums" not in page.one("main").words


def test_hides_what_is_not_public(client: Client) -> None:
    make_resource("Shown")
    make_resource("Draft of tomorrow", state="draft")
    make_resource("Scheduled", listed_at=TEN_YEARS)
    withdraw(make_resource("Taken away"))

    page = library_page(client)

    assert [entry.one("a").words for entry in page.all("li", class_="entry")] == ["Shown"]
    assert page.one("nav", id="section_list").one("li").words == "Podcasts 1 resource"


def test_a_long_section_shows_its_first_entries_and_the_way_to_all(client: Client) -> None:
    section = make_section("podcasts", title="Podcasts", entry_limit=2, order="manual")
    make_resources(3, section=section)

    shown = section_of_page(client, "podcasts")

    assert [entry.one("a").words for entry in shown.all("li", class_="entry")] == [
        "Officer Fatigue 1",
        "Officer Fatigue 2",
    ]
    assert ("/sections/podcasts/", "See all 3 in Podcasts") in [
        (link.get("href"), link.words) for link in shown.all("a")
    ]


def test_a_section_at_its_limit_has_nothing_more(client: Client) -> None:
    make_resources(2, section=make_section("podcasts", entry_limit=2))

    assert "See all" not in section_of_page(client, "podcasts").words


def test_dated_sections_are_grouped_by_year(client: Client) -> None:
    section = make_section("podcasts", order="newest")
    for title, day in {"Old": date(2013, 1, 1), "New": date(2020, 2, 1), "Undated": None}.items():
        make_resource(title, section=section, published_on=day, published_precision="month" if day else "")

    shown = section_of_page(client, "podcasts")

    assert [heading.words for heading in shown.all("h3")] == ["2020", "2013", "Undated"]
    assert [(time["datetime"], time.words) for time in shown.all("time")] == [
        ("2020-02", "February 2020"),
        ("2013-01", "January 2013"),
    ]


def test_link_texts_differ_across_the_whole_page(client: Client) -> None:
    for anchor in ("podcasts", "forums"):
        make_resource("LEO Near Miss", section=make_section(anchor))

    texts = [entry.one("a").words for entry in library_page(client).all("li", class_="entry")]

    assert len(set(texts)) == 2


def test_says_where_an_entry_leads_and_what_it_asks(client: Client) -> None:
    make_resource(
        "VALOR for Blue",
        kind="site",
        url="https://www.valorforblue.org/",
        access="account",
        publisher=make_publisher(),
        content_note="Describes a line-of-duty death.",
    )
    make_resource("Unknown", kind="site")

    known, unknown = library_page(client).all("li", class_="entry")

    for words in ("Website", "COPS Office", "Account required"):
        assert words in known.words
    assert "Content note: Describes a line-of-duty death." in known.words
    assert unknown.words == "Unknown Website"


def test_says_where_an_episode_without_an_address_of_its_own_is(client: Client) -> None:
    make_resource("Read", transcript_url="https://cops.usdoj.gov/one.txt", url="")
    make_resource("Somewhere", series=make_series(), url="")

    words = {entry.one("a").words: entry.words for entry in library_page(client).all("li", class_="entry")}

    assert "transcript on cops.usdoj.gov" in words["Read"]
    assert "in The Beat’s episode list" in words["Somewhere"]


def test_of_one_date_those_that_lead_somewhere_come_first(client: Client) -> None:
    make_section("podcasts", order="newest")
    for title, address in (("First", ""), ("Second", "https://cops.usdoj.gov/two"), ("Third", "")):
        make_resource(title, published_on=date(2013, 1, 1), published_precision="month", url=address)

    for path in ("/", "/sections/podcasts/"):
        page = read(client.get(path).content)
        assert [entry.one("a").words for entry in page.all("li", class_="entry")] == ["Second", "First", "Third"]
    everything = read(client.get("/resources/").content)
    assert [entry.one("a").words for entry in everything.all("li", class_="entry")] == ["Second", "Third", "First"]


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries) -> None:
    make_help_line()
    for anchor in ("podcasts", "forums"):
        make_resources(2, section=make_section(anchor), title=anchor, publisher=None, tags=["sleep"])
    with django_assert_num_queries(QUERIES):
        client.get("/")

    make_section("websites")
    SectionAlias.objects.create(anchor="sites", section=Section.objects.get(anchor="websites"))
    for anchor in ("podcasts", "forums", "websites"):
        section = Section.objects.get(anchor=anchor)
        publisher = make_publisher(f"{anchor}-press", f"{anchor} press")
        make_resources(10, section=section, title=f"More {anchor}", publisher=publisher)
    with django_assert_num_queries(QUERIES):
        client.get("/")


def test_without_its_text_there_is_no_page(client: Client) -> None:
    Page.objects.all().delete()

    assert client.get("/").status_code == 404
