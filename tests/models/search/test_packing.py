"""Packed states say what rows say, and steps on them are those of the actors."""

import pytest

from models.catalogue.ordering import ORDERING
from models.model import World
from models.search.actors import Actors
from models.search.packing import FINGERPRINT, Packing
from models.search.tables import Tables


@pytest.fixture
def world() -> World:
    options = {each.name: each.default for each in ORDERING.parameters}
    return ORDERING.build(options)


def test_a_packed_state_says_what_its_row_says_but_for_what_is_remembered(world: World) -> None:
    actors = Actors(world)
    packing = Packing(Tables(actors))
    start = actors.start(world.state)
    row = packing.row(packing.pack(start))
    assert row[actors.memory_column] == 0
    assert actors.decode(row) == world.state


def test_steps_lead_to_the_states_of_the_system_and_their_fingerprints(world: World) -> None:
    """However a state is reached, it is the same integer."""
    actors = Actors(world)
    packing = Packing(Tables(actors))
    states = [packing.pack(actors.start(world.state))]
    for _ in range(4):
        following: set[int] = set()
        for packed in states:
            packing.locals_of(packing.row(packed))
            row = packing.row(packed)
            reached = set()
            for move in (move for each in packing.locals_of(row) for move in each.moves):
                after = packed + move.delta
                for column, effects, operation in move.posts:
                    effect = effects[operation | row[column]]
                    assert effect is not None
                    after += effect
                assert after == packing.pack(packing.row(after))
                reached.add(after)
            before = actors.decode(row)
            offers = world.system.offers(before)
            assert {actors.decode(packing.row(each)) for each in reached} == {
                world.system.step(before, offer.event)[0] for offer in offers
            }
            following |= reached
        states = sorted(following)
    assert len({each & FINGERPRINT for each in states}) == len(states) > 10
