"""A hundred searches as people type them at night, and what each must show; and twenty that need no help lines."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from library.search.filters import read_query
from library.search.results import SearchResults, search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("full_content")]

# What is typed: the slug of the guide that has to be there, or of an entry among the first five.
USEFUL = {
    "ptsd": "trauma-and-ptsd",
    "PTSI": "trauma-and-ptsd",
    "pts": "trauma-and-ptsd",
    "ptds": "trauma-and-ptsd",
    "post traumatic stress": "trauma-and-ptsd",
    "post tramatic stress": "trauma-and-ptsd",
    "nightmares": "trauma-and-ptsd",
    "flashbacks every night": "trauma-and-ptsd",
    "bad call": "trauma-and-ptsd",
    "sleep": "sleep-and-shift-work",
    "can't sleep": "sleep-and-shift-work",
    "i cant sleep after night shift": "sleep-and-shift-work",
    "insomia": "sleep-and-shift-work",
    "tired all the time": "sleep-and-shift-work",
    "graveyard": "sleep-and-shift-work",
    "overtime": "sleep-and-shift-work",
    "drinking": "alcohol-and-drugs",
    "am i drinking too much": "alcohol-and-drugs",
    "alchohol": "alcohol-and-drugs",
    "rehab for cops": "alcohol-and-drugs",
    "aa": "alcohol-and-drugs",
    "pills": "alcohol-and-drugs",
    "painkillers": "alcohol-and-drugs",
    "depression": "depression",
    "depresion": "depression",
    "feeling down": "depression",
    "numb": "depression",
    "panic attack": "anxiety-and-panic",
    "anxiety": "anxiety-and-panic",
    "anxeity": "anxiety-and-panic",
    "can't stop worrying": "anxiety-and-panic",
    "ois": "after-a-shooting",
    "officer involved shooting": "after-a-shooting",
    "shot someone": "after-a-shooting",
    "admin leave": "after-a-shooting",
    "lost my partner": "lost-a-colleague",
    "line of duty death": "lost-a-colleague",
    "lodd": "lost-a-colleague",
    "end of watch": "lost-a-colleague",
    "grief": "lost-a-colleague",
    "greif": "lost-a-colleague",
    "coworker suicide": "a-colleague-died-by-suicide",
    "postvention": "a-colleague-died-by-suicide",
    "worried about a coworker": "worried-about-a-coworker",
    "worried about my partner": "worried-about-a-coworker",
    "my wife": "family-and-partners",
    "married to a cop": "family-and-partners",
    "spouse support group": "family-and-partners",
    "police family": "family-and-partners",
    "kids": "children",
    "my kid is scared": "children",
    "divorce": "divorce-and-relationships",
    "my marriage is over": "divorce-and-relationships",
    "custody": "divorce-and-relationships",
    "dispatcher": "dispatchers",
    "dispacher stress": "stress-and-burnout",
    "911 call taker burnout": "dispatchers",
    "telecommunicator": "dispatchers",
    "retirement": "retirement",
    "leaving the job": "retirement",
    "peer support": "peer-support",
    "talk to a cop": "peer-support",
    "peer support team policy": "peer-support",
    "therapist near me": "finding-a-therapist",
    "thearpist": "finding-a-therapist",
    "councling": "finding-a-therapist",
    "counseling": "finding-a-therapist",
    "emdr": "finding-a-therapist",
    "shrink": "finding-a-therapist",
    "fit for duty": "fitness-for-duty",
    "ffde": "fitness-for-duty",
    "psych eval": "fitness-for-duty",
    "return to duty": "fitness-for-duty",
    "chaplain": "chaplains",
    "chaplin": "chaplains",
    "prayer": "chaplains",
    "small town department": "small-agencies",
    "rural sheriff": "small-agencies",
    "no budget": "small-agencies",
    "wellness program": "wellness-program",
    "how to start a wellness program": "wellness-program",
    "will my department find out": "who-will-know",
    "is it confidential": "who-will-know",
    "will they take my gun": "who-will-know",
    "lose my job": "who-will-know",
    "confidental": "who-will-know",
    "burnout": "stress-and-burnout",
    "burned out": "stress-and-burnout",
    "hypervigilance": "stress-and-burnout",
    "so angry": "stress-and-burnout",
    "moral injury": "moral-injury",
    "guilt": "moral-injury",
    "icac": "other-peoples-trauma",
    "vicarious trauma": "other-peoples-trauma",
    "workers comp": "benefits-and-claims",
    "psob": "benefits-and-claims",
    "cism": "after-a-critical-incident",
    "debriefing": "after-a-critical-incident",
    "español": "en-espanol",
    "salud mental": "en-espanol",
}
HELP_IS_DUE = [
    "suicide",
    "sucide",
    "i want to die",
    "wanna die",
    "kms",
    "killing myself",
    "better off without me",
    "cant do this anymore",
    "my husband wants to die",
    "friend is suicidal",
    "coworker killed himself",
    "after a suicide",
    "hopeless",
    "quiero morir",
    "no puedo más",
    "taking myself off the board",
    "my end of watch",
    "someone to talk to",
    "988",
    "relapsed",
]
HARMLESS = [
    "procedural justice",
    "ethics course",
    "active shooter",
    "tourniquet",
    "seat belts",
    "ambush",
    "heart disease",
    "fitness",
    "roll call training",
    "crowd control",
    "mindfulness",
    "shift work schedule",
    "the beat podcast",
    "after action report",
    "gender diversity",
    "near miss",
    "rhabdomyolysis",
    "use of force policy",
    "recruitment",
    "nutrition",
]
NAMED = {
    "copline": "COPLINE",
    "veteran": "Veterans Crisis Line",
    "text line": "Crisis Text Line",
    "new jersey": "Cop2Cop (New Jersey)",
    "1-800-267-5463": "COPLINE",
    "nypd": "POPPA (New York City)",
}


def results_of(words: str) -> SearchResults:
    parameters = QueryDict(mutable=True)
    parameters["q"] = words
    return search(read_query(parameters), timezone.now())


def test_a_hundred_searches_show_what_is_useful() -> None:
    assert len(USEFUL) == 100
    missed = {}
    for words, slug in USEFUL.items():
        results = results_of(words)
        shown = [guide.slug for guide in results.guides] + [row.slug for row in results.resources[:5]]
        if not any(found == slug or found.startswith(slug) for found in shown):
            missed[words] = shown
    assert missed == {}


def test_help_lines_stand_where_they_are_due() -> None:
    assert [words for words in HELP_IS_DUE if results_of(words).crisis is None] == []


def test_no_help_lines_stand_where_they_would_be_absurd() -> None:
    assert [words for words in HARMLESS if results_of(words).crisis or results_of(words).help_lines] == []


def test_help_lines_are_found_by_what_people_call_them() -> None:
    found = {words: [line.name for line in results_of(words).help_lines] for words in NAMED}
    assert {words: name for words, name in NAMED.items() if name not in found[words]} == {}


def test_a_word_that_is_right_is_never_corrected() -> None:
    for words in ("drinking", "gambling", "copline", "kms", "lawyer", "gardening"):
        assert not [other for other in results_of(words).alternatives if "Did you mean" in other.label], words
