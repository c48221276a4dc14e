"""Runs that are judged at every step: what the state machine and the plain walk share."""

from collections.abc import Iterator

from attrs import evolve, frozen
from hypothesis.vendor.pretty import RepresentationPrinter

from models.model import Model, World
from models.render import render_event
from models.search.actors import Number
from models.search.course import Course, Memo, Node, Option
from models.search.judge import Found
from models.search.judgements import Judgements, Sayings
from properties.property import Evidence, Kind, Property, Step
from spec.formalism.event import Event, Record
from spec.formalism.state import GlobalState


@frozen(eq=False, repr=False)
class Scene:
    """A world to run, with the text that a failure prints, and what is remembered from run to run."""

    world: World
    """What is run."""
    text: str
    """What it is: a scenario file, or a model's name."""
    memo: Memo
    """Its steps, each taken once in all runs together."""
    judgements: Judgements
    """What its properties say of what runs meet, each thing judged once in all runs together."""
    course: Course
    """Takes the steps of one run at a time."""
    known: dict[Node, Sayings]
    """What is said of the states that runs by schedules have met, with what monitors remember there."""

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

    option: Option
    """What may happen."""

    @property
    def event(self) -> Event:
        """What may happen, as the system sees it."""
        return self.option.deed.event

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG002, FBT001  # Hypothesis calls it so
        printer.text(render_event(self.event))


@frozen(eq=False, repr=False)
class Run:
    """A run so far; every property that it is judged by has held."""

    scene: Scene
    """What runs."""
    row: tuple[Number, ...]
    """Where the run is, and what the monitors remember of it."""
    rests: bool
    """Whether nothing can happen any more that changes the state."""
    choices: tuple[Choice, ...]
    """How it may go on: what has just become possible first, otherwise in the order of `enabled`."""
    records: tuple[Record, ...] = ()
    """What happened in it, step by step."""
    happened: tuple[str, ...] = ()
    """What is to happen sometimes and has, each when it first did."""

    @property
    def state(self) -> GlobalState:
        """Where the run is, as the system sees it."""
        return self.scene.memo.actors.decode(self.row)


def scene_of(what: Model | World, text: str = "") -> Scene:
    """A world with a text for it; of a model, the world of its default parameters."""
    if isinstance(what, Model):
        defaults = {each.name: each.default for each in what.parameters}
        return scene_of(what.build(defaults), text or f"# model: {what.name}")
    memo = Memo(what)
    return Scene(what, text, memo, Judgements(memo), Course(memo), {})


def begun(scene: Scene) -> Run:
    """The run that has not taken a step yet.

    Raises:
        PropertyBroken: a property does not hold at the start.
    """
    course = scene.course
    course.restart()
    found = scene.judgements.start(course)
    return _judged(_run(scene, course, ()), course, found)


def followed(run: Run, choice: Choice) -> Run:
    """The run with one more step.

    Raises:
        PropertyBroken: a property does not hold in the step, or in the state after it.
    """
    course = run.scene.course
    course.go(run.row)
    record, found = taken(run.scene, choice.option)
    after = _run(run.scene, course, run.choices)
    after = evolve(after, records=(*run.records, record), happened=run.happened)
    return _judged(after, course, (*found, *run.scene.judgements.node(course)))


def taken(scene: Scene, option: Option) -> tuple[Record, Sayings]:
    """Take a step from where the course of a scene is: what happened, and what is said of the step alone."""
    course, deed, says = scene.course, option.deed, scene.judgements
    if course.is_refused(option):
        before = course.decode()
        after, record = scene.world.system.step(before, deed.event)
        step = Step(scene.world.system, before, record, after)
        course.refuse(record)
        return record, (*says.refusal(deed, step), *says.step(step))
    if not says.looks_at_steps():
        course.take(option)
        return deed.record, says.deed(deed)
    before = course.decode()
    course.take(option)
    step = Step(scene.world.system, before, deed.record, course.decode())
    return deed.record, (*says.deed(deed), *says.step(step))


def trace_of(run: Run) -> tuple[str, ...]:
    """The steps of a run, in a numbered line each."""
    return tuple(_step_line(number, each) for number, each in enumerate(run.records, start=1))


def _step_line(number: int, record: Record) -> str:
    """One step of a run: what happened, and which rules took effect."""
    rules = f"  [{', '.join(record.fired)}]" if record.fired else ""
    refused = f"  refused: {record.refusal.reason}" if record.refusal else ""
    return f"{number:3} {render_event(record.event)}{rules}{refused}"


def _run(scene: Scene, course: Course, before: tuple[Choice, ...]) -> Run:
    """Where a course is, as a run; what was possible before comes after what is new.

    So the place of a choice changes little when an earlier step is left out, and shrinking can leave out
    what does not matter.
    """
    ages = {each.option.event: age for age, each in enumerate(before, start=1)}
    now = sorted(course.options(), key=lambda each: ages.get(each.event, 0))
    choices = tuple(Choice(each) for each in now)
    return Run(scene, tuple(course.row), course.is_at_rest(), choices)


def _judged(run: Run, course: Course, found: Sayings) -> Run:
    """The run, if nothing that breaks a property was found in it."""
    at_rest = run.scene.judgements.rest(course) if run.rests else ()
    for each in (*found, *at_rest):
        if each[0].kind is not Kind.SOMETIMES:
            raise PropertyBroken(each, run)
        if each[0].name not in run.happened:
            run = evolve(run, happened=(*run.happened, each[0].name))
    return run


def _message(broken: Property, evidence: Evidence, run: Run) -> Iterator[str]:
    yield f"broken: {broken.name} ({broken.rule}, {broken.kind.value})"
    yield evidence.finding
    yield from (f"  {line}" for line in evidence.details)
    if run.scene.text:
        yield run.scene.text
    yield f"{len(run.records)} steps:"
    yield from trace_of(run)
