"""`/resources/<slug>/`: what a resource is, who made it, when, what it asks, where it leads, when that was checked."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Resource
from tests.factories import (
    LISTED,
    TEN_YEARS,
    make_category,
    make_crisis_term,
    make_help_line,
    make_publisher,
    make_resource,
    make_resources,
    make_section,
    make_series,
    withdraw,
)
from tests.reading import Element, read

pytestmark = pytest.mark.django_db


def page_of(client: Client, resource: Resource) -> Element:
    response = client.get(f"/resources/{resource.slug}/")
    assert response.status_code == 200
    return read(response.content)


def facts(page: Element) -> dict[str, str]:
    """The terms of the page with what is said of each."""
    terms = {}
    for facts_list in page.all("dl"):
        term = ""
        for part in facts_list.all("dt", "dd"):
            if part.tag == "dt":
                term = part.words
            else:
                terms[term] = part.words
    return terms


def test_says_everything_about_an_episode(client: Client) -> None:
    cops = make_publisher()
    section = make_section("podcasts", title="Podcasts – The Beat")
    resource = make_resource(
        "Building Personal Resilience",
        ref="bpr2345",
        section=section,
        summary="How to build it.",
        publisher=cops,
        credit="with the BJA",
        series=make_series(cops, url="https://cops.usdoj.gov/thebeat"),
        speaker="Jane Doe",
        speaker_affiliation="Behavioral Science Applications",
        host="John Roe",
        running_minutes=21,
        audio_url="https://cops.usdoj.gov/beat.mp3",
        audio_bytes=9_000_000,
        transcript_url="https://cops.usdoj.gov/beat.pdf",
        url="https://cops.usdoj.gov/beat",
        published_on=date(2020, 2, 1),
        published_precision="month",
        access="open",
        access_note="Free of charge.",
        content_note="Describes a line-of-duty death.",
        reviewed_on=date(2026, 2, 3),
        review_by=date(2027, 2, 3),
        link_state="alive",
        link_checked_on=date(2026, 3, 4),
        categories=[make_category("resilience-stress", "Resilience and stress")],
        tags=["night shift"],
    )

    page = page_of(client, resource)
    terms = facts(page)

    assert page.one("h1").words == "Building Personal Resilience"
    assert page.one("title").words == (
        "Building Personal Resilience (February 2020), Jane Doe – Officer Mental Health Resources"
    )
    assert page.one("meta", name="description")["content"] == "How to build it."
    assert page.one("link", rel="canonical")["href"] == "http://testserver/resources/building-personal-resilience/"
    assert page.one("p", class_="crumbs").one("a")["href"] == "/#podcasts"
    assert terms["Publisher"] == "COPS Office, with the BJA"
    assert terms["Published"].startswith("February 2020 (")
    assert page.one("time")["datetime"] == "2020-02"
    assert terms["Series"] == "The Beat (all episodes on cops.usdoj.gov)"
    assert terms["Speaker"] == "Jane Doe, Behavioral Science Applications"
    assert terms["Host"] == "John Roe"
    assert terms["Running time"] == "21 minutes"
    assert terms["Audio file"].startswith("Listen on cops.usdoj.gov (8.6")
    assert terms["Transcript"] == "Read on cops.usdoj.gov"
    assert terms["Last reviewed"] == "Feb. 3, 2026"
    assert terms["Next review due"] == "Feb. 3, 2027"
    assert terms["Added"] == "Jan. 5, 2026"
    assert "http://testserver/r/bpr2345/" in terms["Permanent link"]
    main = page.one("main").words
    assert "Content note: Describes a line-of-duty death." in main
    assert "No account needed. Free of charge." in main
    assert "Opened for our check in March 2026." in main
    for subject, address in {
        "COPS Office": "/resources/?publisher=cops-office",
        "Resilience and stress": "/topics/resilience-stress/",
        "night shift": "/resources/?tag=night-shift",
    }.items():
        assert page.one("a", href=address).words == subject
        assert "Building Personal Resilience" in client.get(address).text


def test_says_where_it_leads_and_keeps_the_way_to_itself(client: Client) -> None:
    (way,) = page_of(client, make_resource(url="https://www.cops.usdoj.gov/beat")).all("a", class_="button")[:1]

    assert (way["href"], way.words) == ("https://www.cops.usdoj.gov/beat", "Open on cops.usdoj.gov")
    assert way["rel"] == "noreferrer"
    assert way.get("target") is None


def test_without_an_address_it_leads_to_the_transcript(client: Client) -> None:
    page = page_of(client, make_resource(transcript_url="https://cops.usdoj.gov/beat.pdf"))

    assert "Read the transcript on cops.usdoj.gov" in page.one("main").words


def test_without_any_address_of_its_own_it_leads_to_the_series(client: Client) -> None:
    series = make_series(url="https://cops.usdoj.gov/thebeat")

    page = page_of(client, make_resource(series=series))

    assert "We don’t have a direct link. Find this episode in the full list for The Beat:" in page.one("main").words
    way_out, all_episodes = page.all("a", href="https://cops.usdoj.gov/thebeat")
    assert way_out.words == "Open The Beat on cops.usdoj.gov"
    assert all_episodes.words == "The Beat (all episodes on cops.usdoj.gov)"


def test_leaves_out_what_it_does_not_know_but_for_what_readers_need_to_know(client: Client) -> None:
    page = page_of(client, make_resource(kind="site"))
    terms = facts(page)

    assert "We don’t have a link for this one yet." in page.one("main").words
    assert "May need an account (not checked)" in page.one("main").words
    assert terms["Published"] == "Date unknown"
    assert not {"Publisher", "Last reviewed", "Next review due"} & set(terms)
    assert page.all("meta", name="description") == []


def test_says_that_a_link_was_not_checked(client: Client) -> None:
    assert (
        "We haven’t tested this link yet."
        in page_of(client, make_resource(url="https://cops.usdoj.gov/")).one("main").words
    )


@pytest.mark.parametrize(
    ("years", "words"), [(13, "(13 years ago)"), (1, "(1 year ago)"), (0, "(less than a year ago)")]
)
def test_says_how_old_it_is(client: Client, years: int, words: str) -> None:
    today = timezone.localdate()
    resource = make_resource(
        "Old", published_on=today.replace(year=today.year - years, day=1), published_precision="month"
    )

    assert facts(page_of(client, resource))["Published"].endswith(words)


def test_plays_its_sound_from_that_host_alone_and_never_by_itself(client: Client) -> None:
    make_resource("Beat", audio_url="https://media.example.org/beat.mp3", audio_bytes=9_000_000, running_minutes=25)
    make_resource("Silent")

    response, silent = client.get("/resources/beat/"), client.get("/resources/silent/")
    figure = read(response.content).one("figure", class_="audio")
    player = figure.one("audio")

    assert (player["src"], player["preload"]) == ("https://media.example.org/beat.mp3", "none")
    assert "controls" in player.attributes
    assert "autoplay" not in player.attributes
    assert "25 minutes, 8.6" in figure.words
    assert "Nothing loads until you press play" in figure.words
    assert "media-src https://media.example.org" in response["Content-Security-Policy"].split("; ")
    assert "media-src" not in silent["Content-Security-Policy"]
    assert not read(silent.content).all("audio")


@pytest.mark.parametrize("address", ["http://media.example.org/beat.mp3", "https://münchen.example/beat.mp3"])
def test_a_sound_that_the_page_cannot_load_safely_is_a_link(client: Client, address: str) -> None:
    make_resource("Beat", audio_url=address)

    response = client.get("/resources/beat/")

    assert not read(response.content).all("audio")
    assert "media-src" not in response["Content-Security-Policy"]
    assert address in {link["href"] for link in read(response.content).all("a")}


def test_says_everything_about_a_course(client: Client) -> None:
    terms = facts(page_of(client, make_resource(kind="course", course_format="Slideshow", course_length="2 hours")))

    assert (terms["Format"], terms["Length"]) == ("Slideshow", "2 hours")


def test_says_everything_about_a_review(client: Client) -> None:
    review = make_resource(
        kind="review",
        incident="A flood",
        place="Aurora, CO",
        incident_date="July 20, 2012",
        agency="Aurora Police",
        authors="Doe, Roe",
        pages=90,
    )

    terms = facts(page_of(client, review))

    assert terms["Incident"] == "A flood"
    assert terms["Place"] == "Aurora, CO"
    assert terms["Incident date"] == "July 20, 2012"
    assert terms["Agency"] == "Aurora Police"
    assert terms["Authors"] == "Doe, Roe"
    assert terms["Pages"] == "90"


def test_shows_the_text_of_a_forum(client: Client) -> None:
    page = page_of(client, make_resource(kind="forum", body="- To **share**"))

    assert page.one("div", class_="prose").one("li").one("strong").words == "share"


def test_shows_a_hostile_title_as_words(client: Client) -> None:
    hostile = "</title></script><script>alert(1)</script>"

    page = page_of(client, make_resource(hostile, summary=hostile))

    assert page.one("h1").words == hostile
    assert [script["type"] for script in page.all("script")] == ["application/ld+json"]


# What is no longer, or not yet, there


def test_an_old_address_leads_to_the_new_one_for_ever(client: Client) -> None:
    make_resource("Officer Fatigue")
    Resource.objects.update(slug="fatigue")
    Resource.objects.update(slug="sleep")

    for old in ("officer-fatigue", "fatigue"):
        response = client.get(f"/resources/{old}/")
        assert (response.status_code, response["Location"]) == (301, "/resources/sleep/")


def test_an_old_address_of_a_withdrawn_one_leads_to_the_explanation(client: Client) -> None:
    resource = make_resource("Officer Fatigue")
    Resource.objects.update(slug="fatigue")
    resource.refresh_from_db()
    withdraw(resource)

    response = client.get("/resources/officer-fatigue/", follow=True)

    assert response.redirect_chain == [("/resources/fatigue/", 301)]
    assert response.status_code == 410


def test_an_old_address_of_a_draft_is_not_found(client: Client) -> None:
    make_resource("Officer Fatigue", state="draft")
    Resource.objects.update(slug="fatigue")

    assert client.get("/resources/officer-fatigue/").status_code == 404


def test_a_withdrawn_one_says_why_since_when_and_what_to_use_instead(client: Client) -> None:
    successor = make_resource("Building Personal Resilience")
    since = datetime(2026, 3, 4, 12, tzinfo=UTC)
    withdraw(
        make_resource("Officer Fatigue", url="https://example.org/gone"),
        "Its publisher replaced it.",
        successor=successor,
        withdrawn_at=since,
    )

    response = client.get("/resources/officer-fatigue/")
    main = read(response.content).one("main")

    assert response.status_code == 410
    assert main.one("h1").words == "Officer Fatigue"
    assert "We removed this on March 4, 2026. Its publisher replaced it." in main.words
    assert main.one("a", href="/resources/building-personal-resilience/").words == "Building Personal Resilience"
    assert "example.org/gone" not in response.text


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_a_successor_that_readers_cannot_use_is_not_named(client: Client, state: str) -> None:
    listed_at = TEN_YEARS if state == "scheduled" else LISTED
    successor = make_resource(
        "Secret Successor", state="draft" if state == "draft" else "published", listed_at=listed_at
    )
    if state == "withdrawn":
        withdraw(successor)
    withdraw(make_resource("Officer Fatigue"), successor=successor)

    response = client.get("/resources/officer-fatigue/")

    assert response.status_code == 410
    assert "Secret Successor" not in response.text
    assert ("Its replacement has been removed" in response.text) == (state == "withdrawn")


def test_a_draft_is_not_found(client: Client) -> None:
    make_resource("Officer Fatigue", state="draft")

    assert client.get("/resources/officer-fatigue/").status_code == 404


def test_appears_by_itself_at_its_hour(client: Client) -> None:
    resource = make_resource("Officer Fatigue", listed_at=TEN_YEARS)
    assert client.get("/resources/officer-fatigue/").status_code == 404

    Resource.objects.filter(pk=resource.pk).update(listed_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert client.get("/resources/officer-fatigue/").status_code == 200


def test_a_draft_that_was_withdrawn_before_it_was_listed_is_not_found(client: Client) -> None:
    withdraw(make_resource("Officer Fatigue", state="draft"))

    assert client.get("/resources/officer-fatigue/").status_code == 404


@pytest.mark.parametrize("slug", ["nothing", "Officer-Fatigue", "officer-fatigue%20", "1", "a" * 5000, "%F0%9F%98%B4"])
def test_what_never_was_is_not_found(client: Client, slug: str) -> None:
    make_resource("Officer Fatigue")

    assert client.get(f"/resources/{slug}/").status_code == 404


def test_names_no_section_that_readers_cannot_see(client: Client) -> None:
    section = make_section("podcasts", state="draft", title="Secret section")

    assert "Secret section" not in client.get(f"/resources/{make_resource(section=section).slug}/").text


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries) -> None:
    make_help_line()
    resource = make_resource(categories=[make_category()], tags=["sleep"], series=make_series(), publisher=None)
    # The state of the library, the resource with all it belongs to, its categories and tags, what shares its tags; and
    # once until the next edit: words of a crisis, the help lines, the newest with their categories.
    with django_assert_num_queries(8):
        page_of(client, resource)
    make_resources(10)
    resource.tags.add(*[f"tag {number}" for number in range(10)])
    with django_assert_num_queries(8):
        page_of(client, resource)


def test_offers_a_way_off_the_page_where_its_title_or_subject_speaks_of_a_crisis(client: Client) -> None:
    make_crisis_term("suicide")
    spoken = [
        make_resource("Officer Suicides"),
        make_resource("Hope", categories=[make_category("suicide-prevention", "Suicide prevention")]),
    ]
    other = make_resource("Officer Fatigue", categories=[make_category()])

    for resource in spoken:
        leave = page_of(client, resource).one("p", class_="leave")
        assert leave.one("a")["href"] == "https://www.weather.gov/"
        words = "“Leave this site” opens weather.gov. This visit stays in your browser history."
        assert leave.words == f"Leave this site {words}"
    assert not page_of(client, other).all("p", class_="leave")


@pytest.mark.parametrize("part", ["handout", "transcript"])
def test_offers_a_way_off_its_hand_out_and_transcript_too(client: Client, part: str) -> None:
    make_crisis_term("suicide")
    make_resource("Officer Suicides", slug="spoken", kind="podcast", transcript="What is said.")
    make_resource("Officer Fatigue", slug="other", kind="podcast", transcript="What is said.")

    assert read(client.get(f"/resources/spoken/{part}/").content).all("p", class_="leave")
    assert not read(client.get(f"/resources/other/{part}/").content).all("p", class_="leave")


def test_can_be_taken_to_a_phone_of_ones_own(client: Client) -> None:
    box = page_of(client, make_resource(ref="bpr2345")).one("details", class_="own-phone")

    assert box.one("summary").words == "Open on your phone"
    assert box.get("open") is None
    code = box.one("img", src="/r/bpr2345/qr.svg")
    assert code["alt"] == "QR code for http://testserver/r/bpr2345/"
    assert code["loading"] == "lazy"
    assert box.one("figcaption").words == "http://testserver/r/bpr2345/"
