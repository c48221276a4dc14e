"""Who an engine is: its identity never changes, and is compared whole."""

from typing import NewType

from attrs import frozen

NodeId = NewType("NodeId", str)
"""The node an engine runs on."""

EngineName = NewType("EngineName", str)
"""The name of an engine, unique on its node."""

InternalId = NewType("InternalId", str)
"""What only the engine itself holds (a secret key, say); opaque here."""

AcquaintanceName = NewType("AcquaintanceName", str)
"""The name under which an engine knows another one."""


@frozen(order=True, cache_hash=True)
class EngineId:
    """The external identity of an engine: its address in messages."""

    node: NodeId
    """The node it runs on."""
    name: EngineName
    """Its name there."""

    def __str__(self) -> str:
        return self.name if self.node == LOCAL_NODE else f"{self.node}/{self.name}"


@frozen
class Identity:
    """An engine's identity: what others know of it, and what only it holds."""

    external: EngineId
    """Its address in messages."""
    internal: InternalId
    """What proves that it is the one addressed."""


LOCAL_NODE = NodeId("local")
"""The node of models that have one node only."""


def identity_of(engine: EngineId) -> Identity:
    """The identity that the system gives to the engine of this address."""
    return Identity(engine, InternalId(f"{engine.node}/{engine.name}"))


def on_local_node(name: str) -> EngineId:
    """The id of an engine of a model that has one node only."""
    return EngineId(LOCAL_NODE, EngineName(name))
