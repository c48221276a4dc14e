"""The laws of rules and solvers: each falls by a family that breaks it."""

from typing import Any

import pytest
from attrs import evolve
from pyrsistent import pmap

from properties.property import Evidence, Step
from properties.reaction_laws import (
    impure,
    lawless_solver,
    order_matters,
    solver_fault,
    solvers_of,
)
from spec.formalism.clauses import Absorb
from spec.formalism.engine import Engine, Refusal
from spec.formalism.environment import (
    FINISHED,
    DiscardTimer,
    Effect,
    Environment,
    SetTimer,
    Spawn,
)
from spec.formalism.event import Deliver, Duplicate, Elapse, Record
from spec.formalism.family import ConflictSolver, EngineFamily, FamilyName, one_at_a_time, phases
from spec.formalism.identity import EngineName, identity_of, on_local_node
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Delay,
    Message,
    Send,
    Time,
    Timer,
    TimerHandle,
    Trigger,
    arrived,
)
from spec.formalism.rule import AnyRule, Rule, RuleId
from spec.formalism.state import initial_state
from spec.formalism.system import System

A, B = on_local_node("a"), on_local_node("b")
WORD = Message(A, B, DEFAULT_MAILBOX, 3)
NAME = FamilyName("numbers")
BELL = Timer(Time(3), TimerHandle("bell"))


class Number(Rule[Any, int, int]):
    """A rule about the number that arrives."""

    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: object, environment: Environment[int]) -> int | None:
        """The number."""
        message = arrived(trigger, int)
        return None if message is None else message.body


class Add(Number):
    """The number is added."""

    id = RuleId("numbers.add")

    @staticmethod
    def action(
        output: int, trigger: Trigger, configuration: object, environment: Environment[int]
    ) -> Effect[int]:
        """The sum, and a word of it to the sender."""
        return Effect(environment.with_local(environment.local + output), (Send(A, "added"),))


class Subtract(Number):
    """The number is taken away."""

    id = RuleId("numbers.subtract")

    @staticmethod
    def action(
        output: int, trigger: Trigger, configuration: object, environment: Environment[int]
    ) -> Effect[int]:
        """The difference, and a word of it to the sender."""
        return Effect(environment.with_local(environment.local - output), (Send(A, "taken"),))


class Double(Number):
    """The number is doubled."""

    id = RuleId("numbers.double")

    @staticmethod
    def action(
        output: int, trigger: Trigger, configuration: object, environment: Environment[int]
    ) -> Effect[int]:
        """The number doubled."""
        return Effect(environment.with_local(environment.local * 2))


class Wait(Number):
    """The time is added."""

    id = RuleId("numbers.wait")

    @staticmethod
    def action(
        output: int, trigger: Trigger, configuration: object, environment: Environment[int]
    ) -> Effect[int]:
        """The sum with the time of the trigger."""
        return Effect(environment.with_local(environment.local + trigger.at))


TOGETHER = phases(frozenset({Add.id, Subtract.id, Double.id}))


def family(*rules: AnyRule, solve: ConflictSolver = TOGETHER) -> EngineFamily:
    return EngineFamily(NAME, rules, solve)


def step(rules: EngineFamily, time: int = 0) -> Step:
    """What the rules do on the number 3, at this time, in an engine that holds 1."""
    system = System(pmap({str(NAME): rules}))
    engine = Engine(identity_of(B), NAME, None, Environment(1, time=Time(time)))
    before = initial_state(system.discipline, (engine,), (WORD,))
    after, record = system.step(before, Deliver(WORD))
    return Step(system, before, record, after)


def names(*rules: AnyRule) -> frozenset[RuleId]:
    return frozenset(rule.id for rule in rules)


def test_actions_that_commute_are_lawful_in_every_respect() -> None:
    lawful = step(family(Add, Subtract))
    assert lawful.record.fired == (Add.id, Subtract.id)
    assert impure(lawful) is None
    assert lawless_solver(lawful) is None
    assert order_matters(lawful) is None


def test_actions_of_one_batch_that_do_not_commute_are_found() -> None:
    assert order_matters(step(family(Add, Double))) == Evidence(
        "numbers: the order within {numbers.add, numbers.double} matters: the environment"
    )


def test_actions_of_different_batches_need_not_commute() -> None:
    in_turn = phases(names(Add), names(Double))
    assert order_matters(step(family(Add, Double, solve=in_turn))) is None


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (Record(Deliver(WORD), (), WORD), "the rules that apply"),
        (Record(Deliver(WORD), (Add.id,), WORD), "what is sent"),
    ],
)
def test_a_record_that_the_family_does_not_give_again_is_found(other: Record, differs: str) -> None:
    assert impure(evolve(step(family(Add)), record=other)) == Evidence(
        f"b, asked again, answers otherwise: {differs}"
    )


def test_an_environment_creation_or_timer_that_does_not_come_again_is_found() -> None:
    done = step(family(Add))
    again = "b, asked again, answers otherwise: "
    other = evolve(done.after.engines[B], environment=Environment(5))
    moved = evolve(done, after=evolve(done.after, engines=done.after.engines.set(B, other)))
    assert impure(moved) == Evidence(again + "the environment")
    created = evolve(done.record, spawned=(A,))
    assert impure(evolve(done, record=created)) == Evidence(again + "what is created")
    rung = evolve(done.record, timers=(DiscardTimer(BELL.handle),))
    assert impure(evolve(done, record=rung)) == Evidence(again + "the timers")


def test_an_engine_that_is_created_again_alike_is_lawful() -> None:
    class Create(Number):
        """An engine is created."""

        id = RuleId("numbers.create")

        @staticmethod
        def action(
            output: int, trigger: Trigger, configuration: object, environment: Environment[int]
        ) -> Effect[int]:
            """One engine."""
            new = Spawn(EngineName("new"), NAME, None, Environment(0))
            return Effect(environment, spawns=(new,))

    created = step(family(Create, solve=one_at_a_time))
    assert created.record.spawned == (on_local_node("new"),)
    assert impure(created) is None


def test_a_timer_that_is_set_again_alike_is_lawful() -> None:
    class Ring(Number):
        """A timer is set."""

        id = RuleId("numbers.ring")

        @staticmethod
        def action(
            output: int, trigger: Trigger, configuration: object, environment: Environment[int]
        ) -> Effect[int]:
            """One timer."""
            return Effect(environment, timers=(SetTimer(BELL.handle, Delay(output)),))

    rung = step(family(Ring, solve=one_at_a_time))
    assert rung.record.timers == (SetTimer(BELL.handle, Delay(3)),)
    assert impure(rung) is None


def forgetful() -> type[Number]:
    """A rule that is not pure."""
    calls: list[int] = []

    class Forgetful(Number):
        """Every call adds more than the last one."""

        id = RuleId("numbers.forgetful")

        @staticmethod
        def action(
            output: int, trigger: Trigger, configuration: object, environment: Environment[int]
        ) -> Effect[int]:
            """More each time."""
            calls.append(output)
            return Effect(environment.with_local(len(calls)))

    return Forgetful


def test_a_rule_that_answers_otherwise_each_time_is_found() -> None:
    assert impure(step(family(forgetful(), solve=one_at_a_time))) == Evidence(
        "b, asked again, answers otherwise: the environment"
    )


def test_a_rule_that_answers_otherwise_each_time_is_no_matter_of_order() -> None:
    assert order_matters(step(family(forgetful(), solve=one_at_a_time))) is None


def test_a_family_is_asked_again_at_the_time_of_the_step() -> None:
    done = step(family(Wait, solve=one_at_a_time), time=4)
    assert done.after.engines[B].environment.local == 5
    assert impure(done) is None


def test_a_step_that_the_family_refuses_when_asked_again_is_found() -> None:
    refusing = family(Add, Double, solve=one_at_a_time)
    done = step(family(Add, Double))
    again = evolve(done, system=System(pmap({str(NAME): refusing})))
    assert impure(again) == Evidence(
        "b, asked again, answers otherwise: refused, conflict resolution failed"
    )


def test_faults_refusals_and_finished_engines_are_left_to_other_laws() -> None:
    done = step(family(Add, Double))
    fault = evolve(done, record=Record(Duplicate(WORD)))
    refusal = evolve(done, record=evolve(done.record, refusal=Refusal((Add.id,), "why")))
    broken = System(pmap({str(NAME): family(Add, Double, solve=overlapping)}))
    absorbed = evolve(done, system=broken, record=Record(Deliver(WORD), (Absorb.id,), WORD))
    assert [impure(each) for each in (fault, refusal)] == [None, None]
    assert [order_matters(each) for each in (fault, refusal)] == [None, None]
    assert [lawless_solver(each) for each in (fault, refusal, absorbed)] == [None, None, None]


def test_a_solver_need_not_answer_where_no_rule_applied() -> None:
    def first(fired: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
        return (frozenset({min(fired)}),)

    nothing = Record(Deliver(WORD))
    unheard = evolve(step(family(Add, solve=first)), record=nothing)
    assert [lawless_solver(unheard), order_matters(unheard)] == [None, None]


def test_a_timer_that_no_rule_handles_elapses_and_is_lawful() -> None:
    system = System(pmap({str(NAME): family(Add)}))
    timers = pmap({BELL.handle: BELL.due})
    engine = Engine(identity_of(B), NAME, None, Environment(1, timers=timers))
    before = initial_state(system.discipline, (engine,))
    after, record = system.step(before, Elapse(B, BELL))
    assert impure(Step(system, before, record, after)) is None
    assert impure(Step(system, before, record, before)) == Evidence(
        "b, asked again, answers otherwise: the environment"
    )


def test_a_finished_engine_is_asked_again_like_any_other() -> None:
    system = System(pmap({str(NAME): family(Add)}))
    engine = Engine(identity_of(B), NAME, None, Environment(FINISHED))
    before = initial_state(system.discipline, (engine,), (WORD,))
    after, record = system.step(before, Deliver(WORD))
    assert impure(Step(system, before, record, after)) is None


def overlapping(fired: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
    return (fired, fired)


def forgetting(fired: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
    return (fired - {Double.id},)


def padding(fired: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
    return (fired, frozenset())


def splitting_pairs(fired: frozenset[RuleId]) -> tuple[frozenset[RuleId], ...]:
    if len(fired) > 2:
        return (fired - {Double.id}, frozenset({Double.id}))
    return tuple(frozenset({label}) for label in sorted(fired))


@pytest.mark.parametrize(
    ("solve", "said"),
    [
        (overlapping, "numbers solves {numbers.add} into sets that overlap"),
        (
            forgetting,
            "numbers solves {numbers.double} into sets of other labels, or empty ones",
        ),
        (
            padding,
            "numbers solves {numbers.add} into sets of other labels, or empty ones",
        ),
        (
            splitting_pairs,
            (
                "numbers solves {numbers.add, numbers.double, numbers.subtract}, among others into "
                "{numbers.add, numbers.subtract}, but that one not into itself"
            ),
        ),
        (TOGETHER, None),
        (one_at_a_time, None),
    ],
)
def test_a_solver_is_looked_at_on_every_set_of_labels(
    solve: ConflictSolver, said: str | None
) -> None:
    broken = family(Add, Subtract, Double, solve=solve)
    found = solvers_of(System(pmap({str(NAME): broken})))
    assert found == (None if said is None else Evidence(said))


def test_a_solver_is_looked_at_on_the_labels_of_a_step_and_of_a_refusal() -> None:
    done = step(family(Add, Subtract))
    broken = System(pmap({str(NAME): family(Add, Subtract, solve=overlapping)}))
    said = Evidence("numbers solves {numbers.add, numbers.subtract} into sets that overlap")
    assert lawless_solver(evolve(done, system=broken)) == said
    refusal = Refusal((Add.id, Subtract.id), "why")
    refused = evolve(done, system=broken, record=Record(Deliver(WORD), refusal=refusal))
    assert lawless_solver(refused) == said
    assert solver_fault(family(Add), names(Add)) is None
