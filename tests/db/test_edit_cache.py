"""`library.db.edit_cache`: values and parts of pages, kept until the next edit and not one request longer."""

from threading import Thread

import pytest
from django.core.cache import caches
from django.test import Client

from library.db import edit_cache as module
from library.db.edit_cache import edit_cache, is_state_known, state_known, until_next_edit
from library.models import HelpLine
from tests.factories import make_help_line, make_page, make_resource, make_section
from tests.reading import read


@pytest.fixture
def made() -> list[str]:
    """What was worked out, each time that it was."""
    return []


def test_a_value_is_worked_out_once_for_each_state(made: list[str]) -> None:
    @until_next_edit
    def double(word: str) -> str:
        made.append(word)
        return word * 2

    for state in (1, 1, 2, 2):
        with state_known(state):
            assert (double("a"), double("b")) == ("aa", "bb")

    assert made == ["a", "b", "a", "b"]


def test_nothing_is_kept_where_no_state_is_known(made: list[str]) -> None:
    for _time in range(2):
        assert edit_cache.get_or_make("key", lambda: made.append("made")) is None

    assert made == ["made", "made"]
    assert not is_state_known()


def test_nothing_is_given_under_another_state_than_it_was_worked_out_under() -> None:
    with state_known("before"):
        with state_known("after"):
            edit_cache.put("key", "new")
        assert edit_cache.get("key", None) is None
        edit_cache.put("key", "old")

    with state_known("after"):
        assert edit_cache.get("key", None) is None


def test_threads_have_states_of_their_own() -> None:
    seen: list[bool] = []
    with state_known(1):
        thread = Thread(target=lambda: seen.append(is_state_known()))
        thread.start()
        thread.join()

    assert seen == [False]


def test_there_are_never_more_values_than_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_LIMIT", 3)

    with state_known(1):
        for number in range(10):
            edit_cache.put(number, number)
            assert edit_cache.get(number, None) == number

    assert len(edit_cache.by_key) <= 3


def test_templates_keep_parts_of_pages_there() -> None:
    with state_known(1):
        caches["template_fragments"].set("part", "<p>")
        assert caches["template_fragments"].get("part") == edit_cache.get("part", None) == "<p>"
    with state_known(2):
        assert caches["template_fragments"].get("part") is None


@pytest.mark.django_db
def test_the_next_page_of_every_process_has_an_edit(client: Client) -> None:
    make_page("library")
    line = make_help_line(call_number="988", in_strip=True)
    make_resource(section=make_section("podcasts", title="Podcasts"))
    others = [client, Client()]
    for each in others:
        assert "Call 988" in read(each.get("/").content).one("aside").words

    HelpLine.objects.filter(pk=line.pk).update(call_number="1-800-267-5463")

    for each in others:
        for path in ("/", "/resources/", "/resources/?q=nothing", "/sections/podcasts/"):
            assert "Call 1-800-267-5463" in read(each.get(path).content).one("aside").words, path
