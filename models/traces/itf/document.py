"""ITF files: all states of a run, each in a line, and what is needed to find its steps again.

Choices:
- What of a trace is not states stands in `#meta`, as a text: the trace without its steps, as `codec` writes it. Other
  programs may take the metadata of ITF for texts, and keep them as they are.
- The file ends with its last brace, so that it is no JSON text wherever it was cut.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from attrs import evolve, frozen

from models.render import render_event
from models.traces.codec import CONVERTER, parsed, trace_in
from models.traces.document import Trace
from models.traces.errors import TraceError, shortened
from models.traces.itf.values import ItfError, is_list, is_object, normal
from models.traces.itf.variables import Variables, spelling, spelt, variables_of
from spec import VERSION
from spec.formalism.event import Record
from spec.formalism.state import GlobalState

DESCRIPTION = "https://apalache-mc.org/docs/adr/015adr-trace.html"
"""Where the format is described."""

META, VARS, STATES = "#meta", "vars", "states"
"""The keys of a file that Treadle writes."""

HEADER, ENGINES = "treadle", "engines"
"""The keys of its metadata that say what was run, and of which engine each variable is."""

EVENT = "event"
"""The key of a state's metadata that says what led to it."""

BEGINNING = re.compile(rb'\s*\{\s*"(?:#meta|params|vars|states|loop)"', re.ASCII)
"""How such a file begins; no trace file does."""

ITF = "a trace in ITF that `treadle` has written"
"""What a file is expected to be that begins so."""


@frozen
class Told:
    """What an ITF file tells."""

    header: Trace | None
    """The trace of the run, without its steps; nothing where the file does not say what was run."""
    variables: Variables
    """What the variables are called."""
    states: tuple[dict[str, Any], ...]
    """What they say in each state, in the one form of each value."""
    events: tuple[str | None, ...]
    """Of each state, what the file says has led to it, if it says anything."""


def is_itf(content: bytes) -> bool:
    """Whether a file begins as one of ITF does."""
    return BEGINNING.match(content) is not None


def written(
    name: str,
    states: Sequence[GlobalState],
    records: Sequence[Record],
    trace: Trace | None = None,
) -> str:
    """A run in ITF; equal runs have equal texts.

    Args:
        name: what was run, as people name it.
        states: the states on the way: the start, then the state after each step.
        records: what happened, step by step.
        trace: the trace of the run, if there is one; without it, the file does not say what was run.
    """
    variables = variables_of(states[-1].engines)
    metas = [{"index": 0}, *(_meta(number, each) for number, each in enumerate(records, start=1))]
    lines = ",\n".join(
        _text({META: meta} | variables.told(state))
        for meta, state in zip(metas, states, strict=True)
    )
    header = _text(_header(name, trace, variables))
    names = _text(variables.all())
    return f'{{\n"{META}": {header},\n"{VARS}": {names},\n"{STATES}": [\n{lines}\n]\n}}'


def told_in(content: bytes, file: str) -> Told:
    """What an ITF file tells; a TraceError where it is none that Treadle can follow."""
    values = parsed(content, file)
    try:
        meta = _checked(values)
        header = _read_header(meta[HEADER]) if HEADER in meta else None
        variables = _read_engines(meta.get(ENGINES))
        _check_variables(values.get(VARS), variables)
    except ItfError as error:
        raise TraceError(file, META, error.what, error.expected) from None
    states = tuple(
        _state(each, place, variables, file) for place, each in enumerate(values[STATES])
    )
    return Told(header, variables, states, tuple(map(_event, values[STATES])))


def _header(name: str, trace: Trace | None, variables: Variables) -> dict[str, str]:
    """The metadata; all of them texts, for some programs take no others."""
    about = {
        "format": "ITF",
        "format-description": DESCRIPTION,
        "source": name,
        "description": f"written by treadle {VERSION}",
        ENGINES: _text(spelt(variables)),
    }
    if trace is None:
        return about
    return about | {HEADER: _text(CONVERTER.unstructure(evolve(trace, steps=())))}


def _meta(number: int, record: Record) -> dict[str, Any]:
    """What led to a state: for readers, and where several events could have."""
    rules = ", ".join(record.fired)
    return {"index": number, EVENT: render_event(record.event), "rules": rules}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def _checked(values: Any) -> dict[str, Any]:
    """The metadata of a file whose keys are those of a run that ends."""
    if not is_object(values) or not is_list(values.get(STATES)) or not values[STATES]:
        raise ItfError("there are no states", ITF)
    if values.get("loop") is not None:
        raise ItfError("the run has a loop", "one that ends")
    if values.get("params"):
        raise ItfError("the run has parameters", "none but those of the model")
    meta = values.get(META)
    if not is_object(meta):
        raise ItfError("there are no metadata", ITF)
    return meta


def _read_header(text: Any) -> Trace:
    if not isinstance(text, str):
        raise ItfError(f'its "{HEADER}" is no text', ITF)
    try:
        return trace_in(f"{text}\n".encode("utf-8", "replace"), HEADER)
    except TraceError as error:
        raise ItfError(f"{error.place or HEADER}: {error.what}", error.expected) from None


def _read_engines(text: Any) -> Variables:
    """The variables of the engines."""
    table: Any = None
    if isinstance(text, str):
        try:
            table = parsed(text.encode("utf-8", "replace"), ENGINES)
        except TraceError as error:
            raise ItfError(f"{ENGINES}: {error.what}", error.expected) from None
    if not is_object(table) or not all(map(_is_name, table.values())):
        raise ItfError(f'its "{ENGINES}" is no table', "the node and the name of each engine")
    return spelling({name: (each[0], each[1]) for name, each in table.items()})


def _check_variables(names: Any, variables: Variables) -> None:
    expected = variables.all()
    if not is_list(names) or sorted(map(str, names)) != sorted(expected):
        raise ItfError(f"the variables are {shortened(_text(names))}", shortened(_text(expected)))


def _state(state: Any, place: int, variables: Variables, file: str) -> dict[str, Any]:
    """A state, each of its values in its one form."""
    where = f"{STATES}[{place}]"
    if not is_object(state):
        raise TraceError(file, where, f"it is {shortened(_text(state))}", "an object")
    said = {name: state[name] for name in state if name != META}
    names = variables.all()
    if set(said) != set(names):
        odd = min(set(said) ^ set(names))
        what = "is missing" if odd in names else "is no variable"
        raise TraceError(file, where, f"{shortened(_text(odd))} {what}", "a value of each variable")
    values: dict[str, Any] = {}
    for name in names:
        try:
            values[name] = normal(said[name])
        except ItfError as error:
            raise TraceError(file, f"{where}.{name}", error.what, error.expected) from None
        except RecursionError:
            raise TraceError(file, where, "its values nest too deep", ITF) from None
    return values


def _event(state: dict[str, Any]) -> str | None:
    meta = state.get(META)
    event = meta.get(EVENT) if is_object(meta) else None
    return event if isinstance(event, str) else None


def _is_name(value: Any) -> bool:
    return is_list(value) and len(value) == 2 and all(isinstance(each, str) for each in value)  # noqa: PLR2004  # node, name
