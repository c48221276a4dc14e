"""Replaying: the run of a trace is taken again, and compared step by step with what was recorded.

Choices:
- A run is followed as far as its events can happen, also where states have other digests than they had: what the
  specification makes of the same run now is what its user wants to know. The first difference is told.
- What the run shows now is judged anew, on all properties, by the judge that searches use.
"""

from collections.abc import Iterator
from difflib import unified_diff

from attrs import evolve, field, frozen

from models.model import World
from models.search.outcomes import INDEPENDENT
from models.traces.codec import content_of, trace_in
from models.traces.digests import Digests
from models.traces.document import Network, RecordedStep, Trace
from models.traces.errors import TraceError
from models.traces.happening import matched
from models.traces.itf.document import Told, is_itf, told_in
from models.traces.itf.following import followed
from models.traces.judging import Sight, Stage
from models.traces.record import recorded_step
from models.traces.subject import Named, SubjectError, named, network_of, world_of
from models.traces.trace import TraceStep, outcome_lines, trace_step
from properties.property import Kind, MonitorProperty, Property
from spec.formalism.event import Event, Record
from spec.formalism.state import GlobalState, state_digest
from spec.formalism.system import Successor


@frozen
class Parting:
    """Where a run takes another course than it was recorded to take."""

    step: int
    """At which step; 0 where it starts differently."""
    what: str
    """What is different."""
    rules: tuple[str, ...] = ()
    """The rules that took effect in the step, then or now."""
    lines: tuple[str, ...] = ()
    """What the step did then (-) and does now (+), line by line."""


@frozen
class Replayed:
    """A trace that was replayed."""

    trace: Trace
    """The trace."""
    world: World
    """What was run."""
    events: tuple[Event, ...]
    """What happened, as far as the run could be followed."""
    steps: tuple[TraceStep, ...]
    """The same, as people read it."""
    records: tuple[Record, ...] = field(repr=False)
    """What the system says of the steps."""
    state: GlobalState = field(repr=False)
    """Where the run has come to."""
    parted: Parting | None
    """Where it first takes another course; nothing where it goes as recorded, to its end."""
    sights: tuple[Sight, ...]
    """What it shows."""

    @property
    def broken(self) -> tuple[Sight, ...]:
        """What it breaks."""
        return tuple(each for each in self.sights if each.property.kind is not Kind.SOMETIMES)

    @property
    def shows_again(self) -> bool:
        """Whether it shows what it was recorded to show; so it does if it was recorded to show nothing."""
        verdict = self.trace.verdict
        return verdict is None or any(
            each.property.name == verdict.property for each in self.sights
        )

    @property
    def as_recorded(self) -> bool:
        """Whether it goes as recorded, and shows again what it was recorded to show."""
        return self.parted is None and self.shows_again

    @property
    def needs_others(self) -> bool:
        """Whether it was recorded to show something that shows only beside another run."""
        verdict = self.trace.verdict
        return verdict is not None and verdict.property == INDEPENDENT.name


def opened(file: str, instead: str | None = None) -> tuple[Trace, World]:
    """The trace in a file, and the world that it is of, or another one that a user names.

    In a file of ITF, it is the trace of a run through its states.

    Raises:
        TraceError: there is no trace in the file, or its world is not to be had.
        InputError: what the user names means nothing.
    """
    content = content_of(file)
    if is_itf(content):
        return _found(told_in(content, file), file, instead)
    trace = trace_in(content, file)
    return trace, world_for(trace, file, instead)


def world_for(trace: Trace, file: str, instead: str | None = None) -> World:
    """The world that a trace is of, or another one that a user names.

    Raises:
        TraceError: it is not to be had.
        InputError: what the user names means nothing.
    """
    if instead is not None:
        return _named(instead, file).world
    try:
        world = world_of(trace.subject, trace.network)
    except SubjectError as error:
        raise _not_to_be_had(file, error) from None
    if network_of(world.system) != trace.network:
        now, then = network_of(world.system), trace.network
        raise TraceError(file, "network", f"it is {_network(then)}", _network(now))
    return world


def replay(trace: Trace, world: World) -> Replayed:
    """Take the run of a trace again, and compare it with what was recorded."""
    run = _Run(world)
    for number, step in enumerate(trace.steps, start=1):
        match = matched(world.system, run.state, step.event)
        if match is None:
            run.part(Parting(number, "what happened then cannot happen now", step.rules))
            break
        run.take(number, step, match.step)
        if not match.same:
            run.part(Parting(number, "what happened then has another digest", step.rules))
    start = state_digest(world.state) == trace.start
    parted = run.parted if start else _parted_at_start(trace, len(run.steps))
    sights = Stage(world).judged(run.events)
    return Replayed(
        trace,
        world,
        tuple(run.events),
        tuple(run.steps),
        tuple(run.records),
        run.state,
        parted,
        sights,
    )


def going_on(replayed: Replayed) -> World:
    """The world that starts where a run has come to.

    Monitors remember the run. What it has shown is not asked for again. What changes places in the world did so
    where every run starts, and need not do so here.
    """
    shown = {each.property.name for each in replayed.sights}
    rest = (each for each in replayed.world.properties if each.name not in shown)
    properties = tuple(_remembering(each, replayed.records) for each in rest)
    return evolve(replayed.world, state=replayed.state, properties=properties, symmetry=())


def _named(name: str, file: str) -> Named:
    """What a user names instead of what a trace is of."""
    try:
        return named(name)
    except SubjectError as error:
        raise _not_to_be_had(file, error) from None


def _not_to_be_had(file: str, error: SubjectError) -> TraceError:
    return TraceError(file, "subject", str(error), "what the trace was recorded with")


def _found(told: Told, file: str, instead: str | None) -> tuple[Trace, World]:
    """The trace of a run through the states that a file tells, and what it is of."""
    if instead is not None:
        other = _named(instead, file)
        return followed(told, other.world, other.subject, file), other.world
    if told.header is None:
        raise TraceError(file, "", "it does not say what was run", "a name after --model")
    world = world_for(told.header, file)
    return followed(told, world, told.header.subject, file), world


def _parted_at_start(trace: Trace, followed: int) -> Parting:
    """That a run starts differently, and which step has no place in it, if one has not."""
    what = "the state at the start has another digest"
    if followed == len(trace.steps):
        return Parting(0, what)
    rules = _listed(trace.steps[followed].rules)
    return Parting(0, what, lines=(f"step {followed + 1} by {rules} cannot happen now",))


class _Run:
    """A run that is followed."""

    def __init__(self, world: World) -> None:
        self.state = world.state
        self._digests = Digests()
        self.events: list[Event] = []
        self.steps: list[TraceStep] = []
        self.records: list[Record] = []
        self.parted: Parting | None = None

    def part(self, parting: Parting) -> None:
        """Note a difference, if it is the first."""
        self.parted = self.parted or parting

    def take(self, number: int, then: RecordedStep, step: Successor) -> None:
        """Take a step, and compare it with the one that was recorded."""
        shown = trace_step(number, self.state, step.record, step.state)
        now = recorded_step(shown, step.event, self._digests.of(step.state))
        if (now.state, now.rules, now.refusal) != (then.state, then.rules, then.refusal):
            rules = tuple(dict.fromkeys((*then.rules, *now.rules)))
            self.part(Parting(number, _difference(then, now), rules, tuple(_lines(then, now))))
        self.events.append(step.event)
        self.steps.append(shown)
        self.records.append(step.record)
        self.state = step.state


def _difference(then: RecordedStep, now: RecordedStep) -> str:
    if then.rules != now.rules:
        return f"then by {_listed(then.rules)}, now by {_listed(now.rules)}"
    if then.refusal != now.refusal:
        return f"then refused: {then.refusal or 'not'}, now refused: {now.refusal or 'not'}"
    return "the state after it has another digest"


def _lines(then: RecordedStep, now: RecordedStep) -> Iterator[str]:
    """What a step did and does: what is the same stands between what is not."""
    before, after = tuple(outcome_lines(then)), tuple(outcome_lines(now))
    if before == after:
        return iter(())
    lines = unified_diff(before, after, n=len(before) + len(after), lineterm="")
    return (line for place, line in enumerate(lines) if place > 2)  # noqa: PLR2004  # its heading


def _listed(rules: tuple[str, ...]) -> str:
    return ", ".join(rules) or "no rule"


def _network(network: Network) -> str:
    return f"{network.discipline}, {network.duplicates} duplicates, {network.losses} losses"


def _remembering(about: Property, records: tuple[Record, ...]) -> Property:
    """A property; if it is a monitor, as one that has seen these steps."""
    if not isinstance(about, MonitorProperty):
        return about
    memory = about.start
    for record in records:
        memory = about.observe(memory, record)
    return evolve(about, start=memory)
