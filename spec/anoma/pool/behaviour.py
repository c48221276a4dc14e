"""The rules of the pool of executors."""

from attrs import evolve

from spec.anoma.executor.behaviour import EXECUTOR
from spec.anoma.executor.configuration import ExecutorConfiguration, executor_name
from spec.anoma.executor.environment import Idle
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.pool.configuration import PoolConfiguration
from spec.anoma.pool.environment import PoolEnv, PoolState
from spec.formalism.engine import spawn_id
from spec.formalism.environment import Effect, Environment, Spawn
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import Rule, RuleId, Source, Text


class AssignExecutor(Rule[PoolConfiguration, PoolState, Message[ExecuteTransaction]]):
    """A transaction gets an executor as soon as one is free; until then its message waits.

    Which of several waiting transactions is next is up to the delivery discipline. The pool stands
    for the worker, so that it hears when the executor is free again.
    """

    id = RuleId("pool.assign-executor")
    version = 1
    sources = (
        Source(Text.S1, "might keep a pool of Executors"),
        Source(Text.S1, "the execution engine assigns an executor process"),
    )
    decides = (
        "Nothing in S1 says that executors are assigned in timestamp order. A fixed pool deadlocks "
        "when they are not, and one that waits needs an earlier transaction that has none: the "
        "model `pool` shows it."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: PoolConfiguration, environment: PoolEnv
    ) -> Message[ExecuteTransaction] | None:
        execute = arrived(trigger, ExecuteTransaction)
        pool = environment.local
        if execute and execute.body.fingerprint not in pool.workers:
            return execute if len(pool.busy) < configuration.size else None
        return None

    @staticmethod
    def action(
        output: Message[ExecuteTransaction],
        trigger: Trigger,
        configuration: PoolConfiguration,
        environment: PoolEnv,
    ) -> Effect[PoolState]:
        pool, transaction = environment.local, output.body
        fingerprint = transaction.fingerprint
        name = executor_name(fingerprint)
        assigned = PoolState(
            pool.workers.set(fingerprint, transaction.worker), pool.busy.add(fingerprint)
        )
        told = evolve(transaction, worker=output.target)
        own = ExecutorConfiguration(configuration.placement)
        return Effect(
            environment.with_local(assigned),
            sends=(Send(spawn_id(output.target, name), told),),
            spawns=(Spawn(name, EXECUTOR.name, own, Environment(Idle())),),
        )


class FreeExecutor(Rule[PoolConfiguration, PoolState, ExecutorFinished]):
    """When a transaction is over, its executor is free, and its worker has the summary."""

    id = RuleId("pool.free-executor")
    version = 1
    sources = (Source(Text.S1, "might keep a pool of Executors"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: PoolConfiguration, environment: PoolEnv
    ) -> ExecutorFinished | None:
        finished = arrived(trigger, ExecutorFinished)
        if finished and finished.body.fingerprint in environment.local.busy:
            return finished.body
        return None

    @staticmethod
    def action(
        output: ExecutorFinished,
        trigger: Trigger,
        configuration: PoolConfiguration,
        environment: PoolEnv,
    ) -> Effect[PoolState]:
        pool = environment.local
        freed = evolve(pool, busy=pool.busy.discard(output.fingerprint))
        worker = pool.workers[output.fingerprint]
        return Effect(environment.with_local(freed), sends=(Send(worker, output),))


class IgnoreRepeat(Rule[PoolConfiguration, PoolState, Message[object]]):
    """A transaction or a summary that the pool has had before is consumed, and causes nothing."""

    id = RuleId("pool.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Anoma, duplicates"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: PoolConfiguration, environment: PoolEnv
    ) -> Message[object] | None:
        pool = environment.local
        execute = arrived(trigger, ExecuteTransaction)
        finished = arrived(trigger, ExecutorFinished)
        had_start = execute and execute.body.fingerprint in pool.workers
        had_end = finished and finished.body.fingerprint not in pool.busy
        return arrived(trigger, object) if had_start or had_end else None

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: PoolConfiguration,
        environment: PoolEnv,
    ) -> Effect[PoolState]:
        return Effect(environment)


POOL = EngineFamily(FamilyName("pool"), (AssignExecutor, FreeExecutor, IgnoreRepeat), one_at_a_time)
"""Pools."""
