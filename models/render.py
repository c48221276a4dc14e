"""Values as people read them: short, in one line, the same in every process."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any, TypeGuard

import attrs
from pyrsistent import PVector

from spec.anoma.runnable import AnyRunnable, Runnable
from spec.formalism.canonical import encode
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose
from spec.formalism.identity import EngineId, Identity
from spec.formalism.message import Message

LONG = 120
"""How many characters a part of a value may take before only its type is named."""


def render(value: Any) -> str:
    """A value in one line; parts that would take too much room are named only: `Running(…)`."""
    if value is None:
        return "none"
    if isinstance(value, Enum):
        return value.name.lower().replace("_", "-")
    if isinstance(value, str | int | EngineId):
        return str(value)
    if isinstance(value, Identity):
        return str(value.external)
    if is_message(value):
        return f"{value.sender} -> {value.target}: {render(value.body)}"
    if is_program(value):
        return f"{type(value).__name__}(…)"
    return value.__name__ if isinstance(value, type) else _composite(value)


def render_event(event: Event) -> str:
    """An event in one line."""
    match event:
        case Deliver(message):
            return f"{message.target} takes {render(message.body)} from {message.sender}"
        case Elapse(engine, timer):
            return f"{engine}: its timer {timer.handle} elapses at {timer.due}"
        case Duplicate(message):
            return f"the network duplicates {render(message)}"
        case Lose(message):
            return f"the network loses {render(message)}"


def one_line(text: str) -> str:
    """The text with all that does not print (line ends, control characters) escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def sorted_keys(keys: Iterable[Any]) -> list[Any]:
    """The keys of a map or members of a set in one order, by meaning where they have one."""
    listed = list(keys)
    try:
        # Sets compare by inclusion, which is no order.
        sets = any(isinstance(key, AbstractSet) for key in listed)
        return sorted(listed, key=encode) if sets else sorted(listed)
    except TypeError:
        return sorted(listed, key=encode)


def is_message(value: object) -> TypeGuard[Message[Any]]:
    """Whether a value is a message in its envelope."""
    return isinstance(value, Message)


def is_program(value: object) -> TypeGuard[AnyRunnable]:
    """Whether a value is a program, which takes more than a line to read."""
    return isinstance(value, Runnable)


def is_map(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether a value is a map, of whatever kind."""
    return isinstance(value, Mapping)


def is_set(value: object) -> TypeGuard[AbstractSet[Any]]:
    """Whether a value is a set, of whatever kind."""
    return isinstance(value, AbstractSet)


def is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether a value is a tuple or vector."""
    return isinstance(value, tuple | PVector)


def has_fields(value: object) -> bool:
    """Whether a value is of a class whose fields have names, be it none."""
    kind: type[Any] = type(value)
    return attrs.has(kind)


def fields_of(value: object) -> "tuple[attrs.Attribute[Any], ...]":
    """The fields of a value; none where they have no names."""
    kind: type[Any] = type(value)
    return attrs.fields(kind) if attrs.has(kind) else ()


def _composite(value: Any) -> str:
    if has_fields(value):
        return f"{type(value).__name__}({', '.join(_fields(value))})"
    if is_map(value):
        entries = (f"{part(key)}: {part(value[key])}" for key in sorted_keys(value))
        return "{" + ", ".join(entries) + "}"
    if is_set(value):
        return "{" + ", ".join(part(member) for member in sorted_keys(value)) + "}"
    if is_sequence(value):
        return "[" + ", ".join(part(item) for item in value) + "]"
    return type(value).__name__


def part(value: Any) -> str:
    """A part of a value: as a whole if it is short, or what it is."""
    text = render(value)
    if len(text) <= LONG:
        return text
    if has_fields(value):
        return f"{type(value).__name__}(…)"
    if is_map(value) or is_set(value):
        return "{…}"
    return "[…]" if is_sequence(value) else "…"


def _fields(value: Any) -> Iterable[str]:
    """What stands between the parentheses: what has a default is named, or left out if it has that."""
    for field in fields_of(value):
        item = getattr(value, field.name)
        if field.default is attrs.NOTHING:
            yield part(item)
        elif item != field.default:
            yield f"{field.name}={part(item)}"
