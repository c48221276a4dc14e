"""The canonical encoding of frozen values: equal values have equal bytes, in every process."""

import hashlib
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import Any, NewType

import attrs
from pyrsistent import PMap, PSet, PVector

Digest = NewType("Digest", str)
"""SHA-256 of a canonical encoding, in hexadecimal."""

_REMEMBERED = 1 << 16
"""How many encodings of large values (messages, engines) are kept."""

LARGE = frozenset({"Message", "Engine"})
"""The classes whose encodings are remembered: values of theirs stay the same over many steps."""


def digest(value: object) -> Digest:
    """The fingerprint of a value; equal values have equal digests, in every process."""
    return Digest(hashlib.sha256(encode(value)).hexdigest())


def encode(value: object) -> bytes:
    """The bytes that stand for a frozen value; they order values too, though not by meaning.

    Values are None, bool, int, str, enum members, tuples, frozen sets, persistent maps, sets
    and vectors, classes, and frozen attrs values of these.

    Raises:
        TypeError: the value holds something else, which may not be frozen.
    """
    kind = type(value)
    if kind not in _ENCODERS:
        _ENCODERS[kind] = _encoder_for(kind)
    return _ENCODERS[kind](value)


def _encoder_for(kind: type[Any]) -> Callable[[Any], bytes]:
    if attrs.has(kind):
        return _remembered(kind) if kind.__name__ in LARGE else _of_attrs(kind)
    for base, encoder in _BY_BASE:
        if issubclass(kind, base):
            return encoder
    raise TypeError(f"not a frozen value: a {kind.__qualname__}")


def _of_attrs(kind: type[Any]) -> Callable[[Any], bytes]:
    name = encode(kind.__qualname__)
    fields = tuple(each.name for each in attrs.fields(kind) if each.eq)

    def encoder(value: object) -> bytes:
        return _tagged(b"a", name + b"".join(encode(getattr(value, each)) for each in fields))

    return encoder


def _remembered(kind: type[Any]) -> Callable[[Any], bytes]:
    return lru_cache(maxsize=_REMEMBERED)(_of_attrs(kind))


def _of_integer(number: int) -> bytes:
    """A length, then the magnitude above the least one: greater numbers of a length come later."""
    size = (number.bit_length() + 8) // 8
    return _tagged(b"i", (number + (1 << (8 * size - 1))).to_bytes(size, "big"))


def _of_map(value: Any) -> bytes:
    return _tagged(b"m", b"".join(sorted(encode(key) + encode(value[key]) for key in value)))


def _of_set(value: Any) -> bytes:
    return _tagged(b"u", b"".join(sorted(encode(member) for member in value)))


def _of_tuple(value: Any) -> bytes:
    return _tagged(b"q", b"".join(encode(item) for item in value))


def _of_vector(value: Any) -> bytes:
    return _tagged(b"v", b"".join(encode(item) for item in value))


def _tagged(tag: bytes, content: bytes) -> bytes:
    return tag + len(content).to_bytes(4, "big") + content


_BY_BASE: tuple[tuple[type[Any], Callable[[Any], bytes]], ...] = (
    (type(None), lambda _: b"n"),
    (Enum, lambda value: _tagged(b"e", f"{type(value).__qualname__}.{value.name}".encode())),
    (int, _of_integer),  # bool too: True equals 1, and equal values have equal bytes
    (str, lambda value: _tagged(b"s", value.encode("utf-8", "surrogatepass"))),
    (type, lambda value: _tagged(b"t", value.__qualname__.encode())),
    (PVector, _of_vector),
    (tuple, _of_tuple),
    (PMap, _of_map),
    (PSet, _of_set),
    (frozenset, _of_set),
)
"""How values are encoded that are not attrs values; the first base that fits counts."""

_ENCODERS: dict[type[Any], Callable[[Any], bytes]] = {}
"""The encoder of every class met so far."""
