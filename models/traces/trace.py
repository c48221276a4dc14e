"""A run as people read it: numbered steps, each with what happened and what changed."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from models.render import render, render_event
from models.schedulers.replay import ReplayError
from models.traces.diff import Change, environment_changes
from models.traces.document import RecordedStep
from models.traces.stepping import steps_taken
from spec.formalism.event import Deliver, Elapse, Event, Record
from spec.formalism.identity import EngineId
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState
from spec.formalism.system import System


@frozen
class TraceStep:
    """One step of a run."""

    number: int
    """Which step it is, from 1."""
    event: str
    """What happened."""
    engine: str | None
    """Who did something; nobody where it was a fault of the network."""
    rules: tuple[RuleId, ...]
    """The rules that took effect, in order."""
    refusal: str | None
    """Why nothing happened after all, if so."""
    changes: tuple[Change, ...]
    """What changed in the engine."""
    sent: tuple[str, ...]
    """The messages that it sent, in order: to whom, and what they say."""
    spawned: tuple[str, ...]
    """The engines that it created, in order."""


def trace(system: System, state: GlobalState, events: Sequence[Event]) -> tuple[TraceStep, ...]:
    """The run with these events, step by step; every step is taken anew.

    Raises:
        ReplayError: one of the events may not happen.
    """
    steps: list[TraceStep] = []
    for number, step in enumerate(steps_taken(system, state, tuple(events)), start=1):
        steps.append(trace_step(number, state, step.record, step.state))
        state = step.state
    if len(steps) < len(events):
        raise ReplayError(f"step {len(steps) + 1}: the event may not happen here")
    return tuple(steps)


def actor(event: Event) -> EngineId | None:
    """The engine that an event happens to; nobody where it is a fault of the network."""
    match event:
        case Deliver(message):
            return message.target
        case Elapse(engine, _):
            return engine
        case _:
            return None


def trace_step(number: int, before: GlobalState, record: Record, after: GlobalState) -> TraceStep:
    """A step, with what changed between the state before and the state after it."""
    name = actor(record.event)
    environments = (
        None if name is None else [state.engines[name].environment for state in (before, after)]
    )
    return TraceStep(
        number,
        render_event(record.event),
        None if name is None else str(name),
        record.fired,
        None if record.refusal is None else record.refusal.reason,
        () if environments is None else environment_changes(*environments),
        tuple(f"{each.target}: {render(each.body)}" for each in record.sent),
        tuple(str(each) for each in record.spawned),
    )


def step_lines(step: TraceStep) -> Iterator[str]:
    """What there is to say of a step, line by line."""
    if step.refusal is not None:
        yield f"refused: {step.refusal}"
    if step.rules:
        yield f"by {', '.join(step.rules)}"
    yield from outcome_lines(step)


def outcome_lines(step: TraceStep | RecordedStep) -> Iterator[str]:
    """What came of a step, line by line: what changed, who was created, what was sent."""
    yield from map(str, step.changes)
    yield from (f"spawns {name}" for name in step.spawned)
    yield from (f"to {message}" for message in step.sent)
