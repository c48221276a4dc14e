"""What all searches share: the world as moves, the judge, and what is counted."""

from collections.abc import Callable

from models.model import World
from models.search.bounds import Bounds, Stop
from models.search.codes import Code
from models.search.coverage import Covered
from models.search.findings import Findings, Path
from models.search.judge import Judge
from models.search.monitors import Memory, Monitors
from models.search.moves import Move, Moves
from models.search.progress import Clock, Listener
from models.search.result import SearchResult
from spec.formalism.state import GlobalState


class Search:
    """A search on its way; what visits states, and in which order, is left to others."""

    def __init__(
        self, world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> None:
        self._moves = Moves(world.system)
        self._start = self._moves.codes.encode(world.state)
        self._monitors = Monitors(world.properties)
        self._judge = Judge(world, self._moves, self._monitors)
        self._findings = Findings(world, until)
        self._covered = Covered(world.system, world.state)
        self._clock = Clock(bounds, listener)
        self._max_states = bounds.max_states
        self._resting: dict[Code, GlobalState] = {}
        self._transitions = 0
        self._stutters = 0
        self._depth = 0

    def _count(self, before: Code, move: Move, after: Code) -> None:
        """Count a step."""
        if after == before:
            self._stutters += 1
        else:
            self._transitions += 1
        self._covered.count(move)

    def _judge_step(self, before: Code, move: Move, after: Code, path: Callable[[], Path]) -> None:
        """Judge a step."""
        self._findings.add(self._judge.move(move), path)
        self._findings.add(self._judge.step(before, move, after), path)

    def _judge_rest(self, code: Code, memory: Memory, path: Callable[[], Path]) -> None:
        """Judge a state at rest; its outcome is compared once."""
        state = self._resting.get(code) or self._moves.codes.decode(code)
        self._findings.add(self._judge.rest(state, memory), path)
        if code not in self._resting:
            self._resting[code] = state
            self._findings.add_resting(state, path)

    def _ended(self) -> Stop | None:
        """Whether what was found ends the search."""
        return Stop.VIOLATION if self._findings.ending else None

    def _result(
        self, stop: Stop | None, states: int, nodes: int, *, all_seen: bool
    ) -> SearchResult:
        """What the search has found, if this is how it ended."""
        return SearchResult(
            self._findings.results(stop),
            self._covered.coverage(),
            stop,
            all_seen and stop is None,
            states,
            self._transitions,
            self._stutters,
            self._depth,
            tuple(self._resting.values()),
            nodes,
            self._clock.seconds(),
        )
