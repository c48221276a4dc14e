"""Recording: from the events of a run to its trace."""

from collections.abc import Sequence

from models.model import World
from models.schedulers.replay import ReplayError
from models.traces.digests import Digests
from models.traces.document import (
    FORMAT,
    VERSION,
    RecordedStep,
    RecordedVerdict,
    Subject,
    Trace,
)
from models.traces.happening import told
from models.traces.stepping import steps_taken
from models.traces.subject import network_of
from models.traces.trace import TraceStep, trace_step
from properties.property import Evidence, Property
from spec import VERSION as TREADLE
from spec.formalism.canonical import Digest
from spec.formalism.event import Event
from spec.formalism.state import state_digest


def recorded(
    subject: Subject,
    world: World,
    events: Sequence[Event],
    found: tuple[Property, Evidence] | None = None,
    seed: int | None = None,
) -> Trace:
    """The trace of the run of a world that has these events; every step is taken anew.

    Args:
        subject: what the world is of.
        world: what was run.
        events: what happened, from the start.
        found: the property that the run is about, and what it shows of that.
        seed: the seed of the walks that have found the run, if any have.

    Raises:
        ReplayError: one of the events may not happen.
    """
    steps: list[RecordedStep] = []
    state, digests = world.state, Digests()
    for number, step in enumerate(steps_taken(world.system, state, tuple(events)), start=1):
        shown = trace_step(number, state, step.record, step.state)
        steps.append(recorded_step(shown, step.event, digests.of(step.state)))
        state = step.state
    if len(steps) < len(events):
        raise ReplayError(f"step {len(steps) + 1}: the event may not happen here")
    return Trace(
        FORMAT,
        VERSION,
        TREADLE,
        subject,
        network_of(world.system),
        seed,
        state_digest(world.state),
        tuple(steps),
        None if found is None else verdict_of(*found),
    )


def recorded_step(shown: TraceStep, event: Event, state: Digest) -> RecordedStep:
    """A step as a file keeps it."""
    return RecordedStep(
        told(event),
        tuple(map(str, shown.rules)),
        shown.refusal,
        tuple(map(str, shown.changes)),
        shown.sent,
        shown.spawned,
        state,
    )


def verdict_of(about: Property, evidence: Evidence) -> RecordedVerdict:
    """What a file keeps of a finding."""
    return RecordedVerdict(about.name, about.rule, about.kind, evidence.finding, evidence.details)
