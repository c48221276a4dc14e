"""The pool: so many transactions at a time; and why a fixed pool deadlocks."""

import pytest
from pyrsistent import pmap, pset

from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import Idle
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary, ExecutorFinished
from spec.anoma.instructions import Drop, Instruction, Number, Read, Text, Write
from spec.anoma.keyvalue import KVSKey, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.placement import Placement
from spec.anoma.pool.behaviour import POOL
from spec.anoma.pool.configuration import PoolConfiguration
from spec.anoma.pool.environment import PoolState
from spec.anoma.program import Program
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.shard.messages import UpdateSeenAll
from spec.anoma.system import FAMILIES, POOL_ID, WORKER_ID, Requests, pooled_network
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Event
from spec.formalism.identity import EngineId, EngineName, NodeId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState, initial_state
from spec.formalism.system import System

NODE = NodeId("elsewhere")
OWN = EngineId(NODE, EngineName("pool"))
WORKER, CLIENT, SHARD = (on_local_node(name) for name in ("worker", "client", "shard"))
A = KVSKey("a")
T1, T2, T3 = (TxFingerprint(number) for number in (1, 2, 3))
PLACEMENT = Placement((SHARD,), pmap())
DONE = ExecutionSummary(None, pmap())
FAILED = ExecutionSummary(Failure(FailureKind.FAIL), pmap())
ASSIGN, FREE, IGNORE = (
    RuleId(f"pool.{name}") for name in ("assign-executor", "free-executor", "ignore-repeat")
)
WRITE_A: tuple[Instruction, ...] = (Text("a"), Number(1), Write())
READ_A: tuple[Instruction, ...] = (Text("a"), Read(), Drop())
WRITER = TransactionCandidate(TransactionLabel(will_writes=frozenset({A})), Program(WRITE_A))
READER = TransactionCandidate(TransactionLabel(frozenset({A})), Program(READ_A))


def execute(fingerprint: TxFingerprint, worker: EngineId = WORKER) -> ExecuteTransaction:
    return ExecuteTransaction(fingerprint, Program(()), TransactionLabel(), worker, CLIENT)


def executor(fingerprint: TxFingerprint) -> EngineId:
    return EngineId(NODE, EngineName(f"executor.{fingerprint}"))


def taking(state: PoolState, body: object, size: int = 1) -> Reaction | Refusal | None:
    """What a pool of this size does in this state with a message that says this."""
    configuration = PoolConfiguration(size, PLACEMENT)
    engine = Engine(identity_of(OWN), POOL.name, configuration, Environment(state))
    message = Message(WORKER, OWN, DEFAULT_MAILBOX, body)
    return react(POOL, engine, Trigger(MessageArrived(message), Time(0)))


def pool(*busy: TxFingerprint, over: tuple[TxFingerprint, ...] = ()) -> PoolState:
    """A pool in which these are at work and those are over."""
    return PoolState(pmap(dict.fromkeys((*busy, *over), WORKER)), pset(busy))


def test_a_transaction_gets_an_executor_on_the_pools_node_that_reports_to_the_pool() -> None:
    assert taking(PoolState(), execute(T1)) == Reaction(
        Environment(pool(T1)),
        (ASSIGN,),
        (Message(OWN, executor(T1), DEFAULT_MAILBOX, execute(T1, OWN)),),
        (
            Engine(
                identity_of(executor(T1)),
                "executor",
                ExecutorConfiguration(PLACEMENT),
                Environment(Idle()),
            ),
        ),
    )


@pytest.mark.parametrize("size", [1, 2])
def test_while_as_many_are_at_work_as_the_pool_is_large_a_transaction_waits(size: int) -> None:
    busy = (T1, T2)[:size]
    assert taking(pool(*busy), execute(T3), size) is None
    reaction = taking(pool(*busy), execute(T3), size + 1)
    assert isinstance(reaction, Reaction)
    assert reaction.environment == Environment(pool(*busy, T3))


def test_a_transaction_that_is_over_takes_up_no_place() -> None:
    reaction = taking(pool(over=(T1,)), execute(T2))
    assert isinstance(reaction, Reaction)
    assert reaction.environment == Environment(pool(T2, over=(T1,)))


def test_a_summary_is_passed_on_to_the_worker_that_ordered_it_and_frees_the_executor() -> None:
    other = on_local_node("worker.2")
    before = PoolState(pmap({T1: WORKER, T2: other}), pset([T1, T2]))
    finished = ExecutorFinished(T2, DONE)
    assert taking(before, finished, 2) == Reaction(
        Environment(PoolState(pmap({T1: WORKER, T2: other}), pset([T1]))),
        (FREE,),
        (Message(OWN, other, DEFAULT_MAILBOX, finished),),
    )


@pytest.mark.parametrize("before", [pool(T1), pool(over=(T1,))])
def test_a_repeated_transaction_causes_nothing_whether_it_is_at_work_or_over(
    before: PoolState,
) -> None:
    assert taking(before, execute(T1), 2) == Reaction(Environment(before), (IGNORE,))


def test_a_repeated_summary_is_not_passed_on_again() -> None:
    before = pool(T2, over=(T1,))
    nothing = Reaction(Environment(before), (IGNORE,))
    assert taking(before, ExecutorFinished(T1, FAILED), 2) == nothing


def test_what_is_not_for_pools_stays_in_the_mailbox() -> None:
    assert taking(PoolState(), UpdateSeenAll(T1)) is None


def pooled(
    size: int, readers: int, discipline: AnyDiscipline = Unordered
) -> tuple[System, GlobalState]:
    """A pool of this size, one transaction that writes, then so many that read what it writes."""
    requests = (Requests(CLIENT, (WRITER, *(READER,) * readers)),)
    start = pooled_network(requests, PLACEMENT, pmap(), size)
    system = System(FAMILIES, discipline)
    return system, initial_state(discipline, start.engines, start.in_flight)


def over(state: GlobalState) -> frozenset[TxFingerprint]:
    """The transactions whose summaries the worker has."""
    return frozenset(state.engines[WORKER_ID].environment.local.summaries)


def at_rest(system: System, start: GlobalState) -> set[GlobalState]:
    """Every state without transitions that can be reached."""
    seen, ahead, resting = {start}, [start], set[GlobalState]()
    while ahead:
        state = ahead.pop()
        nexts = {successor.state for successor in system.successors(state)} - {state}
        resting |= set() if nexts else {state}
        ahead.extend(nexts - seen)
        seen |= nexts
    return resting


def test_a_pool_of_one_deadlocks_with_two_transactions_in_unordered_delivery() -> None:
    resting = at_rest(*pooled(size=1, readers=1))
    assert {over(state) for state in resting} == {frozenset(), frozenset({T1, T2})}


def test_in_a_deadlock_the_pool_works_on_the_later_transaction_and_the_earlier_waits() -> None:
    deadlocks = [state for state in at_rest(*pooled(size=1, readers=1)) if not over(state)]
    assert {state.engines[POOL_ID].environment.local for state in deadlocks} == {pool(T2)}


def test_a_pool_of_one_never_deadlocks_in_fifo_delivery() -> None:
    resting = at_rest(*pooled(size=1, readers=1, discipline=Fifo))
    assert {over(state) for state in resting} == {frozenset({T1, T2})}


def starts_the_writer(event: Event) -> bool:
    """Whether the pool takes the first transaction."""
    return (
        isinstance(event, Deliver)
        and event.message.target == POOL_ID
        and isinstance(event.message.body, ExecuteTransaction)
        and event.message.body.fingerprint == T1
    )


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_pool_of_any_size_deadlocks_when_it_is_full_of_transactions_that_wait(size: int) -> None:
    system, state = pooled(size, readers=size)
    while events := [event for event in system.enabled(state) if not starts_the_writer(event)]:
        state, _ = system.step(state, events[0])
    assert system.enabled(state) == ()
    assert over(state) == frozenset()


@pytest.mark.parametrize("size", [2, 3])
def test_with_one_transaction_less_than_that_the_pool_can_still_take_the_writer(size: int) -> None:
    system, state = pooled(size, readers=size - 1)
    while events := [event for event in system.enabled(state) if not starts_the_writer(event)]:
        state, _ = system.step(state, events[0])
    assert [starts_the_writer(event) for event in system.enabled(state)] == [True]
