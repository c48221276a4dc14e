"""What changed between two values, field by field."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import frozen

from models.render import fields_of, is_map, is_set, part, sorted_keys
from spec.formalism.environment import Environment


@frozen
class Change:
    """One thing that changed."""

    path: str
    """Where: the fields and keys on the way to it."""
    text: str
    """What: `old -> new`, `+ added`, or `- removed`."""

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


def environment_changes(before: Environment[Any], after: Environment[Any]) -> tuple[Change, ...]:
    """What changed in an engine's environment; the fields of its local state stand by themselves."""
    if type(before.local) is not type(after.local):
        local = [Change("local", f"{part(before.local)} -> {part(after.local)}")]
    else:
        local = list(_between("", before.local, after.local))
    rest = [
        change
        for field in attrs.fields(Environment)
        if field.name != "local"
        for change in _between(field.name, getattr(before, field.name), getattr(after, field.name))
    ]
    return (*local, *rest)


def changes(before: object, after: object) -> tuple[Change, ...]:
    """What changed between two values."""
    return tuple(_between("", before, after))


def _between(path: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if is_map(before) and is_map(after):
        yield from _between_maps(path, before, after)
    elif is_set(before) and is_set(after):
        yield from (Change(path, f"+ {part(each)}") for each in sorted_keys(after - before))
        yield from (Change(path, f"- {part(each)}") for each in sorted_keys(before - after))
    elif same_fields(before, after):
        for field in fields_of(before):
            name = field.name
            inner = f"{path}.{name}" if path else name
            yield from _between(inner, getattr(before, name), getattr(after, name))
    else:
        yield Change(path, f"{part(before)} -> {part(after)}")


def same_fields(before: object, after: object) -> bool:
    """Whether two values are of one type that has fields."""
    return type(before) is type(after) and bool(fields_of(before))


def _between_maps(
    path: str, before: Mapping[Any, Any], after: Mapping[Any, Any]
) -> Iterator[Change]:
    for key in sorted_keys({*before, *after}):
        inner = f"{path}[{part(key)}]"
        if key not in before and is_map(after[key]) and after[key]:
            yield from _between_maps(inner, {}, after[key])
        elif key not in before:
            yield Change(inner, f"+ {part(after[key])}")
        elif key not in after:
            yield Change(inner, f"- {part(before[key])}")
        else:
            yield from _between(inner, before[key], after[key])
