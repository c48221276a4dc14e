"""Random runs that look how long runs are."""

from typing import Any

from models.catalogue.commit import TWO_PHASE_COMMIT
from models.catalogue.ordering import ORDERING
from models.model import Model, Value, World
from models.search.actors import Actors
from models.search.probes import LONGEST, Probed, probe
from models.search.tables import Tables
from spec.formalism.delivery import SetDelivery
from spec.voting.messages import Choice
from spec.voting.system import Elector, Poll, voting_state, voting_system


def build(model: Model, **changed: Value) -> World:
    return model.build(
        {each.name: changed.get(each.name, each.default) for each in model.parameters}
    )


def never() -> bool:
    return False


def probed(world: World, runs: int) -> Probed:
    return probe(world, Tables(Actors(world)), runs, never)


def test_some_runs_put_off_what_would_end_them_early() -> None:
    """With nine resource managers, hardly a plain run commits: one of them aborts too soon."""
    found = probed(build(TWO_PHASE_COMMIT, resource_managers=9), 32)
    assert (found.runs, found.longest, found.endless) == (32, 28, False)


def test_runs_are_told_apart_by_where_they_end() -> None:
    found = probed(build(ORDERING), 16)
    assert (found.runs, found.ends) == (16, 2)
    assert found.longest in {29, 30}


def test_the_same_runs_are_taken_every_time() -> None:
    world = build(TWO_PHASE_COMMIT, resource_managers=5)
    assert probed(world, 8) == probed(world, 8)


def test_a_run_that_goes_on_is_given_up(adding: Any) -> None:
    found = probed(adding.world((1,), discipline=SetDelivery), 3)
    assert found == Probed(0, 0, 0, endless=True)


def test_runs_end_when_it_is_enough() -> None:
    calls: list[None] = []

    def enough() -> bool:
        calls.append(None)
        return len(calls) > 100

    world = build(ORDERING)
    found = probe(world, Tables(Actors(world)), 32, enough)
    assert (found.runs, found.endless) == (3, False)
    assert found.longest < LONGEST


def test_steps_that_change_nothing_are_not_taken() -> None:
    """In a set, invitations and votes stay, and may be delivered and answered again for ever."""
    system = voting_system(SetDelivery)
    poll = Poll((Elector("ann", (Choice("red"),)),), rounds=1)
    found = probed(World(system, voting_state(system, poll), ()), 4)
    assert (found.runs, found.endless) == (4, False)
