"""The parts of a value, each in a line with the way to it; and what in a value stands under one key."""

from collections.abc import Iterator
from typing import Any

from models.render import (
    fields_of,
    is_map,
    is_program,
    is_sequence,
    is_set,
    part,
    render,
    sorted_keys,
)

WIDE = 80
"""How many characters of a value stand in one line; a longer one is told part by part."""

ELIDED = ("{…}", "[…]")
"""What stands in a line for maps, sets and lists that it has no room for."""


def leaves(path: str, value: Any) -> Iterator[str]:
    """A value in one line; a map, and what takes too much room, part by part, each with the way to it."""
    text = render(value)
    inner = () if is_program(value) else tuple(_inner(path, value))
    whole = len(text) <= WIDE and not is_map(value) and not any(each in text for each in ELIDED)
    if not inner or (path and whole):
        yield f"{path}: {part(value)}" if path else part(value)
        return
    for way, item in inner:
        yield from leaves(way, item)


def under(value: Any, key: str) -> Iterator[str]:
    """What the maps and sets that an engine's local state consists of keep under a key, or under one that names it."""
    for way, item in _inner("", value):
        yield from _under(way, item, key)


def keys_in(value: Any) -> Iterator[str]:
    """The keys and members of these maps and sets, and what composite ones name."""
    for _, item in _inner("", value):
        yield from _keys_in(item)


def _under(path: str, value: Any, key: str) -> Iterator[str]:
    if is_map(value):
        for each in sorted_keys(value):
            way = f"{path}[{part(each)}]"
            named = key in _names(each)
            yield from leaves(way, value[each]) if named else _under(way, value[each], key)
    elif is_set(value):
        yield from (f"{path}: {part(each)}" for each in sorted_keys(value) if key in _names(each))


def _keys_in(value: Any) -> Iterator[str]:
    if is_map(value):
        for each in value:
            yield from _names(each)
            yield from _keys_in(value[each])
    elif is_set(value):
        yield from (name for each in value for name in _names(each))


def _names(value: Any) -> tuple[str, ...]:
    fields = (getattr(value, field.name) for field in fields_of(value))
    return (render(value), *(each for each in fields if isinstance(each, str)))


def _inner(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if is_map(value):
        yield from ((f"{path}[{part(each)}]", value[each]) for each in sorted_keys(value))
    elif is_set(value):
        yield from ((path, each) for each in sorted_keys(value))
    elif is_sequence(value):
        yield from ((f"{path}[{place}]", each) for place, each in enumerate(value))
    else:
        for field in fields_of(value):
            way = f"{path}.{field.name}" if path else field.name
            yield way, getattr(value, field.name)
