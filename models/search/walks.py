"""Random walks: runs from the start, each step chosen by a scheduler, with every property judged.

Choices:
- A walk ends at rest, or after so many steps; properties about rest are judged only where it has come to rest.
- States and depth are those that the walks have visited; transitions and stutters are the steps that they took.
- Every walk has a scheduler of its own, made from the seed and the number of the walk: the walks before it do not
  change it.
- States are kept as exact numbers: no two are taken for one.
"""

from collections import Counter

from attrs import frozen
from pyrsistent import pmap

from models.model import World
from models.schedulers.pct import Guarantee, Pct, Priorities, seeded
from models.schedulers.scheduler import Scheduler
from models.schedulers.uniform import Uniform, Uniformly
from models.search.bounds import Bounds, Stop
from models.search.course import Course, Memo, Node, Option
from models.search.findings import Findings, Path
from models.search.judgements import Judgements, Sayings
from models.search.memory import allowance, taken
from models.search.progress import Clock, Listener, nobody
from models.search.result import Coverage, SearchResult
from properties.property import Step
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState

LONGEST = 10_000
"""How many steps a walk takes at most if nothing else is said."""


TRIALS = 10
"""How many trial walks say how many events a walk may have, where nobody does."""

EVERY = 512
"""How many new states pass between two looks at the memory."""

Scheduling = Uniformly | Priorities
"""How walks choose their steps."""


@frozen
class Plan:
    """Which walks to take."""

    walks: int
    """How many."""
    seed: int = 0
    """The same seed takes the same walks."""
    longest: int = LONGEST
    """How many steps a walk takes at most."""
    scheduling: Scheduling = Uniformly()
    """How they choose their steps."""
    first: int = 0
    """The number of the first of them: others may take those before."""


@frozen
class WalksResult(SearchResult):
    """What walks have found."""

    guarantee: Guarantee | None = None
    """How likely they were to find a bug, if there is one; nothing where the scheduler gives no guarantee."""


def walk(
    world: World,
    plan: Plan,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> WalksResult:
    """Walk at random from the start of a world, several times.

    Args:
        world: what is walked through.
        plan: which walks to take.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    search = Walks(world, plan, bounds or Bounds(), until, listener)
    try:
        stop = search.run()
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return search.result(stop)


class Walks:
    """Walks on their way."""

    def __init__(
        self,
        world: World,
        plan: Plan,
        bounds: Bounds,
        until: frozenset[str] | None,
        listener: Listener,
    ) -> None:
        self._world = world
        self._plan = plan
        memo = Memo(world)
        self._course = Course(memo)
        self._judgements = Judgements(memo)
        self._findings = Findings(world, until)
        self._found: set[str] = set()
        self._whole = self._judgements.looks_at_steps()
        self._events = 0
        self._most = 0
        self._chains = 0
        self._clock = Clock(bounds, listener)
        self._max_states = bounds.max_states
        self._allowance = bounds.max_memory or allowance()
        self._states: set[Node] = set()
        self._nodes: set[Node] = set()
        self._resting: dict[Node, GlobalState] = {}
        self._taken: list[Option] = []
        self._times: dict[int, int] = {}
        self._transitions = 0
        self._stutters = 0
        self._depth = 0
        self._done = 0

    def run(self) -> Stop | None:
        """Take the walks; the answer is why that ended early."""
        match self._plan.scheduling:
            case Priorities(_, events):
                self._events = events or trial_events(self._course, self._plan)
            case Uniformly():
                pass
        self._add(self._judgements.start(self._course))
        stop = self._meet()
        while stop is None and self._done < self._plan.walks:
            stop = self._walk(self._scheduler())
            self._done += stop is None
        return stop

    def result(self, stop: Stop | None) -> WalksResult:
        """What the walks have found, if this is how they ended."""
        return WalksResult(
            properties=self._findings.results(stop),
            coverage=self._coverage(),
            stop=stop,
            complete=False,
            states=len(self._states),
            transitions=self._transitions,
            stutters=self._stutters,
            depth=self._depth,
            resting=tuple(self._resting.values()),
            nodes=len(self._nodes),
            seconds=self._clock.seconds(),
            guarantee=self._guarantee(),
        )

    def _scheduler(self) -> Scheduler:
        """The scheduler of the next walk."""
        seed = f"{self._plan.seed}/{self._plan.first + self._done}"
        match self._plan.scheduling:
            case Priorities(depth):
                return seeded(seed, depth, self._events)
            case Uniformly():
                return Uniform(seed)

    def _walk(self, scheduler: Scheduler) -> Stop | None:
        """Take one walk; the answer says why the search is to end."""
        self._course.restart()
        self._taken.clear()
        stop = self._go_on(scheduler)
        length = len(self._taken) - (stop is Stop.STATES)
        self._depth = max(self._depth, length)
        if isinstance(scheduler, Pct):
            self._most = max(self._most, scheduler.events)
            self._chains = max(self._chains, scheduler.chains)
        return stop

    def _go_on(self, scheduler: Scheduler) -> Stop | None:
        """Take the steps of one walk."""
        course, nodes, tick = self._course, self._nodes, self._clock.tick
        for step in range(self._plan.longest):
            if not course.count:
                return self._rest()
            option = course.option(scheduler.choose(course, step))
            if not option.changes and course.is_at_rest():
                return self._rest()
            self._taken.append(option)
            if option.spawns and course.is_refused(option):
                self._refuse(option)
            else:
                self._step(option)
            stop = None if course.node in nodes else self._meet()
            stop = stop or tick(len(self._states), self._transitions, self._depth, self._done)
            if stop is not None or self._findings.ending:
                return stop or Stop.VIOLATION
        return None

    def _step(self, option: Option) -> None:
        """Take a step, count it, and judge it."""
        course, deed = self._course, option.deed
        before = course.decode() if self._whole else None
        changes = option.changes
        if changes:
            course.take(option)
        else:
            state = course.state
            course.take(option)
            changes = course.state != state
        self._transitions += changes
        self._stutters += not changes
        times = self._times.get(deed.serial, 0)
        self._times[deed.serial] = times + 1
        if not times:
            self._add(self._judgements.deed(deed))
        if before is not None:
            step = Step(self._world.system, before, deed.record, course.decode())
            self._add(tuple(self._judgements.step(step)))

    def _refuse(self, option: Option) -> None:
        """Count a step that the system refuses, and judge it."""
        self._stutters += 1
        state = self._course.decode()
        after, record = self._world.system.step(state, option.deed.event)
        step = Step(self._world.system, state, record, after)
        self._course.refuse(record)
        self._add(self._judgements.refusal(option.deed, step))
        self._add(tuple(self._judgements.step(step)))

    def _meet(self) -> Stop | None:
        """Look at where a walk has come to for the first time; the answer says whether the search is to end."""
        state = self._course.state
        if state not in self._states:
            if len(self._states) >= self._max_states:
                return Stop.STATES
            self._states.add(state)
            if not len(self._states) % EVERY and taken() > self._allowance:
                return Stop.MEMORY
        self._nodes.add(self._course.node)
        self._add(self._judgements.node(self._course))
        return self._ended()

    def _rest(self) -> Stop | None:
        """Judge a state at rest; its outcome is compared once."""
        self._add(self._judgements.rest(self._course))
        state = self._course.state
        if state not in self._resting:
            self._resting[state] = self._course.decode()
            self._findings.add_resting(self._resting[state], self._path)
        return self._ended()

    def _add(self, found: Sayings) -> None:
        """Take note of what was found where the walk is now."""
        if found:
            self._findings.add(found, self._path)
            self._found |= {about.name for about, _ in found}
            self._whole = self._whole and self._judgements.looks_at_steps(self._found)

    def _ended(self) -> Stop | None:
        """Whether what was found ends the search."""
        return Stop.VIOLATION if self._findings.ending else None

    def _path(self) -> Path:
        return tuple(option.deed.event for option in self._taken)

    def _coverage(self) -> Coverage:
        """Which rules have fired how often, and which rules of the engines that were there never."""
        fired: Counter[RuleId] = Counter()
        families = {engine.family for engine in self._world.state.engines.values()}
        for serial, times in self._times.items():
            deed = self._course.memo.actors.deeds[serial]
            families |= {deed.alone[1].engines[each].family for each in deed.record.spawned}
            for rule in deed.record.fired:
                fired[rule] += times
        known = self._world.system.families
        rules = {rule.id for name in families for rule in known[name].rules}
        return Coverage(pmap(fired), tuple(sorted(rules - set(fired))))

    def _guarantee(self) -> Guarantee | None:
        match self._plan.scheduling:
            case Priorities(depth):
                return Guarantee(depth, self._events, self._chains, self._done, self._most)
            case Uniformly():
                return None


def trial_events(course: Course, plan: Plan) -> int:
    """How many events the longest of some trial walks has, which nothing judges."""
    most = 0
    for trial in range(TRIALS):
        scheduler = seeded(f"{plan.seed}/trial/{trial}", 1, 0)
        course.restart()
        for step in range(plan.longest):
            if course.count == 0 or course.is_at_rest():
                break
            option = course.option(scheduler.choose(course, step))
            if not course.is_refused(option):
                course.take(option)
        most = max(most, scheduler.events)
    course.restart()
    return most
