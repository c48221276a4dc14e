"""The JSON Schema of trace files, made out of the classes that they are written from."""

from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
from pyrsistent import PMap

from models.traces.codec import TAG, TAGS
from models.traces.document import FORMAT, VERSION, Trace
from properties.property import Kind
from spec.formalism.canonical import Digest

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The version of JSON Schema."""

PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    NoneType: {"type": "null"},
    Digest: {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    Kind: {"enum": [kind.value for kind in Kind]},
}
"""What is said of values without parts."""


def schema() -> dict[str, Any]:
    """The schema."""
    whole = _of(Trace)
    whole["properties"] |= {"format": {"const": FORMAT}, "version": {"const": VERSION}}
    return {"$schema": DIALECT, "title": "A trace of Treadle", **whole}


def _of(kind: Any) -> dict[str, Any]:
    """What is said of values of a type."""
    if kind in PLAIN:
        return dict(PLAIN[kind])
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return {"anyOf": [_of(part) for part in parts]}
    if origin is tuple:
        return {"type": "array", "items": _of(parts[0])}
    if origin is PMap:
        return {"type": "object", "additionalProperties": _of(parts[1])}
    return _of_class(kind)


def _of_class(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    tag = {TAG: {"const": TAGS[kind]}} if kind in TAGS else {}
    fields = tag | {each.name: _of(hints[each.name]) for each in attrs.fields(kind)}
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
