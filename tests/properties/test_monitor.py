"""Monitors: what they carry from step to step."""

from properties.monitor import Watched, consumed, finding_of, monitor, sent
from properties.property import Evidence, Kind, MonitorProperty
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.rule import RuleId

A, B = on_local_node("a"), on_local_node("b")


def record(took: object, *sends: object) -> Record:
    message = Message(A, B, DEFAULT_MAILBOX, took)
    out = tuple(Message(B, A, DEFAULT_MAILBOX, each) for each in sends)
    return Record(Deliver(message), consumed=message, sent=out)


def with_total(total: int, step: Record) -> int:
    return total + sum(message.body for message in sent(step, int))


def too_much(total: int, step: Record) -> Evidence | None:
    total = with_total(total, step)
    return Evidence(f"{total}") if total > 3 else None


def example() -> MonitorProperty:
    return monitor("the total is small", RuleId("example"), 0, with_total, too_much)


def test_a_monitor_remembers_what_the_steps_say() -> None:
    property_ = example()
    assert (property_.kind, property_.start) == (Kind.ALWAYS, Watched(0))
    assert property_.observe(Watched(1), record(0, 2, "two")) == Watched(3)


def test_a_step_that_does_not_matter_leaves_the_same_value() -> None:
    watched = Watched(1)
    assert example().observe(watched, record(5, "two")) is watched


def test_the_first_finding_stays() -> None:
    found = example().observe(Watched(3), record(0, 1))
    assert found == Watched(4, Evidence("4"))
    assert example().observe(found, record(0, 5)) is found
    assert finding_of(found) == Evidence("4")
    assert finding_of(Watched(3)) is None


def test_messages_are_told_apart_by_their_bodies() -> None:
    step = record("in", 1, "out", 2)
    assert [message.body for message in sent(step, int)] == [1, 2]
    message = consumed(step, str)
    assert message is not None
    assert message.body == "in"
    assert consumed(step, int) is None
    assert consumed(Record(step.event), str) is None
