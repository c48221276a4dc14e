"""What a value says of one thing among those that are interchangeable, whoever that is.

Two values say the same of two things if an exchange makes one of the other. The reverse need not be so: what is
the same here may still differ, and is told apart by those who look closer.
"""

import hashlib
from collections.abc import Mapping
from enum import Enum
from typing import Any

import attrs
from pyrsistent import PMap, PSet, PVector

from models.search.symmetry.group import Group, Point
from models.search.symmetry.renaming import kind_of
from spec.formalism.canonical import encode
from spec.formalism.identity import EngineId, Identity, identity_of

Words = Mapping[Any, bytes]
"""What is said instead of an id."""


def view(value: object, words: Words) -> int:
    """What a value says of some things, as 64 bits."""
    said = _said(value, words)
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big")


def words_for(group: Group, about: tuple[Point, ...]) -> Words:
    """What is said instead of ids: which of the things it is, or that it is another one of its group."""
    words: dict[Any, bytes] = {}
    for point, member in enumerate(group.members):
        who = f"{about.index(point)}" if point in about else "other"
        for place, name in enumerate(member):
            word = f"<{group.kinds[point]} {place} {who}>".encode()
            words[name] = word
            if isinstance(name, EngineId):
                words[identity_of(name)] = word
    return words


def _said(value: Any, words: Words) -> bytes:
    """The bytes that stand for a value in which some ids are named by words; sets and maps keep all members."""
    kind = kind_of(value)
    if kind in _NAMES and value in words:
        return words[value]
    if attrs.has(kind) and not issubclass(kind, Enum):
        fields = (getattr(value, each.name) for each in attrs.fields(kind) if each.eq)
        return _all(kind.__qualname__, [_said(each, words) for each in fields])
    if issubclass(kind, PMap):
        pairs = (_said(key, words) + b"=" + _said(value[key], words) for key in value)
        return _all("map", sorted(pairs))
    if issubclass(kind, PSet | frozenset):
        return _all("set", sorted(_said(each, words) for each in value))
    if issubclass(kind, tuple | PVector):
        return _all("list", [_said(each, words) for each in value])
    return _plain(value)


def _all(name: str, parts: list[bytes]) -> bytes:
    return b"%s(%s)" % (name.encode(), b"".join(b"%d:%s" % (len(part), part) for part in parts))


def _plain(value: Any) -> bytes:
    """A value without ids; one that cannot be told apart from others says nothing."""
    try:
        return encode(value)
    except TypeError:
        return type(value).__qualname__.encode()


_NAMES = frozenset({EngineId, Identity, str})
"""The classes whose values may be interchangeable."""
