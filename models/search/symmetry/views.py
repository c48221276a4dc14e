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

About = tuple[Point | None, ...]
"""Which things something is said of, in order; nothing where it is of one that is not mentioned."""


def view(value: object, words: Words) -> int:
    """What a value says of some things, as 64 bits."""
    said = _said(value, words)
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big")


def words_for(group: Group, about: About) -> Words:
    """What is said instead of ids: which of the things it is, or that it is another one of its group."""
    words: dict[Any, bytes] = {}
    for name, point in owners(group).items():
        member = group.members[point]
        place = next(place for place, own in enumerate(member) if name in names_of(own))
        who = f"{about.index(point)}" if point in about else "other"
        words[name] = f"<{group.kinds[point]} {place} {who}>".encode()
    return words


def owners(group: Group) -> dict[Any, Point]:
    """Which point each id belongs to, and what the system derives from it."""
    return {
        name: point
        for point, member in enumerate(group.members)
        for own in member
        for name in names_of(own)
    }


def names_of(name: object) -> tuple[object, ...]:
    """An id, and what the system derives from it."""
    return (name, identity_of(name)) if isinstance(name, EngineId) else (name,)


def mentioned(value: Any, points: Mapping[Any, Point]) -> frozenset[Point]:
    """The points whose ids occur in a value."""
    kind = kind_of(value)
    if kind in _NAMES and value in points:
        return frozenset({points[value]})
    shape = _shape(kind)
    match shape:
        case _Shape.FIELDS:
            parts = [getattr(value, each) for each in _fields(kind)]
        case _Shape.MAP:
            parts = [*value.keys(), *value.values()]
        case _Shape.SET | _Shape.LIST:
            parts = list(value)
        case _Shape.PLAIN:
            parts = []
    return frozenset[Point]().union(*(mentioned(part, points) for part in parts))


class _Shape(Enum):
    """How a value is made of others."""

    FIELDS = "fields"
    MAP = "map"
    SET = "set"
    LIST = "list"
    PLAIN = "plain"


def _shape(kind: type[Any]) -> _Shape:
    """How values of a class are made of others."""
    if kind not in _SHAPES:
        named = attrs.has(kind) and not issubclass(kind, Enum)
        shapes = (shape for base, shape in _BY_BASE if issubclass(kind, base))
        _SHAPES[kind] = _Shape.FIELDS if named else next(shapes, _Shape.PLAIN)
    return _SHAPES[kind]


def _fields(kind: type[Any]) -> tuple[str, ...]:
    """The fields by which values of a class are compared."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(each.name for each in attrs.fields(kind) if each.eq)
    return _FIELDS[kind]


def _said(value: Any, words: Words) -> bytes:
    """The bytes that stand for a value in which some ids are named by words; sets and maps keep all members."""
    kind = kind_of(value)
    if kind in _NAMES and value in words:
        return words[value]
    match _shape(kind):
        case _Shape.FIELDS:
            parts = [_said(getattr(value, each), words) for each in _fields(kind)]
            return _all(kind.__qualname__, parts)
        case _Shape.MAP:
            pairs = [_said(key, words) + b"=" + _said(value[key], words) for key in value]
            return _all("map", sorted(pairs))
        case _Shape.SET:
            return _all("set", sorted([_said(each, words) for each in value]))
        case _Shape.LIST:
            return _all("list", [_said(each, words) for each in value])
        case _Shape.PLAIN:
            return _plain(value)


def _all(name: str, parts: list[bytes]) -> bytes:
    return b"%s(%s)" % (name.encode(), b"".join([b"%d:%s" % (len(part), part) for part in parts]))


def _plain(value: Any) -> bytes:
    """A value without ids; one that cannot be told apart from others says nothing."""
    try:
        return encode(value)
    except TypeError:
        return kind_of(value).__qualname__.encode()


_NAMES = frozenset({EngineId, Identity, str})
"""The classes whose values may be interchangeable."""

_BY_BASE: tuple[tuple[type[Any], _Shape], ...] = (
    (PMap, _Shape.MAP),
    (PSet, _Shape.SET),
    (frozenset, _Shape.SET),
    (PVector, _Shape.LIST),
    (tuple, _Shape.LIST),
)
"""How values are made that have no fields; the first base that fits counts."""

_SHAPES: dict[type[Any], _Shape] = {}
"""The shape of every class met so far."""

_FIELDS: dict[type[Any], tuple[str, ...]] = {}
"""The fields of every class met so far that has any."""
