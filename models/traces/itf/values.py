"""Values as ITF tells them, and the one form of each in which they are compared.

Choices:
- A value of a class is a variant: the name of the class as its tag, its fields as a record. So is the member of an
  enumeration, without fields. Engines are known by name, as in all that Treadle prints.
- The tags are names that every reader can make a type of: what is nothing is `Nothing`, not a word that is taken.
- Integers are `#bigint`: the format allows no plain numbers any more.
- A program is told by its digest: what it says is fixed, and longer than all the rest.
- Equal values are told the same, and different ones differently, but for engines whose nodes and names spell the same.
"""

import json
import re
from enum import Enum
from typing import Any, TypeGuard

from attrs import frozen
from pyrsistent import PVector

from models.render import fields_of, has_fields, is_map, is_program, is_set, sorted_keys
from models.traces.codec import MAX_DIGITS
from models.traces.errors import shortened
from spec.formalism.canonical import digest
from spec.formalism.identity import EngineId, Identity, identity_of

INTEGER = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}", re.ASCII)
"""What an integer looks like."""


@frozen
class ItfError(Exception):
    """A value that ITF has not."""

    what: str
    """What is wrong."""
    expected: str
    """What would have been right."""


def told(value: object) -> Any:
    """A value as ITF tells it."""
    match value:
        case Enum():
            return variant(f"{_tag(value)}_{value.name}")
        case None:
            return variant("Nothing")
        case bool() | str():
            return value if isinstance(value, bool) else str(value)
        case int():
            return {"#bigint": str(value)}
        case EngineId():
            return str(value)
        case Identity() if value == identity_of(value.external):
            return str(value.external)
        case type():
            return variant("Type", name=value.__qualname__)
        case _:
            return _composite(value)


def variant(tag: str, **fields: Any) -> dict[str, Any]:
    """A variant whose value is a record."""
    return {"tag": tag, "value": fields}


def normal(value: Any) -> Any:
    """The one form of all ways to tell a value: sets and maps in order, integers without needless digits.

    Raises:
        ItfError: it is no value.
    """
    if isinstance(value, str | bool):
        return value
    if is_list(value):
        return [normal(item) for item in value]
    if not is_object(value):
        raise ItfError(f"it is {_short(value)}", 'a value of ITF; a number is {"#bigint": "n"}')
    special = [key for key in value if key.startswith("#")]
    if not special:
        return _record(value)
    if len(value) > 1 or special[0] not in SPECIAL:
        raise ItfError(f"the key {_short(special[0])}", " or ".join(SPECIAL))
    return {special[0]: SPECIAL[special[0]](value[special[0]])}


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether something in JSON is an object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether something in JSON is a list."""
    return isinstance(value, list)


def is_variant(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a variant whose value is a record."""
    return (
        is_object(value)
        and set(value) == {"tag", "value"}
        and is_object(value["value"])
        and not SPECIAL.keys() & value["value"]
    )


def text(value: Any) -> str:
    """A value that is in its one form, in one line; it orders values, though not by meaning."""
    return json.dumps(value, sort_keys=True)


def _tag(value: object) -> str:
    """The name of a value's class, as an identifier."""
    return re.sub(r"\W", "_", type(value).__qualname__, flags=re.ASCII)


def _composite(value: Any) -> Any:
    if is_program(value):
        return variant(_tag(value), digest=str(digest(value)))
    if has_fields(value):
        # Other programs make fields of these names, which may not begin with an underscore.
        kept = (each.name for each in fields_of(value) if each.eq)
        fields = {name.lstrip("_"): told(getattr(value, name)) for name in kept}
        return variant(_tag(value), **fields)
    if is_map(value):
        return {"#map": [[told(key), told(value[key])] for key in sorted_keys(value)]}
    if is_set(value):
        return {"#set": [told(member) for member in sorted_keys(value)]}
    items = [told(item) for item in value]
    return items if isinstance(value, PVector) else {"#tup": items}


def _record(fields: dict[str, Any]) -> dict[str, Any]:
    """A record or a variant; where a variant has no fields, some programs write `null`."""
    if set(fields) == {"tag", "value"} and fields["value"] is None:
        return fields | {"value": {}}
    return {name: normal(fields[name]) for name in sorted(fields)}


def _bigint(value: Any) -> str:
    if not (isinstance(value, str) and INTEGER.fullmatch(value)):
        raise ItfError(f"the integer {_short(value)}", f"at most {MAX_DIGITS} digits, as a text")
    return str(int(value))


def _tuple(value: Any) -> list[Any]:
    return [normal(item) for item in _list(value)]


def _set(value: Any) -> list[Any]:
    members = {text(member): member for member in _tuple(value)}
    return [members[each] for each in sorted(members)]


def _map(value: Any) -> list[Any]:
    entries: dict[str, Any] = {}
    for pair in _list(value):
        if not (is_list(pair) and len(pair) == 2):  # noqa: PLR2004  # key and value
            raise ItfError(f"the entry {_short(pair)} of a map", "a list of a key and a value")
        key, item = _tuple(pair)
        if text(key) in entries:
            raise ItfError(f"a map has the key {shortened(text(key))} twice", "each key once")
        entries[text(key)] = [key, item]
    return [entries[each] for each in sorted(entries)]


def _unserializable(value: Any) -> str:
    if not isinstance(value, str):
        raise ItfError(f"it is {_short(value)}", "a text")
    return value


def _list(value: Any) -> list[Any]:
    if not is_list(value):
        raise ItfError(f"it is {_short(value)}", "a list")
    return value


def _short(value: Any) -> str:
    return shortened(json.dumps(value))


SPECIAL = {
    "#bigint": _bigint,
    "#tup": _tuple,
    "#set": _set,
    "#map": _map,
    "#unserializable": _unserializable,
}
"""What may stand in an object under a key of its own kind, and how it is read."""
