"""What the reduction preserves is judged by the reduced search, the rest by that of all states."""

from typing import Any

import pytest
from attrs import evolve

from models.catalogue import CATALOGUE, model_named
from models.model import World
from models.search.bounds import Bounds, Stop
from models.search.exhaustive import explore
from models.search.progress import nobody
from models.search.reduction.combined import FAULTS, explore_reduced, preserved
from models.search.reduction.search import Reduced
from models.search.result import Judged, SearchResult, Status
from models.twins.catalogue import TWINS
from models.twins.twin import Twin, world_of
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    MonitorProperty,
    ReactionProperty,
    StateProperty,
    StepProperty,
)
from spec.formalism.engine import Engine
from spec.formalism.family import FamilyName
from spec.formalism.rule import RuleId

RULE = RuleId("test.combined")

EXHAUSTIVE = tuple(
    each.name
    for each in CATALOGUE
    if each.walks is None and each.name not in {"soma-fan", "soma-duplicates", "soma-epoch"}
)


def default_world(name: str, **options: Any) -> World:
    model = model_named(name)
    assert model is not None
    return model.build({each.name: each.default for each in model.parameters} | options)


def statuses(result: SearchResult) -> dict[str, Status]:
    return {each.property.name: each.status for each in result.properties}


def replays(world: World, result: SearchResult) -> None:
    """Every run that shows something is one of the system's."""
    for each in result.properties:
        state = world.state
        for event in each.events:
            assert event in world.system.enabled(state)
            state, _ = world.system.step(state, event)


@pytest.mark.parametrize("name", EXHAUSTIVE)
def test_verdicts_and_states_at_rest_are_those_of_the_search_of_all_states(name: str) -> None:
    world = default_world(name)
    full, found = explore(world), explore_reduced(world)
    if full.stop is None:
        assert statuses(found) == statuses(full)
        assert set(found.resting) == set(full.resting)
        assert found.complete
    else:
        violated = {each.property.name for each in found.broken()}
        assert violated
    replays(world, found)


@pytest.mark.parametrize("twin", TWINS[::9], ids=lambda each: each.name)
def test_broken_twins_are_found(twin: Twin) -> None:
    world = world_of(twin)
    found = explore_reduced(world, until=frozenset({twin.breaks}))
    assert statuses(found)[twin.breaks] in {Status.VIOLATED, Status.UNSEEN}
    replays(world, found)


def test_each_property_says_which_search_has_judged_it() -> None:
    world = default_world("counter")
    judged = {each.property.name: each for each in explore_reduced(world).properties}
    for each in world.properties:
        by = judged[each.name].judged
        assert by is (Judged.REDUCED if preserved(each) else Judged.EVERYTHING), each.name
    assert judged["outcome independent of the schedule"].judged is Judged.REDUCED


def test_what_the_reduction_preserves_is_decided_where_the_rest_is_not() -> None:
    world = default_world("ordering")
    found = explore_reduced(world, Bounds(max_states=200))
    assert (found.stop, found.complete) == (Stop.STATES, False)
    assert len(found.resting) == len(explore(world).resting)
    for each in found.properties:
        if preserved(each.property):
            assert each.status is Status.HOLDS, each.property.name
    open_ = [each for each in found.properties if each.status is Status.INCONCLUSIVE]
    assert open_
    assert all(each.judged is Judged.EVERYTHING for each in open_)


def seen_only_meanwhile(world: World) -> Engine:
    """An engine that a reduced search sees while triggers wait, and does not meet."""
    met = set[Engine]()

    def look(engine: Engine) -> Evidence | None:
        met.add(engine)
        return None

    families = frozenset(FamilyName(name) for name in world.system.families)
    looking = EngineProperty("looks", RULE, Kind.ALWAYS, families, look)
    search = Reduced(evolve(world, properties=(looking,)), Bounds(), None, nobody)
    assert search.run() is None
    before = frozenset(met)
    search.only_seen()
    return min(met - before, key=str)


def test_what_is_found_only_in_what_may_not_happen_is_left_to_the_other_search() -> None:
    world = default_world("counter")
    engine = seen_only_meanwhile(world)

    def judge(each: Engine) -> Evidence | None:
        return Evidence("there it is") if each == engine else None

    family = frozenset({FamilyName(engine.family)})
    about = EngineProperty("is not there", RULE, Kind.ALWAYS, family, judge)
    judged = evolve(world, properties=(about,))
    found, full = explore_reduced(judged), explore(judged)
    result = next(each for each in found.properties if each.property is about)
    assert result.judged is Judged.EVERYTHING
    assert statuses(found)[about.name] is statuses(full)[about.name]


def test_worlds_whose_network_has_faults_are_searched_in_full() -> None:
    world = default_world("counter", transactions=1, duplicates=1)
    found = explore_reduced(world)
    assert (found.reduction, found.irreducible) == (None, FAULTS)
    assert statuses(found) == statuses(explore(world))
    assert {each.judged for each in found.properties} == {Judged.EVERYTHING}


def nothing(_: Any) -> Evidence | None:
    return None


@pytest.mark.parametrize(
    ("about", "kept"),
    [
        (EngineProperty("p", RULE, Kind.ALWAYS, frozenset(), nothing), True),
        (EngineProperty("p", RULE, Kind.AT_REST, frozenset(), nothing), True),
        (ReactionProperty("p", RULE, Kind.SOMETIMES, nothing), True),
        (StateProperty("p", RULE, Kind.AT_REST, nothing), True),
        (StateProperty("p", RULE, Kind.ALWAYS, nothing), False),
        (StateProperty("p", RULE, Kind.SOMETIMES, nothing), False),
        (StepProperty("p", RULE, Kind.ALWAYS, nothing, alone=True), True),
        (StepProperty("p", RULE, Kind.ALWAYS, nothing, alone=False), False),
        (MonitorProperty("p", RULE, Kind.AT_REST, 0, lambda m, _: m, nothing), False),
    ],
)
def test_the_reduction_preserves_what_is_said_of_rest_and_of_single_engines(
    about: Any,
    kept: bool,  # noqa: FBT001  # a case of the table
) -> None:
    assert preserved(about) is kept
