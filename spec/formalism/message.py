"""Messages, and the triggers that make an engine move."""

from typing import Any, Generic, NewType, TypeVar

from attrs import frozen

from spec.formalism.identity import EngineId

B = TypeVar("B", covariant=True)  # noqa: PLC0105  # one letter, as in the seeds
"""The type of a message's body: a frozen value."""

T = TypeVar("T")

MailboxId = NewType("MailboxId", int)
"""Which of its target's mailboxes a message is for."""

DEFAULT_MAILBOX = MailboxId(0)
"""The mailbox of engines that need only one."""

Time = NewType("Time", int)
"""An instant of an engine's own clock, in ticks."""

Delay = NewType("Delay", int)
"""A span of an engine's own time, in ticks, 0 or more."""

TimerHandle = NewType("TimerHandle", str)
"""The name under which an engine set a timer."""


@frozen(cache_hash=True)
class Message(Generic[B]):
    """A body in its envelope."""

    sender: EngineId
    """Who sent it; the stepper writes it, so that it cannot be forged."""
    target: EngineId
    """Whom it is for."""
    mailbox: MailboxId
    """Which of the target's mailboxes it goes to."""
    body: B
    """What it says."""


@frozen
class Send:
    """A message that an action asks to be sent; the sender is added by the stepper."""

    target: EngineId
    """Whom it is for."""
    body: Any
    """What it says: a frozen value."""
    mailbox: MailboxId = DEFAULT_MAILBOX
    """Which of the target's mailboxes it goes to."""


@frozen(order=True)
class Timer:
    """A timer that is set: it elapses once, at its due time."""

    due: Time
    """When it elapses."""
    handle: TimerHandle
    """Its name."""


@frozen
class MessageArrived:
    """A message is taken from a mailbox."""

    message: Message[Any]
    """The message."""


@frozen
class TimersElapsed:
    """Timers elapse; the stepper lets one elapse at a time, the seed (S3) allows several."""

    timers: tuple[Timer, ...]
    """The timers, which are set no longer."""


@frozen
class Trigger:
    """What happened to an engine, stamped with the engine's own time."""

    event: MessageArrived | TimersElapsed
    """What happened."""
    at: Time
    """When, on the engine's own clock."""


def arrived(trigger: Trigger, body: type[T]) -> Message[T] | None:
    """The message that arrived, if its body is of this type."""
    if isinstance(trigger.event, MessageArrived) and isinstance(trigger.event.message.body, body):
        return trigger.event.message
    return None


def elapsed(trigger: Trigger, handle: TimerHandle) -> Timer | None:
    """The timer of this name, if it is among those that elapsed."""
    if isinstance(trigger.event, TimersElapsed):
        return next((timer for timer in trigger.event.timers if timer.handle == handle), None)
    return None
