"""Random runs that only find out how long runs are, and in how many states they end.

Every second run is a plain one; each of the others prefers some rules to others, by odds drawn for the run. So
a step that is taken sooner or later in nearly every plain run, and ends it early, is put off in some.
"""

from collections.abc import Callable, Sequence
from random import Random

from attrs import frozen

from models.model import World
from models.search.actors import Deed
from models.search.packing import FINGERPRINT, Packed, Packing
from models.search.tables import Tables
from spec.formalism.rule import RuleId

LONGEST = 2_000
"""After how many steps a run that goes on is given up."""


@frozen
class Probed:
    """What some random runs have found."""

    runs: int
    """How many have come to rest."""
    longest: int
    """How many steps the longest has taken."""
    ends: int
    """How many distinct states they have come to rest in."""
    endless: bool
    """Whether one was given up; then it is the last."""


def probe(world: World, tables: Tables, runs: int, enough: Callable[[], bool]) -> Probed:
    """Take so many random runs of steps that change something, or fewer, if it is said to be enough."""
    packing = Packing(tables)
    start = packing.pack(tables.actors.start(world.state))
    done, longest = 0, 0
    ends: set[int] = set()
    for run in range(runs):
        taste, state, length = Taste(f"probe/{run}", picky=bool(run % 2)), start, 0
        following = successors(packing, state)
        while following:
            if length == LONGEST or enough():
                return Probed(done, longest, len(ends), endless=length == LONGEST or not done)
            state, _ = following[taste.choose([deed for _, deed in following])]
            length += 1
            following = successors(packing, state)
        done, longest = done + 1, max(longest, length)
        ends.add(state & FINGERPRINT)
    return Probed(done, longest, len(ends), endless=False)


class Taste:
    """Chooses the steps of one run."""

    def __init__(self, seed: str, *, picky: bool) -> None:
        """Choose by the seed alone; one that is picky has odds for rules, the others like all alike."""
        self._random = Random(seed)  # noqa: S311  # no secret: the same runs in every process
        self._picky = picky
        self._odds: dict[tuple[RuleId, ...], float] = {}

    def choose(self, deeds: Sequence[Deed]) -> int:
        """The place of one of the deeds."""
        if not self._picky:
            return self._random.randrange(len(deeds))
        odds = [self._odds_of(deed.record.fired) for deed in deeds]
        return self._random.choices(range(len(deeds)), odds)[0]

    def _odds_of(self, rules: tuple[RuleId, ...]) -> float:
        if rules not in self._odds:
            self._odds[rules] = 10 ** self._random.uniform(-3, 0)
        return self._odds[rules]


def successors(packing: Packing, state: Packed) -> list[tuple[Packed, Deed]]:
    """The other states that one step leads to, and what is done in the step."""
    packing.locals_of(packing.row(state))
    packing.fresh.clear()
    row = packing.row(state)
    found: list[tuple[Packed, Deed]] = []
    for move in (move for each in packing.locals_of(row) for move in each.moves):
        posts = ((known, operation | row[column]) for column, known, operation in move.posts)
        effects = [known[key] for known, key in posts]
        if None not in effects:
            found.append((state + move.delta + sum(effect or 0 for effect in effects), move.deed))
    return [each for each in found if each[0] != state]
