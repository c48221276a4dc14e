"""A part of a state that was judged is not judged again."""

from attrs import evolve

from models.catalogue.commit import TWO_PHASE_COMMIT
from models.model import World
from models.search.actors import Actors
from models.search.packing import Packing
from models.search.parts import Parts
from models.search.tables import Tables
from properties.property import Evidence, Kind, StateProperty
from spec.commit.behaviour import TRANSACTION_MANAGER
from spec.commit.participants import RESOURCE_MANAGER
from spec.formalism.family import FamilyName
from spec.formalism.rule import RuleId


def nothing(_: object) -> Evidence | None:
    return None


def newly(families: frozenset[FamilyName] | None) -> tuple[int, int]:
    """Of the start and what follows it, how many states there are, and how many have a new part."""
    world: World = TWO_PHASE_COMMIT.build({"resource_managers": 2, "delivery": "unordered"})
    about = StateProperty("x", RuleId("test.parts"), Kind.ALWAYS, nothing, families)
    world = evolve(world, properties=(about,))
    actors = Actors(world)
    tables = Tables(actors)
    packing, parts = Packing(tables), Parts(world, tables)
    start = packing.pack(actors.start(world.state))
    states = {start}
    for each in packing.locals_of(packing.row(start)):
        for move in each.moves:
            row = packing.row(start)
            effects = [known[operation | row[column]] for column, known, operation in move.posts]
            states.add(start + move.delta + sum(effect or 0 for effect in effects))
    parts.widen()
    return len(states), sum(parts.new(each) for each in sorted(states))


def test_only_states_with_a_new_part_are_shown() -> None:
    """The manager may abort, and tells so; each resource manager may prepare, and tell so, or abort."""
    everything = newly(None)
    assert everything == (6, 6)
    assert newly(frozenset({TRANSACTION_MANAGER})) == (6, 4)
    assert newly(frozenset({RESOURCE_MANAGER})) == (6, 6)
    assert newly(frozenset({FamilyName("nobody")})) == (6, 1)
