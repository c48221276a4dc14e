"""The driver: never more tasks than it may run, channel order, metrics that add up, a clean end."""

from attrs import evolve
from pyrsistent import PVector, pvector

from properties.monitor import consumed, monitor
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    Reacted,
    ReactionProperty,
    StateProperty,
)
from spec.formalism.engine import Engine
from spec.formalism.environment import Finished
from spec.formalism.event import Record
from spec.formalism.identity import EngineId
from spec.formalism.state import GlobalState
from spec.soma.channel import Channel, ChannelClosed, Ready
from spec.soma.driver.behaviour import DRIVER, IgnoreRepeat, JoinTask, ReceiveCertificate, Stop
from spec.soma.driver.environment import (
    Driving,
    ExecutionDriverMetrics,
    Stopped,
    ended,
    joined,
)
from spec.soma.task.behaviour import TASK
from spec.soma.task.messages import TaskCrashed, TaskEnded

DRIVERS = frozenset({DRIVER.name})
"""The family of drivers."""

TASKS_AND_DRIVERS = frozenset({TASK.name, DRIVER.name})
"""The families of drivers and of tasks."""


def unfinished(state: GlobalState) -> list[EngineId]:
    """The tasks that have not finished, in any order."""
    return [
        name
        for name, engine in state.engines.items()
        if engine.family == TASK.name and not isinstance(engine.environment.local, Finished)
    ]


def too_many(state: GlobalState) -> Evidence | None:
    """More tasks that have not finished than may run, if there are."""
    running = unfinished(state)
    drivers = [engine for engine in state.engines.values() if engine.family == DRIVER.name]
    limit = sum(driver.configuration.max_concurrent_executions for driver in drivers)
    if not drivers or len(running) <= limit:
        return None
    return Evidence(f"{', '.join(map(str, sorted(running)))} run, the limit is {limit}")


def left_behind(state: GlobalState) -> Evidence | None:
    """A task that has not finished though the driver has stopped, if there is one."""
    stopped = any(
        isinstance(engine.environment.local, Stopped) for engine in state.engines.values()
    )
    running = unfinished(state) if stopped else []
    return Evidence(f"the driver has stopped, and {min(running)} runs") if running else None


def miscounted(driver: Engine) -> Evidence | None:
    """Metrics that do not add up, if they do not."""
    local = driver.environment.local
    metrics: ExecutionDriverMetrics = local.metrics
    over, counted = ended(metrics), sum(metrics.latencies.values())
    if counted != over:
        return Evidence(f"{over} tasks have ended, and {counted} have a latency")
    if metrics.crashes > metrics.errors:
        return Evidence(f"errors: {metrics.errors}, crashes among them: {metrics.crashes}")
    driving = isinstance(local, Driving)
    running = len(local.running) if driving else 0
    received = local.taken - (local.closed if driving else 1)
    if received != over + running:
        tasks = f"joined: {over}; waited for: {running}"
        return Evidence(f"by its place the driver has received {received}; {tasks}")
    return None


def untimely_count(reacted: Reacted) -> Evidence | None:
    """Metrics that change otherwise than by the end of a task, as it has ended, if they do."""
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if not isinstance(before, Driving | Stopped):
        return None
    due = metrics_due(before, reacted.record)
    if after.metrics == due:
        return None
    return Evidence(
        "the metrics are not those of what has happened", (f"due: {due}", f"here: {after.metrics}")
    )


def metrics_due(before: Driving | Stopped, record: Record) -> ExecutionDriverMetrics:
    """The metrics after a step."""
    end, crash = consumed(record, TaskEnded), consumed(record, TaskCrashed)
    if isinstance(before, Driving) and end is not None and end.body.place in before.running:
        return joined(before, end.body.place, error=end.body.error is not None).metrics
    if isinstance(before, Driving) and crash is not None and crash.body.place in before.running:
        return joined(before, crash.body.place, error=True, crash=True).metrics
    return before.metrics


def early_stop(reacted: Reacted) -> Evidence | None:
    """A driver that stops and has not joined all, or whose channel has not ended, if it does."""
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if not isinstance(before, Driving) or not isinstance(after, Stopped):
        return None
    end, crash = consumed(reacted.record, TaskEnded), consumed(reacted.record, TaskCrashed)
    gone = {each.body.place for each in (end, crash) if each is not None}
    left = sorted({*before.running} - gone)
    if left:
        return Evidence(f"the driver stops, and has not joined the task of place {left[0]}")
    if not before.closed and consumed(reacted.record, ChannelClosed) is None:
        return Evidence("the driver stops, and the channel is open")
    return None


Underway = PVector[Ready | ChannelClosed]
"""What is in the channel, in the order in which it was sent."""

NOTHING_UNDERWAY: Underway = pvector()
"""An empty channel."""


def in_channel(underway: Underway, record: Record) -> Underway:
    """What is in the channel after a step."""
    taken = taken_from_channel(record)
    if taken is not None and taken in underway:
        underway = underway.remove(taken)
    for message in record.sent:
        if isinstance(message.body, Ready | ChannelClosed):
            underway = underway.append(message.body)
    return underway


def taken_from_channel(record: Record) -> Ready | ChannelClosed | None:
    """What the driver has taken from the channel in a step; a repeat is nothing."""
    ready, closed = consumed(record, Ready), consumed(record, ChannelClosed)
    if IgnoreRepeat.id in record.fired:
        return None
    return ready.body if ready is not None else closed.body if closed is not None else None


def out_of_order(underway: Underway, record: Record) -> Evidence | None:
    """What is taken from the channel before what was sent earlier, if anything is."""
    taken = taken_from_channel(record)
    if taken is None or (underway and underway[0] == taken):
        return None
    due = in_words(underway[0]) if underway else "nothing"
    return Evidence(f"the driver takes {in_words(taken)} from the channel, {due} was next")


def in_words(body: Ready | ChannelClosed) -> str:
    """What a message of the channel is about."""
    return body.certificate.digest if isinstance(body, Ready) else "the end"


def held_back(reacted: Reacted) -> Evidence | None:
    """A certificate that is received and gets no task, or a task for nothing, if there is one."""
    taken = taken_from_channel(reacted.record)
    tasks = len(reacted.record.spawned)
    if tasks == int(isinstance(taken, Ready)):
        return None
    received = in_words(taken) if taken is not None else "nothing"
    return Evidence(f"the driver has received {received}; tasks spawned: {tasks}")


AT_MOST_SO_MANY_RUN = StateProperty(
    "no more tasks run than may",
    ReceiveCertificate.id,
    Kind.ALWAYS,
    too_many,
    TASKS_AND_DRIVERS,
)
"""The limit is `max_concurrent_executions`; a task runs until it has finished."""

RECEIVED_IN_ORDER = evolve(
    monitor(
        "certificates are received in channel order",
        Channel.id,
        NOTHING_UNDERWAY,
        in_channel,
        out_of_order,
    ),
    concerns=(Ready, ChannelClosed),
)
"""What is sent through the channel is taken in that order, the end as the last."""

EACH_HAS_A_TASK = ReactionProperty(
    "a certificate that is received gets a task at once",
    ReceiveCertificate.id,
    Kind.ALWAYS,
    held_back,
)
"""The driver holds no certificate, and spawns no task for anything else."""

METRICS_ADD_UP = EngineProperty("metrics add up", JoinTask.id, Kind.ALWAYS, DRIVERS, miscounted)
"""What was received has ended or runs; what has ended has a latency; crashes are errors."""

METRICS_ARE_TIMELY = ReactionProperty(
    "metrics change when a task is joined, by how it has ended, and never else",
    JoinTask.id,
    Kind.ALWAYS,
    untimely_count,
)
"""A crash counts as an error and as a crash."""

STOPS_LAST = ReactionProperty(
    "the driver stops only after the end of the channel and of every task",
    Stop.id,
    Kind.ALWAYS,
    early_stop,
)
"""It drains."""

NO_TASK_OUTLIVES_ITS_DRIVER = StateProperty(
    "no task runs when the driver has stopped", Stop.id, Kind.ALWAYS, left_behind, TASKS_AND_DRIVERS
)
"""It has joined all."""
