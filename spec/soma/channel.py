"""The channel: how ready certificates get from the manager to the driver."""

from typing import NewType

from attrs import frozen

from spec.formalism.engine import spawn_id
from spec.formalism.identity import EngineId, EngineName
from spec.formalism.rule import Clause, RuleId, Source, Text
from spec.soma.certificate import Certificate

Place = NewType("Place", int)
"""The number of a message in the channel: 1, 2, 3…"""

BEFORE_FIRST = Place(0)
"""The place before the first one."""


@frozen(cache_hash=True)
class Ready:
    """Through the channel: all inputs of the certificate are available."""

    place: Place
    """Its place in the channel."""
    certificate: Certificate
    """The certificate, with the commit that it came with."""


@frozen
class ChannelClosed:
    """Through the channel, as its last message: nothing more will come."""

    place: Place
    """Its place in the channel."""


class Channel(Clause):
    """The channel is first in, first out, and unbounded; closing it is its last message.

    Its messages are numbered, and the driver takes none before those with lower numbers: so the
    channel keeps its order however mailboxes deliver. It loses and duplicates nothing.
    """

    id = RuleId("soma.channel")
    version = 1
    sources = (
        Source(Text.S2, "Channel receiver for ready certificates"),
        Source(Text.S2, "Channel closed, no more certificates will be received"),
    )
    decides = (
        "S2 speaks of back pressure. With a channel that holds one certificate, and a limit of 1, "
        "a diamond blocks for ever: the task whose commit readies both sides waits for room for "
        "the second one, and the driver takes the first one only when that task has ended. So the "
        "channel is unbounded, as in the public code; what presses back is what waits in it."
    )


def task_name(place: Place) -> EngineName:
    """The name of the task for what stood at a place in the channel."""
    return EngineName(f"task.{place}")


def task_id(driver: EngineId, place: Place) -> EngineId:
    """The id of the task that a driver spawns for what stood at a place in the channel."""
    return spawn_id(driver, task_name(place))
