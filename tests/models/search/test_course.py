"""Courses offer what the system enables, in its order, and go where it steps; walks find what judging all finds."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from attrs import evolve, frozen

from models.catalogue import model_named
from models.model import Model, Value, World
from models.schedulers.uniform import Uniform
from models.search.course import Course, Memo
from models.search.findings import Findings
from models.search.judge import is_judged
from models.search.walks import Plan, walk
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
from spec.anoma.worker.behaviour import WORKER, OrderTransaction, Request
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerEnv, WorkerState
from spec.formalism.delivery import DISCIPLINES, SetDelivery
from spec.formalism.environment import Effect
from spec.formalism.event import Deliver, Elapse, Event, Record
from spec.formalism.identity import EngineName
from spec.formalism.message import Trigger
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState
from spec.voting.messages import Choice
from spec.voting.system import Elector, Poll, voting_state, voting_system

RULE = RuleId("test.course")


class NamesAllExecutorsAlike(OrderTransaction):
    """Every executor has the same name, so that the second one is refused."""

    @staticmethod
    def action(
        output: Request,
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        effect = OrderTransaction.action(output, trigger, configuration, environment)
        alike = tuple(evolve(spawn, name=EngineName("executor")) for spawn in effect.spawns)
        return evolve(effect, spawns=alike)


def built(name: str, **changed: Value) -> World:
    model = model_named(name)
    assert isinstance(model, Model)
    return model.build(
        {each.name: changed.get(each.name, each.default) for each in model.parameters}
    )


def with_faults(world: World, faults: Faults) -> World:
    return evolve(
        world,
        system=evolve(world.system, faults=faults),
        state=evolve(world.state, faults=faults),
    )


def refusing() -> World:
    world = built("counter")
    return evolve(world, system=world.system.replacing(WORKER.name, NamesAllExecutorsAlike))


def with_timers() -> World:
    system = voting_system(SetDelivery)
    poll = Poll((Elector("ann", (Choice("red"),)),), rounds=1)
    return World(system, voting_state(system, poll), built("voting").properties)


def watched(world: World) -> World:
    """The world with a property of each type that finds something here and there."""

    def odd(state: GlobalState) -> Evidence | None:
        return Evidence("odd") if len(state.mailboxes) % 3 == 2 else None

    def longer(step: Step) -> Evidence | None:
        more = len(step.after.mailboxes) > len(step.before.mailboxes)
        return Evidence("more", (str(step.record.event),)) if more else None

    def two(reacted: Reacted) -> Evidence | None:
        return Evidence("two", (str(reacted.record),)) if len(reacted.record.sent) == 2 else None

    more: tuple[Property, ...] = (
        StateProperty("odd", RULE, Kind.SOMETIMES, odd),
        StateProperty("rests", RULE, Kind.AT_REST, odd),
        StepProperty("longer", RULE, Kind.SOMETIMES, longer),
        ReactionProperty("two", RULE, Kind.ALWAYS, two),
        MonitorProperty("counts", RULE, Kind.ALWAYS, 0, lambda n, _: min(n + 1, 9), seven),
    )
    return evolve(world, properties=(*world.properties, *more))


def seven(steps: int) -> Evidence | None:
    return Evidence("the seventh step") if steps == 7 else None


WORLDS = [
    *(
        pytest.param(
            with_faults(built("two-phase-commit", delivery=each.name), faults),
            id=f"{each.name} {faults.duplicates} {faults.losses}",
        )
        for each in DISCIPLINES
        for faults in (Faults(), Faults(duplicates=1, losses=2))
    ),
    pytest.param(built("counter", duplicates=1), id="duplicates"),
    pytest.param(built("lazy", arrival="given", delivery="fifo"), id="given, fifo"),
    pytest.param(built("pool"), id="deadlocks"),
    pytest.param(built("soma-crash"), id="crash"),
    pytest.param(with_timers(), id="timers"),
    pytest.param(with_faults(with_timers(), Faults(1, 1)), id="timers and faults"),
    pytest.param(refusing(), id="refusal"),
]


@pytest.mark.parametrize("world", WORLDS)
def test_a_course_offers_what_the_system_enables_and_goes_where_it_steps(world: World) -> None:
    course, random = Course(Memo(world)), Random(3)  # noqa: S311  # no secret
    for _ in range(6):
        course.restart()
        state = world.state
        for _ in range(60):
            assert course.decode() == state
            successors = list(world.system.successors(state))
            options = list(course.options())
            assert course.count == len(options)
            assert [each.deed.event for each in options] == [each.event for each in successors]
            assert course.is_at_rest() == all(each.state == state for each in successors)
            if not options:
                break
            place = random.randrange(len(options))
            chosen = options[place]
            assert course.option(place) is chosen
            assert course.events()[place] == chosen.event
            assert course.is_refused(chosen) == (
                chosen.spawns and successors[place].record.refusal is not None
            )
            if not course.is_refused(chosen):
                assert chosen.deed.record == successors[place].record
                course.take(chosen)
            state = successors[place].state


def test_there_are_worlds_with_refusals_and_timers_among_them() -> None:
    assert any(
        course.is_refused(option) for course in wandering(refusing()) for option in course.options()
    )
    assert any(
        isinstance(option.deed.event, Elapse)
        for course in wandering(with_timers())
        for option in course.options()
    )


def wandering(world: World) -> Iterator[Course]:
    course, random = Course(Memo(world)), Random(1)  # noqa: S311  # no secret
    while course.count:
        yield course
        option = course.option(random.randrange(course.count))
        if course.is_refused(option):
            return
        course.take(option)


def test_two_courses_on_one_memo_do_not_disturb_each_other() -> None:
    memo = Memo(built("counter"))
    one, other = Course(memo), Course(memo)
    while one.count:
        one.take(one.option(one.count - 1))
    assert other.decode() == memo.world.state
    other.take(other.option(0))
    state = memo.world.state
    assert other.decode() == next(iter(memo.world.system.successors(state))).state
    other.go(tuple(one.row))
    assert (other.decode(), other.count, other.node) == (one.decode(), 0, one.node)


def test_the_node_of_a_state_is_its_own() -> None:
    course = Course(Memo(built("counter")))
    states: dict[int, GlobalState] = {}
    for walk_number in range(30):
        random = Random(walk_number)  # noqa: S311  # no secret
        course.restart()
        while course.count:
            assert states.setdefault(course.state, course.decode()) == course.decode()
            course.take(course.option(random.randrange(course.count)))
    assert len(set(states.values())) == len(states) > 200


@frozen
class Enabled:
    """So many events."""

    count: int

    def events(self) -> list[int]:
        return list(range(self.count))


class Plainly:
    """A walk as the specification takes it, in which everything is judged all the time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.findings = Findings(world, frozenset())
        self.seen: set[GlobalState] = set()
        self.nodes: set[tuple[Any, ...]] = set()
        self.resting: dict[GlobalState, None] = {}
        self.lengths: list[int] = []
        self.changes: list[bool] = []

    def take(self, seed: str, longest: int) -> None:
        state, events = self.world.state, list[Event]()
        memories = [each.start for each in self._those(MonitorProperty)]
        scheduler = Uniform(seed)
        self._judge(state, memories, events)
        for step in range(longest):
            successors = list(self.world.system.successors(state))
            if all(each.state == state for each in successors):
                self._rest(state, memories, events)
                break
            chosen = successors[scheduler.choose(Enabled(len(successors)), step)]
            events.append(chosen.event)
            self.changes.append(chosen.state != state)
            self._step(state, chosen.record, chosen.state, events)
            pairs = zip(self._those(MonitorProperty), memories, strict=True)
            memories = [each.observe(memory, chosen.record) for each, memory in pairs]
            state = chosen.state
            self._judge(state, memories, events)
        self.lengths.append(len(events))

    def _those(self, of_type: type[Any]) -> list[Any]:
        return [each for each in self.world.properties if isinstance(each, of_type)]

    def _step(
        self, before: GlobalState, record: Record, after: GlobalState, events: list[Event]
    ) -> None:
        event = record.event
        if isinstance(event, Deliver | Elapse):
            name = event.engine if isinstance(event, Elapse) else event.message.target
            reacted = Reacted(before.engines[name], record, after.engines[name])
            self._ask(ReactionProperty, reacted, events)
        self._ask(StepProperty, Step(self.world.system, before, record, after), events)

    def _judge(self, state: GlobalState, memories: list[Any], events: list[Event]) -> None:
        self.seen.add(state)
        self.nodes.add((state, *memories))
        self._ask(StateProperty, state, events)
        self._parts(state, memories, events, at_rest=False)

    def _rest(self, state: GlobalState, memories: list[Any], events: list[Event]) -> None:
        self._ask(StateProperty, state, events, at_rest=True)
        self._parts(state, memories, events, at_rest=True)
        if state not in self.resting:
            self.resting[state] = None
            self.findings.add_resting(state, lambda: tuple(events))

    def _parts(
        self, state: GlobalState, memories: list[Any], events: list[Event], *, at_rest: bool
    ) -> None:
        for name in sorted(state.engines):
            engine = state.engines[name]
            self._ask(EngineProperty, engine, events, at_rest=at_rest, family=engine.family)
        for about, memory in zip(self._those(MonitorProperty), memories, strict=True):
            if (about.kind is Kind.AT_REST) == at_rest and is_judged(self.world, about):
                self._found(about, about.judge(memory), events)

    def _ask(
        self,
        of_type: type[Any],
        subject: object,
        events: list[Event],
        *,
        at_rest: bool = False,
        family: str | None = None,
    ) -> None:
        for about in self._those(of_type):
            mine = family is None or family in about.families
            if mine and (about.kind is Kind.AT_REST) == at_rest and is_judged(self.world, about):
                self._found(about, about.judge(subject), events)

    def _found(self, about: Property, evidence: Evidence | None, events: list[Event]) -> None:
        if evidence is not None:
            self.findings.add([(about, evidence)], lambda: tuple(events))


@pytest.mark.parametrize("world", WORLDS)
def test_walks_visit_count_and_find_what_the_specification_does(world: World) -> None:
    world = watched(world)
    result = walk(world, Plan(12, 5, longest=40), until=frozenset())
    plainly = Plainly(world)
    for number in range(12):
        plainly.take(f"5/{number}", 40)
    assert result.properties == plainly.findings.results(None)
    assert (result.states, result.nodes) == (len(plainly.seen), len(plainly.nodes))
    counts = (result.transitions, result.stutters, result.depth)
    changes = sum(plainly.changes)
    assert counts == (changes, len(plainly.changes) - changes, max(plainly.lengths))
    assert result.resting == tuple(plainly.resting)
