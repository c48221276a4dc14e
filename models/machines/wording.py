"""Events and messages in a few words, for people who read a failure."""

from enum import Enum
from typing import Any

import attrs

from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose, Record
from spec.formalism.identity import EngineId
from spec.formalism.message import Message


def words_of(event: Event) -> str:
    """An event in one line."""
    match event:
        case Deliver(message):
            return message_words(message)
        case Elapse(engine, timer):
            return f"{engine}: timer {timer.handle} elapses at {timer.due}"
        case Duplicate(message):
            return f"duplicated: {message_words(message)}"
        case Lose(message):
            return f"lost: {message_words(message)}"


def step_line(number: int, record: Record) -> str:
    """One step of a run in one line: what happened, and which rules took effect."""
    rules = ", ".join(record.fired)
    refused = f" refused: {record.refusal.reason}" if record.refusal else ""
    return f"{number:3} {words_of(record.event)}" + (f"  [{rules}]" if rules else "") + refused


def message_words(message: Message[Any]) -> str:
    """A message in one line: from whom to whom, and what it says."""
    return f"{message.sender} -> {message.target}: {body_words(message.body)}"


def body_words(body: object) -> str:
    """A message's body without what is too long to be read in passing."""
    said = ((field, _short(value)) for field, value in _fields(body))
    return (
        f"{type(body).__name__}({', '.join(f'{field}={words}' for field, words in said if words)})"
    )


def _short(value: object) -> str:
    """A value in a word or two; nothing where it takes more."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, EngineId):
        return str(value)
    if value is None or isinstance(value, int | str):
        return repr(value)
    parts = [_short(part) for _, part in _fields(value)]
    return "/".join(parts) if all(parts) else ""


def _fields(value: object) -> tuple[tuple[str, object], ...]:
    """The fields of a frozen value, by name; none of values of other kinds."""
    kind: type[Any] = type(value)
    if not attrs.has(kind):
        return ()
    return tuple((each.name, getattr(value, each.name)) for each in attrs.fields(kind))
