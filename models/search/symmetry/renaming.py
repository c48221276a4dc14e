"""Renames ids wherever they occur in a frozen value: in engines, messages, mailboxes, configurations, events.

Choices:
- A renaming exchanges ids one for one, and keeps the shape of the value: so different values stay different.
- What is in order stays in its place: a tuple that is kept sorted is not sorted anew, for then two values might
  become one. Where a system keeps ids sorted, they are not interchangeable.
- What the system derives from an id and keeps in an identity goes with the id.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import attrs
from pyrsistent import PMap, PSet, PVector, pmap, pset, pvector

from spec.formalism.engine import Engine
from spec.formalism.identity import EngineId, identity_of
from spec.formalism.message import Message

LARGE: frozenset[type[Any]] = frozenset({Message, Engine})
"""The classes whose renamed values are remembered: values of theirs stay the same over many steps."""


class Renaming:
    """Exchanges some ids for others in whatever it is called with."""

    def __init__(self, names: Mapping[Any, Any]) -> None:
        """Rename every id that is a key to what it is mapped to; the values are the keys again."""
        engines = {old: new for old, new in names.items() if isinstance(old, EngineId)}
        identities = {identity_of(old): identity_of(new) for old, new in engines.items()}
        self._names = {old: new for old, new in {**names, **identities}.items() if old != new}
        self._kinds = set(map(kind_of, self._names))
        self._known: dict[Any, Any] = {}
        self._ways: dict[type[Any], Callable[[Any], Any]] = {}

    def __call__(self, value: Any) -> Any:
        """The value with every id renamed."""
        kind = kind_of(value)
        if kind in self._kinds and value in self._names:
            return self._names[value]
        way = self._ways.get(kind)
        if way is None:
            way = self._ways[kind] = self._way(kind)
        return way(value)

    def _way(self, kind: type[Any]) -> Callable[[Any], Any]:
        """How values of a class are renamed."""
        if attrs.has(kind) and not issubclass(kind, Enum):
            fields = self._of_fields(kind)
            return self._remembered(fields) if kind in LARGE else fields
        ways: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
            (PVector, lambda value: pvector(map(self, value))),
            (tuple, lambda value: tuple(map(self, value))),
            (PMap, lambda value: pmap({self(key): self(value[key]) for key in value})),
            (PSet, lambda value: pset(map(self, value))),
            (frozenset, lambda value: frozenset(map(self, value))),
        )
        return next((way for base, way in ways if issubclass(kind, base)), unchanged)

    def _of_fields(self, kind: type[Any]) -> Callable[[Any], Any]:
        fields = tuple((each.name, each.alias) for each in attrs.fields(kind) if each.init)

        def way(value: Any) -> Any:
            before = [(alias, getattr(value, name)) for name, alias in fields]
            after = {alias: self(each) for alias, each in before}
            same = all(after[alias] is each for alias, each in before)
            return value if same else kind(**after)

        return way

    def _remembered(self, way: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def remembered(value: Any) -> Any:
            known = self._known.get(value)
            if known is None:
                known = self._known[value] = way(value)
            return known

        return remembered


def unchanged(value: Any) -> Any:
    """A value that holds no ids: a number, a word, a class."""
    return value


def kind_of(value: object) -> type[Any]:
    """The class of a value."""
    return type(value)
