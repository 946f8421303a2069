"""The search words that a library starts with: they recognise who is in distress, and leave other searches alone."""

import json

import pytest

from library.models import Category, Publisher, Resource, Tag
from library.search.vocabulary.crisis import load_crisis_words
from library.search.vocabulary.lookup import load_synonyms
from tests.conftest import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starting_content")]


@pytest.mark.parametrize(
    "words",
    [
        "suicide",
        "Suicidal thoughts",
        "sucide",
        "suicid",
        "suacide",
        "suside",
        "killing myself",
        "kil myself",
        "kill my self",
        "killmyslef",
        "want to die",
        "i wanna die",
        "my husband wants to die",
        "end my life",
        "end it all",
        "ate his gun",
        "eat my gun",
        "selfharm",
        "self harm",
        "self-harm",
        "hurt myself",
        "no reason to live",
        "better off dead",
        "everyone is better off without me",
        "Can’t go on",
        "cant go on",
        "cannot go on",
        "dont want to live any more",
        "I can't take it anymore",
        "overdose",
        "over dose",
        "hopeless",
        "hoplessness",
        "988",
        "9-8-8",
        "crisis",
        "crises",
        "hot line",
        "hotlines",
        "helpline",
        "help lines",
        "help-line",
        "i need help now",
        "talk to someone",
        "quiero morir",
        "suicidio",
    ],
)
def test_crisis_words_recognise_what_people_in_distress_type(words: str) -> None:
    assert load_crisis_words().are_in(words)


@pytest.mark.parametrize(
    "words",
    [
        "peer support",
        "resilience",
        "line of duty death",
        "homicide",
        "homeless outreach",
        "homelessness",
        "overdue",
        "overcome stress",
        "overtime",
        "timeline",
        "lifetime",
        "kill zone",
        "active shooter",
        "live fire training",
        "harm reduction",
        "self-defense",
        "self care",
        "putting myself first",
        "making my life better",
        "hope",
        "critical incident",
        "1988",
        "dying declaration",
        "gun safety",
        "moving on",
        "someone else",
    ],
)
def test_crisis_words_leave_ordinary_searches_alone(words: str) -> None:
    assert not load_crisis_words().are_in(words)


def test_crisis_words_recognise_no_other_texts_of_the_library_than_those_that_name_a_crisis() -> None:
    words = load_crisis_words()
    texts = [text for row in Resource.objects.all() for text in (row.title, row.summary, row.keywords)]
    for model in (Category, Tag, Publisher):
        texts += model.objects.values_list("name", flat=True)

    recognised = [text for text in texts if words.are_in(text)]

    assert len(texts) > 200
    assert len(recognised) > 5
    for text in recognised:
        assert any(
            stem in text.lower() for stem in ("suicid", "crisis", "988", "hopeless", "alone", "relaps", "give up")
        ), text


def test_crisis_words_stand_in_the_file_once_each_and_have_no_needless_spaces() -> None:
    rows = json.loads((ROOT / "fixtures" / "08_search_words.json").read_text())
    terms = [row["fields"]["term"] for row in rows if row["model"] == "library.crisisterm"]

    assert len(load_crisis_words().about) == len(terms) == len(set(terms)) > 100
    assert terms == [" ".join(term.split()) for term in terms]


def test_synonyms_stand_for_each_other() -> None:
    synonyms = load_synonyms()

    assert "post-traumatic stress" in synonyms["ptsd"]
    assert "ptsd" in synonyms["posttraumatic stress"]
    assert "employee assistance program" in synonyms["eap"]
    assert "killed in the line of duty" in synonyms["lodd"]
    assert {"cism", "emdr", "aar", "died by suicide"} <= set(synonyms)
