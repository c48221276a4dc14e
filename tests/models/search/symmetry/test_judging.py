"""Properties need not treat all names alike: they are judged on all that what was met may become."""

from typing import Any

import pytest
from attrs import evolve

from models.catalogue.commit import TWO_PHASE_COMMIT
from models.model import World
from models.search.exhaustive import explore
from models.search.judge import JudgeError
from models.search.result import SearchResult, Status
from models.search.symmetry.search import explore_symmetric
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    MonitorProperty,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
    Step,
    StepProperty,
)
from spec.commit.environment import RMState, TMState
from spec.commit.participants import RESOURCE_MANAGER
from spec.commit.system import MANAGER, resource_manager_id
from spec.formalism.engine import Engine
from spec.formalism.event import Duplicate, Record
from spec.formalism.identity import EngineId
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState

RULE = RuleId("test.symmetry")
FAMILY = frozenset({RESOURCE_MANAGER})
NUMBERS = (1, 2, 3, 4)


def world(*properties: Property, delivery: str = "set") -> World:
    """Four resource managers, judged on these properties."""
    options = {"resource_managers": len(NUMBERS), "delivery": delivery}
    return evolve(TWO_PHASE_COMMIT.build(options), properties=properties)


def rm(state: GlobalState, number: int) -> RMState:
    found: RMState = state.engines[resource_manager_id(number)].environment.local.state
    return found


def engine_of(name: EngineId) -> EngineProperty:
    def judge(engine: Engine) -> Evidence | None:
        aborted = engine.environment.local.state is RMState.ABORTED
        return Evidence(str(name)) if engine.identity.external == name and aborted else None

    return EngineProperty(f"{name} does not abort", RULE, Kind.ALWAYS, FAMILY, judge)


def resting_of(name: EngineId) -> EngineProperty:
    return evolve(engine_of(name), name=f"{name} does not end so", kind=Kind.AT_REST)


def reaction_of(name: EngineId) -> ReactionProperty:
    def judge(reacted: Reacted) -> Evidence | None:
        consumed = reacted.record.consumed
        found = consumed is not None and consumed.sender == name
        return Evidence(str(name)) if found else None

    return ReactionProperty(f"nobody hears {name}", RULE, Kind.ALWAYS, judge)


def step_of(name: EngineId, *, alone: bool) -> StepProperty:
    def judge(step: Step) -> Evidence | None:
        sender = step.record.sent[0].sender if step.record.sent else None
        least = 1 if alone else len(NUMBERS) + 1
        return Evidence(str(name)) if sender == name and len(step.before.engines) >= least else None

    return StepProperty(f"{name} is silent {alone}", RULE, Kind.ALWAYS, judge, alone)


def state_of(number: int, other: int, *, everything: bool) -> StateProperty:
    """One is committed while another one is prepared only."""

    def judge(state: GlobalState) -> Evidence | None:
        found = (rm(state, number), rm(state, other)) == (RMState.COMMITTED, RMState.PREPARED)
        committed = not everything or (
            state.engines[MANAGER].environment.local.state is TMState.COMMITTED
        )
        return Evidence(f"{number} before {other}") if found and committed else None

    families = None if everything else FAMILY
    name = f"{other} before {number} {everything}"
    return StateProperty(name, RULE, Kind.ALWAYS, judge, families)


def rest_of(number: int, other: int) -> StateProperty:
    """One has aborted, and nobody has told another one what it knows already."""

    def judge(state: GlobalState) -> Evidence | None:
        prepared = state.engines[MANAGER].environment.local.prepared
        heard = [resource_manager_id(each) in prepared for each in (number, other)]
        return Evidence("so it is") if heard == [True, False] else None

    return StateProperty(f"{number} is not heard without {other}", RULE, Kind.AT_REST, judge)


def heard(memory: frozenset[EngineId], record: Record) -> frozenset[EngineId]:
    return memory if record.consumed is None else memory | {record.consumed.sender}


def monitor_of(number: int, kind: Kind) -> MonitorProperty:
    def judge(memory: frozenset[EngineId]) -> Evidence | None:
        found = memory == frozenset(map(resource_manager_id, (number, number % 4 + 1)))
        return Evidence("heard") if found else None

    return MonitorProperty(f"{number} and next {kind}", RULE, kind, frozenset(), heard, judge)


ONE_SIDED: tuple[Property, ...] = (
    *(engine_of(resource_manager_id(number)) for number in NUMBERS),
    *(resting_of(resource_manager_id(number)) for number in NUMBERS),
    *(reaction_of(resource_manager_id(number)) for number in NUMBERS),
    *(step_of(resource_manager_id(number), alone=True) for number in NUMBERS),
    *(step_of(resource_manager_id(number), alone=False) for number in NUMBERS),
    *(state_of(one, other, everything=False) for one in NUMBERS for other in NUMBERS),
    *(state_of(one, other, everything=True) for one in NUMBERS for other in NUMBERS),
    *(rest_of(one, other) for one in NUMBERS for other in NUMBERS),
    *(monitor_of(number, Kind.ALWAYS) for number in NUMBERS),
    *(monitor_of(number, Kind.SOMETIMES) for number in NUMBERS),
)


@pytest.fixture(name="found", scope="module")
def _found() -> tuple[SearchResult, SearchResult]:
    """What both searches find of all these properties."""
    asked, nobody = world(*ONE_SIDED), frozenset[str]()
    return explore_symmetric(asked, until=nobody), explore(asked, until=nobody)


@pytest.mark.parametrize("about", ONE_SIDED, ids=[each.name for each in ONE_SIDED])
def test_a_property_that_singles_one_out_is_judged_as_without_symmetry(
    about: Property, found: tuple[SearchResult, SearchResult]
) -> None:
    asked = world()
    few, all_ = (each.properties[ONE_SIDED.index(about)] for each in found)
    assert (few.status, len(few.events)) == (all_.status, len(all_.events))
    assert few.evidence == all_.evidence
    state, last = asked.state, None
    for event in few.events:
        before = state
        state, record = asked.system.step(before, event)
        last = Step(asked.system, before, record, state)
    if few.status is Status.VIOLATED:
        assert about.judge(subject(about, state, last, few.evidence)) is not None


def subject(about: Property, state: GlobalState, last: Step | None, evidence: Any) -> Any:
    """What the property looks at where a run ends that shows something."""
    match about:
        case EngineProperty():
            return next(each for each in state.engines.values() if about.judge(each) == evidence)
        case ReactionProperty() if last is not None:
            target = last.record.event.message.target  # type: ignore[union-attr]
            return Reacted(last.before.engines[target], last.record, last.after.engines[target])
        case StepProperty():
            return last
        case StateProperty():
            return state
        case _:
            return frozenset(evidence_of(about, evidence))


def evidence_of(about: Any, evidence: Any) -> set[EngineId]:
    """Whom a monitor's judge finds something in."""
    pairs = [
        {resource_manager_id(number), resource_manager_id(number % 4 + 1)} for number in NUMBERS
    ]
    return next(pair for pair in pairs if about.judge(frozenset(pair)) == evidence)


def test_some_of_them_are_broken_and_some_hold(found: tuple[SearchResult, SearchResult]) -> None:
    statuses = {(each.property.kind, each.status) for each in found[0].properties}
    assert statuses == {
        (Kind.ALWAYS, Status.VIOLATED),
        (Kind.ALWAYS, Status.HOLDS),
        (Kind.AT_REST, Status.VIOLATED),
        (Kind.AT_REST, Status.HOLDS),
        (Kind.SOMETIMES, Status.HOLDS),
    }


@pytest.mark.parametrize("number", NUMBERS)
def test_faults_are_judged_for_each_of_them(number: int) -> None:
    def judge(step: Step) -> Evidence | None:
        event = step.record.event
        found = isinstance(event, Duplicate) and event.message.target == resource_manager_id(number)
        return Evidence(str(number)) if found else None

    about = StepProperty("nothing is duplicated for it", RULE, Kind.ALWAYS, judge, alone=True)
    asked, faults = world(about, delivery="unordered"), Faults(duplicates=1)
    faulty = evolve(
        asked,
        system=evolve(asked.system, faults=faults),
        state=evolve(asked.state, faults=faults),
    )
    few, all_ = explore_symmetric(faulty).properties[0], explore(faulty).properties[0]
    assert (few.evidence, len(few.events)) == (all_.evidence, len(all_.events))
    assert few.evidence == Evidence(str(number))


def test_a_judge_that_raises_is_named() -> None:
    def judge(_: object) -> Evidence | None:
        raise ValueError("no")

    about = EngineProperty("raises", RULE, Kind.ALWAYS, FAMILY, judge)
    with pytest.raises(JudgeError, match="the judge of 'raises' raised"):
        explore_symmetric(world(about))
