"""The plain exhaustive search: breadth first, every state and every step, nothing left out.

Choices:
- A node is a state together with what the monitors remember of the way to it. States, transitions, stutters
  and depth are counted over the graph of states alone, so that no property changes them.
- Breadth first: the first run that shows something is one of the shortest that do.
- What may happen is looked at in the order of `enabled`: the same search finds the same runs, in every process.
- A search that may visit n states and meets one more ends, inconclusive, without it.
"""

from collections.abc import Callable

from attrs import frozen

from models.model import World
from models.search.bounds import Bounds, Stop
from models.search.codes import Code
from models.search.findings import Path
from models.search.monitors import Memory
from models.search.moves import Move
from models.search.progress import Listener, nobody
from models.search.result import SearchResult
from models.search.search import Search
from spec.formalism.event import Event


@frozen
class Node:
    """A state, and what the monitors remember of the way to it."""

    number: int
    """Its number: nodes are numbered as they are met."""
    code: Code
    """The state."""
    memory: Memory
    """What the monitors remember."""
    depth: int
    """How many steps it is away from the start."""


def explore(
    world: World,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> SearchResult:
    """Visit all states of a world, as far as the bounds allow.

    Args:
        world: what is searched.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    search = Exploration(world, bounds or Bounds(), until, listener)
    try:
        stop = search.run()
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return search.result(stop)


class Exploration(Search):
    """One exhaustive search on its way."""

    def __init__(
        self, world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> None:
        super().__init__(world, bounds, until, listener)
        self._visited: dict[Code, tuple[Memory, ...]] = {}
        self._ways: list[tuple[int, Event] | None] = []
        self._deepest = bounds.max_depth
        self._cut = False

    def run(self) -> Stop | None:
        """Visit level after level; the answer is why the search ended early."""
        code, memory = self._start, self._monitors.start
        level = [self._meet(code, memory, None)]
        self._findings.add(self._judge.start(code, memory), self._path_to(level[0]))
        while level and not self._findings.ending:
            following: list[Node] = []
            for node in level:
                stop = self._expand(node, following)
                stop = self._tick() if stop is None else stop
                if stop is not None:
                    return stop
            level = following
        return self._ended() or (Stop.DEPTH if self._cut else None)

    def result(self, stop: Stop | None) -> SearchResult:
        """What the search has found, if this is how it ended."""
        return self._result(stop, len(self._visited), len(self._ways), all_seen=True)

    def _expand(self, node: Node, following: list[Node]) -> Stop | None:
        """Take every step that may happen in a node; the answer says whether the search is to end."""
        first = self._visited[node.code][0] == node.memory
        rests = True
        for move, after in self._moves.after(node.code):
            rests = rests and after == node.code
            if first:
                self._count(node.code, move, after)
                self._judge_step(node.code, move, after, self._path_to(node, move))
            stop = self._reach(node, move, after, following)
            stop = self._ended() if stop is None else stop
            if stop is not None:
                return stop
        if rests:
            self._judge_rest(node.code, node.memory, self._path_to(node))
        return self._ended()

    def _reach(self, node: Node, move: Move, after: Code, following: list[Node]) -> Stop | None:
        """Meet the node that a step leads to, if it was not met before."""
        memory = self._monitors.after(node.memory, move)
        known = self._visited.get(after, ())
        if memory in known:
            return None
        if node.depth == self._deepest:
            self._cut = True
            return None
        if not known and len(self._visited) >= self._max_states:
            return Stop.STATES
        reached = self._meet(after, memory, (node, move))
        following.append(reached)
        path = self._path_to(reached)
        if not known:
            self._depth = reached.depth
            self._findings.add(self._judge.state(after), path)
        self._findings.add(self._judge.memory(memory), path)
        return None

    def _meet(self, code: Code, memory: Memory, way: tuple[Node, Move] | None) -> Node:
        """The node of a state and a memory that were not met together before."""
        self._visited[code] = (*self._visited.get(code, ()), memory)
        number = len(self._ways)
        self._ways.append(None if way is None else (way[0].number, way[1].event))
        return Node(number, code, memory, 0 if way is None else way[0].depth + 1)

    def _tick(self) -> Stop | None:
        return self._clock.tick(len(self._visited), self._transitions, self._depth)

    def _path_to(self, node: Node, last: Move | None = None) -> Callable[[], Path]:
        """How to find the events that lead to a node, and one more if there is one."""

        def path() -> Path:
            events = [] if last is None else [last.event]
            way = self._ways[node.number]
            while way is not None:
                events.append(way[1])
                way = self._ways[way[0]]
            return tuple(reversed(events))

        return path
