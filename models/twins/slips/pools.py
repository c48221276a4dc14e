"""Slips of pools, and of workers that have one."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import (
    doubled,
    forgetful,
    never,
    sending,
    silent,
    with_action,
    with_guard,
)
from models.twins.slips.common import anything, slip
from models.twins.twin import Defect, Twin, wrong
from spec.anoma.executor.messages import ExecuteTransaction
from spec.anoma.pool import behaviour as pool
from spec.anoma.pool.environment import PoolEnv
from spec.anoma.worker import behaviour as worker
from spec.formalism.delivery import Fifo
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger, arrived

CLIENT, WORKER, POOL, POOLED = "client", "worker", "pool", "pooled-worker"


Sends = tuple[Send, ...]


def _without(body: type[Any]) -> Callable[[Sends], Sends]:
    """What is left of sends without those of a kind."""

    def rest(sends: Sends) -> Sends:
        return tuple(send for send in sends if not isinstance(send.body, body))

    return rest


def _whatever_the_size(
    trigger: Trigger, _configuration: Any, environment: PoolEnv
) -> Message[ExecuteTransaction] | None:
    """An executor is assigned however many are at work."""
    execute = arrived(trigger, ExecuteTransaction)
    new = execute and execute.body.fingerprint not in environment.local.workers
    return execute if new else None


def _told_of_the_worker(
    output: Message[ExecuteTransaction], trigger: Trigger, configuration: Any, environment: PoolEnv
) -> Effect[Any]:
    """The executor is to tell the worker, so that the pool does not hear of the end."""
    effect = pool.AssignExecutor.action(output, trigger, configuration, environment)
    return evolve(effect, sends=tuple(evolve(send, body=output.body) for send in effect.sends))


POOL_SLIPS: tuple[Twin, ...] = (
    slip(
        "pool-not-told-to-execute",
        Defect.START,
        "The worker announces a transaction to all but the pool.",
        wrong(POOLED, sending(worker.OrderForPool, _without(ExecuteTransaction))),
        stages.ONE_IN_A_POOL,
        laws.FINISHED,
        5,
    ),
    slip(
        "pool-told-twice-to-execute",
        Defect.DUPLICATES,
        "Everybody is told twice of a new transaction.",
        wrong(POOLED, doubled(worker.OrderForPool)),
        stages.ONE_IN_A_POOL,
        laws.TWICE,
        1,
    ),
    slip(
        "pooled-fingerprint-not-remembered",
        Defect.NAMING,
        "The worker forgets which fingerprint it gave away.",
        wrong(POOLED, forgetful(worker.OrderForPool)),
        stages.TWO_IN_A_POOL,
        laws.DENSE,
        3,
    ),
    slip(
        "pool-grows",
        Defect.START,
        "An executor is assigned however many are at work.",
        wrong(POOL, with_guard(pool.AssignExecutor, _whatever_the_size)),
        stages.QUEUE_AT_A_POOL,
        laws.POOL_SIZE,
        5,
        discipline=Fifo,
    ),
    slip(
        "pool-does-not-hear-of-the-end",
        Defect.END,
        "Executors tell the worker and not the pool that they are done.",
        wrong(POOL, with_action(pool.AssignExecutor, _told_of_the_worker)),
        stages.ONE_IN_A_POOL,
        laws.FINISHED,
        11,
    ),
    slip(
        "pool-keeps-executors-busy",
        Defect.END,
        "The worker has the summary, and the executor is never free again.",
        wrong(POOL, forgetful(pool.FreeExecutor)),
        stages.QUEUE_AT_A_POOL,
        laws.FINISHED,
        17,
        discipline=Fifo,
    ),
    slip(
        "pool-keeps-the-summary",
        Defect.END,
        "The executor is free, and the worker has no summary.",
        wrong(POOL, silent(pool.FreeExecutor)),
        stages.ONE_IN_A_POOL,
        laws.FINISHED,
        11,
    ),
    slip(
        "pool-leaves-repeats",
        Defect.DUPLICATES,
        "What it has had before is left in the mailbox.",
        wrong(POOL, never(pool.IgnoreRepeat)),
        stages.REPEATED_IN_A_POOL,
        laws.PENDING,
        13,
    ),
    slip(
        "pool-ignores-everything",
        Defect.DUPLICATES,
        "Every message counts as a repeat, so that two rules apply and resolution fails.",
        wrong(POOL, with_guard(pool.IgnoreRepeat, anything)),
        stages.ONE_IN_A_POOL,
        laws.NOT_REFUSED,
        2,
    ),
)
"""The slips of pools, and of workers that have one."""
