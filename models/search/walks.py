"""Random walks: runs from the start, each step chosen by a scheduler, with every property judged.

Choices:
- A walk ends at rest, or after so many steps; properties about rest are judged only where it has come to rest.
- States and depth are those that the walks have visited; transitions and stutters are the steps that they took.
- Every walk has a scheduler of its own, made from the seed and the number of the walk: the walks before it do not
  change it.
"""

from attrs import frozen

from models.model import World
from models.schedulers.scheduler import Scheduler
from models.schedulers.uniform import Uniform
from models.search.bounds import Bounds, Stop
from models.search.codes import Code
from models.search.findings import Path
from models.search.monitors import Memory
from models.search.progress import Listener, nobody
from models.search.result import SearchResult
from models.search.search import Search
from spec.formalism.event import Event

LONGEST = 10_000
"""How many steps a walk takes at most if nothing else is said."""


@frozen
class Plan:
    """Which walks to take."""

    walks: int
    """How many."""
    seed: int = 0
    """The same seed takes the same walks."""
    longest: int = LONGEST
    """How many steps a walk takes at most."""
    first: int = 0
    """The number of the first of them: others may take those before."""


def walk(
    world: World,
    plan: Plan,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> SearchResult:
    """Walk at random from the start of a world, several times.

    Args:
        world: what is walked through.
        plan: which walks to take.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    search = Walks(world, bounds or Bounds(), until, listener)
    try:
        stop = search.run(plan)
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return search.result(stop)


class Walks(Search):
    """Walks on their way."""

    def __init__(
        self, world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> None:
        super().__init__(world, bounds, until, listener)
        self._visited: set[Code] = set()
        self._nodes: set[tuple[Code, Memory]] = set()
        self._events: list[Event] = []
        self._done = 0

    def run(self, plan: Plan) -> Stop | None:
        """Walk so often; the answer is why the search ended early."""
        self._meet(self._start, self._monitors.start)
        self._findings.add(self._judge.start(self._start, self._monitors.start), self._path)
        while self._done < plan.walks and not self._findings.ending:
            stop = self._walk(Uniform(f"{plan.seed}/{plan.first + self._done}"), plan.longest)
            if stop is not None:
                return stop
            self._done += 1
        return self._ended()

    def result(self, stop: Stop | None) -> SearchResult:
        """What the walks have found, if this is how they ended."""
        return self._result(stop, len(self._visited), len(self._nodes), all_seen=False)

    def _walk(self, scheduler: Scheduler, longest: int) -> Stop | None:
        """Take one walk; the answer says whether the search is to end."""
        self._events.clear()
        code, memory = self._start, self._monitors.start
        for step in range(longest):
            choices = tuple(self._moves.after(code))
            if all(after == code for _, after in choices):
                self._judge_rest(code, memory, self._path)
                break
            move, after = choices[scheduler.choose(len(choices), step)]
            self._events.append(move.event)
            self._count(code, move, after)
            self._judge_step(code, move, after, self._path)
            code, memory = after, self._monitors.after(memory, move)
            stop = self._meet(code, memory)
            if stop is not None:
                return stop
        return self._ended()

    def _meet(self, code: Code, memory: Memory) -> Stop | None:
        """Look at where a walk has come to; the answer says whether the search is to end."""
        if code not in self._visited:
            if len(self._visited) >= self._max_states:
                return Stop.STATES
            self._visited.add(code)
            self._findings.add(self._judge.state(code), self._path)
        self._nodes.add((code, memory))
        self._depth = max(self._depth, len(self._events))
        self._findings.add(self._judge.memory(memory), self._path)
        stop = self._clock.tick(len(self._visited), self._transitions, self._depth, self._done)
        return self._ended() if stop is None else stop

    def _path(self) -> Path:
        return tuple(self._events)
