"""What an engine knows and remembers: its environment, and what an action makes of it."""

from typing import Any, Generic, TypeVar

from attrs import evolve, frozen
from pyrsistent import PMap, PSet, pmap, pset

from spec.formalism.identity import AcquaintanceName, EngineName, Identity
from spec.formalism.message import Delay, MailboxId, Send, Time, TimerHandle

S = TypeVar("S", covariant=True)  # noqa: PLC0105  # one letter, as in the seeds
"""The type of an engine's local state: a frozen value."""

R = TypeVar("R")


@frozen(cache_hash=True)
class Environment(Generic[S]):
    """All that an engine may read and change, apart from its queues.

    The queues of its mailboxes belong to the global state: a guard or action sees what arrived
    (the trigger) and the states of mailboxes, never what else is waiting.
    """

    local: S
    """The state of its own."""
    mailbox_states: PMap[MailboxId, Any] = pmap()
    """A state per mailbox, for mailboxes that have one."""
    acquaintances: PMap[AcquaintanceName, Identity] = pmap()
    """The engines it knows, by the names it has for them."""
    timers: PMap[TimerHandle, Time] = pmap()
    """The timers that are set, and when they are due."""
    unnamed_spawns: PSet[EngineName] = pset()
    """Engines it has asked for that have no identity yet."""
    time: Time = Time(0)
    """Its own clock."""

    def with_local(self, local: R) -> "Environment[R]":
        """The same environment with another local state."""
        return Environment(
            local,
            self.mailbox_states,
            self.acquaintances,
            self.timers,
            self.unnamed_spawns,
            self.time,
        )

    def with_mailbox_state(self, mailbox: MailboxId, state: object) -> "Environment[S]":
        """The same environment with another state of one mailbox."""
        return evolve(self, mailbox_states=self.mailbox_states.set(mailbox, state))


@frozen
class Finished:
    """The local state of an engine that has done its work: it keeps nothing else."""


FINISHED = Finished()
"""The one value of that type."""


@frozen
class SetTimer:
    """Sets a timer, or sets it anew if one of that name is set."""

    handle: TimerHandle
    """Its name."""
    delay: Delay
    """How long after the engine's present time it is due."""


@frozen
class DiscardTimer:
    """Takes a timer back; of no effect if none of that name is set."""

    handle: TimerHandle
    """Its name."""


TimerChange = SetTimer | DiscardTimer
"""What an action may do to its engine's timers."""


@frozen
class Spawn:
    """A new engine that an action asks for, on the spawner's own node."""

    name: EngineName
    """Its name, never used before on that node."""
    family: str
    """The name of its engine family."""
    configuration: Any
    """What it is told at birth and never changes."""
    environment: Environment[Any]
    """What it starts from."""


@frozen
class Effect(Generic[S]):
    """What an action does, all at once."""

    environment: Environment[S]
    """The engine's environment afterwards; its timers change through `timers` only."""
    sends: tuple[Send, ...] = ()
    """The messages it sends."""
    timers: tuple[TimerChange, ...] = ()
    """What becomes of its timers."""
    spawns: tuple[Spawn, ...] = ()
    """The engines it creates."""


def finish(environment: Environment[Any], sends: tuple[Send, ...] = ()) -> Effect[Finished]:
    """The effect of an engine's last action: it sends these messages and forgets everything."""
    return Effect(Environment(FINISHED, time=environment.time), sends)
