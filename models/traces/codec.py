"""Trace files as text: written one way only, and read strictly or refused in one line.

A step stands in one line, so that files can be compared line by line. Numbers are whole; a text that looks like a
number stays a text; what does not belong there is refused, and so is a file that was cut anywhere.
"""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn, get_args, get_origin

import attrs
from cattrs import ClassValidationError, Converter, ForbiddenExtraKeysError, transform_error
from cattrs.gen import make_dict_structure_fn
from pyrsistent import PMap, pmap

from models.files import whole
from models.model import Value
from models.target import STDIN
from models.traces.document import (
    FORMAT,
    VERSION,
    Delivery,
    Duplication,
    Elapsing,
    Happening,
    Loss,
    OfFile,
    OfModel,
    OfScenario,
    OfTwin,
    Subject,
    Trace,
)
from models.traces.errors import TraceError, shortened
from properties.property import Kind
from spec.formalism.canonical import Digest

MAX_BYTES = 256_000_000
"""The size of the largest file that is read."""

MAX_DIGITS = 4000
"""How many digits a number has at most."""

TAG = "kind"
"""The key that says which of several classes an object is of."""

TAGS: dict[type[Any], str] = {
    OfModel: "model",
    OfScenario: "scenario",
    OfFile: "file",
    OfTwin: "twin",
    Delivery: "deliver",
    Duplication: "duplicate",
    Loss: "lose",
    Elapsing: "elapse",
}
"""What each of them is called."""

TRACE = "a trace that `treadle` has written"
"""What a file is expected to be that is none."""


@attrs.define(slots=False)
class Wrong(Exception):  # noqa: N818  # it never leaves this module
    """Something in a file that should not be there."""

    what: str
    """What is wrong."""
    expected: str
    """What would have been right."""


def written(trace: Trace) -> str:
    """The text of a trace; equal traces have equal texts."""
    values = CONVERTER.unstructure(trace)
    entries = (f"{_text(key)}: {_entry(value)}" for key, value in values.items())
    return "{\n" + ",\n".join(entries) + "\n}\n"


def save(trace: Trace, file: Path) -> None:
    """Write a trace to a file: all of it or nothing."""
    with whole(file) as stream:
        stream.write(written(trace).encode("ascii"))


def read(file: str) -> Trace:
    """The trace in a file, or in what comes in; a TraceError where there is none."""
    return trace_in(content_of(file), file)


def content_of(file: str) -> bytes:
    """What stands in a file, or comes in, as far as it may be read; a TraceError where it cannot be read."""
    try:
        with sys.stdin.buffer if file == STDIN else Path(file).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise TraceError(file, "", "there is no such file", TRACE) from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise TraceError(file, "", f"it cannot be read: {reason}", TRACE) from None


def trace_in(content: bytes, file: str) -> Trace:
    """The trace that these bytes are; a TraceError where they are none."""
    values = parsed(content, file, ending=b"\n")
    try:
        _check_format(values)
        trace: Trace = CONVERTER.structure(values, Trace)
    except Wrong as wrong:
        raise TraceError(file, "", wrong.what, wrong.expected) from None
    except ClassValidationError as error:
        raise _located(error, file) from None
    return trace


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def _entry(value: Any) -> str:
    """A value; the items of a list each in a line."""
    if type(value) not in {list, tuple} or not value:
        return _text(value)
    return "[\n" + ",\n".join(_text(item) for item in value) + "\n]"


def parsed(content: bytes, file: str, ending: bytes = b"") -> Any:
    """What a JSON text says; a TraceError where it is none that a trace can be, or does not end so."""
    if len(content) > MAX_BYTES:
        raise TraceError(file, "", "the file is too large", f"at most {MAX_BYTES} bytes")
    if not content.endswith(ending):
        raise TraceError(file, "", "it is cut off", "a line end as the last character")
    try:
        return json.loads(
            content.decode(),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError as error:
        what = f"the byte 0x{content[error.start]:02x} is not UTF-8 here"
        place = str(content.count(b"\n", 0, error.start) + 1)
        raise TraceError(file, place, what, TRACE) from None
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise TraceError(file, place, f"JSON syntax error: {error.msg}", TRACE) from None
    except RecursionError:
        raise TraceError(file, "", "its lists and objects nest too deep", TRACE) from None
    except Wrong as wrong:
        raise TraceError(file, "", wrong.what, wrong.expected) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Wrong(f"an object has the key {shortened(_text(twice))} twice", "each key once")
    return values


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise Wrong(f"the number {shortened(text)}", f"at most {MAX_DIGITS} digits")
    return int(text)


def _no_number(text: str) -> NoReturn:
    raise Wrong(f"the number {shortened(text)}", "whole numbers")


def _check_format(values: Any) -> None:
    entries: dict[str, Any] = _of_type(values, dict, "an object")
    if entries.get("format") != FORMAT:
        raise Wrong("it is no trace", f'an object with "format": "{FORMAT}"')
    version = entries.get("version")
    if type(version) is not int or version != VERSION:
        what = f"version {shortened(_text(version))} of the format"
        raise Wrong(what, f"version {VERSION}, as this version of Treadle writes it")


def _located(error: ClassValidationError, file: str) -> TraceError:
    """The first thing that is wrong in a file, with its place."""
    message = str(transform_error(error, "", _told)[0])
    complaint, _, place = message.rpartition(" @ ")
    what, _, expected = complaint.rpartition("\x00")
    return TraceError(file, place.lstrip("."), what, expected)


def _told(error: BaseException, _: type | None) -> str:
    match error:
        case Wrong(what, expected):
            return f"{what}\x00{expected}"
        case ForbiddenExtraKeysError(extra_fields=keys):
            return f"the key {shortened(_text(min(keys)))}\x00the keys that the format has"
        case KeyError(args=(key,)):
            return f'there is no "{key}"\x00it'
        case _:
            return f"{error!r}\x00{TRACE}"


def _string(value: Any, _: Any) -> str:
    if type(value) is not str:
        raise Wrong(f"it is {shortened(_text(value))}", "a text")
    return value


def _whole(value: Any, _: Any) -> int:
    if type(value) is not int:
        raise Wrong(f"it is {shortened(_text(value))}", "a whole number")
    return value


def _digest(value: Any, _: Any) -> Digest:
    text = _string(value, None)
    if len(text) != 64 or set(text) - set("0123456789abcdef"):  # noqa: PLR2004  # of SHA-256
        raise Wrong(f"it is {shortened(_text(text))}", "64 hexadecimal digits")
    return Digest(text)


def _kind(value: Any, _: Any) -> Kind:
    words = {kind.value: kind for kind in Kind}
    if type(value) is not str or value not in words:
        raise Wrong(f"it is {shortened(_text(value))}", " or ".join(map(_text, words)))
    return words[value]


def _value(value: Any, _: Any) -> Value:
    return _whole(value, None) if type(value) is int else _string(value, None)


def _parameters(value: Any, _: Any) -> PMap[str, Value]:
    entries: dict[str, Any] = _of_type(value, dict, "an object")
    return pmap({key: _value(entries[key], None) for key in entries})


def _of_type(value: Any, kind: type[Any], expected: str) -> Any:
    if type(value) is not kind:
        raise Wrong(f"it is {shortened(_text(value))}", expected)
    return value


def _converter() -> Converter:
    """The one converter: strict, with objects of several classes told apart by a tag."""
    converter = Converter()
    tuples = converter.get_structure_hook(tuple[str, ...])
    converter.register_structure_hook(str, _string)
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(Digest, _digest)
    converter.register_structure_hook(Kind, _kind)
    converter.register_structure_hook(Value, _value)
    converter.register_structure_hook_func(_is_map, _parameters)
    converter.register_unstructure_hook_func(_is_map, _sorted)
    converter.register_structure_hook_func(
        _is_tuple, lambda value, kind: tuples(_of_type(value, list, "a list"), kind)
    )

    def strict(kind: type[Any]) -> Any:
        return _class(kind, converter)

    converter.register_structure_hook_factory(attrs.has, strict)
    for union in (Subject, Happening):
        _register_union(union, converter)
    return converter


def _is_map(kind: Any) -> bool:
    return get_origin(kind) is PMap


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _sorted(entries: PMap[str, Value]) -> dict[str, Value]:
    return {key: entries[key] for key in sorted(entries)}


def _class(kind: type[Any], converter: Converter) -> Any:
    structure = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True)

    def strict(value: Any, _: Any) -> Any:
        return structure(_of_type(value, dict, "an object"), kind)

    return strict


def _register_union(union: Any, converter: Converter) -> None:
    classes = {TAGS[kind]: kind for kind in get_args(union)}
    tags = " or ".join(f'"{tag}"' for tag in classes)

    def structure(value: Any, _: Any) -> Any:
        entries = dict(_of_type(value, dict, "an object"))
        tag = entries.pop(TAG, None)
        if type(tag) is not str or tag not in classes:
            raise Wrong(f'its "{TAG}" is {shortened(_text(tag))}', tags)
        return converter.structure(entries, classes[tag])

    def unstructure(value: Any) -> dict[str, Any]:
        return {TAG: TAGS[type(value)], **converter.unstructure(value)}

    converter.register_structure_hook(union, structure)
    converter.register_unstructure_hook(union, unstructure)


CONVERTER = _converter()
"""Turns traces into what JSON can say, and back."""
