"""Why something is as it is: the step that made it so, and the earlier steps that it could not do without.

Choices:
- What is asked about is a property that has shown, by its whole name; or it is found by its words, in what steps say of
  themselves: the newest step counts.
- Of the run before it, what did not happen before it in Lamport's sense is left out, then whatever else it can do
  without (delta debugging, as traces are shortened). So what remains is a run that leads to the same, and, unless it
  was too long to try everything, not one of its steps can be left out.
- Of what breaks a property, the same is told; there every step of the run may matter. Of what shows at rest only the
  last step is told: what waits there says more.
"""

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from models.errors import InputError
from models.render import render, render_event
from models.stepper.point import Point, back_from, run_to
from models.traces.causes import links
from models.traces.diff import environment_changes
from models.traces.judging import Sight
from models.traces.minimise import NotBrokenError, minimised
from models.traces.trace import actor
from properties.property import (
    Evidence,
    Kind,
    Property,
    Reacted,
    ReactionProperty,
    Step,
    StepProperty,
)
from spec.formalism.engine import Engine
from spec.formalism.event import Event, Record
from spec.formalism.rule import RuleId

TRIES = 500
"""How many shorter runs are tried."""

ASKED = "what was asked about"
"""What is looked for in shorter runs."""


@frozen
class Why:
    """Where something comes from."""

    line: str
    """What was asked about, as the step says it."""
    chain: tuple[Point, ...]
    """The steps that led there, in order; the last one made it so."""
    complete: bool
    """Whether not one of them can be left out."""


@frozen
class _Saying:
    """Something that a step says."""

    line: str
    """What it says."""
    about: Property | None
    """The property that it is about, if it is about one."""


def why(point: Point, words: str, tries: int = TRIES) -> Why:
    """Why the run to a point has led to something, which these words stand in.

    Raises:
        InputError: no step of the run says anything with all these words in it, or it does not say so again.
    """
    last, saying = _found(point, words)
    about = saying.about
    if last.event is None or (about is not None and about.kind is Kind.AT_REST):
        return Why(saying.line, (last,), complete=last.event is None)
    try:
        if about is None:
            return _because(last, _showing(last.event, saying.line), saying.line, tries)
        if about.kind is Kind.SOMETIMES:
            about = evolve(about, kind=Kind.ALWAYS)
        return _shortened(run_to(last)[1:], about, saying.line, tries)
    except NotBrokenError as error:
        raise InputError(f"the run goes otherwise when it is taken again: {error}") from error


def before(last: Point) -> tuple[Point, ...]:
    """A step, and those that happened before it: they lead to what its engine is and what it takes."""
    points, world = run_to(last)[1:], last.stage.world
    records = [each.record for each in points if each.record is not None]
    sources: dict[int, list[int]] = {}
    for link in links(world.system.discipline, world.state, records):
        sources.setdefault(link.target, []).append(link.source)
    cone = {last.step}
    for step in range(last.step, 0, -1):
        if step in cone:
            cone.update(sources.get(step, ()))
    return tuple(each for each in points if each.step in cone)


def _because(last: Point, about: Property, line: str, tries: int) -> Why:
    try:
        return _shortened(before(last), about, line, tries)
    except NotBrokenError:
        # Where steps do more than their records say, more may matter than links tell.
        return _shortened(run_to(last)[1:], about, line, tries)


def _shortened(points: Sequence[Point], about: Property, line: str, tries: int) -> Why:
    events = [each.event for each in points if each.event is not None]
    shorter = minimised(points[-1].stage.world, events, about, tries)
    return Why(line, tuple(_points(points, shorter.events)), shorter.complete)


def lines_said(point: Point) -> tuple[str, ...]:
    """What the step to a point says of itself, and what it shows of properties."""
    return tuple(each.line for each in _said(point))


def _found(point: Point, words: str) -> tuple[Point, _Saying]:
    """The step that first shows the property of this name; or the newest one that says all these words, and what."""
    sight = point.shown.get(words.strip())
    if sight is not None:
        shown = next(each for each in back_from(point) if each.step == sight.step)
        return shown, _of_sight(sight)
    wanted = words.lower().split()
    for each in back_from(point):
        for saying in _said(each):
            if wanted and all(word in saying.line.lower() for word in wanted):
                return each, saying
    raise InputError(
        f"nothing in this run says {words!r}; expected words of an event, a change, a message or a property"
    )


def _said(point: Point) -> Iterator[_Saying]:
    record, parent = point.record, point.parent
    if record is not None and parent is not None:
        name = actor(record.event)
        states = () if name is None else (parent.state, point.state)
        engines = [each.engines[name] for each in states if name is not None]
        yield from (_Saying(line, None) for line in _lines(record, engines))
    yield from map(_of_sight, point.new)


def _of_sight(sight: Sight) -> _Saying:
    return _Saying(f"{sight.property.name}: {sight.evidence.finding}", sight.property)


def _lines(record: Record, engines: Sequence[Engine]) -> Iterator[str]:
    """What a step says of itself; the engine before and after it, unless it was a fault."""
    yield render_event(record.event)
    name = actor(record.event)
    if engines:
        changes = environment_changes(*(each.environment for each in engines))
        yield from (f"{name}: {change}" for change in changes)
    yield from (f"{name} sends to {each.target}: {render(each.body)}" for each in record.sent)
    yield from (f"{name} spawns {each}" for each in record.spawned)
    yield from (f"{name} follows {each}" for each in record.fired)


def _showing(event: Event, line: str) -> Property:
    """The property of which a step shows something if it is this event and says this line."""
    evidence = Evidence(line)
    rule = RuleId("")
    if actor(event) is None:

        def of_step(step: Step) -> Evidence | None:
            return evidence if step.record.event == event else None

        return StepProperty(ASKED, rule, Kind.ALWAYS, of_step)

    def of_reaction(reacted: Reacted) -> Evidence | None:
        if reacted.record.event != event:
            return None
        said = _lines(reacted.record, (reacted.before, reacted.after))
        return evidence if line in said else None

    return ReactionProperty(ASKED, rule, Kind.ALWAYS, of_reaction)


def _points(points: Sequence[Point], events: Sequence[Event]) -> Iterator[Point]:
    """The points of a run whose events these are, in their order."""
    left = iter(points)
    for event in events:
        yield next(point for point in left if point.event == event)
