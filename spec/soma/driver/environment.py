"""What the execution driver remembers: its tasks and its metrics."""

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from spec.formalism.environment import Environment
from spec.soma.channel import BEFORE_FIRST, Place

Ticks = int
"""Logical time: how many certificates the driver has received and tasks it has joined."""


@frozen
class ExecutionDriverMetrics:
    """What is counted of the tasks that were joined."""

    executions: int = 0
    """How many ended with an execution."""
    errors: int = 0
    """How many ended without one, those that crashed among them."""
    crashes: int = 0
    """How many crashed."""
    latencies: PMap[Ticks, int] = pmap()
    """How many took how long: the receives and joins between spawning them and joining them."""


@frozen
class Driving:
    """The driver has not stopped."""

    taken: Place = BEFORE_FIRST
    """The place in the channel of what it has taken last."""
    running: PMap[Place, Ticks] = pmap()
    """The tasks that it has not joined, and when it has spawned them."""
    metrics: ExecutionDriverMetrics = ExecutionDriverMetrics()
    """What it has counted so far."""
    closed: bool = False
    """Whether it has taken the end of the channel."""


@frozen
class Stopped:
    """The driver has stopped, and keeps its metrics."""

    taken: Place
    """The place of the end of the channel."""
    metrics: ExecutionDriverMetrics
    """What it has counted."""


DriverState = Driving | Stopped
"""The local state of a driver."""

DriverEnv = Environment[DriverState]
"""The environment of a driver."""


def may_take(limit: int, driver: DriverState, place: Place) -> bool:
    """Whether a driver takes what stands at a place in the channel: nothing after its end."""
    if isinstance(driver, Stopped) or driver.closed:
        return False
    return len(driver.running) < limit and place == driver.taken + 1


def has_taken(driver: DriverState, place: Place) -> bool:
    """Whether a driver has taken what stands at a place in the channel."""
    return place <= driver.taken


def is_running(driver: DriverState, place: Place) -> bool:
    """Whether a driver waits for the task of a place."""
    return isinstance(driver, Driving) and place in driver.running


def received(driver: Driving, place: Place) -> Driving:
    """The driver with one more task."""
    now = ticks(driver) + 1
    return evolve(driver, taken=place, running=driver.running.set(place, now))


def joined(driver: Driving, place: Place, *, error: bool, crash: bool = False) -> Driving:
    """The driver when one of its tasks has ended."""
    latency = ticks(driver) - driver.running[place]
    metrics = with_end(driver.metrics, latency, error=error, crash=crash)
    return evolve(driver, running=driver.running.remove(place), metrics=metrics)


def ticks(driver: Driving) -> Ticks:
    """How many certificates a driver has received and tasks it has joined."""
    return len(driver.running) + 2 * ended(driver.metrics)


def ended(metrics: ExecutionDriverMetrics) -> int:
    """How many tasks have ended."""
    return metrics.executions + metrics.errors


def with_end(
    metrics: ExecutionDriverMetrics, latency: Ticks, *, error: bool, crash: bool
) -> ExecutionDriverMetrics:
    """The metrics with one more task that has ended."""
    return ExecutionDriverMetrics(
        metrics.executions + (not error),
        metrics.errors + error,
        metrics.crashes + crash,
        metrics.latencies.set(latency, metrics.latencies.get(latency, 0) + 1),
    )
