"""What may happen next in a global state, and the record of what did."""

from typing import Any

from attrs import frozen

from spec.formalism.engine import Refusal
from spec.formalism.environment import TimerChange
from spec.formalism.identity import EngineId
from spec.formalism.message import Message, Timer
from spec.formalism.rule import RuleId


@frozen(cache_hash=True)
class Deliver:
    """An engine takes a message from its mailbox."""

    message: Message[Any]
    """The message."""


@frozen
class Elapse:
    """A timer of an engine elapses."""

    engine: EngineId
    """Whose timer it is."""
    timer: Timer
    """The timer."""


@frozen
class Duplicate:
    """A fault: the network makes one more copy of a message."""

    message: Message[Any]
    """The message."""


@frozen
class Lose:
    """A fault: the network loses one copy of a message."""

    message: Message[Any]
    """The message."""


Event = Deliver | Elapse | Duplicate | Lose
"""What may happen next."""


@frozen
class Record:
    """What happened in one step."""

    event: Event
    """The event."""
    fired: tuple[RuleId, ...] = ()
    """The rules that took effect, in order; none for faults and for timers that nobody handles.

    Of those that follow up, they are the ones that found something to do."""
    consumed: Message[Any] | None = None
    """The message that was processed."""
    sent: tuple[Message[Any], ...] = ()
    """The messages that were sent, in order."""
    spawned: tuple[EngineId, ...] = ()
    """The engines that were created, in order."""
    timers: tuple[TimerChange, ...] = ()
    """What became of the engine's timers, in order."""
    refusal: Refusal | None = None
    """Why nothing happened after all: a defect of the specification, never of the run."""
