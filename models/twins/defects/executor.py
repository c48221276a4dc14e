"""What the published text gets wrong about how executors end, and what they tell then."""

from collections.abc import Callable
from typing import Any

from attrs import evolve
from pyrsistent import pmap

from models.twins import laws, stages
from models.twins.amend import with_both
from models.twins.defects.common import nspec, published
from models.twins.defects.locks import SECOND_WRITE
from models.twins.defects.writing import written_in
from models.twins.twin import Defect, Twin, wrong
from spec.anoma.executor.behaviour import FinishTransaction
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import Ended, ExecutorEnv, ExecutorState, Running, requested
from spec.anoma.executor.messages import ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey
from spec.anoma.placement import shard_of
from spec.anoma.runnable import (
    Aborted,
    Failure,
    FailureKind,
    Input,
    ReadValue,
    Start,
    WriteRequest,
)
from spec.anoma.shard.messages import KVSWrite
from spec.formalism.delivery import Fifo
from spec.formalism.environment import Effect, Finished
from spec.formalism.message import Send, Trigger
from spec.formalism.rule import AnyRule

EXECUTOR = "executor"
"""The family."""

READ = "executor_behaviour: processReadAction"

Sends = tuple[Send, ...]

Retold = Callable[[Ended, ExecutorState, Sends, ExecutorConfiguration], Sends]
"""What an executor sends at its end, instead, if this is what it knew before its last step."""

Reported = Callable[[Ended, ExecutorState, ExecutionSummary], ExecutionSummary]
"""What it says of itself then."""


def ending(change: Retold, keep: Callable[[Ended], Any] | None = None) -> AnyRule:
    """The rule by which an executor ends, with other messages, and perhaps without an end."""

    def guard(_trigger: Trigger, _configuration: Any, environment: ExecutorEnv) -> ExecutorState:
        return environment.local

    def action(
        before: ExecutorState,
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState | Finished]:
        ended = environment.local
        effect = FinishTransaction.action(requested(before), trigger, configuration, environment)
        if not isinstance(ended, Ended):
            return effect
        kept = None if keep is None else keep(ended)
        after = effect.environment if kept is None else environment.with_local(kept)
        return Effect(after, change(ended, before, effect.sends, configuration))

    return with_both(FinishTransaction, guard, action)


def reporting(change: Reported) -> AnyRule:
    """The rule by which an executor ends, with another summary."""

    def told(
        ended: Ended, before: ExecutorState, sends: Sends, _configuration: ExecutorConfiguration
    ) -> Sends:
        return tuple(
            evolve(send, body=evolve(send.body, summary=change(ended, before, send.body.summary)))
            if isinstance(send.body, ExecutorFinished)
            else send
            for send in sends
        )

    return ending(told)


def _as_it_is(_ended: Ended, _before: ExecutorState, sends: Sends, _configuration: Any) -> Sends:
    return sends


def _issuer_only(ended: Ended, _before: ExecutorState, sends: Sends, _configuration: Any) -> Sends:
    """The worker is not told."""
    return tuple(send for send in sends if send.target != ended.run.transaction.worker)


def _nameless(_ended: Ended, _before: ExecutorState, sends: Sends, _configuration: Any) -> Sends:
    """The summary does not say of which transaction it is."""
    return tuple(
        evolve(send, body=evolve(send.body, fingerprint=GENESIS))
        if isinstance(send.body, ExecutorFinished)
        else send
        for send in sends
    )


def _only_may_writes(
    ended: Ended, _before: ExecutorState, sends: Sends, _configuration: Any
) -> Sends:
    """Only may writes that were not written are released."""
    kept = ended.run.transaction.label.will_writes
    return tuple(send for send in sends if not (_is_release(send) and send.body.key in kept))


def _is_release(send: Send) -> bool:
    return isinstance(send.body, KVSWrite) and send.body.datum is None


def _stale_releases(
    ended: Ended, before: ExecutorState, sends: Sends, configuration: ExecutorConfiguration
) -> Sends:
    """What is released is what had not been written before the last step, also if it is by then."""
    transaction = ended.run.transaction
    known = written_in(before)
    stale = sorted(
        key
        for key in transaction.label.may_writes
        if key in ended.run.written and key not in known and ended.failure is None
    )
    releases = (
        Send(shard_of(configuration.placement, key), KVSWrite(transaction.fingerprint, key, None))
        for key in stale
    )
    return (*sends, *releases)


def _before_the_last_step(
    ended: Ended, before: ExecutorState, summary: ExecutionSummary
) -> ExecutionSummary:
    """What was read and written before the last input was taken."""
    if ended.failure is not None:
        return summary
    consumed = before.consumed if isinstance(before, Running) else ()
    read = pmap({key: ended.run.arrived[key] for key in consumed})
    return evolve(summary, values_read=read, values_written=written_in(before))


def _with_writes(
    ended: Ended, _before: ExecutorState, summary: ExecutionSummary
) -> ExecutionSummary:
    """Also after a failure, what the program had written is said to be written."""
    return evolve(summary, values_written=ended.run.written)


def _without_reason(
    ended: Ended, _before: ExecutorState, summary: ExecutionSummary
) -> ExecutionSummary:
    """A failure is told without its reason."""
    return summary if ended.failure is None else evolve(summary, failure=Failure(FailureKind.FAIL))


def writes_of(run: Running) -> tuple[tuple[KVSKey, KVSDatum], ...]:
    """All that a program writes, in order, found by running it again on what has arrived."""
    program, written = run.transaction.executable, list[tuple[KVSKey, KVSDatum]]()
    given: Input = Start(tuple(sorted(run.transaction.label.eager_reads)))
    step = program.execute_step(program.starting_state(), given)
    while True:
        written += [
            (each.key, each.datum) for each in step.outputs if isinstance(each, WriteRequest)
        ]
        key = None if isinstance(step, Aborted) else program.awaits(step.state)
        if isinstance(step, Aborted) or key is None or key not in run.arrived:
            return tuple(written)
        step = program.execute_step(step.state, ReadValue(key, run.arrived[key].datum))


def _last_write_first(
    ended: Ended, _before: ExecutorState, sends: Sends, configuration: ExecutorConfiguration
) -> Sends:
    """Every write of the program is sent, the last one first."""
    if ended.failure is not None:
        return sends
    at = ended.run.transaction.fingerprint
    others = tuple(
        send for send in sends if not isinstance(send.body, KVSWrite) or send.body.datum is None
    )
    writes = (
        Send(shard_of(configuration.placement, key), KVSWrite(at, key, datum))
        for key, datum in reversed(writes_of(ended.run))
    )
    return (*writes, *others)


def _goes_on(ended: Ended) -> Running:
    """An executor that is done is there still, and takes what arrives."""
    return ended.run


def _goes_on_after_failure(ended: Ended) -> Running | None:
    """One whose program has failed, too."""
    return None if ended.failure is None else ended.run


EXECUTOR_DEFECTS: tuple[Twin, ...] = (
    published(
        "end-told-to-issuer-only",
        Defect.END,
        "The worker is not told that the transaction is over.",
        wrong(EXECUTOR, ending(_issuer_only)),
        stages.ONE_INCREMENT,
        laws.SUMMARY_TOLD,
        6,
        passage=nspec(f"{READ}, finishedMsg"),
    ),
    published(
        "end-names-no-transaction",
        Defect.END,
        "The summary does not say of which transaction it is, so that the issuer cannot know.",
        wrong(EXECUTOR, ending(_nameless)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        10,
        passage=nspec("executor_messages: ExecutorFinishedMsg"),
    ),
    published(
        "summary-of-the-last-step-but-one",
        Defect.END,
        "On success the summary lists what was read and written before the last step.",
        wrong(EXECUTOR, reporting(_before_the_last_step)),
        stages.ONE_INCREMENT,
        laws.SUMMARY_TRUE,
        6,
        passage=nspec(f"{READ}, values_read where the program has halted"),
    ),
    published(
        "failure-reports-writes",
        Defect.FAILURE,
        "After a failure the summary lists what the program had written until then.",
        wrong(EXECUTOR, reporting(_with_writes)),
        stages.LATE_FAILURE,
        laws.FAILED_WRITES,
        6,
        passage=nspec(f"{READ}, values_written on error"),
    ),
    published(
        "failure-without-reason",
        Defect.FAILURE,
        "The summary says that a transaction failed, not why.",
        wrong(EXECUTOR, reporting(_without_reason)),
        stages.STRAY_READ,
        laws.TIMESTAMP_ORDER,
        2,
        passage=nspec("executor_messages: ExecutorFinishedMsg, success"),
    ),
    published(
        "sure-writes-not-released",
        Defect.FAILURE,
        "An executor releases only may writes: who waits for a will write that was not written waits for ever.",
        wrong(EXECUTOR, ending(_only_may_writes)),
        stages.GIVES_UP_THEN_COPY,
        laws.FINISHED,
        13,
        passage=nspec(f"{READ}, staleWriteLocations"),
    ),
    published(
        "write-of-the-last-step-released",
        Defect.OUTPUTS,
        "A may write of the last step is released too, as what was written is looked up before that step.",
        wrong(EXECUTOR, ending(_stale_releases)),
        stages.MAY_SET_THEN_COPY,
        laws.LATEST_WRITE,
        10,
        passage=nspec(f"{READ}, staleWriteLocations before executeStep"),
        hidden_by=("may-writes-become-will-writes",),
    ),
    published(
        "last-write-sent-first",
        Defect.OUTPUTS,
        "What a program writes in one step is sent in the reverse order.",
        wrong(EXECUTOR, ending(_last_write_first)),
        stages.REWRITING,
        laws.STORE,
        10,
        passage=nspec(f"{READ}, accWrites and sendHelper"),
        beside=(SECOND_WRITE,),
        discipline=Fifo,
    ),
    published(
        "executor-goes-on-after-its-end",
        Defect.END,
        "An executor whose program has halted stays, and tells its end again on the next value.",
        wrong(EXECUTOR, ending(_as_it_is, _goes_on)),
        stages.GLANCES,
        laws.SUMMARY_TOLD,
        7,
        passage=nspec(f"{READ}, where the program has halted"),
    ),
    published(
        "executor-goes-on-after-a-failure",
        Defect.FAILURE,
        "An executor whose program has failed keeps its state, and runs on with the next value.",
        wrong(EXECUTOR, ending(_as_it_is, _goes_on_after_failure)),
        stages.QUITTING,
        laws.SUMMARY_TOLD,
        7,
        passage=nspec(f"{READ}, env on error"),
    ),
)
"""The defects, those of the end of an executor."""
