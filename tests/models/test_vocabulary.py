"""The curators' search words: tidied, each once, and never more of them than a search can read."""

import pytest
from django.core.exceptions import ValidationError

from library.models import CrisisTerm, LibraryVersion, SynonymGroup, vocabulary
from library.models.vocabulary import folded_words
from tests.factories import make_crisis_term, make_guide, make_resource, make_synonyms
from tests.refusing import commit, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Peer Support", "peer support"),
        ('  "peer   support" ', "peer support"),
        ("Can’t go-on!", "cant go on"),
        ("can't go on", "cant go on"),
        ("Résumé", "resume"),
        ("９８８", "988"),
        ("after_action/report", "after action report"),
        ("-suicide", "suicide"),
        ("…", ""),
    ],
)
def test_words_are_compared_without_signs_case_and_accents(text: str, words: str) -> None:
    assert folded_words(text) == words


# Synonyms


def test_a_group_has_its_terms_one_per_line() -> None:
    group = make_synonyms("LODD", "  LODD ", "", "line of\tduty  death\r", "line-of-duty death")

    assert str(group) == "LODD"
    assert group.terms == "LODD\nline of duty death\nline-of-duty death"
    assert group.terms_as_list == ["LODD", "line of duty death", "line-of-duty death"]
    assert SynonymGroup.objects.get_by_natural_key(*group.natural_key()) == group
    assert SynonymGroup.objects.get_by_natural_key("lodd") == group


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        (["ptsd"], "Enter 2 to 20 terms"),
        (["ptsd", "  "], "Enter 2 to 20 terms"),
        ([f"word {number}" for number in range(21)], "Enter 2 to 20 terms"),
        (["ptsd", "x" * 61], "more than 60 characters"),
        (["ptsd", "!"], "no letter and no digit"),
        (["ptsd", "PTSD"], "“PTSD” is there twice"),
        (["Trauma", "trauma", "traúma"], "“traúma” is there twice"),
        *[
            (["ptsd", term], "can’t be searched for as it is")
            for term in (
                '"post-traumatic"',
                "“stress”",
                "stress, trauma",
                "stress; trauma",
                "stress | trauma",
                "stress & trauma",
                "-stress",
                "post -traumatic",
                "stress or trauma",
                "OR",
                "stress (post)",
                "stress*",
                "a<->b",
                "a\\b",
                "!a",
                "a:b",
            )
        ],
    ],
)
def test_terms_that_cannot_be_searched_for_are_refused(terms: list[str], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason) as refusal:
        make_synonyms("Group", *terms)
    assert list(refusal.value.message_dict) == ["terms"]


def test_apostrophes_hyphens_and_words_with_or_in_them_are_terms() -> None:
    make_synonyms("Group", "officer's stress", "post-traumatic stress", "disorder", "orca", "for duty", "24/7")


def test_terms_of_more_than_1500_characters_are_refused() -> None:
    make_synonyms("Group", *[f"{number:02} {'x' * 57}" for number in range(20)])
    with pytest.raises(ValidationError, match="1500 characters"):
        make_synonyms("Long", *["x" * 1000, "y" * 500])


def test_a_term_may_stand_in_several_groups_and_find_what_does_not_find_it() -> None:
    make_synonyms("Anxiety", "anxiety", "on edge")
    make_synonyms("Hypervigilance", "hypervigilance", "on edge")
    SynonymGroup(name="Misspelled", terms="chaplin", finds=" chaplain \n").full_clean()

    with pytest.raises(ValidationError, match="Enter 2 to 20 terms"):
        SynonymGroup(name="Alone", terms="alone").full_clean()
    with refused("synonym_group_has_two_terms"):
        SynonymGroup.objects.create(name="Alone", terms="alone")


def test_the_database_refuses_a_crisis_of_nobody() -> None:
    make_crisis_term("suicide")

    with refused("crisis_term_about_known"):
        CrisisTerm.objects.update(about="them")


def test_a_group_beyond_the_bound_is_refused_and_an_old_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "VOCABULARY_ROW_LIMIT", 2)
    make_synonyms("A", "a", "aa")
    group = make_synonyms("B", "b", "bb")

    group.full_clean()
    with pytest.raises(ValidationError, match="The limit is 500"):
        make_synonyms("C", "c", "cc")


def test_the_database_keeps_groups_as_they_should_be() -> None:
    make_synonyms("PTSD")

    with refused("synonym_group_name_unique"):
        SynonymGroup.objects.create(name="ptsd", terms="a\nb")
    with refused("synonym_group_has_two_terms"):
        SynonymGroup.objects.create(name="Lonely", terms="a")
    with refused("synonym_group_length"):
        SynonymGroup.objects.create(name="Long", terms="a\n" + "b" * 1500)


# Crisis words


def test_a_crisis_word_is_kept_as_typed_and_as_compared() -> None:
    term = make_crisis_term("  Can’t   go on ", lookalikes=" cannon  cartoon ")

    assert (str(term), term.folded, term.lookalikes) == ("Can’t go on", "cant go on", "cannon cartoon")
    assert CrisisTerm.objects.get_by_natural_key(*term.natural_key()) == term
    term.term = "Cannot go on"
    term.save()
    assert CrisisTerm.objects.get().folded == "cannot go on"


@pytest.mark.parametrize("same", ["self-harm", "SELF HARM", "self  harm!"])
def test_the_same_crisis_word_with_other_signs_or_capitals_is_refused(same: str) -> None:
    make_crisis_term("Self harm")

    with pytest.raises(ValidationError, match="This is already on the list, as “Self harm”"):
        make_crisis_term(same)
    with refused("crisis_term_unique"):
        CrisisTerm.objects.create(term=same)


def test_a_crisis_word_has_a_word() -> None:
    with pytest.raises(ValidationError, match="at least one letter or digit"):
        make_crisis_term("!!!")
    with refused("crisis_term_has_a_word"):
        CrisisTerm.objects.create(term="!!!")


def test_a_crisis_word_has_at_most_60_characters() -> None:
    make_crisis_term("x" * 60)
    with pytest.raises(ValidationError, match="at most 60 characters"):
        make_crisis_term("y" * 61)


def test_signs_that_stand_for_many_letters_are_kept_too() -> None:
    assert len(make_crisis_term("\ufdfa" * 60).folded) > 60


def test_a_crisis_word_beyond_the_bound_is_refused_and_an_old_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "VOCABULARY_ROW_LIMIT", 1)
    term = make_crisis_term()

    term.full_clean()
    with pytest.raises(ValidationError, match="The limit is 500"):
        make_crisis_term("hopeless")


# What readers see changes with them


@pytest.mark.parametrize("made", ["synonyms", "crisis word", "guide"])
def test_each_of_them_makes_a_new_version_of_the_library(made: str) -> None:
    resource = make_resource()
    commit()
    before = LibraryVersion.objects.get().number

    match made:
        case "synonyms":
            make_synonyms()
        case "crisis word":
            make_crisis_term()
        case "guide":
            make_guide("Sleep", resource)
    commit()

    assert LibraryVersion.objects.get().number > before
