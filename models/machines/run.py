"""Runs that are judged at every step: what the state machine and the plain walk share."""

from collections.abc import Iterator

from attrs import evolve, frozen
from hypothesis.vendor.pretty import RepresentationPrinter

from models.model import Model, World
from models.render import render_event
from models.search.codes import Code
from models.search.judge import Found, Judge
from models.search.monitors import Memory, Monitors
from models.search.moves import Move, Moves
from properties.property import Evidence, Kind, Property
from spec.formalism.event import Record
from spec.formalism.state import GlobalState


@frozen(eq=False, repr=False)
class Scene:
    """A world to run, with the text that a failure prints, and what is remembered from run to run."""

    world: World
    """What is run."""
    text: str
    """What it is: a scenario file, or a model's name."""
    moves: Moves
    """Its steps, each taken once in all runs together."""
    monitors: Monitors
    """What its monitors remember, each observation made once."""

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG002, FBT001  # Hypothesis calls it so
        printer.text(f"\n{self.text}\n")


class PropertyBroken(AssertionError):  # noqa: N818  # the name says what it is
    """A property does not hold in a run.

    Attributes:
        property: the property.
        evidence: what breaks it.
        run: the run, to the step that breaks it.
    """

    def __init__(self, found: Found, run: "Run") -> None:
        self.property: Property = found[0]
        self.evidence: Evidence = found[1]
        self.run = run
        super().__init__("\n".join(_message(self.property, self.evidence, run)))

    @property
    def trace(self) -> tuple[str, ...]:
        """The steps of the run, in a numbered line each."""
        return trace_of(self.run)


@frozen(eq=False, repr=False)
class Choice:
    """One way in which a run may go on."""

    move: Move
    """What may happen."""
    after: Code
    """The state after it."""

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG002, FBT001  # Hypothesis calls it so
        printer.text(render_event(self.move.event))


@frozen(eq=False, repr=False)
class Run:
    """A run so far; every property that it is judged by has held."""

    scene: Scene
    """What runs."""
    judge: Judge
    """Judges this run, and no other one: of what it has seen it says nothing twice."""
    code: Code
    """Where the run is."""
    memory: Memory
    """What the monitors remember of it."""
    choices: tuple[Choice, ...]
    """How it may go on: what has just become possible first, otherwise in the order of `enabled`."""
    records: tuple[Record, ...] = ()
    """What happened in it, step by step."""
    happened: tuple[str, ...] = ()
    """What is to happen sometimes and has, each when it first did."""

    @property
    def state(self) -> GlobalState:
        """Where the run is, as the system sees it."""
        return self.scene.moves.codes.decode(self.code)

    @property
    def rests(self) -> bool:
        """Whether nothing can happen any more that changes the state."""
        return all(each.after == self.code for each in self.choices)


def scene_of(what: Model | World, text: str = "") -> Scene:
    """A world with a text for it; of a model, the world of its default parameters."""
    if isinstance(what, Model):
        defaults = {each.name: each.default for each in what.parameters}
        return scene_of(what.build(defaults), text or f"# model: {what.name}")
    return Scene(what, text, Moves(what.system), Monitors(what.properties))


def begun(scene: Scene) -> Run:
    """The run that has not taken a step yet.

    Raises:
        PropertyBroken: a property does not hold at the start.
    """
    judge = Judge(scene.world, scene.moves, scene.monitors)
    code = scene.moves.codes.encode(scene.world.state)
    memory = scene.monitors.start
    run = Run(scene, judge, code, memory, _choices(scene, code, ()))
    return _judged(run, judge.start(code, memory))


def followed(run: Run, choice: Choice) -> Run:
    """The run with one more step.

    Raises:
        PropertyBroken: a property does not hold in the step, or in the state after it.
    """
    memory = run.scene.monitors.after(run.memory, choice.move)
    after = Run(
        run.scene,
        run.judge,
        choice.after,
        memory,
        _choices(run.scene, choice.after, run.choices),
        (*run.records, choice.move.record),
        run.happened,
    )
    return _judged(after, _found_in_step(run, choice, memory))


def trace_of(run: Run) -> tuple[str, ...]:
    """The steps of a run, in a numbered line each."""
    return tuple(_step_line(number, each) for number, each in enumerate(run.records, start=1))


def _step_line(number: int, record: Record) -> str:
    """One step of a run: what happened, and which rules took effect."""
    rules = f"  [{', '.join(record.fired)}]" if record.fired else ""
    refused = f"  refused: {record.refusal.reason}" if record.refusal else ""
    return f"{number:3} {render_event(record.event)}{rules}{refused}"


def _choices(scene: Scene, code: Code, before: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """How a run may go on: the newest first.

    So the place of a choice changes little when an earlier step is left out, and shrinking can leave out
    what does not matter.
    """
    ages = {each.move.event: age for age, each in enumerate(before, start=1)}
    now = [Choice(move, after) for move, after in scene.moves.after(code)]
    return tuple(sorted(now, key=lambda each: ages.get(each.move.event, 0)))


def _found_in_step(before: Run, choice: Choice, memory: Memory) -> Iterator[Found]:
    judge = before.judge
    yield from judge.move(choice.move)
    yield from judge.step(before.code, choice.move, choice.after)
    yield from judge.state(choice.after)
    yield from judge.memory(memory)


def _judged(run: Run, found: Iterator[Found]) -> Run:
    """The run, if nothing that breaks a property was found in it."""
    for each in (*found, *_found_at_rest(run)):
        if each[0].kind is not Kind.SOMETIMES:
            raise PropertyBroken(each, run)
        run = evolve(run, happened=(*run.happened, each[0].name))
    return run


def _found_at_rest(run: Run) -> Iterator[Found]:
    if run.rests:
        yield from run.judge.rest(run.state, run.memory)


def _message(broken: Property, evidence: Evidence, run: Run) -> Iterator[str]:
    yield f"broken: {broken.name} ({broken.rule}, {broken.kind.value})"
    yield evidence.finding
    yield from (f"  {line}" for line in evidence.details)
    if run.scene.text:
        yield run.scene.text
    yield f"{len(run.records)} steps:"
    yield from trace_of(run)
