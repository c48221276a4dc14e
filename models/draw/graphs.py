"""State graphs of small worlds: every state, every step from one to another, and what the shortest runs break.

Choices:
- States and steps are those of the one relation, met breadth first: the number of a state says how soon it is met.
- A state is described by what changed in the step by which it was first met. Steps from one state to the same other
  one are one arrow; steps that change nothing belong to the state.
- A property is judged on the shortest run to each state, and on each step after such a run. What is marked is where it
  breaks for the first time there; so what shows only after a longer way, or beside another run, is not marked.
"""

from collections import deque
from collections.abc import Iterator

from attrs import frozen

from models.errors import InputError
from models.model import World
from models.render import render_event
from models.search.codes import Code
from models.search.moves import Move, Moves
from models.traces.judging import Stage
from models.traces.trace import TraceStep, trace_step
from properties.property import Kind
from spec.formalism.event import Event

MOST_STATES = 100
"""How many states a graph has at most, unless a user wants more."""


@frozen
class Label:
    """What may happen, by which rules."""

    event: str
    """What happens."""
    rules: tuple[str, ...]
    """The rules that take effect."""

    def __str__(self) -> str:
        return f"{self.event}, by {', '.join(self.rules) or 'no rule'}"


@frozen
class Node:
    """A state."""

    number: int
    """Its number, from 0, the start."""
    depth: int
    """How many steps it is away from the start."""
    parent: int | None
    """The state from which it was first met; nothing for the start."""
    lines: tuple[str, ...]
    """What changed in that step."""
    rests: bool
    """Whether no step changes it."""
    broken: tuple[str, ...]
    """The names of the properties that the shortest run to it breaks in its last step."""
    loops: tuple[int, ...]
    """The labels of the steps that change nothing, by number."""


@frozen
class Arrow:
    """All steps from one state to another."""

    source: int
    """The state before."""
    target: int
    """The state after."""
    labels: tuple[int, ...]
    """What happens, by number."""
    broken: tuple[str, ...]
    """The names of the properties that one of the steps breaks."""


@frozen
class StateGraph:
    """The state graph of a world."""

    name: str
    """What people call the world."""
    nodes: tuple[Node, ...]
    """The states, in the order in which they are met."""
    arrows: tuple[Arrow, ...]
    """The steps, by the state before and the state after."""
    labels: tuple[Label, ...]
    """What may happen, numbered from 1 in the order in which it is met."""

    @property
    def heading(self) -> str:
        """How large it is, in one line."""
        resting = sum(node.rests for node in self.nodes)
        arrows, states = len(self.arrows), len(self.nodes)
        return (
            f"{self.name}: {states} {'state' if states == 1 else 'states'}, {resting} at rest, "
            f"{arrows} {'arrow' if arrows == 1 else 'arrows'}"
        )


def graph_of(name: str, world: World, most: int = MOST_STATES) -> StateGraph:
    """The state graph of a world.

    Args:
        name: what people call the world.
        world: what is drawn.
        most: how many states it may have.

    Raises:
        InputError: it has more.
    """
    growing = _Growing(name, world, most)
    growing.grow()
    return growing.graph()


@frozen
class _Met:
    """A state that was met."""

    number: int
    code: Code
    events: tuple[Event, ...]
    parent: int | None
    lines: tuple[str, ...]


class _Growing:
    """A graph that grows until all its states are met."""

    def __init__(self, name: str, world: World, most: int) -> None:
        self._name = name
        self._most = most
        self._moves = Moves(world.system)
        self._stage = Stage(world)
        start = self._moves.codes.encode(world.state)
        self._met = {start: _Met(0, start, (), None, ("the start",))}
        self._steps: dict[Code, tuple[tuple[Move, Code], ...]] = {}
        self._labels: dict[Label, int] = {}

    def grow(self) -> None:
        """Meet all states, breadth first."""
        waiting = deque(self._met.values())
        while waiting:
            met = waiting.popleft()
            self._steps[met.code] = tuple(self._moves.after(met.code))
            for move, code in self._steps[met.code]:
                self._number(move)
                if code not in self._met:
                    waiting.append(self._meet(met, move, code))

    def graph(self) -> StateGraph:
        """The graph."""
        nodes = tuple(self._node(met) for met in self._met.values())
        arrows = tuple(arrow for met in self._met.values() for arrow in self._arrows(met))
        return StateGraph(self._name, nodes, arrows, tuple(self._labels))

    def _meet(self, parent: _Met, move: Move, code: Code) -> _Met:
        """A state that was not met before."""
        if len(self._met) >= self._most:
            raise InputError(
                f"{self._name}: it has more than {self._most} states; "
                "expected no more, or --max-states with a greater number"
            )
        before, after = (self._moves.codes.decode(each) for each in (parent.code, code))
        step = trace_step(0, before, move.record, after)
        events = (*parent.events, move.event)
        lines = tuple(_changed(step)) or ("only what is in flight",)
        met = self._met[code] = _Met(len(self._met), code, events, parent.number, lines)
        return met

    def _number(self, move: Move) -> int:
        """The number of what happens in a step: a new one when it is first met."""
        label = Label(render_event(move.event), move.record.fired)
        return self._labels.setdefault(label, len(self._labels) + 1)

    def _node(self, met: _Met) -> Node:
        steps = self._steps[met.code]
        loops = [self._number(move) for move, code in steps if code == met.code]
        return Node(
            met.number,
            len(met.events),
            met.parent,
            met.lines,
            len(loops) == len(steps),
            self._broken(met.events),
            tuple(dict.fromkeys(loops)),
        )

    def _arrows(self, met: _Met) -> Iterator[Arrow]:
        """The arrows from a state."""
        targets: dict[Code, list[Move]] = {}
        for move, code in self._steps[met.code]:
            if code != met.code:
                targets.setdefault(code, []).append(move)
        for code in sorted(targets, key=lambda each: self._met[each].number):
            moves = targets[code]
            broken = [self._broken((*met.events, move.event)) for move in moves]
            yield Arrow(
                met.number,
                self._met[code].number,
                tuple(dict.fromkeys(map(self._number, moves))),
                tuple(dict.fromkeys(name for names in broken for name in names)),
            )

    def _broken(self, events: tuple[Event, ...]) -> tuple[str, ...]:
        """What a run breaks in its last step, or, at rest, after it."""
        return tuple(
            sight.property.name
            for sight in self._stage.judged(events)
            if sight.step == len(events) and sight.property.kind is not Kind.SOMETIMES
        )


def _changed(step: TraceStep) -> Iterator[str]:
    """What a step changed in engines, line by line."""
    yield from (f"{step.engine} {change}" for change in step.changes)
    yield from (f"+ {name}" for name in step.spawned)
