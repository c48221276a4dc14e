"""How long each way to run at random takes to find what is broken.

Choices:
- A hunt starts with nothing remembered, and ends with the first run that breaks one of the properties; nothing is shrunk.
- Time is the processor's, so what else the machine does matters little; compare medians over several seeds.
"""

import time
from collections.abc import Callable, Sequence
from enum import Enum
from statistics import median

from attrs import frozen
from hypothesis import Phase, given, seed, settings
from hypothesis.stateful import get_state_machine_test

from models.machines.run import PropertyBroken, scene_of
from models.machines.schedules import run_schedule, schedules
from models.machines.stepper import SIZE_CHECKS, machine_for
from models.model import World
from models.schedulers.pct import Priorities
from models.schedulers.uniform import Uniformly
from models.search.walks import Plan, Scheduling, walk

RUNS = 2_000
"""After how many runs a hunt is given up where nothing else is said."""

DEPTH = 3
"""The depth of the bugs that random priorities are to find."""


class Means(Enum):
    """A way to run at random."""

    MACHINE = "state machine"
    """Hypothesis draws step by step."""
    SCHEDULES = "byte schedules"
    """Hypothesis draws all choices of a run at once."""
    WALKS = "uniform walks"
    """Every choice has the same probability."""
    PRIORITIES = "random priorities"
    """PCT."""


@frozen
class Hunt:
    """How a hunt has ended."""

    seconds: float
    """How long it took, in seconds of the processor."""
    steps: int | None
    """How many steps the run has that shows what is broken; nothing if none was found."""


def hunt(world: World, means: Means, number: int, runs: int = RUNS) -> Hunt:
    """Hunt for anything that is broken in a world, until it is found or there were so many runs.

    Args:
        world: the world.
        means: how to run at random.
        number: the seed.
        runs: how many runs there are at most.
    """
    began = time.process_time()
    steps = _HUNTS[means](world, number, runs)
    return Hunt(time.process_time() - began, steps)


def median_seconds(
    world: World, means: Means, seeds: Sequence[int], runs: int = RUNS
) -> float | None:
    """The median time in which it is found; nothing if half of the hunts or more end without it."""
    hunts = [hunt(world, means, number, runs) for number in seeds]
    times = sorted(each.seconds for each in hunts if each.steps is not None)
    missed = len(hunts) - len(times)
    return median([*times, *(float("inf"),) * missed]) if 2 * missed < len(hunts) else None


def _by_machine(world: World, number: int, runs: int) -> int | None:
    machine = machine_for(world)
    test = get_state_machine_test(machine, settings=_settings(runs, machine.TestCase.settings))
    return _length(seed(number)(test))


def _by_schedules(world: World, number: int, runs: int) -> int | None:
    scene = scene_of(world)

    @settings(_settings(runs))
    @given(schedules())
    def test(schedule: bytes) -> None:
        run_schedule(scene, schedule)

    return _length(seed(number)(test))


def _walked(scheduling: Scheduling) -> Callable[[World, int, int], int | None]:
    def walked(world: World, number: int, runs: int) -> int | None:
        broken = walk(world, Plan(runs, number, scheduling=scheduling)).broken()
        return min((len(each.events) for each in broken), default=None)

    return walked


def _length(test: Callable[[], None]) -> int | None:
    try:
        test()
    except PropertyBroken as broken:
        return len(broken.trace)
    return None


def _settings(runs: int, parent: settings | None = None) -> settings:
    return settings(
        parent,
        max_examples=runs,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=SIZE_CHECKS,
        report_multiple_bugs=False,
    )


_HUNTS: dict[Means, Callable[[World, int, int], int | None]] = {
    Means.MACHINE: _by_machine,
    Means.SCHEDULES: _by_schedules,
    Means.WALKS: _walked(Uniformly()),
    Means.PRIORITIES: _walked(Priorities(DEPTH)),
}
