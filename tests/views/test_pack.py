"""`/pack/?r=<ref>&r=<ref>`: the roll-call pack, chosen entries in an order that stands in the address alone."""

import pytest
from django.test import Client

from library.db.edit_cache import edit_cache
from library.pages.qr_codes import qr_code
from tests.factories import TEN_YEARS, make_help_line, make_publisher, make_resource, make_resources, withdraw
from tests.reading import Element, read

pytestmark = pytest.mark.django_db


def pack(client: Client, query: str = "") -> Element:
    response = client.get(f"/pack/{query}")
    assert response.status_code == 200
    return read(response.content)


def titles(page: Element) -> list[str]:
    return [part.one("a", class_="entry-title").words for part in page.all("li", class_="pack-part")]


def make_three() -> None:
    for ref, title in (("aaaa", "Alpha"), ("bbbb", "Bravo"), ("cccc", "Charlie")):
        make_resource(title, ref=ref)


def test_shows_the_chosen_entries_in_the_order_of_the_address(client: Client) -> None:
    make_three()
    make_resource("Not chosen")

    page = pack(client, "?r=cccc&r=aaaa")

    assert titles(page) == ["Charlie", "Alpha"]
    assert page.one("title").words == "Roll-call pack: 2 resources – Officer Mental Health Resources"
    assert [caption.words for caption in page.all("figcaption")] == [
        "http://testserver/r/cccc/",
        "http://testserver/r/aaaa/",
    ]
    assert str(qr_code("http://testserver/r/aaaa/")) in client.get("/pack/?r=cccc&r=aaaa").text


def test_says_what_an_entry_is_before_anybody_opens_it(client: Client) -> None:
    make_resource(
        ref="bpr2345", publisher=make_publisher(), summary="How to build it.", content_note="Sad.", running_minutes=21
    )
    make_resource("Group", ref="group", kind="forum", body="Three *goals*.", summary="Shorter.")

    first, second = pack(client, "?r=bpr2345&r=group").all("li", class_="pack-part")

    for words in ("COPS Office", "21 minutes", "How to build it.", "Content note: Sad."):
        assert words in first.words, words
    assert second.one("em").words == "goals"


def test_adds_the_running_times_up(client: Client) -> None:
    for ref, minutes in (("aaaa", 70), ("bbbb", 60), ("cccc", None), ("dddd", None)):
        make_resource(ref, ref=ref, running_minutes=minutes)

    assert "2 resources. About 2 hours 10 minutes." in pack(client, "?r=aaaa&r=bbbb").words
    four = pack(client, "?r=aaaa&r=bbbb&r=cccc&r=dddd").words
    assert "4 resources. About 2 hours 10 minutes, plus 2 with no listed time." in four
    assert "One resource. Total time unknown." in pack(client, "?r=cccc").words


def test_moves_and_removes_by_plain_links(client: Client) -> None:
    make_three()

    parts = pack(client, "?r=aaaa&r=bbbb&r=cccc").all("li", class_="pack-part")
    ways = [{link.words: link["href"] for link in part.one("p", class_="pack-ways").all("a")} for part in parts]

    assert ways == [
        {"Move down: Alpha": "/pack/?r=bbbb&r=aaaa&r=cccc", "Remove: Alpha": "/pack/?r=bbbb&r=cccc"},
        {
            "Move up: Bravo": "/pack/?r=bbbb&r=aaaa&r=cccc",
            "Move down: Bravo": "/pack/?r=aaaa&r=cccc&r=bbbb",
            "Remove: Bravo": "/pack/?r=aaaa&r=cccc",
        },
        {"Move up: Charlie": "/pack/?r=aaaa&r=cccc&r=bbbb", "Remove: Charlie": "/pack/?r=aaaa&r=bbbb"},
    ]
    (alone,) = pack(client, "?r=aaaa").all("p", class_="pack-ways")
    assert [link["href"] for link in alone.all("a")] == ["/pack/"]


def test_takes_one_more_by_its_code_or_its_permanent_link(client: Client) -> None:
    make_three()

    form = pack(client, "?r=aaaa&r=bbbb").one("form", class_="search")

    assert (form["action"], form["method"]) == ("/pack/", "get")
    assert [(field["type"], field["name"], field.get("value")) for field in form.all("input")] == [
        ("hidden", "r", "aaaa"),
        ("hidden", "r", "bbbb"),
        ("text", "r", None),
    ]
    assert titles(pack(client, "?r=aaaa&r=http%3A%2F%2Ftestserver%2Fr%2Fcccc%2F")) == ["Alpha", "Charlie"]
    assert titles(pack(client, "?r=aaaa&r=+CCCC+")) == ["Alpha", "Charlie"]
    by_page = pack(client, "?r=aaaa&r=http%3A%2F%2Ftestserver%2Fresources%2Fcharlie%2F&r=cccc")
    assert titles(by_page) == ["Alpha", "Charlie"]
    assert by_page.one("link", rel="canonical")["href"] == "http://testserver/pack/?r=aaaa&r=cccc"


def test_leaves_out_what_readers_cannot_see_and_says_how_many(client: Client) -> None:
    make_three()
    make_resource("Secret draft", ref="draft", state="draft")
    make_resource("Secret plan", ref="later", listed_at=TEN_YEARS)

    page = pack(client, "?r=draft&r=aaaa&r=later&r=never&r=aaaa&r=AAAA&r=")

    assert titles(page) == ["Alpha"]
    assert "We couldn’t find 3 of those links, so they aren’t listed." in page.words
    assert "Secret" not in page.words
    assert "We couldn’t find one of those links" in pack(client, "?r=never").words
    assert "left out" not in pack(client, "?r=aaaa&r=aaaa&r=").words


def test_names_what_was_withdrawn_since(client: Client) -> None:
    make_three()
    withdraw(make_resource("Delta", ref="dddd"), reason="Its publisher took it off the web.")

    page = pack(client, "?r=dddd&r=aaaa")

    assert titles(page) == ["Alpha"]
    assert "Removed since you made this pack: Delta. Its publisher took it off the web." in page.words
    assert "dddd" not in client.get("/pack/?r=dddd&r=aaaa").text


def test_has_at_most_30_entries(client: Client) -> None:
    refs = [resource.ref for resource in make_resources(31)]

    full, more = (pack(client, "?" + "&".join(f"r={ref}" for ref in refs[:number])) for number in (30, 31))

    assert titles(full) == titles(more) == [f"Officer Fatigue {number}" for number in range(1, 31)]
    assert "at most 30" not in full.words
    assert "A pack holds 30 resources. We left out the rest." in more.words
    assert full.all("form") == []


def test_an_empty_one_explains_how_to_make_one(client: Client) -> None:
    page = pack(client)

    assert page.one("title").words == "Make a roll-call pack – Officer Mental Health Resources"
    assert "Search below, and add up to 30 resources." in page.one("main").words
    assert [field["name"] for field in page.one("search").all("input")] == ["q"]
    assert "Printed on" not in page.words
    assert len(page.one("form", class_="search").all("input")) == 1


def test_the_page_of_a_resource_begins_one(client: Client) -> None:
    make_resource(ref="bpr2345", slug="resilience")

    links = read(client.get("/resources/resilience/").content).all("a", href="/pack/?r=bpr2345")

    assert [link.words for link in links] == ["Start a roll-call pack"]


def test_names_itself_by_its_clean_address_and_search_engines_leave_it_out(client: Client) -> None:
    make_three()

    page = pack(client, "?x=1&r=never&r=BBBB&r=aaaa")

    assert page.one("link", rel="canonical")["href"] == "http://testserver/pack/?r=bbbb&r=aaaa"
    assert page.one("meta", name="robots")["content"] == "noindex"
    paper = page.one("main").all("p", class_="print-only")[0].words
    assert paper.endswith(". Check for a newer copy at http://testserver/pack/?r=bbbb&r=aaaa")


def test_two_entries_of_one_title_have_different_links(client: Client) -> None:
    make_resource("Officer Suicides", ref="aaaa", speaker="Jane Doe")
    make_resource("Officer Suicides", ref="bbbb", speaker="John Roe")

    assert titles(pack(client, "?r=aaaa&r=bbbb")) == [
        "Officer Suicides, with Jane Doe",
        "Officer Suicides, with John Roe",
    ]


def test_costs_the_same_queries_whatever_it_holds(client: Client, django_assert_num_queries) -> None:
    make_help_line()
    refs = [resource.ref for resource in make_resources(12, publisher=make_publisher())]
    for number in (1, 12):
        edit_cache.clear()
        # The state of the library, the entries with their publishers, whether lengths are known, the help lines.
        with django_assert_num_queries(4):
            pack(client, "?" + "&".join(f"r={ref}" for ref in refs[:number]))
    with django_assert_num_queries(1):
        pack(client)


def test_words_find_more_and_each_result_can_be_added(client: Client) -> None:
    make_three()

    page = pack(client, "?r=cccc&q=alpha")

    assert titles(page) == ["Charlie"]
    (offered,) = [entry for entry in page.all("li", class_="entry") if entry.get("class") == "entry"]
    add = offered.one("a", class_="button")
    assert (add.words, add["href"]) == ("Add: Alpha", "/pack/?r=cccc&r=aaaa")
    assert titles(pack(client, "?r=cccc&r=aaaa")) == ["Charlie", "Alpha"]
    assert "No results for “xyzzy”." in pack(client, "?q=xyzzy").one("main").words
    assert "http://testserver/pack/?r=cccc" in pack(client, "?r=cccc").one("main").words
    assert pack(client).one("footer").one("a", href="/pack/").words == "Make a roll-call pack"


def test_an_entry_opened_from_one_can_be_added_to_it(client: Client) -> None:
    make_three()

    page = pack(client, "?r=cccc&q=alpha")
    (offered,) = [entry for entry in page.all("li", class_="entry") if entry.get("class") == "entry"]
    opened = read(client.get(offered.one("a", class_="entry-title")["href"]).content)

    ways = {link.words: link["href"] for link in opened.one("p", class_="pack-ways").all("a")}
    assert ways == {"Add to pack": "/pack/?r=cccc&r=aaaa", "Back to your pack": "/pack/?r=cccc"}
    assert "Start a roll-call pack" not in opened.words
    assert opened.one("link", rel="canonical")["href"] == "http://testserver/resources/alpha/"
    (part,) = page.all("li", class_="pack-part")
    of_the_pack = read(client.get(part.one("a", class_="entry-title")["href"]).content)
    assert [link.words for link in of_the_pack.one("p", class_="pack-ways").all("a")] == ["Back to your pack"]


@pytest.mark.parametrize(
    "query", ["", "?pack=", "?pack=x", "?pack=/evil", "?pack=aaaa..bbbb", "?pack=aaaa+bbbb", "?r=aaaa"]
)
def test_an_entry_opened_otherwise_knows_of_none(client: Client, query: str) -> None:
    make_three()

    page = read(client.get(f"/resources/alpha/{query}").content)

    assert page.all("p", class_="pack-ways") == []
    assert "Start a roll-call pack" in page.words


def test_a_full_one_takes_no_more_from_the_page_of_an_entry(client: Client) -> None:
    make_three()
    full, too_many = (".".join(f"ref{number}" for number in range(10, 10 + many)) for many in (30, 31))

    page = read(client.get(f"/resources/alpha/?pack={full}").content)

    assert [link.words for link in page.one("p", class_="pack-ways").all("a")] == ["Back to your pack"]
    assert read(client.get(f"/resources/alpha/?pack={too_many}").content).all("p", class_="pack-ways") == []


def test_finds_short_ones_alone_where_lengths_are_known(client: Client) -> None:
    make_three()
    assert pack(client, "?r=aaaa").all("input", name="length") == []

    make_resource("Short Sleep", ref="short", running_minutes=12)
    make_resource("Long Sleep", ref="long", running_minutes=45)

    def offered(query: str) -> list[str]:
        return [link.words for link in pack(client, query).one("main").all("a", class_="entry-title")]

    assert offered("?q=sleep&length=under-20") == ["Short Sleep"]
    assert offered("?length=under-20&page=9&kind=site") == ["Short Sleep"]
    assert len(offered("?q=sleep")) == 2
    box = pack(client, "?q=sleep&length=under-20").one("input", name="length")
    assert (box["value"], box.get("checked")) == ("under-20", "")
