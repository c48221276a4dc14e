"""Objects and their versions."""

from typing import NewType

from attrs import frozen
from pyrsistent import PMap, pmap

from spec.anoma.keyvalue import KVSDatum

ObjectId = NewType("ObjectId", str)
"""The name of an object, in all its versions."""

Version = NewType("Version", int)
"""The number of a version of an object: each execution that writes it makes the next one."""

FIRST = Version(1)
"""The version of an object that has just been created."""


@frozen(order=True, cache_hash=True)
class ObjectKey:
    """One version of one object: what certificates name, and wait for."""

    object: ObjectId
    """The object."""
    version: Version
    """Which version of it."""

    def __str__(self) -> str:
        return f"{self.object} v{self.version}"


Objects = PMap[ObjectKey, KVSDatum]
"""Versions of objects, with what they hold; a version never changes."""


def with_versions(objects: Objects, made: Objects) -> Objects:
    """The versions that there were, and those that were made."""
    return pmap(dict(objects) | dict(made))
