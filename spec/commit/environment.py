"""What the managers of a transaction remember, and the timers by which they act unasked."""

from enum import Enum

from attrs import frozen
from pyrsistent import pmap

from spec.formalism.environment import DiscardTimer, Environment
from spec.formalism.identity import EngineId
from spec.formalism.message import Time, TimerHandle

PREPARING = TimerHandle("preparing")
"""The timer by which a resource manager prepares."""

GIVING_UP = TimerHandle("giving-up")
"""The timer by which a resource manager aborts of its own accord."""

COMMITTING = TimerHandle("committing")
"""The timer by which the transaction manager commits; set once it may."""

ABORTING = TimerHandle("aborting")
"""The timer by which the transaction manager aborts of its own accord."""

SETTLED = (DiscardTimer(PREPARING), DiscardTimer(GIVING_UP))
"""A resource manager that works no longer has no choice left."""

CLOSED = (DiscardTimer(COMMITTING), DiscardTimer(ABORTING))
"""A transaction manager that has decided does not decide again."""


class RMState(Enum):
    """How far a resource manager is."""

    WORKING = "working"
    PREPARED = "prepared"
    COMMITTED = "committed"
    ABORTED = "aborted"


class TMState(Enum):
    """How far the transaction manager is."""

    INIT = "init"
    COMMITTED = "committed"
    ABORTED = "aborted"


@frozen
class ResourceManager:
    """The local state of a resource manager."""

    state: RMState = RMState.WORKING
    """How far it is."""


@frozen
class TransactionManager:
    """The local state of the transaction manager."""

    state: TMState = TMState.INIT
    """How far it is."""
    prepared: frozenset[EngineId] = frozenset()
    """The resource managers that it has heard to be prepared."""


def at_work() -> Environment[ResourceManager]:
    """The environment of a resource manager that may as well prepare as give up."""
    return Environment(ResourceManager(), timers=pmap({PREPARING: Time(0), GIVING_UP: Time(0)}))


def undecided() -> Environment[TransactionManager]:
    """The environment of a transaction manager that has heard nothing, and may abort."""
    return Environment(TransactionManager(), timers=pmap({ABORTING: Time(0)}))
