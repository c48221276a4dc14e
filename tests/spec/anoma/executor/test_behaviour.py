"""The executor: it runs one program, resolves every lock once, tells of it once, and is gone."""

from itertools import permutations

import pytest
from attrs import evolve, frozen
from pyrsistent import pmap, pset

from spec.anoma.executor.behaviour import EXECUTOR
from spec.anoma.executor.configuration import ExecutorConfiguration, executor_name
from spec.anoma.executor.environment import ExecutorState, Idle, Running
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary, ExecutorFinished
from spec.anoma.instructions import Drop, Fail, Instruction, Number, Read, Store, Text, Write
from spec.anoma.instructions import Load as Use
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.placement import Placement
from spec.anoma.program import Program
from spec.anoma.runnable import (
    Aborted,
    Advanced,
    Failure,
    FailureKind,
    Input,
    ReadRequest,
    Runnable,
    Start,
)
from spec.anoma.shard.messages import KVSRead, KVSReadRequest, KVSWrite, UpdateSeenAll
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.identity import EngineId, EngineName, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId

OWN = on_local_node("executor.3")
WORKER, ISSUER = on_local_node("worker"), on_local_node("client")
SHARD1, SHARD2 = on_local_node("shard.1"), on_local_node("shard.2")
A, B, C, D = (KVSKey(name) for name in "abcd")
PLACEMENT = Placement((SHARD1, SHARD2), pmap({B: SHARD2, D: SHARD2}))
T1, T3 = TxFingerprint(1), TxFingerprint(3)
FOUR, FIVE = KVSDatum(4), KVSDatum(5)


@frozen
class AskAtOnce(Runnable[tuple[Input, ...]]):
    """A program that asks for all its keys on its start and waits for the first of them."""

    keys: tuple[KVSKey, ...]
    """The keys."""

    def starting_state(self) -> tuple[Input, ...]:
        """No input yet."""
        return ()

    def execute_step(
        self, state: tuple[Input, ...], given: Input
    ) -> Advanced[tuple[Input, ...]] | Aborted:
        """All requests at once."""
        return Advanced((*state, given), tuple(ReadRequest(key) for key in self.keys))

    def halted(self, state: tuple[Input, ...]) -> bool:
        """After the first value."""
        return len(state) > 1

    def awaits(self, state: tuple[Input, ...]) -> KVSKey | None:  # noqa: ARG002 the interface
        """The first key."""
        return self.keys[0]


START, TAKE, IGNORE, REQUEST, FINISH = (
    RuleId(f"executor.{name}")
    for name in (
        "start-transaction",
        "take-read",
        "ignore-repeat",
        "request-lazy-reads",
        "finish-transaction",
    )
)


def reading(key: KVSKey) -> tuple[Instruction, ...]:
    """Reads a key and keeps its value under the key's name."""
    return (Text(key), Read(), Store(key))


def writing(key: KVSKey, value: Instruction) -> tuple[Instruction, ...]:
    return (Text(key), value, Write())


def execute(label: TransactionLabel, *parts: tuple[Instruction, ...]) -> ExecuteTransaction:
    program = Program(tuple(instruction for part in parts for instruction in part))
    return ExecuteTransaction(T3, program, label, WORKER, ISSUER)


def executor(state: object) -> Engine:
    configuration = ExecutorConfiguration(PLACEMENT)
    return Engine(identity_of(OWN), EXECUTOR.name, configuration, Environment(state))


def taking(engine: Engine, body: object) -> Reaction | Refusal | None:
    """What the executor does with a message that says this."""
    message = Message(WORKER, OWN, DEFAULT_MAILBOX, body)
    return react(EXECUTOR, engine, Trigger(MessageArrived(message), Time(0)))


def after(engine: Engine, *bodies: object) -> tuple[Engine, list[Message[object]]]:
    """The executor after it has taken messages that say these, and all that it has sent."""
    sent: list[Message[object]] = []
    for body in bodies:
        reaction = taking(engine, body)
        assert isinstance(reaction, Reaction)
        engine = evolve(engine, environment=reaction.environment)
        sent.extend(reaction.sent)
    return engine, sent


def value(key: KVSKey, datum: KVSDatum) -> KVSRead:
    return KVSRead(T3, key, Observation(datum, T1))


def sent(target: EngineId, body: object) -> Message[object]:
    return Message(OWN, target, DEFAULT_MAILBOX, body)


def wanted(shard: EngineId, key: KVSKey) -> Message[object]:
    return sent(shard, KVSReadRequest(T3, key, actual=True))


def unwanted(shard: EngineId, key: KVSKey) -> Message[object]:
    return sent(shard, KVSReadRequest(T3, key, actual=False))


def written(shard: EngineId, key: KVSKey, datum: KVSDatum | None) -> Message[object]:
    return sent(shard, KVSWrite(T3, key, datum))


def told(
    failure: Failure | None,
    read: dict[KVSKey, KVSDatum],
    left: dict[KVSKey, KVSDatum] | None = None,
) -> tuple[Message[object], ...]:
    """The summary, once to the worker and once to the issuer."""
    seen = pmap({key: Observation(datum, T1) for key, datum in read.items()})
    finished = ExecutorFinished(T3, ExecutionSummary(failure, seen, pmap(left or {})))
    return sent(WORKER, finished), sent(ISSUER, finished)


def running(engine: Engine) -> Running:
    state = engine.environment.local
    assert isinstance(state, Running)
    return state


def test_its_name_carries_the_fingerprint() -> None:
    assert executor_name(T3) == EngineName("executor.3")


def test_a_transaction_with_nothing_to_do_finishes_on_its_start() -> None:
    assert taking(executor(Idle()), execute(TransactionLabel())) == Reaction(
        Environment(FINISHED), (START, FINISH), told(None, {})
    )


def test_eager_reads_are_not_asked_for() -> None:
    transaction = execute(TransactionLabel(frozenset({A})), reading(A))
    reaction = taking(executor(Idle()), transaction)
    assert isinstance(reaction, Reaction)
    state = reaction.environment.local
    assert isinstance(state, Running)
    assert reaction == Reaction(Environment(Running(transaction, state.program, pmap())), (START,))
    assert transaction.executable.awaits(state.program) == A


def test_a_value_that_overtakes_the_start_is_kept_and_nothing_is_started() -> None:
    state = Idle(pmap({A: Observation(FIVE, T1)}))
    assert taking(executor(Idle()), value(A, FIVE)) == Reaction(Environment(state), (TAKE,))


def test_a_value_that_the_program_does_not_wait_for_yet_is_kept() -> None:
    transaction = execute(TransactionLabel(frozenset({A, B})), reading(A), reading(B))
    engine, _ = after(executor(Idle()), transaction)
    kept = evolve(running(engine), arrived=pmap({B: Observation(FOUR, T1)}))
    assert taking(engine, value(B, FOUR)) == Reaction(Environment(kept), (TAKE,))


def test_the_order_of_arrivals_changes_neither_what_is_sent_nor_the_end() -> None:
    label = TransactionLabel(frozenset({A, B, C}), will_writes=frozenset({D}))
    transaction = execute(label, reading(C), reading(A), reading(B), writing(D, Use("b")))
    bodies = (transaction, value(A, KVSDatum(1)), value(B, FIVE), value(C, KVSDatum(3)))
    read = {A: KVSDatum(1), B: FIVE, C: KVSDatum(3)}
    expected = [written(SHARD2, D, FIVE), *told(None, read, {D: FIVE})]
    for order in permutations(bodies):
        assert after(executor(Idle()), *order) == (executor(FINISHED), expected)


def test_a_lazy_key_is_asked_for_at_its_shard_when_the_program_first_asks() -> None:
    label = TransactionLabel(lazy_reads=frozenset({A, B}))
    transaction = execute(label, reading(B), reading(A))
    reaction = taking(executor(Idle()), transaction)
    assert isinstance(reaction, Reaction)
    state = reaction.environment.local
    assert isinstance(state, Running)
    assert reaction == Reaction(
        Environment(Running(transaction, state.program, pmap(), requested=pset([B]))),
        (START, REQUEST),
        (wanted(SHARD2, B),),
    )


def test_a_program_is_told_its_eager_keys_and_its_lazy_ones_are_asked_for_in_key_order() -> None:
    label = TransactionLabel(frozenset({C, A}), frozenset({D, B}))
    transaction = ExecuteTransaction(T3, AskAtOnce((D, B)), label, WORKER, ISSUER)
    assert taking(executor(Idle()), transaction) == Reaction(
        Environment(Running(transaction, (Start((A, C)),), pmap(), requested=pset([B, D]))),
        (START, REQUEST),
        (wanted(SHARD2, B), wanted(SHARD2, D)),
    )


def test_unasked_lazy_reads_are_released_in_key_order() -> None:
    transaction = execute(TransactionLabel(lazy_reads=frozenset({D, A, B})))
    _, all_sent = after(executor(Idle()), transaction)
    released = [unwanted(SHARD1, A), unwanted(SHARD2, B), unwanted(SHARD2, D)]
    assert all_sent == [*released, *told(None, {})]


def test_what_the_program_asks_for_in_the_step_that_fails_is_released_and_never_requested() -> None:
    label = TransactionLabel(lazy_reads=frozenset({B}))
    transaction = ExecuteTransaction(T3, AskAtOnce((B, C)), label, WORKER, ISSUER)
    failure = Failure(FailureKind.UNDECLARED_READ, "c")
    assert taking(executor(Idle()), transaction) == Reaction(
        Environment(FINISHED),
        (START, FINISH),
        (unwanted(SHARD2, B), *told(failure, {})),
    )


def test_a_repeated_read_of_a_lazy_key_is_not_asked_for_again() -> None:
    label = TransactionLabel(lazy_reads=frozenset({A, B}), may_writes=frozenset({D}))
    twice = (*reading(B), *reading(B))
    transaction = execute(label, twice, reading(A), writing(D, Use("b")))
    engine, asked = after(executor(Idle()), transaction, value(B, FIVE), value(A, FOUR))
    assert engine == executor(FINISHED)
    assert asked == [
        wanted(SHARD2, B),
        wanted(SHARD1, A),
        written(SHARD2, D, FIVE),
        *told(None, {A: FOUR, B: FIVE}, {D: FIVE}),
    ]


def test_own_writes_are_invisible_to_own_reads() -> None:
    label = TransactionLabel(frozenset({A}), will_writes=frozenset({A, C}))
    transaction = execute(label, writing(A, Number(4)), reading(A), writing(C, Use("a")))
    _, all_sent = after(executor(Idle()), transaction, value(A, FIVE))
    assert all_sent == [
        written(SHARD1, A, FOUR),
        written(SHARD1, C, FIVE),
        *told(None, {A: FIVE}, {A: FOUR, C: FIVE}),
    ]


def test_no_write_is_sent_before_the_end() -> None:
    label = TransactionLabel(frozenset({A}), will_writes=frozenset({C}))
    transaction = execute(label, writing(C, Number(4)), reading(A))
    engine, before_the_end = after(executor(Idle()), transaction)
    assert before_the_end == []
    assert running(engine).written == pmap({C: FOUR})


def test_one_write_per_key_with_its_last_value_goes_to_the_keys_shard_in_key_order() -> None:
    label = TransactionLabel(will_writes=frozenset({B, A}))
    transaction = execute(label, *(writing(key, Number(4)) for key in (B, A, B)))
    last = execute(label, *(writing(key, Number(4)) for key in (B, A)), writing(B, Number(5)))
    for body, at_b in ((transaction, FOUR), (last, FIVE)):
        assert taking(executor(Idle()), body) == Reaction(
            Environment(FINISHED),
            (START, FINISH),
            (
                written(SHARD1, A, FOUR),
                written(SHARD2, B, at_b),
                *told(None, {}, {A: FOUR, B: at_b}),
            ),
        )


def test_at_success_unwritten_locks_and_unasked_lazy_reads_are_released_and_eager_ones_not() -> (
    None
):
    label = TransactionLabel(
        frozenset({A}), frozenset({B, D}), frozenset({A, B}), frozenset({C, D})
    )
    transaction = execute(label, reading(D), writing(B, Number(4)), writing(C, Number(5)))
    engine, before_the_end = after(executor(Idle()), transaction)
    assert before_the_end == [wanted(SHARD2, D)]
    assert taking(engine, value(D, FIVE)) == Reaction(
        Environment(FINISHED),
        (TAKE, FINISH),
        (
            written(SHARD1, A, None),
            written(SHARD2, B, FOUR),
            written(SHARD1, C, FIVE),
            written(SHARD2, D, None),
            unwanted(SHARD2, B),
            *told(None, {D: FIVE}, {B: FOUR, C: FIVE}),
        ),
    )


def test_an_eager_value_that_the_program_never_asked_for_is_not_in_the_summary() -> None:
    transaction = execute(TransactionLabel(frozenset({A, B})), reading(A))
    _, all_sent = after(executor(Idle()), value(B, FOUR), transaction, value(A, FIVE))
    assert all_sent == [*told(None, {A: FIVE})]


@pytest.mark.parametrize(
    ("end", "failure"),
    [
        ((Text("no"), Fail()), Failure(FailureKind.FAIL, "no")),
        ((Use("unset"), Drop()), Failure(FailureKind.UNSET_NAME, "unset")),
        (reading(C), Failure(FailureKind.UNDECLARED_READ, "c")),
        (writing(B, Number(1)), Failure(FailureKind.UNDECLARED_WRITE, "b")),
        ((Drop(),), Failure(FailureKind.STUCK)),
    ],
)
def test_a_failed_transaction_writes_nothing_and_releases_every_write_and_unasked_read(
    end: tuple[Instruction, ...], failure: Failure
) -> None:
    label = TransactionLabel(frozenset({A}), frozenset({B}), frozenset({C}), frozenset({D}))
    transaction = execute(label, reading(A), writing(C, Number(4)), writing(D, Number(4)), end)
    engine, _ = after(executor(Idle()), transaction)
    assert taking(engine, value(A, FIVE)) == Reaction(
        Environment(FINISHED),
        (TAKE, FINISH),
        (
            written(SHARD1, C, None),
            written(SHARD2, D, None),
            unwanted(SHARD2, B),
            *told(failure, {A: FIVE}),
        ),
    )


def test_a_transaction_that_fails_after_asking_releases_only_the_lazy_reads_not_asked_for() -> None:
    label = TransactionLabel(lazy_reads=frozenset({A, B}))
    transaction = execute(label, reading(B), (Text("no"), Fail()))
    _, all_sent = after(executor(Idle()), transaction, value(B, FIVE))
    failure = Failure(FailureKind.FAIL, "no")
    assert all_sent == [
        wanted(SHARD2, B),
        unwanted(SHARD1, A),
        *told(failure, {B: FIVE}),
    ]


def test_a_repeated_start_causes_nothing() -> None:
    transaction = execute(TransactionLabel(frozenset({A})), reading(A))
    engine, _ = after(executor(Idle()), transaction)
    assert taking(engine, transaction) == Reaction(engine.environment, (IGNORE,))


@pytest.mark.parametrize("again", [FIVE, FOUR])
def test_a_repeated_value_causes_nothing_and_the_first_one_counts(again: KVSDatum) -> None:
    idle, _ = after(executor(Idle()), value(A, FIVE))
    assert taking(idle, value(A, again)) == Reaction(idle.environment, (IGNORE,))
    transaction = execute(TransactionLabel(frozenset({A, B})), reading(A), reading(B))
    engine, _ = after(idle, transaction)
    assert taking(engine, value(A, again)) == Reaction(engine.environment, (IGNORE,))


@pytest.mark.parametrize("body", [execute(TransactionLabel()), value(A, FIVE)])
def test_a_finished_executor_consumes_everything_and_says_nothing(body: object) -> None:
    reaction = Reaction(Environment(FINISHED), (RuleId("engine.absorb"),))
    assert taking(executor(FINISHED), body) == reaction


@pytest.mark.parametrize(
    "state", [Idle(), Running(execute(TransactionLabel()), Program(()).starting_state(), pmap())]
)
def test_what_is_not_for_executors_stays_in_the_mailbox(state: ExecutorState) -> None:
    assert taking(executor(state), UpdateSeenAll(T3)) is None
