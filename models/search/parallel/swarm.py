"""Random walks shared among helpers: each takes some, and together they are those that one would take.

Choices:
- Every walk has its number, and is the same whoever takes it. What was found is taken up in the order of
  the numbers: the first violation by number ends the search, and what was done beyond it does not count.
- Outcomes are compared across all walks. Where two disagree that helpers have met apart, the walks that lead to the
  later one are taken once more, to tell the run.
- A bound on states is looked at after each part: helpers know of no states but their own.
"""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial

import numpy as np
from attrs import evolve
from pyrsistent import pmap

from models.model import World
from models.schedulers.pct import Guarantee
from models.search.bounds import Bounds, Stop
from models.search.findings import Findings, judged_properties
from models.search.outcomes import INDEPENDENT
from models.search.parallel.crew import AHEAD, ATTEMPTS, Gone, Name, Transport, log
from models.search.parallel.strolls import Failed, Recipe, Stroll, Walked, walked
from models.search.progress import Listener, Progress, nobody
from models.search.result import Coverage
from models.search.walks import Plan, WalksResult
from properties.property import Evidence, Kind, StateProperty
from spec.formalism.event import Event
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState

PARTS = 16
"""In how many parts the walks are shared; each helper works the rules out anew for each of its parts."""


def swarm(  # noqa: PLR0913, PLR0917  # a walk has five, and the helpers come to it
    recipe: Recipe,
    opening: Callable[[], AbstractContextManager[Transport]],
    plan: Plan,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> WalksResult:
    """Walk at random from the start of a world with helpers; the result is that of one process.

    Args:
        recipe: how to build what is walked through.
        opening: how helpers are called together.
        plan: which walks to take.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    limits = bounds or Bounds()
    strolls = _parts(recipe, plan, limits, until)
    together = Together(recipe(), limits, until)
    stop: Stop | None = None
    try:
        with opening() as transport:
            walkers = Walkers(transport, strolls)
            for stroll in strolls:
                stop = together.add(stroll, walkers.walked(stroll))
                listener(together.progress(stroll.plan.first - plan.first + stroll.plan.walks))
                if stop is not None:
                    break
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return together.result(stop)


class Together:
    """What came of all walks so far."""

    def __init__(self, world: World, bounds: Bounds, until: frozenset[str] | None) -> None:
        self._world = world
        self._bounds = bounds
        self._findings = Findings(world, until)
        self._properties = {each.name: each for each in judged_properties(world)}
        self._began = time.monotonic()
        self._fired: Counter[RuleId] = Counter()
        self._rules: set[RuleId] = set()
        self._states = np.zeros(0, dtype=np.uint64)
        self._resting: dict[GlobalState, None] = {}
        self._transitions = self._stutters = self._depth = self._nodes = 0
        self._guarantee: Guarantee | None = None

    def add(self, stroll: Stroll, part: Walked) -> Stop | None:
        """Take up the next part; the answer is why the search ends now, if it does."""
        for shown in part.shown:
            if shown.property != INDEPENDENT.name:
                found = self._properties[shown.property], shown.evidence
                self._findings.add([found], partial(tuple[Event, ...], shown.events))
        part = self._compare(stroll, part)
        self._count(part)
        if self._findings.ending:
            return Stop.VIOLATION
        if len(self._states) >= self._bounds.max_states:
            return Stop.STATES
        seconds, limit = time.monotonic() - self._began, self._bounds.max_seconds
        return part.stop or (Stop.SECONDS if limit is not None and seconds >= limit else None)

    def progress(self, walks: int) -> Progress:
        """How far the search is after so many walks."""
        seconds = time.monotonic() - self._began
        return Progress(len(self._states), self._transitions, self._depth, seconds, walks)

    def result(self, stop: Stop | None) -> WalksResult:
        """What the walks have found, if this is how they ended."""
        return WalksResult(
            self._findings.results(stop),
            Coverage(pmap(self._fired), tuple(sorted(self._rules - set(self._fired)))),
            stop,
            complete=False,
            states=len(self._states),
            transitions=self._transitions,
            stutters=self._stutters,
            depth=self._depth,
            resting=tuple(self._resting),
            nodes=max(self._nodes, len(self._states)),
            seconds=time.monotonic() - self._began,
            guarantee=self._guarantee,
        )

    def _compare(self, stroll: Stroll, part: Walked) -> Walked:
        """Compare the outcomes; what came of the walks until one ends the search, if one does."""
        ended = self._findings.ending
        for state in part.resting:
            again: list[Walked] = []

            def path(state: GlobalState = state, again: list[Walked] = again) -> tuple[Event, ...]:
                again.append(self._until(stroll, state))
                return next(each for each in again[0].shown if each.property == _MEETING).events

            self._findings.add_resting(state, path)
            if again and self._findings.ending and not ended:
                return again[0]
        return part

    def _until(self, stroll: Stroll, wanted: GlobalState) -> Walked:
        """What comes of the same walks if they end where a state is met at rest."""

        def judge(state: GlobalState) -> Evidence | None:
            return Evidence("it is met") if state == wanted else None

        meeting = StateProperty(_MEETING, INDEPENDENT.rule, Kind.AT_REST, judge)
        world = evolve(self._world, properties=(*self._world.properties, meeting))
        return walked(world, stroll.plan, stroll.bounds, frozenset({_MEETING}))

    def _count(self, part: Walked) -> None:
        for rule, times in part.coverage.fired.items():
            self._fired[rule] += times
        self._rules |= {*part.coverage.fired, *part.coverage.never}
        self._states = np.union1d(self._states, part.states)
        self._resting |= dict.fromkeys(part.resting)
        self._transitions += part.transitions
        self._stutters += part.stutters
        self._depth = max(self._depth, part.depth)
        self._nodes += part.nodes
        self._guarantee = _both(self._guarantee, part.guarantee)


_MEETING = "a state is met at rest"
"""What is asked of walks that are taken once more."""


def _parts(
    recipe: Recipe, plan: Plan, bounds: Bounds, until: frozenset[str] | None
) -> list[Stroll]:
    """The walks in parts, in order."""
    size = -(-plan.walks // PARTS)
    search, end = uuid.uuid4().hex, plan.first + plan.walks
    return [
        Stroll(
            search, recipe, evolve(plan, first=first, walks=min(size, end - first)), bounds, until
        )
        for first in range(plan.first, end, size)
    ]


def _both(one: Guarantee | None, other: Guarantee | None) -> Guarantee | None:
    """How likely all of some walks were to find a bug, if these are what some and the others give."""
    if one is None or other is None:
        return one or other
    return evolve(
        one,
        chains=max(one.chains, other.chains),
        walks=one.walks + other.walks,
        most=max(one.most, other.most),
    )


class Walkers:
    """Helpers that walk: who takes which part."""

    def __init__(self, transport: Transport, strolls: Sequence[Stroll]) -> None:
        self._transport = transport
        self._strolls = {each.plan.first: each for each in strolls}
        self._waiting = [each.plan.first for each in strolls]
        self._given: dict[Name, list[int]] = {}
        self._attempts: Counter[int] = Counter()
        self._said: dict[int, Walked | Failed] = {}

    def walked(self, stroll: Stroll) -> Walked:
        """What comes of a part, whoever takes it."""
        first = stroll.plan.first
        while first not in self._said and self._somebody():
            self._feed()
            heard = self._transport.receive(wait=True)
            if heard is not None:
                self._hear(*heard)
        if first in self._waiting:
            self._waiting.remove(first)
        said = self._said.pop(first, None)
        if isinstance(said, Walked):
            return said
        return walked(stroll.recipe(), stroll.plan, stroll.bounds, stroll.until)

    def _somebody(self) -> bool:
        """Whether there is a helper; some may be on their way."""
        if self._transport.helpers() or any(self._given.values()):
            return True
        heard = self._transport.receive(wait=True)
        if heard is not None:
            self._hear(*heard)
        return bool(self._transport.helpers())

    def _feed(self) -> None:
        """Give every helper as much as it may have."""
        for name in self._transport.helpers():
            given = self._given.setdefault(name, [])
            while len(given) < AHEAD and self._waiting:
                given.append(self._waiting.pop(0))
                self._transport.send(name, self._strolls[given[-1]])

    def _hear(self, name: Name, said: object) -> None:
        if isinstance(said, Walked | Failed):
            self._said[said.first] = said
            self._given[name].remove(said.first)
        elif isinstance(said, Gone):
            log.warning("%s is gone (%s): what it had to do is done again", name, said.why)
            for first in self._given.pop(name, []):
                self._attempts[first] += 1
                if self._attempts[first] < ATTEMPTS:
                    self._waiting.append(first)
                else:
                    self._said[first] = Failed(first)
            self._waiting.sort()
