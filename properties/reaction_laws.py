"""The laws of rules and solvers, judged on every reaction by asking the family again."""

from collections import Counter
from functools import lru_cache
from itertools import combinations

from attrs import evolve, frozen

from properties.property import Evidence, Kind, Property, Step, StepProperty
from spec.formalism.clauses import Absorb, Pure, React, Solver
from spec.formalism.engine import Engine, Reaction, Refusal, at_trigger, react
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Elapse, Record
from spec.formalism.family import EngineFamily
from spec.formalism.message import MessageArrived, TimersElapsed, Trigger
from spec.formalism.rule import RuleId
from spec.formalism.system import System

Labels = frozenset[RuleId]
"""The labels of rules that apply together."""

_KEPT = 1 << 16
"""How many answers are kept: each question is asked again once, then steps are compared with it."""


@frozen
class Question:
    """What a step asks a family."""

    family: EngineFamily
    """The family."""
    engine: Engine
    """The engine before the step."""
    trigger: Trigger
    """What happened to it."""
    after: Environment[object]
    """The engine's environment after the step."""


def impure(step: Step) -> Evidence | None:
    """What an engine does otherwise when asked again, if anything; refusals are not judged."""
    question = _question(step)
    if question is None or step.record.refusal is not None:
        return None
    again = answer_to(question.family, question.engine, question.trigger)
    differs = _difference(again, question, step.record)
    if differs is None:
        return None
    name = question.engine.identity.external
    return Evidence(f"{name}, asked again, answers otherwise: {differs}")


def lawless_solver(step: Step) -> Evidence | None:
    """The law that a solver breaks on the rules that applied in a step, if any."""
    question, record = _question(step), step.record
    labels = frozenset(record.fired if record.refusal is None else record.refusal.rules)
    if question is None or not labels or Absorb.id in labels:
        return None
    return solver_fault(question.family, labels)


def order_matters(step: Step) -> Evidence | None:
    """A set of the solver whose actions do something else in the other order, if there is one."""
    question, fired = _question(step), frozenset(step.record.fired)
    if question is None or not fired or step.record.refusal is not None:
        return None
    batches = [each for each in question.family.solve(fired) if len(each) > 1]
    if not batches:
        return None
    family = evolve(question.family, rules=tuple(reversed(question.family.rules)))
    other = answer_to(family, question.engine, question.trigger)
    differs = _difference(other, question, step.record)
    if differs is None:
        return None
    return Evidence(f"{family.name}: the order within {_names(batches[0])} matters: {differs}")


def solvers_of(system: System) -> Evidence | None:
    """The first law that a solver breaks on some labels of its family, if there is one."""
    for name in sorted(system.families):
        family = system.families[name]
        labels = sorted(rule.id for rule in family.rules)
        for size in range(1, len(labels) + 1):
            for chosen in combinations(labels, size):
                fault = solver_fault(family, frozenset(chosen))
                if fault is not None:
                    return fault
    return None


@lru_cache(maxsize=_KEPT)
def solver_fault(family: EngineFamily, labels: Labels) -> Evidence | None:
    """The law that a solver breaks on a set of labels, if any.

    The sets that it answers are not empty, pairwise disjoint, and have the input as union, or there
    are none; each of them, asked about alone, is answered by itself.
    """
    answer = family.solve(labels)
    union = frozenset[RuleId]().union(*answer)
    said = f"{family.name} solves {_names(labels)}"
    if sum(map(len, answer)) != len(union):
        return Evidence(f"{said} into sets that overlap")
    if answer and (union != labels or not all(answer)):
        return Evidence(f"{said} into sets of other labels, or empty ones")
    for each in answer:
        if family.solve(each) != (each,):
            return Evidence(
                f"{said}, among others into {_names(each)}, but that one not into itself"
            )
    return None


@lru_cache(maxsize=_KEPT)
def answer_to(family: EngineFamily, engine: Engine, trigger: Trigger) -> Reaction | Refusal | None:
    """What the engine does on the trigger, asked once and kept."""
    return react(family, engine, trigger)


def trigger_of(event: Deliver | Elapse, engine: Engine) -> Trigger:
    """What an event is to the engine that it happens to."""
    if isinstance(event, Deliver):
        return Trigger(MessageArrived(event.message), engine.environment.time)
    return Trigger(TimersElapsed((event.timer,)), event.timer.due)


def _question(step: Step) -> Question | None:
    """What the step asked; nothing if it was a fault of the network."""
    event = step.record.event
    match event:
        case Deliver(message):
            name = message.target
        case Elapse(engine, _):
            name = engine
        case _:
            return None
    before = step.before.engines[name]
    return Question(
        step.system.family_of(before),
        before,
        trigger_of(event, before),
        step.after.engines[name].environment,
    )


def _difference(
    answer: Reaction | Refusal | None, question: Question, record: Record
) -> str | None:
    """In what an answer is not what happened in the step; the order of messages does not count."""
    if isinstance(answer, Refusal):
        return f"refused, {answer.reason}"
    answer = answer or Reaction(at_trigger(question.engine.environment, question.trigger), ())
    if sorted(answer.fired) != sorted(record.fired):
        return "the rules that apply"
    if answer.environment != question.after:
        return "the environment"
    if answer.sent != record.sent and Counter(answer.sent) != Counter(record.sent):
        return "what is sent"
    if {engine.identity.external for engine in answer.spawned} != {*record.spawned}:
        return "what is created"
    return None if Counter(answer.timers) == Counter(record.timers) else "the timers"


def _names(labels: Labels) -> str:
    return "{" + ", ".join(sorted(labels)) + "}"


REACTION_LAWS: tuple[Property, ...] = (
    StepProperty("guards and actions are pure", Pure.id, Kind.ALWAYS, impure, alone=True),
    StepProperty(
        "conflict solvers keep their laws", Solver.id, Kind.ALWAYS, lawless_solver, alone=True
    ),
    StepProperty("actions of one batch commute", React.id, Kind.ALWAYS, order_matters, alone=True),
)
"""The laws of rules and solvers."""
