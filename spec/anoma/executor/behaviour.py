"""The rules of the executor."""

from attrs import evolve
from pyrsistent import PSet

from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import (
    Ended,
    ExecutorEnv,
    ExecutorState,
    Idle,
    Running,
    advanced,
    requested,
    started,
    summary_of,
)
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.keyvalue import KVSKey
from spec.anoma.label import writable
from spec.anoma.placement import Placement, shard_of
from spec.anoma.shard.messages import KVSRead, KVSReadRequest, KVSWrite
from spec.formalism.environment import Effect, Finished, finish
from spec.formalism.family import EngineFamily, FamilyName, phases
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import FollowUp, Rule, RuleId, Source, Text


class StartTransaction(Rule[ExecutorConfiguration, ExecutorState, tuple[Idle, ExecuteTransaction]]):
    """On its first `ExecuteTransaction`, the executor starts the program and lets it run.

    The program is deterministic: it is fed one input at a time, the start first, and then always
    the key that it waits for next. Reads that arrived before the start were kept.
    """

    id = RuleId("executor.start-transaction")
    version = 1
    sources = (
        Source(Text.S1, "ExecuteTransaction"),
        Source(Text.S0, "step through the transaction program's execution"),
    )
    decides = (
        "S0 runs a program on reads alone, in the order of their arrival: then a transaction "
        "without reads never starts, and what one with several does depends on the network."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ExecutorConfiguration, environment: ExecutorEnv
    ) -> tuple[Idle, ExecuteTransaction] | None:
        execute = arrived(trigger, ExecuteTransaction)
        idle = environment.local
        return (idle, execute.body) if execute and isinstance(idle, Idle) else None

    @staticmethod
    def action(
        output: tuple[Idle, ExecuteTransaction],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState]:
        idle, transaction = output
        return Effect(environment.with_local(started(idle, transaction)))


class TakeRead(Rule[ExecutorConfiguration, ExecutorState, tuple[Idle | Running, KVSRead]]):
    """The first value of a key is kept until the program asks for it; then the program goes on.

    A read sees the state before the transaction, also after the program has written the key.
    """

    id = RuleId("executor.take-read")
    version = 1
    sources = (
        Source(Text.S0, "For each read, the Executor applies this data"),
        Source(Text.S1, "When it receives all the data it needs to read"),
    )
    decides = (
        "Arrivals are kept until the program asks, so that their order does not matter. The public "
        "text compares the fingerprint in the value with the executor's own; here no other one can "
        "arrive, as an executor's id belongs to one transaction."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ExecutorConfiguration, environment: ExecutorEnv
    ) -> tuple[Idle | Running, KVSRead] | None:
        read = arrived(trigger, KVSRead)
        state = environment.local
        if read and isinstance(state, Idle | Running) and read.body.key not in state.arrived:
            return state, read.body
        return None

    @staticmethod
    def action(
        output: tuple[Idle | Running, KVSRead],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState]:
        state, read = output
        kept = evolve(state, arrived=state.arrived.set(read.key, read.observation))
        after = advanced(kept) if isinstance(kept, Running) else kept
        return Effect(environment.with_local(after))


class IgnoreRepeat(Rule[ExecutorConfiguration, ExecutorState, Message[object]]):
    """A start or a value that the executor has had before is consumed, and causes nothing."""

    id = RuleId("executor.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Anoma, duplicates"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ExecutorConfiguration, environment: ExecutorEnv
    ) -> Message[object] | None:
        state = environment.local
        execute = arrived(trigger, ExecuteTransaction)
        if execute and not isinstance(state, Idle):
            return execute
        read = arrived(trigger, KVSRead)
        if read and isinstance(state, Idle | Running) and read.body.key in state.arrived:
            return read
        return None

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState]:
        return Effect(environment)


class RequestLazyReads(FollowUp[ExecutorConfiguration, ExecutorState, PSet[KVSKey]]):
    """When the program first asks for a lazy read, the key's shard is asked for the value.

    Not if the program is over by then: what it asked for last of all, it will not use.
    """

    id = RuleId("executor.request-lazy-reads")
    version = 1
    sources = (
        Source(Text.S1, "When an Executor realizes it needs the value for a lazy read"),
        Source(Text.S0, "potentially generating new read requests"),
    )
    decides = "Eager reads are never asked for: they are served unasked."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ExecutorConfiguration, environment: ExecutorEnv
    ) -> PSet[KVSKey] | None:
        """What was asked for before this step."""
        return requested(environment.local)

    @staticmethod
    def action(
        output: PSet[KVSKey],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState]:
        run = environment.local
        if not isinstance(run, Running):
            return Effect(environment)
        return Effect(environment, requests(run, output, configuration.placement))


class FinishTransaction(FollowUp[ExecutorConfiguration, ExecutorState, PSet[KVSKey]]):
    """When the program is over, the executor tells shards, worker and issuer, once, and finishes.

    If it halted, the last value of every key that it wrote goes to that key's shard. Every other
    write of its label (after a failure, every write) is released, and so is every lazy read that
    no shard was asked for. The summary goes to worker and issuer: every value that the program
    consumed, also after a failure, and every value written; none after a failure.
    """

    id = RuleId("executor.finish-transaction")
    version = 1
    sources = (
        Source(Text.S0, "to both the Worker that spawned it and the transaction's issuer"),
        Source(Text.S1, "It then communicates these values to the relevant shards"),
        Source(Text.NSPEC, "executor_behaviour: stale locks"),
    )
    decides = (
        "S0 sends writes as the program goes. Then an earlier value of a key that is written twice "
        "may be read by others, and a failed program leaves some of its writes: both break "
        "serializability. So writes wait for the end. The public text tells the issuer only, "
        "reports the state before the last read, and never releases will writes."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ExecutorConfiguration, environment: ExecutorEnv
    ) -> PSet[KVSKey] | None:
        """What was asked for before this step."""
        return requested(environment.local)

    @staticmethod
    def action(
        output: PSet[KVSKey],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState] | Effect[Finished]:
        ended = environment.local
        if not isinstance(ended, Ended):
            return Effect(environment)
        transaction = ended.run.transaction
        finished = ExecutorFinished(transaction.fingerprint, summary_of(ended))
        return finish(
            environment,
            (
                *final_writes(ended, configuration.placement),
                *releases(ended.run, output, configuration.placement),
                Send(transaction.worker, finished),
                Send(transaction.issuer, finished),
            ),
        )


def requests(run: Running, asked: PSet[KVSKey], placement: Placement) -> tuple[Send, ...]:
    """For every lazy read asked for now and not before, that its value is wanted."""
    return tuple(
        Send(
            shard_of(placement, key), KVSReadRequest(run.transaction.fingerprint, key, actual=True)
        )
        for key in sorted(run.requested - asked)
    )


def final_writes(ended: Ended, placement: Placement) -> tuple[Send, ...]:
    """For every key that the transaction may write, its final value, or that there is none."""
    transaction = ended.run.transaction
    values = summary_of(ended).values_written
    return tuple(
        Send(shard_of(placement, key), KVSWrite(transaction.fingerprint, key, values.get(key)))
        for key in sorted(writable(transaction.label))
    )


def releases(run: Running, asked: PSet[KVSKey], placement: Placement) -> tuple[Send, ...]:
    """For every lazy read that was not asked for, that it will not be."""
    unasked = run.transaction.label.lazy_reads.difference(asked)
    return tuple(
        Send(
            shard_of(placement, key),
            KVSReadRequest(run.transaction.fingerprint, key, actual=False),
        )
        for key in sorted(unasked)
    )


EXECUTOR = EngineFamily(
    FamilyName("executor"),
    (StartTransaction, TakeRead, IgnoreRepeat, RequestLazyReads, FinishTransaction),
    phases(
        frozenset({StartTransaction.id, TakeRead.id, IgnoreRepeat.id}),
        frozenset({RequestLazyReads.id}),
        frozenset({FinishTransaction.id}),
    ),
)
"""Executors: each lives for one transaction."""
