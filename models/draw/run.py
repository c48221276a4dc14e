"""A run that is to be drawn: its steps, all taken by the system, and what they show.

Choices:
- A drawing is made of what the run does now. Where the specification has changed since a trace was recorded, the
  drawing tells that the paths part, and where.
- What the trace was recorded to show comes first among what the run shows, also where it shows beside another run only.
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from attrs import evolve, frozen

from models.catalogue import model_named
from models.model import Model, Value, World
from models.schedulers.replay import ReplayError
from models.traces.document import (
    OfFile,
    OfModel,
    OfScenario,
    OfTwin,
    RecordedVerdict,
    Subject,
    Trace,
)
from models.traces.judging import Sight
from models.traces.replay import Replayed
from models.traces.stepping import steps_taken
from models.traces.trace import TraceStep, trace_step
from properties.property import Kind
from spec.formalism.event import Event, Record
from spec.formalism.state import GlobalState


@frozen
class Shown:
    """Something that a run shows."""

    step: int
    """After how many steps it shows."""
    name: str
    """The name of the property that it is about."""
    rule: str
    """The rule that demands it."""
    kind: Kind
    """When it is judged."""
    finding: str
    """What breaks it, or, of a `sometimes`, what has happened."""
    details: tuple[str, ...]
    """More lines of that."""

    @property
    def breaks(self) -> bool:
        """Whether it breaks the property."""
        return self.kind is not Kind.SOMETIMES


@frozen
class Run:
    """A run that is to be drawn."""

    name: str
    """What was run, as people name it."""
    world: World
    """The same, as it was built."""
    events: tuple[Event, ...]
    """What happened."""
    records: tuple[Record, ...]
    """What the system says of each step."""
    states: tuple[GlobalState, ...]
    """The states on the way: the start, then the state after each step."""
    steps: tuple[TraceStep, ...]
    """The steps as people read them, with what changed."""
    shown: tuple[Shown, ...] = ()
    """What it shows: first what it was recorded for, then what else it breaks."""
    notes: tuple[str, ...] = ()
    """What else there is to say of the whole, line by line."""
    trace: Trace | None = None
    """The trace that was replayed, if one was."""


def run_of(replayed: Replayed) -> Run:
    """The run of a trace that was replayed, as far as it could be followed."""
    verdict, parted = replayed.trace.verdict, replayed.parted
    notes = () if parted is None else (f"not as recorded from step {parted.step}: {parted.what}",)
    run = taken_run(
        name_of(replayed.trace.subject),
        replayed.world,
        replayed.events,
        _shown(verdict, replayed.sights, len(replayed.events)),
        notes,
    )
    return evolve(run, trace=replayed.trace)


def taken_run(
    name: str,
    world: World,
    events: Sequence[Event],
    shown: tuple[Shown, ...] = (),
    notes: tuple[str, ...] = (),
) -> Run:
    """The run of a world that has these events; every step is taken anew.

    Raises:
        ReplayError: one of the events may not happen.
    """
    states, records, steps = [world.state], list[Record](), list[TraceStep]()
    for number, step in enumerate(steps_taken(world.system, world.state, tuple(events)), start=1):
        steps.append(trace_step(number, states[-1], step.record, step.state))
        records.append(step.record)
        states.append(step.state)
    if len(steps) < len(events):
        raise ReplayError(f"step {len(steps) + 1}: the event may not happen here")
    return Run(
        name, world, tuple(events), tuple(records), tuple(states), tuple(steps), shown, notes
    )


def shown_of(sights: Iterable[Sight]) -> tuple[Shown, ...]:
    """What sights come to in a drawing."""
    return tuple(
        Shown(
            each.step,
            each.property.name,
            each.property.rule,
            each.property.kind,
            each.evidence.finding,
            each.evidence.details,
        )
        for each in sights
    )


def name_of(subject: Subject) -> str:
    """What people call what a trace is of; parameters that have their default values are left out."""
    match subject:
        case OfModel(name, parameters):
            return _with(name, dict(parameters), model_named(name))
        case OfFile(path, name, parameters):
            return _with(f"{path}:{name}", dict(parameters), None)
        case OfScenario(name):
            return PurePath(name).name
        case OfTwin(name):
            return name


def _with(name: str, parameters: dict[str, Value], model: Model | None) -> str:
    defaults = {} if model is None else {each.name: each.default for each in model.parameters}
    chosen = [
        f"{each}={parameters[each]}"
        for each in sorted(parameters)
        if parameters[each] != defaults.get(each)
    ]
    return f"{name} ({', '.join(chosen)})" if chosen else name


def _shown(
    verdict: RecordedVerdict | None, sights: tuple[Sight, ...], length: int
) -> tuple[Shown, ...]:
    """What a run shows: what it was recorded for, then what else it breaks."""
    found = shown_of(sights)
    if verdict is None:
        return tuple(each for each in found if each.breaks)
    again = [each for each in found if each.name == verdict.property]
    first = again or [
        Shown(
            length,
            verdict.property,
            verdict.rule,
            verdict.kind,
            verdict.finding,
            verdict.details,
        )
    ]
    rest = (each for each in found if each.breaks and each.name != verdict.property)
    return (*first, *rest)
