"""Slips of executors."""

from typing import Any

from attrs import evolve
from pyrsistent import pmap

from models.twins import laws, stages
from models.twins.amend import doubled, never, silent, with_action
from models.twins.defects.executor import ending, reporting
from models.twins.slips.common import slip
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.anoma.executor.behaviour import (
    FinishTransaction,
    IgnoreRepeat,
    RequestLazyReads,
    StartTransaction,
    TakeRead,
)
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import (
    Ended,
    ExecutorEnv,
    ExecutorState,
    Idle,
    Running,
    advanced,
    fed,
    started,
)
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary
from spec.anoma.runnable import Start
from spec.anoma.shard.messages import KVSRead, KVSReadRequest, KVSWrite
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger, arrived

EXECUTOR = "executor"

Sends = tuple[Send, ...]


def _from_nothing(
    output: tuple[Idle, ExecuteTransaction],
    _trigger: Trigger,
    _configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """What arrived before the start is forgotten."""
    return Effect(environment.with_local(started(Idle(), output[1])))


def _not_run(
    output: tuple[Idle, ExecuteTransaction],
    _trigger: Trigger,
    _configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """The program is started, and what has arrived is not looked at."""
    idle, transaction = output
    begun = Running(transaction, transaction.executable.starting_state(), idle.arrived)
    after = fed(begun, Start(tuple(sorted(transaction.label.eager_reads))))
    over = isinstance(after, Running) and after.transaction.executable.halted(after.program)
    return Effect(environment.with_local(advanced(after) if over else after))


def _without_eager_keys(
    output: tuple[Idle, ExecuteTransaction],
    _trigger: Trigger,
    _configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """The program is not told which values come unasked."""
    idle, transaction = output
    begun = Running(transaction, transaction.executable.starting_state(), idle.arrived)
    return Effect(environment.with_local(advanced(fed(begun, Start(())))))


def _awaited_only(
    output: tuple[Idle | Running, KVSRead],
    trigger: Trigger,
    configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """A value that the program does not wait for yet is lost."""
    state, read = output
    awaited = (
        state.transaction.executable.awaits(state.program) if isinstance(state, Running) else None
    )
    if read.key != awaited:
        return Effect(environment)
    return TakeRead.action(output, trigger, configuration, environment)


def _kept_only(
    output: tuple[Idle | Running, KVSRead],
    _trigger: Trigger,
    _configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """A value is kept, and the program does not go on."""
    state, read = output
    kept = evolve(state, arrived=state.arrived.set(read.key, read.observation))
    return Effect(environment.with_local(kept))


def _started_again(
    _output: Message[object],
    trigger: Trigger,
    _configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """A repeated start starts the program anew."""
    execute = arrived(trigger, ExecuteTransaction)
    if execute is None:
        return Effect(environment)
    return Effect(environment.with_local(started(Idle(), execute.body)))


def _all_lazy_reads(
    output: Any,
    _trigger: Trigger,
    configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """As soon as the program asks for one lazy read, all of them are asked for."""
    run = environment.local
    if not isinstance(run, Running) or not run.requested - output:
        return Effect(environment)
    at = run.transaction.fingerprint
    keys = sorted(run.transaction.label.lazy_reads)
    shards = configuration.placement.assigned
    return Effect(
        environment,
        tuple(Send(shards[key], KVSReadRequest(at, key, actual=True)) for key in keys),
    )


def _at_the_first_shard(
    output: Any,
    trigger: Trigger,
    configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """Whatever is asked for, the first shard is asked."""
    effect = RequestLazyReads.action(output, trigger, configuration, environment)
    first = configuration.placement.shards[0]
    return evolve(effect, sends=tuple(evolve(send, target=first) for send in effect.sends))


def _worker_only(ended: Ended, _before: ExecutorState, sends: Sends, _configuration: Any) -> Sends:
    """The issuer is not told."""
    return tuple(send for send in sends if send.target != ended.run.transaction.issuer)


def _without_lazy_releases(
    _ended: Ended, _before: ExecutorState, sends: Sends, _configuration: Any
) -> Sends:
    """Lazy reads that were not asked for are not released."""
    return tuple(send for send in sends if not isinstance(send.body, KVSReadRequest))


def _without_releases(
    _ended: Ended, _before: ExecutorState, sends: Sends, _configuration: Any
) -> Sends:
    """Writes that were not made are not released."""
    return tuple(
        send for send in sends if not isinstance(send.body, KVSWrite) or send.body.datum is not None
    )


def _writing_after_failure(
    ended: Ended, _before: ExecutorState, sends: Sends, _configuration: Any
) -> Sends:
    """What a failed program had written is sent."""
    return tuple(
        evolve(send, body=evolve(send.body, datum=ended.run.written.get(send.body.key)))
        if isinstance(send.body, KVSWrite)
        else send
        for send in sends
    )


def _all_arrived(ended: Ended, _before: Any, summary: ExecutionSummary) -> ExecutionSummary:
    """The summary lists what arrived, whether or not the program took it."""
    return evolve(summary, values_read=ended.run.arrived)


def _without_reads(ended: Ended, _before: Any, summary: ExecutionSummary) -> ExecutionSummary:
    """After a failure the summary lists no reads."""
    return summary if ended.failure is None else evolve(summary, values_read=pmap())


def _as_success(_ended: Ended, _before: Any, summary: ExecutionSummary) -> ExecutionSummary:
    """A failure is told as a success."""
    return evolve(summary, failure=None)


EXECUTOR_SLIPS: tuple[Twin, ...] = (
    slip(
        "early-values-forgotten-at-the-start",
        Defect.START,
        "What arrived before the start is forgotten.",
        wrong(EXECUTOR, with_action(StartTransaction, _from_nothing)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        7,
    ),
    slip(
        "start-does-not-look-at-early-values",
        Defect.START,
        "The start does not look at what has arrived, and nothing else arrives.",
        wrong(EXECUTOR, with_action(StartTransaction, _not_run)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        7,
    ),
    slip(
        "start-names-no-eager-keys",
        Defect.START,
        "The program is not told which values will come unasked.",
        wrong(EXECUTOR, with_action(StartTransaction, _without_eager_keys)),
        stages.NOCK_INCREMENT,
        laws.TIMESTAMP_ORDER,
        2,
    ),
    slip(
        "value-not-awaited-lost",
        Defect.INPUTS,
        "A value that the program does not wait for yet is lost.",
        wrong(EXECUTOR, with_action(TakeRead, _awaited_only)),
        stages.SUM_OF_TWO_SHARDS,
        laws.FINISHED,
        11,
    ),
    slip(
        "value-kept-and-not-fed",
        Defect.INPUTS,
        "A value is kept, and the program does not go on with it.",
        wrong(EXECUTOR, with_action(TakeRead, _kept_only)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        7,
    ),
    slip(
        "repeated-start-starts-again",
        Defect.DUPLICATES,
        "A start that arrives again starts the program anew, without what has arrived.",
        wrong(EXECUTOR, with_action(IgnoreRepeat, _started_again)),
        stages.REPEATED_SUM,
        laws.FINISHED,
        10,
    ),
    slip(
        "lazy-reads-never-asked-for",
        Defect.LAZY,
        "No lazy read is ever asked for.",
        wrong(EXECUTOR, silent(RequestLazyReads)),
        stages.LAZY_LOOK,
        laws.OVERTAKES,
        0,
    ),
    slip(
        "lazy-reads-asked-for-twice",
        Defect.LAZY,
        "A lazy read is asked for twice at once.",
        wrong(EXECUTOR, doubled(RequestLazyReads)),
        stages.LAZY_LOOK,
        laws.TWICE,
        2,
    ),
    slip(
        "all-lazy-reads-asked-for-at-once",
        Defect.LAZY,
        "With the first lazy read all others are asked for too.",
        wrong(EXECUTOR, with_action(RequestLazyReads, _all_lazy_reads)),
        stages.CHOOSING,
        laws.ASKED_FOR,
        8,
        needs=Needs.REORDERING,
    ),
    slip(
        "lazy-reads-asked-of-the-first-shard",
        Defect.LAZY,
        "Whatever is asked for, the first shard is asked.",
        wrong(EXECUTOR, with_action(RequestLazyReads, _at_the_first_shard)),
        stages.LAZY_ON_TWO_SHARDS,
        laws.FINISHED,
        11,
    ),
    slip(
        "end-told-to-worker-only",
        Defect.END,
        "The issuer is not told that the transaction is over.",
        wrong(EXECUTOR, ending(_worker_only)),
        stages.ONE_INCREMENT,
        laws.SUMMARY_TOLD,
        6,
    ),
    slip(
        "end-told-twice",
        Defect.END,
        "Everything is sent twice at the end.",
        wrong(EXECUTOR, doubled(FinishTransaction)),
        stages.ONE_INCREMENT,
        laws.TWICE,
        6,
    ),
    slip(
        "executor-never-ends",
        Defect.END,
        "An executor whose program is over does not notice.",
        wrong(EXECUTOR, never(FinishTransaction)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        7,
    ),
    slip(
        "lazy-reads-not-released",
        Defect.LAZY,
        "Lazy reads that were not asked for are not released.",
        wrong(EXECUTOR, ending(_without_lazy_releases)),
        stages.LOOKS_AWAY,
        laws.PENDING,
        9,
    ),
    slip(
        "writes-not-released",
        Defect.LAZY,
        "Writes that were not made are not released.",
        wrong(EXECUTOR, ending(_without_releases)),
        stages.MAY_NOT_SET_THEN_COPY,
        laws.FINISHED,
        13,
    ),
    slip(
        "failed-program-writes",
        Defect.FAILURE,
        "What a program had written before it failed is sent.",
        wrong(EXECUTOR, ending(_writing_after_failure)),
        stages.LATE_FAILURE,
        laws.FAILED_WRITES,
        6,
    ),
    slip(
        "summary-of-all-that-arrived",
        Defect.END,
        "The summary lists what has arrived, whether or not the program took it.",
        wrong(EXECUTOR, reporting(_all_arrived)),
        stages.GLANCES,
        laws.SUMMARY_TRUE,
        7,
    ),
    slip(
        "failure-told-as-success",
        Defect.FAILURE,
        "A transaction that failed is said to have succeeded.",
        wrong(EXECUTOR, reporting(_as_success)),
        stages.LATE_FAILURE,
        laws.FAILS,
        0,
    ),
    slip(
        "failure-without-reads",
        Defect.FAILURE,
        "After a failure the summary lists no reads.",
        wrong(EXECUTOR, reporting(_without_reads)),
        stages.QUITTING,
        laws.SUMMARY_TRUE,
        6,
    ),
)
"""The slips, those of the start first."""
