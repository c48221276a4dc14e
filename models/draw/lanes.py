"""The one model behind all drawings of runs: lanes, what happens in them, and the messages between them.

Choices:
- A lane is an engine, from its birth to its end, or the network, which is there only if it duplicates or loses
  something. Then a message goes to the network, and each copy of it goes from there.
- A message is sent in one step and taken in a later one. Which one is taken, of equal ones, the causes of the run say.
- Lanes stand in the order in which their families begin to do something; in a family, in the order of their names.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

from attrs import evolve, frozen

from models.draw.flights import Flight, flights_of
from models.draw.run import Run, Shown
from models.draw.text import natural, plain
from models.draw.topics import NONE, Names, Topics, names_in, topics_of
from models.render import fields_of, render
from models.traces.trace import actor, step_lines
from spec.formalism.environment import Finished
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose, Record
from spec.formalism.identity import EngineId

NETWORK = "network"
"""How the lane of the network is called."""


class What(Enum):
    """What happens in a step."""

    TAKES = "takes"
    """An engine takes a message."""
    ELAPSES = "elapses"
    """A timer of an engine elapses."""
    DUPLICATES = "duplicates"
    """The network makes one more copy of a message."""
    LOSES = "loses"
    """The network loses a message."""


WHAT: dict[type[Event], What] = {
    Deliver: What.TAKES,
    Elapse: What.ELAPSES,
    Duplicate: What.DUPLICATES,
    Lose: What.LOSES,
}
"""What happens in a step of an event."""


@frozen
class Lane:
    """An engine, or the network."""

    name: str
    """Its name."""
    family: str
    """The name of its family; empty for the network."""
    birth: int
    """The step in which it was created; 0 where it was there at the start."""
    spawner: int | None
    """The place of the lane that created it, if one did."""
    end: int | None
    """The step in which it ended, if it did."""


@frozen
class Arrow:
    """A message on its way from one lane to another."""

    source: int
    """The place of the lane that sent it."""
    target: int
    """The place of the lane that it is for."""
    title: str
    """What it says, in short: its type, and what of it is short."""
    text: str
    """What it says."""
    sent: int
    """The step in which it was sent; 0 where it was on its way at the start."""
    taken: int | None
    """The step in which it was taken; nothing where it is still on its way at the end."""
    again: bool = False
    """Whether it stays in its mailbox, and was taken before."""
    topics: Topics = NONE
    """What it is about."""


@frozen
class Act:
    """A step, in the lane in which it happens."""

    step: int
    """Its number, from 1."""
    lane: int
    """The place of the lane."""
    what: What
    """What happens."""
    title: str
    """What was taken or what elapsed, in short."""
    text: str
    """What happens."""
    lines: tuple[str, ...]
    """The rules that took effect, what changed, what was created and sent, line by line."""
    changes: tuple[str, ...]
    """What changed."""
    refused: bool
    """Whether nothing happened after all."""
    topics: Topics = NONE
    """What it is about."""


@frozen
class Diagram:
    """What a drawing of a run shows."""

    name: str
    """What was run."""
    lanes: tuple[Lane, ...]
    """The lanes, from left to right."""
    acts: tuple[Act, ...]
    """The steps, in order."""
    arrows: tuple[Arrow, ...]
    """The messages, in the order in which they were sent."""
    shown: tuple[Shown, ...]
    """What the run shows: first what it was recorded for."""
    notes: tuple[str, ...]
    """What else there is to say of it."""


def diagram_of(run: Run) -> Diagram:
    """What a drawing of a run shows."""
    names = names_in(run.world, run.states[-1])
    flights = flights_of(run)
    order = _order(run, flights)
    places: Places = {each: place for place, each in enumerate(order)}
    births: Places = {each: step for step, record in _numbered(run) for each in record.spawned}
    spawners = {each: actor(record.event) for record in run.records for each in record.spawned}
    ends: Places = dict(_ends(run))
    lanes = tuple(
        Lane(
            NETWORK if each is None else plain(str(each)),
            plain(_family(run, each)),
            births.get(each, 0),
            places[spawners[each]] if each in spawners else None,
            ends.get(each),
        )
        for each in order
    )
    acts = tuple(_act(run, step, places, names) for step in range(1, len(run.records) + 1))
    arrows = tuple(_arrow(each, places, names) for each in flights)
    shown = tuple(map(_plainly, run.shown))
    return Diagram(plain(run.name), lanes, acts, arrows, shown, tuple(map(plain, run.notes)))


Places = dict[EngineId | None, int]
"""A number for each lane; the network's is that of nobody."""


def _plainly(shown: Shown) -> Shown:
    """The same, with nothing in it that does not print."""
    return evolve(
        shown,
        name=plain(shown.name),
        rule=plain(shown.rule),
        finding=plain(shown.finding),
        details=tuple(map(plain, shown.details)),
    )


def title_of(body: Any) -> str:
    """What a message says, in short: its type, and those of its fields that are numbers, names or the like."""
    values = (getattr(body, field.name) for field in fields_of(body))
    short = [_brief(each) for each in values]
    inner = ", ".join(each for each in short if each)
    return f"{type(body).__name__}({inner})" if inner else type(body).__name__


def _brief(value: Any) -> str:
    """A value that is short by nature, or what names one that is not; empty if nothing does."""
    if isinstance(value, str | int | Enum):
        return render(value)
    if isinstance(value, EngineId):
        return ""
    inner = [getattr(value, field.name) for field in fields_of(value)]
    short = [each for each in inner if isinstance(each, str | int)]
    return "@".join(map(render, short if len(short) == len(inner) else short[:1]))


def _order(run: Run, flights: Sequence[Flight]) -> list[EngineId | None]:
    """The lanes, from left to right; the network, if it does anything, stands last.

    Who sends or is sent something and is no engine has a lane too: what comes from outside, and a target that is not
    there.
    """
    firsts: dict[str, int] = {}
    senders = (_family(run, each.source) for each in flights if not each.sent)
    actors = (_family(run, actor(record.event)) for record in run.records)
    for family in (*senders, *actors):
        firsts.setdefault(family, len(firsts))
    met = {name for each in flights for name in (each.source, each.target) if name is not None}
    engines = sorted(
        met.union(run.states[-1].engines),
        key=lambda each: (
            firsts.get(_family(run, each), len(firsts)),
            _family(run, each),
            natural(str(each)),
        ),
    )
    faults = any(actor(event) is None for event in run.events)
    return [*engines, *([None] if faults else [])]


def _family(run: Run, engine: EngineId | None) -> str:
    found = None if engine is None else run.states[-1].engines.get(engine)
    return "" if found is None else found.family


def _numbered(run: Run) -> Iterator[tuple[int, Record]]:
    return enumerate(run.records, start=1)


def _ends(run: Run) -> Iterator[tuple[EngineId | None, int]]:
    """The engines that end, each with the step in which it does."""
    for step, record in _numbered(run):
        name = actor(record.event)
        finished = name is not None and _is_finished(run, name, step)
        if name is not None and finished and not _is_finished(run, name, step - 1):
            yield name, step


def _is_finished(run: Run, engine: EngineId, step: int) -> bool:
    return isinstance(run.states[step].engines[engine].environment.local, Finished)


def _arrow(flight: Flight, places: Places, names: Names) -> Arrow:
    body = flight.message.body
    return Arrow(
        places[flight.source],
        places[flight.target],
        plain(title_of(body)),
        plain(render(body)),
        flight.sent,
        flight.taken,
        flight.again,
        topics_of(flight.message, names),
    )


def _act(run: Run, step: int, places: Places, names: Names) -> Act:
    record, shown = run.records[step - 1], run.steps[step - 1]
    event = record.event
    about = NONE if isinstance(event, Elapse) else topics_of(event.message, names)
    for message in record.sent:
        about |= topics_of(message, names)
    title = event.timer.handle if isinstance(event, Elapse) else title_of(event.message.body)
    return Act(
        step,
        places[actor(event)],
        WHAT[type(event)],
        plain(title),
        plain(shown.event),
        tuple(map(plain, step_lines(shown))),
        tuple(plain(str(each)) for each in shown.changes),
        record.refusal is not None,
        about,
    )
