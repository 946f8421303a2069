"""New addresses: proposed once the old ones have led there for a week, and opened before anybody decides."""

import pytest

from library.maintenance.link_moves import MoveProof, proof_of
from library.models import LinkMove, Resource
from tests.links.days import moved, page
from tests.maintenance.other_sites import World, entry, words_of

pytestmark = pytest.mark.django_db
OLD, NEW = "https://example.org", "https://new.example"


@pytest.fixture
def world() -> World:
    """A host of which three addresses lead to another one, and a fourth was forgotten: it is there all the same."""
    world = World()
    for name in "abc":
        entry(f"{OLD}/{name}")
        world.pages[f"{OLD}/{name}"] = page(f"Guide {name}")
        world.pages[f"{NEW}/{name}"] = page(f"Guide {name}")
    for name in "de":
        entry(f"{OLD}/{name}")
        world.pages[f"{OLD}/{name}"] = page(f"Guide {name}")
    world.pages[f"{OLD}/"] = page("Front")
    world.pages[f"{NEW}/d"] = page("Guide d")
    world.pass_days(1)
    for name in "abc":
        world.pages[f"{OLD}/{name}"] = moved(page(f"Guide {name}"), f"{NEW}/{name}")
    for name in "de":
        del world.pages[f"{OLD}/{name}"]
    return world


def test_moves_are_proposed_with_their_proof_and_so_is_what_the_owner_forgot(world: World) -> None:
    world.pass_days(20)
    proofs = {str(move.link): (move.is_guess, proof_of(move)) for move in LinkMove.objects.all()}
    assert proofs == {
        f"{OLD}/a": (False, MoveProof.SAME),
        f"{OLD}/b": (False, MoveProof.SAME),
        f"{OLD}/c": (False, MoveProof.SAME),
        f"{OLD}/d": (True, MoveProof.SAME),
        f"{OLD}/e": (True, MoveProof.CLOSED),
    }
    assert {address for address in world.addresses() if address.startswith(NEW)} >= {f"{NEW}/a", f"{NEW}/d"}


def test_a_proposal_goes_when_the_old_address_opens_again_or_leads_elsewhere(world: World) -> None:
    world.pass_days(20)
    world.pages[f"{OLD}/a"] = world.pages[f"{OLD}/d"] = page("Guide a")
    world.pages[f"{OLD}/b"] = moved(page("Guide b"), f"{NEW}/elsewhere")
    assert LinkMove.objects.filter(link__address=f"{OLD}/b").exists()
    world.pass_days(15)
    left = {str(move.link): move.address for move in LinkMove.objects.all()}
    assert f"{OLD}/a" not in left
    assert f"{OLD}/b" not in left  # it may lead on once more
    assert left[f"{OLD}/c"] == f"{NEW}/c"


def test_an_entry_with_its_new_address_has_words_within_minutes(world: World) -> None:
    world.pass_days(20)
    resource = Resource.objects.get(url=f"{OLD}/a")
    resource.url = f"{NEW}/a"
    resource.save()
    assert words_of(resource)[0] == "unchecked"
    world.pass_days(0.01)
    assert words_of(resource)[0] == "alive"
    world.pass_days(4)
    assert not LinkMove.objects.filter(link__address=f"{OLD}/a").exists()
