"""What engines wait for, told from their states by the deciding functions of the specification.

Engines whose states are not known here wait for nothing that could be told; what their mailboxes hold is told anyway.
"""

from collections.abc import Iterator

from spec.anoma.executor.environment import Idle, Running
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState, heard_all
from spec.anoma.shard.timeline import (
    Timeline,
    WriteStatus,
    observation,
    pending_reads,
    writes,
)
from spec.anoma.worker.environment import WorkerState
from spec.commit.environment import TMState, TransactionManager
from spec.formalism.engine import Engine
from spec.soma.authority.environment import AuthorityState
from spec.soma.driver.configuration import DriverConfiguration
from spec.soma.driver.environment import Driving
from spec.soma.manager.environment import ManagerState
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import Stage, TaskState


def awaited(engine: Engine) -> Iterator[str]:
    """What an engine waits for, line by line."""
    local, configuration = engine.environment.local, engine.configuration
    match local:
        case ShardState() if isinstance(configuration, ShardConfiguration):
            yield from _by_shard(configuration, local)
        case Idle():
            yield "its transaction"
        case Running():
            yield f"the value of {local.transaction.executable.awaits(local.program)}"
        case WorkerState():
            yield from _by_worker(local)
        case TransactionManager(TMState.INIT):
            yield f"resource managers to prepare, beside the {len(local.prepared)} that have"
        case _:
            yield from _by_soma(local, configuration)


def _by_shard(configuration: ShardConfiguration, state: ShardState) -> Iterator[str]:
    mark = heard_all(configuration, state)
    for key in sorted(state.timelines):
        timeline = state.timelines[key]
        for at, executor in pending_reads(timeline):
            read = f"{executor} to read {key} at {at}:"
            if at > mark:
                yield f"{read} the mark to reach {at}; it is {mark}"
            if observation(timeline, at) is None:
                yield f"{read} {_missing_below(timeline, at)}"


def _missing_below(timeline: Timeline, at: TxFingerprint) -> str:
    """What a read at a timestamp lacks: the newest write before it that is pending."""
    pending = [each for each, status in writes(timeline) if status is WriteStatus.PENDING]
    newest = max((each for each in pending if each < at), default=None)
    return "a write before it" if newest is None else f"the write of {newest}, which is pending"


def _by_worker(state: WorkerState) -> Iterator[str]:
    for at in sorted(state.outstanding):
        shards = ", ".join(map(str, sorted(state.outstanding[at])))
        yield f"the locks of transaction {at} at {shards}"
    running = sorted(at for at in state.requests.values() if at and at not in state.summaries)
    yield from (f"the summary of transaction {at}" for at in running)


def _by_soma(local: object, configuration: object) -> Iterator[str]:
    match local, configuration:
        case ManagerState(), _:
            yield from _by_manager(local)
        case Driving(), DriverConfiguration(limit):
            full = len(local.running) >= limit
            yield (
                f"a task to end: {limit} run" if full else f"place {local.taken + 1} of the channel"
            )
        case AuthorityState(), _:
            yield from _by_authority(local)
        case TaskState(Stage.LOADING), _:
            yield "the epoch store"
        case TaskState(Stage.EXECUTING), TaskConfiguration(_, certificate):
            yield f"the execution of {certificate.digest}"
        case _:
            pass


def _by_manager(state: ManagerState) -> Iterator[str]:
    for digest in sorted(state.waiting):
        inputs = sorted(state.waiting[digest].certificate.inputs)
        missing = ", ".join(str(key) for key in inputs if key not in state.available)
        yield f"{missing}, for {digest}"
    for epoch, digest in sorted(state.parked):
        yield f"epoch {epoch}, for {digest}; it is {state.epoch}"


def _by_authority(state: AuthorityState) -> Iterator[str]:
    held = sorted(state.executing)
    for digest in held:
        requester = state.executing[digest].requester
        yield f"{digest} to finish, whose lock {requester} holds, and the epoch's read lock"
    if state.reconfiguring is not None and held:
        yield f"{', '.join(held)} to finish, for epoch {state.reconfiguring} to begin"
