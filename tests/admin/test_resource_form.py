"""Adding and changing a resource of each kind, as a curator who was told nothing does it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from library.models import FormerSlug, Resource, Tag
from library.models.resource.kinds import FIELDS_OF_KIND, Kind
from tests.admin.conftest import filled_in
from tests.factories import LISTED, make_category, make_publisher, make_resource, make_section, make_series
from tests.reading import read

ADD = "/admin/library/resource/add/"

# What a curator types into the fields that only this kind has.
TYPED: dict[Kind, dict[str, Any]] = {
    Kind.COURSE: {"course_length": "About 4 hours", "course_format": "eLearning course"},
    Kind.PODCAST: {
        "speaker": "Dr. John Violanti",
        "speaker_affiliation": "University at Buffalo",
        "host": "Anna Cook",
        "running_minutes": "12",
        "audio_url": "https://cops.usdoj.gov/beat/1.mp3",
        "audio_bytes": "5000000",
        "transcript_url": "https://cops.usdoj.gov/beat/1.txt",
    },
    Kind.REVIEW: {
        "incident": "Century 16 shooting",
        "place": "Aurora, CO",
        "incident_date": "July 20, 2012",
        "agency": "Aurora Police Department",
        "authors": "TriData",
        "pages": "188",
    },
    Kind.FORUM: {"body": "Three goals:\n\n- one\n- two"},
    Kind.SITE: {},
}


def add(client: Client, kind: Kind = Kind.SITE, **typed: Any) -> Any:
    address = f"{ADD}?kind={kind.value}"
    return client.post(address, filled_in(client.get(address), **typed))


def test_first_asks_for_the_kind(signed_in: Client) -> None:
    links = [link["href"] for link in read(signed_in.get(ADD).content).one("ul", class_="kinds").all("a")]
    assert links == ["?kind=course", "?kind=podcast", "?kind=review", "?kind=forum", "?kind=site"]
    assert signed_in.get(f"{ADD}?kind=novel").templates[0].name == "admin/library/resource/kinds.html"


@pytest.mark.parametrize("kind", list(Kind))
def test_adds_a_resource_of_each_kind_with_its_fields_and_no_others(signed_in: Client, kind: Kind) -> None:
    section, publisher, category = make_section(), make_publisher(), make_category()
    page = signed_in.get(f"{ADD}?kind={kind.value}")
    fields = set(page.context["adminform"].form.fields)
    for other in Kind:
        assert fields.issuperset(FIELDS_OF_KIND[other]) if other is kind else fields.isdisjoint(FIELDS_OF_KIND[other])
    typed = TYPED[kind] | ({"series": make_series(publisher).pk} if kind is Kind.PODCAST else {})
    response = add(
        signed_in,
        kind,
        title=" Officer\xa0 Safety\u200b \u202eFirst",
        slug="",
        summary="What a reader\ngets.",
        url="https://example.org/",
        section=section.pk,
        publisher=publisher.pk,
        categories=[category.pk],
        tags="PTSD, sleep",
        published_on="2018-05-17",
        published_precision="month",
        state="published",
        **typed,
    )
    assert response.status_code == 302, response.context["errors"]
    resource = Resource.objects.get()
    assert (resource.kind, resource.slug, resource.position) == (kind, "officer-safety-first", 1)
    assert (resource.title, resource.summary) == ("Officer Safety First", "What a reader gets.")
    assert resource.published_label == "May 2018"
    assert list(resource.categories.all()) == [category]
    assert {tag.name for tag in resource.tags.all()} == {"PTSD", "sleep"}
    assert timezone.now() - resource.listed_at < timedelta(minutes=1)
    for name, value in typed.items():
        held = getattr(resource, f"{name}_id" if name == "series" else name)
        assert str(held).replace("\r\n", "\n") == str(value)
    assert signed_in.get("/resources/officer-safety-first/").status_code == 200


def test_kind_cannot_be_changed_in_the_form(signed_in: Client) -> None:
    resource = make_resource(kind="site")
    address = f"/admin/library/resource/{resource.pk}/change/"
    assert "kind" not in signed_in.get(address).context["adminform"].form.fields
    signed_in.post(f"{address}?kind=forum", filled_in(signed_in.get(address), kind="forum", body="Text"))
    resource.refresh_from_db()
    assert (resource.kind, resource.body) == ("site", "")


def test_equal_titles_get_numbered_address_names_also_beside_names_of_before(signed_in: Client) -> None:
    section = make_section()
    first = make_resource("Officer Suicides", section=section)
    first.slug = "officer-suicides-2013"
    first.save()
    assert FormerSlug.objects.get().slug == "officer-suicides"
    for slug in ("", "officer-suicides"):  # without a script, and as the browser fills it in
        add(signed_in, title="Officer Suicides", slug=slug, section=section.pk)
    slugs = Resource.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["officer-suicides-2013", "officer-suicides-2", "officer-suicides-3"]


def test_long_and_foreign_titles_get_an_address_name_too(signed_in: Client) -> None:
    section = make_section()
    for title in ("a" * 300, "a" * 300, "Здоровье"):
        assert add(signed_in, title=title, slug="", section=section.pk).status_code == 302
    first, second, third = Resource.objects.order_by("pk")
    assert (first.slug, second.slug, third.slug) == ("a" * 100, "a" * 97 + "-2", third.ref)


def test_emptied_address_name_stays_as_it_was(signed_in: Client) -> None:
    resource = make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    assert signed_in.post(address, filled_in(signed_in.get(address), slug="")).status_code == 302
    resource.refresh_from_db()
    assert resource.slug == "building-personal-resilience"


def test_changed_address_name_leads_old_links_to_the_new_one(signed_in: Client) -> None:
    resource = make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    signed_in.post(address, filled_in(signed_in.get(address), slug="resilience"))
    response = signed_in.get("/resources/building-personal-resilience/")
    assert (response.status_code, response["Location"]) == (301, "/resources/resilience/")
    assert "/resources/building-personal-resilience/" in signed_in.get(address).content.decode()


def test_address_name_of_another_is_an_error_that_keeps_what_was_typed(signed_in: Client) -> None:
    make_resource("Officer Fatigue")
    resource = make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    page = signed_in.post(address, filled_in(signed_in.get(address), slug="officer-fatigue", title="Typed"))
    assert page.status_code == 200
    assert "Another resource has this URL name" in page.content.decode()
    assert filled_in(page)["title"] == "Typed"


def test_form_shows_the_short_link(signed_in: Client) -> None:
    resource = make_resource()
    page = read(signed_in.get(f"/admin/library/resource/{resource.pk}/change/").content)
    assert page.all("a", href=f"/r/{resource.ref}/")


def test_new_resource_is_offered_the_section_of_its_kind(signed_in: Client) -> None:
    resource = make_resource(section=make_section("beat"))
    assert filled_in(signed_in.get(f"{ADD}?kind=podcast"))["section"] == str(resource.section_id)
    assert filled_in(signed_in.get(f"{ADD}?kind=site"))["section"] == ""


def test_save_and_add_another_keeps_the_kind(signed_in: Client) -> None:
    response = add(signed_in, Kind.FORUM, title="LEO Near Miss", section=make_section().pk, _addanother="1")
    assert response["Location"] == f"{ADD}?kind=forum"


def test_withdrawal_needs_a_reason_and_then_readers_see_it(signed_in: Client) -> None:
    resource = make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    refused = signed_in.post(address, filled_in(signed_in.get(address), state="withdrawn"))
    assert "withdrawn_reason" in refused.context["adminform"].form.errors
    form = filled_in(signed_in.get(address), state="withdrawn", withdrawn_reason="Its publisher took it down.")
    assert signed_in.post(address, form).status_code == 302
    page = signed_in.get(resource.get_absolute_url())
    assert page.status_code == 410
    assert "Its publisher took it down." in page.content.decode()


def test_published_resource_keeps_the_moment_of_its_listing_and_cannot_be_a_draft_again(signed_in: Client) -> None:
    resource = make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    form = filled_in(signed_in.get(address), listed_at_0="", listed_at_1="")
    assert signed_in.post(address, form).status_code == 302
    assert "state" in signed_in.post(address, form | {"state": "draft"}).context["adminform"].form.errors
    resource.refresh_from_db()
    assert (resource.state, resource.listed_at) == ("published", LISTED)


def test_scheduled_resource_is_shown_with_its_date(signed_in: Client) -> None:
    make_resource(listed_at=timezone.now() + timedelta(days=3))
    assert "From " in read(signed_in.get("/admin/library/resource/").content).one("td", class_="field-status").words


def test_in_another_section_it_stands_last(signed_in: Client) -> None:
    here, there = make_section(), make_section("there")
    moved = make_resource(section=here)
    for number in range(3):
        make_resource(f"Episode {number}", section=there)
    address = f"/admin/library/resource/{moved.pk}/change/"
    assert signed_in.post(address, filled_in(signed_in.get(address), section=there.pk)).status_code == 302
    moved.refresh_from_db()
    assert (moved.section, moved.position) == (there, 4)


def test_saving_a_form_leaves_the_place_that_others_changed(signed_in: Client) -> None:
    section = make_section()
    first, second = make_resource("One", section=section), make_resource("Two", section=section)
    address = f"/admin/library/resource/{second.pk}/change/"
    form = filled_in(signed_in.get(address), title="Two, mended")
    section.move_entry(second.pk, "top")
    signed_in.post(address, form)
    assert list(section.resources.order_by("position").values_list("title", flat=True)) == ["Two, mended", "One"]
    assert first.title == "One"


def test_choices_of_a_successor_can_be_told_apart(signed_in: Client) -> None:
    first, second = make_resource("Officer Suicides"), make_resource("Officer Suicides")
    query = "app_label=library&model_name=resource&field_name=successor&term=officer+sui"
    texts = [row["text"] for row in signed_in.get(f"/admin/autocomplete/?{query}").json()["results"]]
    assert texts == [f"Officer Suicides (Podcast episode, {entry.ref})" for entry in (second, first)]


@pytest.mark.parametrize("words", ["resil", "resilien", "personal build", "building-personal-resilience", "REF"])
def test_search_finds_beginnings_of_words_the_address_name_and_the_ref(signed_in: Client, words: str) -> None:
    resource = make_resource()
    make_resource("Officer Fatigue")
    page = signed_in.get(
        "/admin/library/resource/", {"q": words.replace("REF", f"https://example.org/r/{resource.ref}/")}
    )
    assert [row.pk for row in page.context["cl"].result_list] == [resource.pk]


@pytest.mark.parametrize("tags", ["x" * 300, ",".join(f"tag {number}" for number in range(40)), "+++"])
def test_impossible_tags_are_errors_of_the_field(signed_in: Client, tags: str) -> None:
    page = add(signed_in, title="Sleep", section=make_section().pk, tags=tags)
    assert "tags" in page.context["adminform"].form.errors
    assert not Tag.objects.exists()


def test_view_on_site_is_offered_for_what_readers_can_see(signed_in: Client) -> None:
    public = signed_in.get(f"/admin/library/resource/{make_resource().pk}/change/")
    draft = signed_in.get(f"/admin/library/resource/{make_resource(state='draft', listed_at=None).pk}/change/")
    assert public.context["absolute_url"] == "/resources/building-personal-resilience/"
    assert draft.context["absolute_url"] is None


def test_a_listing_can_end_by_itself(signed_in: Client) -> None:
    resource = make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    refused = signed_in.post(address, filled_in(signed_in.get(address), expires_at_0="2001-01-01", expires_at_1="0:00"))
    assert "That time has passed" in refused.text

    year = timezone.localdate().year + 1
    form = filled_in(signed_in.get(address), expires_at_0=f"{year}-01-01", expires_at_1="0:00")
    assert signed_in.post(address, form).status_code == 302

    resource.refresh_from_db()
    assert timezone.localtime(resource.expires_at).year == year
    assert f"Until Jan. 1, {year}" in signed_in.get("/admin/library/resource/").text


def test_a_day_of_a_look_is_neither_to_come_nor_before_there_was_a_web(signed_in: Client) -> None:
    name, resource = "reviewed_on", make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    today = timezone.localdate()
    for day, words in ((today + timedelta(days=1), "in the future"), (date(1989, 12, 31), "in 1990 or later")):
        typed = {name: day.isoformat(), "title": "Typed"}
        answer = signed_in.post(address, filled_in(signed_in.get(address), **typed))
        assert answer.status_code == 200
        (message,) = answer.context["adminform"].form.errors[name]
        assert words in message
        assert "Typed" in answer.text
    typed[name] = today.isoformat()
    assert signed_in.post(address, filled_in(signed_in.get(address), **typed)).status_code == 302
    resource.refresh_from_db()
    assert getattr(resource, name) == today


def test_a_publication_date_is_understood_as_people_write_it_with_its_precision(signed_in: Client) -> None:
    resource = make_resource()
    address = f"/admin/library/resource/{resource.pk}/change/"
    for written, chosen, label in (
        ("2/28/2020", "", "Feb. 28, 2020"),
        ("Feb 2020", "", "February 2020"),
        ("2020", "day", "2020"),
        ("March 3, 2021", "month", "March 2021"),
        ("2020-02", "year", "February 2020"),
    ):
        form = filled_in(signed_in.get(address), published_on=written, published_precision=chosen)
        assert signed_in.post(address, form).status_code == 302, written
        resource.refresh_from_db()
        assert resource.published_label == label
    form = filled_in(signed_in.get(address))
    assert signed_in.post(address, form | {"title": "Unchanged"}).status_code == 302
    resource.refresh_from_db()
    assert resource.published_label == "February 2020"
    form, late = filled_in(signed_in.get(address)), timezone.localdate() + timedelta(days=2)
    for wrong, words in (("soon", "2020, Feb 2020"), ("1899", "from 1900"), (f"{late}", "in the future")):
        errors = signed_in.post(address, form | {"published_on": wrong}).context["adminform"].form.errors
        assert words in str(errors["published_on"])


def test_a_moment_is_written_as_people_do_in_the_zone_that_stands_beside_it(signed_in: Client) -> None:
    resource = make_resource(state="draft", listed_at=None)
    address = f"/admin/library/resource/{resource.pk}/change/"
    assert signed_in.get(address).text.count("Time (America/New_York):") == 2
    for day, moment, label in (
        ("3/5/2036", "8pm", "2036-03-05 20:00"),
        ("Mar 5, 2036", "8:30 a.m.", "2036-03-05 08:30"),
        ("2036-03-05", "", "2036-03-05 00:00"),
        ("5 Mar 2036", "20:15", "2036-03-05 20:15"),
    ):
        typed = {"listed_at_0": day, "listed_at_1": moment, "review_by": "Feb 28, 2030"}
        assert signed_in.post(address, filled_in(signed_in.get(address), **typed)).status_code == 302
        resource.refresh_from_db()
        assert f"{timezone.localtime(resource.listed_at):%Y-%m-%d %H:%M}" == label
    assert resource.review_by == date(2030, 2, 28)
    wrong = {"listed_at_0": "", "listed_at_1": "8pm", "review_by": "Feb 2030"}
    errors = signed_in.post(address, filled_in(signed_in.get(address), **wrong)).context["adminform"].form.errors
    assert "Enter a date like" in str(errors["listed_at"])
    assert "Enter a date like" in str(errors["review_by"])
