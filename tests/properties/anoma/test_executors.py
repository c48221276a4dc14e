"""What executors may ask for and write."""

from typing import Any

from attrs import evolve
from pyrsistent import pmap, pset

from models.scenario.language import compile_program
from properties.anoma.executors import ASKS_FOR_DECLARED, HEARS_WHAT_IT_ASKED_FOR, STAYS_IN_LABEL
from properties.property import Evidence, Reacted
from spec.anoma.executor.environment import Idle, Running
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.shard.messages import KVSRead, KVSReadRequest, KVSWrite
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

EXECUTOR, WORKER = on_local_node("executor.1"), on_local_node("worker")
T1 = TxFingerprint(1)
EAGER, LAZY, WILL, MAY, ELSE = (KVSKey(name) for name in ("eager", "lazy", "will", "may", "else"))
LABEL = TransactionLabel(frozenset({EAGER}), frozenset({LAZY}), frozenset({WILL}), frozenset({MAY}))
PROGRAM = compile_program("pass", "test")
START = ExecuteTransaction(T1, PROGRAM, LABEL, WORKER, WORKER)
RUNNING = Running(START, PROGRAM.starting_state(), pmap())
SEEN = Observation(KVSDatum(0), TxFingerprint(0))


def reaction(local: object, took: Any, *bodies: Any, family: str = "executor") -> Reacted:
    """What an executor in a state sends on a message."""
    engine = Engine(identity_of(EXECUTOR), family, None, Environment(local))
    message = Message(WORKER, EXECUTOR, DEFAULT_MAILBOX, took)
    sent = tuple(Message(EXECUTOR, WORKER, DEFAULT_MAILBOX, body) for body in bodies)
    return Reacted(engine, Record(Deliver(message), consumed=message, sent=sent), engine)


def write(key: KVSKey) -> KVSWrite:
    return KVSWrite(T1, key, None)


def request(key: KVSKey) -> KVSReadRequest:
    return KVSReadRequest(T1, key, actual=True)


def end(read: tuple[KVSKey, ...], written: tuple[KVSKey, ...]) -> ExecutorFinished:
    values = pmap(dict.fromkeys(written, KVSDatum(1)))
    return ExecutorFinished(T1, ExecutionSummary(None, pmap(dict.fromkeys(read, SEEN)), values))


def test_what_the_label_declares_is_in_order() -> None:
    told = (write(WILL), write(MAY), request(LAZY), end((EAGER, LAZY), (WILL, MAY)))
    for reacted in (reaction(RUNNING, "any", *told), reaction(Idle(), START, *told)):
        assert STAYS_IN_LABEL.judge(reacted) is None
        assert ASKS_FOR_DECLARED.judge(reacted) is None


def test_a_write_of_another_key_is_found() -> None:
    said = Evidence("T1 wrote or released eager, undeclared")
    assert STAYS_IN_LABEL.judge(reaction(RUNNING, "any", write(EAGER))) == said
    assert STAYS_IN_LABEL.judge(reaction(Idle(), START, write(WILL), write(EAGER))) == said


def test_a_summary_that_speaks_of_another_key_is_found() -> None:
    read, written = end((WILL,), ()), end((), (ELSE, LAZY))
    assert STAYS_IN_LABEL.judge(reaction(RUNNING, "any", read)) == Evidence(
        "T1 says that it accessed will, undeclared"
    )
    assert STAYS_IN_LABEL.judge(reaction(RUNNING, "any", written)) == Evidence(
        "T1 says that it accessed else, undeclared"
    )


def test_a_request_for_a_key_that_is_no_lazy_read_is_found() -> None:
    assert ASKS_FOR_DECLARED.judge(reaction(RUNNING, "any", request(EAGER))) == Evidence(
        "T1 asked for eager, undeclared"
    )


def test_engines_without_a_transaction_are_not_judged() -> None:
    others = (
        reaction(RUNNING, "any", write(ELSE), request(ELSE), family="other"),
        reaction(Idle(), "any", write(ELSE), request(ELSE)),
        reaction(RUNNING, "any"),
    )
    for reacted in others:
        assert STAYS_IN_LABEL.judge(reacted) is None
        assert ASKS_FOR_DECLARED.judge(reacted) is None


def test_a_lazy_value_that_was_not_asked_for_is_found() -> None:
    def found(local: object, key: KVSKey) -> Evidence | None:
        return HEARS_WHAT_IT_ASKED_FOR.judge(reaction(local, KVSRead(T1, key, SEEN)))

    asked = evolve(RUNNING, requested=pset({LAZY}))
    assert found(RUNNING, LAZY) == Evidence("T1 is told lazy, which it has not asked for")
    assert [found(RUNNING, EAGER), found(asked, LAZY), found(Idle(), LAZY)] == [None] * 3
    assert HEARS_WHAT_IT_ASKED_FOR.judge(reaction(RUNNING, "any")) is None
