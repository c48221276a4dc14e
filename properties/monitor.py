"""Monitors: how what a run has shown so far is remembered, and what in it is a finding."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from attrs import frozen

from properties.property import Evidence, Kind, MonitorProperty
from spec.formalism.event import Record
from spec.formalism.message import Message
from spec.formalism.rule import RuleId

B = TypeVar("B")
M = TypeVar("M")


@frozen(cache_hash=True)
class Watched:
    """What a monitor carries from step to step."""

    memory: Any
    """What it remembers: a frozen value, best a function of the state."""
    finding: Evidence | None = None
    """What it has found, if anything; the first finding stays."""


def monitor(
    name: str,
    rule: RuleId,
    memory: M,
    remember: Callable[[M, Record], M],
    find: Callable[[M, Record], Evidence | None],
) -> MonitorProperty:
    """The property that nothing is ever found in a step, given what is remembered of those before.

    Remembering answers the same object where the step does not matter.
    """
    observe = partial(observed, remember, find)
    return MonitorProperty(name, rule, Kind.ALWAYS, Watched(memory), observe, finding_of)


def observed(
    remember: Callable[[M, Record], M],
    find: Callable[[M, Record], Evidence | None],
    watched: Watched,
    record: Record,
) -> Watched:
    """What a monitor carries after one more step."""
    if watched.finding is not None:
        return watched
    finding = find(watched.memory, record)
    memory = remember(watched.memory, record)
    if finding is None and memory is watched.memory:
        return watched
    return Watched(memory, finding)


def finding_of(watched: Watched) -> Evidence | None:
    """What a monitor has found."""
    return watched.finding


def sent(record: Record, body: type[B]) -> Iterator[Message[B]]:
    """The messages sent in a step whose bodies are of this type."""
    return (message for message in record.sent if isinstance(message.body, body))


def consumed(record: Record, body: type[B]) -> Message[B] | None:
    """The message consumed in a step, if its body is of this type."""
    message = record.consumed
    return message if message is not None and isinstance(message.body, body) else None
