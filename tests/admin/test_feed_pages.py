"""A podcast's feed into the library: looked at first, then chosen episodes become drafts, and never twice."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models import AuditEntry, FeedEpisode, Resource, Section, Series, User
from tests.admin.conftest import refuse
from tests.factories import make_resource, make_section, make_series
from tests.imports.conftest import item, rss
from tests.outside import Outside
from tests.reading import read

FEED = "/admin/library/resource/feed/"
HERE = "http://example.org/feed.xml"


@pytest.fixture
def series(db: None) -> Series:
    return make_series()


@pytest.fixture
def section(db: None) -> Section:
    return make_section()


def file_of(*items: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("feed.xml", rss("".join(items)), "application/xml")


def preview(client: Client, *items: str) -> Any:
    given = {"series": Series.objects.get().pk, "section": Section.objects.get(anchor="podcasts").pk}
    return client.post(FEED, given | {"file": file_of(*items)})


def take(client: Client, page: Any, *places: int, **more: str) -> Any:
    form = {"episodes": read(page.content).one("input", name="episodes")["value"], "chosen": [*map(str, places)]}
    return client.post(FEED, form | more, follow=True)


def messages_of(page: Any) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def test_is_offered_where_a_resource_is_added(signed_in: Client) -> None:
    assert read(signed_in.get("/admin/library/resource/add/").content).all("a", href=FEED)
    assert signed_in.get(FEED).status_code == 200


def test_chosen_episodes_become_drafts(signed_in: Client, series: Series, section: Section) -> None:
    page = preview(
        signed_in,
        item(
            "1",
            "Sleep",
            link="https://example.org/1?utm_source=feed",
            date="Tue, 04 Feb 2020 10:00:00 GMT",
            summary="&lt;p&gt;Rest.",
        ),
        item("2", "Stress", date="Tue, 04 Feb 2019 10:00:00 GMT"),
    )
    assert not Resource.objects.exists()
    response = take(signed_in, page, 0)
    assert "1 draft was made." in messages_of(response)
    draft = Resource.objects.get()
    assert (draft.kind, draft.state, draft.title, draft.slug) == ("podcast", "draft", "Sleep", "sleep")
    assert (draft.section, draft.series, draft.publisher, draft.position) == (section, series, series.publisher, 1)
    assert (draft.published_on, draft.published_precision) == (date(2020, 2, 4), "day")
    assert (draft.summary, draft.url) == ("Rest.", "https://example.org/1")
    assert draft.owner == User.objects.get(username="curator")
    assert (draft.audio_url, draft.audio_bytes, draft.running_minutes) == ("https://example.org/1.mp3", 5000000, 13)
    assert AuditEntry.objects.get().subject == "Sleep"
    entry = AuditEntry.objects.acts().get()
    assert (entry.kind, entry.subject, entry.user) == ("imported", "Sleep", draft.owner)
    draft.full_clean()
    assert signed_in.get(draft.get_absolute_url()).status_code == 404


def test_the_same_feed_later_brings_only_what_is_new(signed_in: Client, series: Series, section: Section) -> None:
    take(signed_in, preview(signed_in, item("1", "Sleep")), 0)
    page = preview(signed_in, item("2", "Stress"), item("1", "Sleep, with a new title"))
    boxes = [box["value"] for box in read(page.content).all("input", name="chosen")]
    assert (boxes, page.context["new"]) == (["0"], 1)
    assert "Already in the library" in page.content.decode()
    assert "1 draft was made. 1 was already in the library." in messages_of(take(signed_in, page, all="1"))
    assert list(Resource.objects.order_by("position").values_list("title", flat=True)) == ["Sleep", "Stress"]


def test_entry_at_the_address_of_an_episode_is_that_one(signed_in: Client, series: Series, section: Section) -> None:
    make_resource(url="https://example.org/1/?utm_source=mail", section=section)
    page = preview(signed_in, item("g1", "Sleep", link="http://EXAMPLE.org/1"))
    assert page.context["new"] == 0
    assert read(page.content).all("input", name="chosen") == []


def test_sent_twice_it_makes_the_drafts_once(signed_in: Client, series: Series, section: Section) -> None:
    page = preview(signed_in, item("1", "Sleep"))
    take(signed_in, page, 0)
    assert "0 drafts were made. 1 was already in the library." in messages_of(take(signed_in, page, 0))
    assert Resource.objects.count() == FeedEpisode.objects.count() == 1


def delete_the_draft(client: Client) -> None:
    pk = Resource.objects.get().pk
    assert client.post(f"/admin/library/resource/{pk}/delete/", {"post": "yes"}).status_code == 302


def test_draft_that_was_deleted_and_recovered_is_known_again(
    signed_in: Client, series: Series, section: Section
) -> None:
    take(signed_in, preview(signed_in, item("1", "Sleep")), 0)
    page = preview(signed_in, item("1", "Sleep"))
    delete_the_draft(signed_in)
    deleted = read(signed_in.get("/admin/library/auditentry/deleted/").content).one("input", name="version")["value"]
    signed_in.post("/admin/library/auditentry/deleted/", {"version": deleted})

    assert not read(preview(signed_in, item("1", "Sleep")).content).all("input", name="chosen")
    take(signed_in, page, 0)
    assert Resource.objects.count() == 1


def test_episode_whose_draft_was_deleted_can_be_taken_again(
    signed_in: Client, series: Series, section: Section
) -> None:
    take(signed_in, preview(signed_in, item("1", "Sleep")), 0)
    delete_the_draft(signed_in)

    assert "1 draft was made." in messages_of(take(signed_in, preview(signed_in, item("1", "Sleep")), 0))
    assert FeedEpisode.objects.get().resource == Resource.objects.get()


def test_all_of_it_is_taken_back_in_one_press(signed_in: Client, series: Series, section: Section) -> None:
    items = [item(str(number), f"Episode {number}") for number in range(4)]
    take(signed_in, preview(signed_in, *items), all="1")
    edited, published = Resource.objects.get(title="Episode 1"), Resource.objects.get(title="Episode 2")
    Resource.objects.filter(pk=edited.pk).update(summary="Written by hand.")
    signed_in.post(f"/admin/library/resource/{published.pk}/change/", {})  # refused: no change
    Resource.objects.filter(pk=published.pk).update(state="published", listed_at=timezone.now())

    page = signed_in.post("/admin/library/resource/undo/", follow=True)

    assert "2 drafts were deleted." in messages_of(page)
    assert messages_of(page).count("Someone has changed it since.") == 2
    assert set(Resource.objects.all()) == {edited, published}
    assert AuditEntry.objects.get(kind="deleted").total == 2
    assert signed_in.post("/admin/library/resource/undo/").status_code == 404
    assert preview(signed_in, *items).context["new"] == 2  # they can be taken again


def test_equal_titles_get_addresses_of_their_own(signed_in: Client, series: Series, section: Section) -> None:
    take(signed_in, preview(signed_in, item("1", "Sleep"), item("2", "Sleep"), item("3", "眠り")), all="1")
    slugs = set(Resource.objects.values_list("slug", flat=True))
    assert slugs >= {"sleep", "sleep-2"}
    assert len(slugs) == 3


def test_date_on_which_nothing_is_published_is_left_out_and_said(
    signed_in: Client, series: Series, section: Section
) -> None:
    dates = ["Tue, 04 Feb 2098 10:00:00 GMT", "Tue, 04 Feb 1890 10:00:00 GMT", "Tue, 04 Feb 2020 10:00:00 GMT"]
    page = preview(signed_in, *(item(str(place), f"Sleep {place}", date=day) for place, day in enumerate(dates)))
    messages = messages_of(take(signed_in, page, 0, 1, 2))
    assert "3 drafts were made. 2 have no date: the feed’s are in the future or before 1900." in messages
    assert {entry.published_on for entry in Resource.objects.all()} == {None, date(2020, 2, 4)}


def test_what_is_left_out_is_counted_with_its_reason(signed_in: Client, series: Series, section: Section) -> None:
    nameless = "<item><guid>2</guid></item>"
    page = read(preview(signed_in, item("1", "Sleep"), item("1", "Sleep, again"), nameless).content)
    assert "1 episode is in the feed twice and shown once." in page.words
    assert "1 item is left out: it has no title, or no ID, link, or audio." in page.words


def test_reads_the_feed_at_an_address(signed_in: Client, outside: Outside, series: Series, section: Section) -> None:
    outside.page("/feed.xml", rss(item("1", "Sleep")), "application/rss+xml")
    page = signed_in.post(FEED, {"address": HERE, "series": series.pk, "section": section.pk})
    assert [episode.title for _place, episode, _entry, _chosen in page.context["rows"]] == ["Sleep"]


def test_beginning_of_a_long_feed_is_shown_and_said_to_be_one(
    signed_in: Client, outside: Outside, series: Series, section: Section
) -> None:
    outside.page("/feed.xml", rss("".join(item(str(number), "Sleep " * 30) for number in range(3000))))
    page = signed_in.post(FEED, {"address": HERE, "series": series.pk, "section": section.pk})
    assert "The feed is longer than 1 MB" in page.content.decode()
    assert 1000 <= page.context["feed"].episode_count < 3000


def test_a_thousand_episodes_can_be_taken_at_once(signed_in: Client, series: Series, section: Section) -> None:
    page = preview(signed_in, *(item(str(number), f"Sleep {number}") for number in range(1001)))
    assert "these are the newest 1,000" in page.content.decode()
    assert "1000 drafts were made." in messages_of(take(signed_in, page, *range(1000)))
    assert Resource.objects.filter(section=section).count() == 1000


def test_of_many_new_episodes_the_newest_can_be_taken(signed_in: Client, series: Series, section: Section) -> None:
    make_resource(url="https://e.org/1", section=section)
    items = [item(str(number), f"Sleep {number}", link=f"https://e.org/{number}") for number in range(60)]
    page = preview(signed_in, *items)
    buttons = [button.words for button in read(page.content).one("div", class_="episode_buttons").all("button")]
    assert buttons[1:] == ["Make drafts of the newest 50", "Make drafts of all 59 new episodes"]
    until = read(page.content).one("button", name="until")["value"]
    assert "50 drafts were made." in messages_of(take(signed_in, page, until=until))
    assert set(Resource.objects.filter(state="draft").values_list("url", flat=True)) == {
        f"https://e.org/{number}" for number in range(51) if number != 1
    }
    assert not read(preview(signed_in, *items).content).all("button", name="until")


def test_ten_more_episodes_cost_no_more_queries(signed_in: Client, series: Series, section: Section) -> None:
    def queries(number: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            preview(signed_in, *(item(str(place), "Sleep", link=f"https://e.org/{place}") for place in range(number)))
        return len(captured)

    preview(signed_in, item("1", "Sleep"))
    assert queries(1) == queries(11)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "not both"),
        ({"address": HERE, "file": b"x"}, "not both"),
        ({"address": "http://127.0.0.1/feed"}, "private network"),
        ({"address": "http://example.org/nowhere"}, "404"),
        ({"file": b"<html></html>"}, "isn’t a podcast feed"),
        ({"file": b"x" * 3_000_001}, "larger than 3 MB"),
        ({"file": b"x", "series": "99999"}, "Select a valid choice"),
        ({"file": b"x", "section": "abc"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(
    signed_in: Client, outside: Outside, series: Series, section: Section, given: dict[str, Any], words: str
) -> None:
    if "file" in given:
        given = given | {"file": SimpleUploadedFile("feed.xml", given["file"])}
    page = signed_in.post(FEED, {"series": series.pk, "section": section.pk} | given)
    assert page.status_code == 200
    assert words in page.content.decode()


def test_nothing_chosen_and_broken_plans_make_nothing(signed_in: Client, series: Series, section: Section) -> None:
    page = preview(signed_in, item("1", "Sleep"))
    assert "You didn’t select any episodes" in messages_of(take(signed_in, page))
    assert "You didn’t select any episodes" in messages_of(take(signed_in, page, 7))
    assert "too old" in messages_of(signed_in.post(FEED, {"episodes": "forged", "all": "1"}, follow=True))
    plan = read(page.content).one("input", name="episodes")["value"]
    assert "too old" in messages_of(signed_in.post(FEED, {"episodes": f"{plan}x", "all": "1"}, follow=True))
    assert not Resource.objects.exists()


def test_section_or_series_that_is_gone_is_told_in_words(signed_in: Client, series: Series, section: Section) -> None:
    page = preview(signed_in, item("1", "Sleep"))
    series.delete()
    assert "try again" in messages_of(take(signed_in, page, 0))
    assert not Resource.objects.exists()


def test_what_was_chosen_stays_chosen_where_the_database_refuses_it(
    signed_in: Client, series: Series, section: Section
) -> None:
    page = preview(signed_in, item("1", "Sleep"), item("2", "Stress"))
    refuse("INSERT", "Not at night.")

    page = take(signed_in, page, 1)

    assert messages_of(page) == "No drafts were made. Your selection is still here. Not at night."
    boxes = read(page.content).all("input", name="chosen")
    assert [box["value"] for box in boxes if box.get("checked") is not None] == ["1"]


def test_words_of_a_feed_are_inert(signed_in: Client, series: Series, section: Section) -> None:
    page = preview(
        signed_in, item("1", "&lt;script&gt;x&lt;/script&gt;Sleep &amp;lt;b&gt;", link="javascript:alert(1)")
    )
    assert "javascript:" not in page.content.decode()
    take(signed_in, page, 0)
    assert Resource.objects.get().url == ""


def test_who_may_not_add_a_resource_sees_nothing_of_it(client: Client, outside: Outside, series: Series) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(viewer.user_permissions.model.objects.filter(codename="view_resource"))
    client.force_login(viewer)
    assert client.get(FEED).status_code == 403
    assert client.post(FEED, {"address": HERE, "series": series.pk}).status_code == 403
    assert outside.connected == []
    assert Client().get(FEED).status_code == 302
