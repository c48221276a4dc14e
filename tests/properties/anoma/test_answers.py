"""What workers answer and announce: once each."""

from typing import Any

from properties.anoma.answers import REQUESTS_ARE_ANSWERED_ONCE, TOLD_MARKS_GROW
from properties.property import Evidence, MonitorProperty
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.label import LabelFault
from spec.anoma.shard.messages import UpdateSeenAll
from spec.anoma.worker.messages import RequestNumber, TransactionAck, TransactionRefused
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

WORKER, CLIENT, OTHER, SHARD, FAR = map(
    on_local_node, ("worker", "client", "other", "shard", "far")
)


def saying(*sent: tuple[EngineId, Any]) -> Record:
    """A step in which the worker says this."""
    messages = (Message(WORKER, to, DEFAULT_MAILBOX, body) for to, body in sent)
    return Record(Deliver(Message(CLIENT, WORKER, DEFAULT_MAILBOX, "any")), sent=tuple(messages))


def after(about: MonitorProperty, *records: Record) -> Evidence | None:
    """What is found after these steps."""
    memory = about.start
    for record in records:
        memory = about.observe(memory, record)
    return about.judge(memory)


def ack(number: int, at: int) -> TransactionAck:
    return TransactionAck(RequestNumber(number), TxFingerprint(at))


def refusal(number: int) -> TransactionRefused:
    return TransactionRefused(RequestNumber(number), LabelFault.READS_OVERLAP)


def mark(at: int) -> UpdateSeenAll:
    return UpdateSeenAll(TxFingerprint(at))


def test_different_requests_are_answered_once_each() -> None:
    steps = (saying((CLIENT, ack(1, 1))), saying((CLIENT, refusal(2)), (OTHER, ack(1, 2))))
    assert after(REQUESTS_ARE_ANSWERED_ONCE, *steps) is None


def test_a_second_answer_is_found_whichever_it_is() -> None:
    found = Evidence("the request 1 of client is answered again")
    for second in (ack(1, 2), refusal(1)):
        steps = (saying((CLIENT, ack(1, 1))), saying((CLIENT, second)))
        assert after(REQUESTS_ARE_ANSWERED_ONCE, *steps) == found
    both = saying((CLIENT, refusal(1)), (CLIENT, ack(1, 1)))
    assert after(REQUESTS_ARE_ANSWERED_ONCE, both) == found


def test_marks_that_grow_are_told_to_each_shard() -> None:
    steps = (saying((SHARD, mark(1)), (FAR, mark(1))), saying((SHARD, mark(3)), (FAR, mark(2))))
    assert after(TOLD_MARKS_GROW, *steps) is None


def test_a_mark_that_has_not_grown_is_found() -> None:
    steps = (saying((SHARD, mark(2))), saying((FAR, mark(1)), (SHARD, mark(2))))
    found = Evidence("worker tells shard the mark 2, which is not above 2")
    assert after(TOLD_MARKS_GROW, *steps) == found
    together = saying((SHARD, mark(2)), (FAR, mark(2)), (SHARD, mark(2)))
    assert after(TOLD_MARKS_GROW, together) == found


def test_nobody_needs_to_be_told_the_mark_at_the_start() -> None:
    found = Evidence("worker tells shard the mark 0, which is not above 0")
    assert after(TOLD_MARKS_GROW, saying((SHARD, mark(0)))) == found
