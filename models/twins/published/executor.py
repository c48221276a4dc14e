"""The executor as the published text has it.

What cannot be expressed, or is done otherwise: the summary names its transaction here; a failure has a
reason, which is always the same. Programs want a start before their first value here: it is fed with
that value.
"""

from typing import Any

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from models.twins.amend import with_action
from models.twins.published import repairs
from models.twins.published.repairs import NOTHING
from spec.anoma.executor.behaviour import TakeRead
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.messages import ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel, readable, writable
from spec.anoma.placement import shard_of
from spec.anoma.runnable import (
    Aborted,
    Advanced,
    AnyRunnable,
    Failure,
    FailureKind,
    Output,
    ReadRequest,
    ReadValue,
    Start,
)
from spec.anoma.shard.messages import KVSRead, KVSReadRequest, KVSWrite
from spec.formalism.environment import Effect, Environment, finish
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.identity import EngineId
from spec.formalism.message import Send, Trigger, arrived
from spec.formalism.rule import Rule, Source, Text


@frozen
class PublishedExecutorConfiguration(ExecutorConfiguration):
    """What an executor is told at birth: all of its transaction."""

    timestamp: TxFingerprint
    """The transaction's number."""
    executable: AnyRunnable
    """Its program."""
    label: TransactionLabel
    """What it may touch."""
    worker: EngineId
    """Who ordered it."""
    issuer: EngineId
    """Who is to hear of the end."""


@frozen
class PublishedExecutor:
    """What an executor remembers."""

    program: Any
    """The state of the program."""
    started: bool = False
    """Whether the program has had its start: the text knows none."""
    reads: PMap[KVSKey, Observation] = pmap()
    """What was read, by key."""
    writes: PMap[KVSKey, KVSDatum] = pmap()
    """What was written, by key."""

    @staticmethod
    def at_first(configuration: PublishedExecutorConfiguration) -> "PublishedExecutor":
        """What it remembers at birth."""
        return PublishedExecutor(configuration.executable.starting_state())


ExecutorEnv = Environment[PublishedExecutor]
"""The environment of an executor."""


class Take(Rule[PublishedExecutorConfiguration, PublishedExecutor, KVSRead]):
    """Each value of its transaction is fed to the program, in the order in which they arrive."""

    id = TakeRead.id
    version = 1
    sources = (Source(Text.NSPEC, "executor_behaviour: processReadAction"),)

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: PublishedExecutorConfiguration,
        _environment: ExecutorEnv,
    ) -> KVSRead | None:
        """The numbers are the same."""
        read = arrived(trigger, KVSRead)
        return read.body if read and read.body.fingerprint == configuration.timestamp else None

    @staticmethod
    def action(
        output: KVSRead,
        _trigger: Trigger,
        configuration: PublishedExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Any:
        """One step of the program."""
        return stepped(output, configuration, environment, NOTHING)


def executor_family(repaired: frozenset[str]) -> EngineFamily:
    """Executors as the text has them, but for what is repaired."""

    def take(
        output: KVSRead,
        _trigger: Trigger,
        configuration: PublishedExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Any:
        return stepped(output, configuration, environment, repaired)

    return EngineFamily(FamilyName("executor"), (with_action(Take, take),), one_at_a_time)


def stepped(
    read: KVSRead,
    configuration: PublishedExecutorConfiguration,
    environment: ExecutorEnv,
    repaired: frozenset[str],
) -> Any:
    """What an executor does with one value."""
    before = environment.local
    step = fed(before, read, configuration)
    if isinstance(step, Aborted):
        reads = before.reads.set(read.key, read.observation)
        failed = ExecutionSummary(Failure(FailureKind.FAIL), reads, before.writes)
        sends = ending(failed, before, configuration, repaired)
        return finish(environment, sends) if repairs.END in repaired else Effect(environment, sends)
    after, sends = before, tuple[Send, ...]()
    for output in step.outputs:
        after, send = passed_on(output, after, configuration)
        sends = (*send, *sends)
    after = evolve(
        after, program=step.state, started=True, reads=after.reads.set(read.key, read.observation)
    )
    if not configuration.executable.halted(step.state):
        return Effect(environment.with_local(after), sends)
    told = after if repairs.SUMMARY in repaired else before
    summary = ExecutionSummary(None, told.reads, told.writes)
    sends = (*sends, *ending(summary, before, configuration, repaired))
    if repairs.END in repaired:
        return finish(environment, sends)
    return Effect(environment.with_local(after), sends)


def fed(
    state: PublishedExecutor, read: KVSRead, configuration: PublishedExecutorConfiguration
) -> Advanced[Any] | Aborted:
    """What the program does on a value; before its first one it has its start."""
    program, given = configuration.executable, ReadValue(read.key, read.observation.datum)
    if state.started:
        return program.execute_step(state.program, given)
    begun = program.execute_step(
        state.program, Start(tuple(sorted(configuration.label.eager_reads)))
    )
    if isinstance(begun, Aborted):
        return begun
    step = program.execute_step(begun.state, given)
    return evolve(step, outputs=(*begun.outputs, *step.outputs))


def passed_on(
    output: Output, state: PublishedExecutor, configuration: PublishedExecutorConfiguration
) -> tuple[PublishedExecutor, tuple[Send, ...]]:
    """What becomes of an output: what is not declared is passed over, and a write counts all the same."""
    label, at, placement = configuration.label, configuration.timestamp, configuration.placement
    shard = shard_of(placement, output.key)
    if isinstance(output, ReadRequest):
        asked = Send(shard, KVSReadRequest(at, output.key, actual=True))
        return state, (asked,) if output.key in readable(label) else ()
    known = evolve(state, writes=state.writes.set(output.key, output.datum))
    written = Send(shard, KVSWrite(at, output.key, output.datum))
    return known, (written,) if output.key in writable(label) else ()


def ending(
    summary: ExecutionSummary,
    before: PublishedExecutor,
    configuration: PublishedExecutorConfiguration,
    repaired: frozenset[str],
) -> tuple[Send, ...]:
    """The summary to the issuer, and releases of may accesses that had not been made before the last step."""
    label, at, placement = configuration.label, configuration.timestamp, configuration.placement
    finished = ExecutorFinished(at, summary)
    told = (configuration.issuer, configuration.worker)
    whom = told if repairs.ISSUER in repaired else told[:1]
    return (
        *(Send(each, finished) for each in whom),
        *(
            Send(shard_of(placement, key), KVSReadRequest(at, key, actual=False))
            for key in sorted(label.lazy_reads - {*before.reads})
        ),
        *(
            Send(shard_of(placement, key), KVSWrite(at, key, None))
            for key in sorted(label.may_writes - {*before.writes})
        ),
    )
