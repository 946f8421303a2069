"""Names for addresses: free ones, numbered, never two the same."""

from collections.abc import Collection

from library.models.slugs import free_slugs, wish_for


def taken(*slugs: str) -> "Taken":
    return Taken(slugs)


class Taken:
    """Slugs in use, and how often somebody asked for them."""

    def __init__(self, slugs: Collection[str]) -> None:
        self.slugs, self.calls = set(slugs), 0

    def __call__(self, slugs: Collection[str]) -> set[str]:
        self.calls += 1
        return self.slugs & set(slugs)


def test_a_free_one_is_taken_as_it_is() -> None:
    none = taken()

    assert free_slugs([("sleep", "x7"), ("stress", "x8")], none, 20) == ["sleep", "stress"]
    assert none.calls == 1


def test_one_that_is_taken_gets_the_first_free_number() -> None:
    assert free_slugs([("sleep", "x7")], taken("sleep", "sleep-2"), 20) == ["sleep-3"]


def test_no_two_get_the_same() -> None:
    wishes = [("sleep", "x7"), ("sleep", "x8"), ("sleep-2", "x9")]

    assert free_slugs(wishes, taken(), 20) == ["sleep", "sleep-3", "sleep-2"]


def test_after_fifty_comes_the_ending() -> None:
    wishes = [("sleep", f"x{number}") for number in range(100, 152)]
    none = taken()

    slugs = free_slugs(wishes, none, 20)

    assert slugs[:50] == ["sleep", *(f"sleep-{number}" for number in range(2, 51))]
    assert slugs[50:] == ["sleep-x150", "sleep-x151"]
    assert none.calls == 3


def test_all_stay_within_the_length() -> None:
    wishes = [("a" * 25, f"x{number}") for number in range(52)]

    slugs = free_slugs(wishes, taken(), 20)

    assert max(map(len, slugs)) == 20
    assert len(set(slugs)) == 52


def test_none_are_none() -> None:
    assert free_slugs([], taken(), 20) == []


def test_a_wish_is_made_of_words() -> None:
    assert wish_for("Officer Suicides (2013)", "x7", 100) == ("officer-suicides-2013", "x7")
    assert wish_for("_Officer_", "x7", 100) == ("officer", "x7")
    assert wish_for("警察", "x7", 100) == ("x7", "x7")
    assert wish_for("警察", "x7", 100, allow_unicode=True) == ("警察", "x7")
    assert wish_for("a b", "x7", 2) == ("a", "x7")
