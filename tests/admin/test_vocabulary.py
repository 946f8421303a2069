"""Curators look after the words of searches, and are told what happens and what is wrong."""

from typing import Any

from django.test import Client

from library.models import CrisisTerm, SynonymGroup
from tests.admin.conftest import filled_in
from tests.factories import make_crisis_term, make_synonyms

GROUPS = "/admin/library/synonymgroup/"
CRISIS = "/admin/library/crisisterm/"


def errors_of(page: Any) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in page.context["adminform"].form.errors.items()}


def test_group_of_synonyms_is_made_one_term_per_line(signed_in: Client) -> None:
    response = signed_in.post(f"{GROUPS}add/", {"name": "EAP", "terms": "EAP \r\n\r\nemployee  assistance program"})

    assert response.status_code == 302
    assert SynonymGroup.objects.get().terms == "EAP\nemployee assistance program"
    assert "EAP · employee assistance program" in signed_in.get(GROUPS).content.decode()
    assert "One per line" in signed_in.get(f"{GROUPS}add/").content.decode()


def test_group_of_synonyms_is_found_by_any_of_its_terms(signed_in: Client) -> None:
    make_synonyms("PTSD", "ptsd", "post-traumatic stress")
    make_synonyms("EAP", "eap", "employee assistance program")

    assert [str(group) for group in signed_in.get(f"{GROUPS}?q=assistance").context["cl"].result_list] == ["EAP"]


def test_group_that_cannot_be_says_why_beside_the_terms(signed_in: Client) -> None:
    make_synonyms("PTSD", "ptsd", "post-traumatic stress")

    page = signed_in.post(f"{GROUPS}add/", {"name": "Trauma", "terms": "PTSD\n“trauma”"})
    assert set(errors_of(page)) == {"terms"}
    page = signed_in.post(f"{GROUPS}add/", {"name": "ptsd", "terms": "trauma\nshock"})
    assert errors_of(page) == {"__all__": ["There’s already a group with this name."]}
    page = signed_in.post(f"{GROUPS}add/", {"name": "", "terms": ""})
    assert set(errors_of(page)) == {"name", "terms"}
    assert SynonymGroup.objects.count() == 1


def test_crisis_word_is_made_and_a_second_one_of_the_kind_is_refused(signed_in: Client) -> None:
    assert (
        signed_in.post(f"{CRISIS}add/", {"term": "Self-harm", "about": "self", "lookalikes": "self-hair"}).status_code
        == 302
    )
    assert CrisisTerm.objects.get().folded == "self harm"

    page = signed_in.post(f"{CRISIS}add/", {"term": "self harm", "about": "self", "lookalikes": ""})
    assert errors_of(page) == {"term": ["This is already on the list, as “Self-harm”."]}
    page = signed_in.post(f"{CRISIS}add/", {"term": "?!", "about": "self", "lookalikes": ""})
    assert errors_of(page) == {"__all__": ["Enter at least one letter or digit."]}


def test_crisis_words_form_says_what_they_do_and_what_is_not_written_down(signed_in: Client) -> None:
    page = signed_in.get(f"{CRISIS}add/").content.decode()

    assert "shows the help lines above everything else" in page
    assert "count or record who searches" in page


def test_each_form_leads_to_what_a_reader_gets_for_the_words(signed_in: Client) -> None:
    group = make_synonyms("PTSD", "post-traumatic stress", "ptsd")
    term = make_crisis_term("can't go on")

    for address, query in (
        (f"{GROUPS}{group.pk}/change/", "post-traumatic+stress"),
        (f"{CRISIS}{term.pk}/change/", "can%27t+go+on"),
    ):
        assert f'href="/resources/?q={query}"' in signed_in.get(address).content.decode()


def test_form_that_was_saved_as_it_came_changes_nothing(signed_in: Client) -> None:
    group = make_synonyms()
    address = f"{GROUPS}{group.pk}/change/"

    signed_in.post(address, filled_in(signed_in.get(address)))

    assert SynonymGroup.objects.get().terms == group.terms
