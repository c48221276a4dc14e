"""Trace files are written in one way, and read strictly or refused in one line."""

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pmap

from models.model import Value
from models.target import STDIN
from models.traces.codec import MAX_DIGITS, read, save, trace_in, written
from models.traces.document import (
    FORMAT,
    VERSION,
    Delivery,
    Duplication,
    Elapsing,
    Loss,
    Network,
    OfFile,
    OfModel,
    OfScenario,
    RecordedStep,
    RecordedVerdict,
    Trace,
)
from models.traces.errors import TraceError
from properties.property import Kind
from spec.formalism.canonical import Digest

ZERO = Digest("0" * 64)

PARAMETERS = pmap(dict[str, Value](number=9, digit="9"))

STEP = RecordedStep(
    Delivery("a", "b", 0, "Vote(x)", ZERO), ("r.one",), None, ("x: 1 -> 2",), ("c: y",), (), ZERO
)

TRACE = Trace(
    FORMAT,
    VERSION,
    "1.0",
    OfModel("m", PARAMETERS),
    Network("fifo", 1, 0),
    None,
    ZERO,
    (STEP, RecordedStep(Elapsing("a", "t", 3, ZERO), (), "no", (), (), ("d",), ZERO)),
    RecordedVerdict("p", "r.two", Kind.AT_REST, "it's so", ("a", "b")),
)

WHOLE = f"""{{
"format": "treadle-trace",
"version": 1,
"treadle": "1.0",
"subject": {{"kind": "model", "name": "m", "parameters": {{"digit": "9", "number": 9}}}},
"network": {{"discipline": "fifo", "duplicates": 1, "losses": 0}},
"seed": null,
"start": "{ZERO}",
"steps": [
{{"event": {{"kind": "deliver", "sender": "a", "target": "b", "mailbox": 0, "body": "Vote(x)", \
"digest": "{ZERO}"}}, "rules": ["r.one"], "refusal": null, "changes": ["x: 1 -> 2"], \
"sent": ["c: y"], "spawned": [], "state": "{ZERO}"}},
{{"event": {{"kind": "elapse", "engine": "a", "timer": "t", "due": 3, "digest": "{ZERO}"}}, \
"rules": [], "refusal": "no", "changes": [], "sent": [], "spawned": ["d"], "state": "{ZERO}"}}
],
"verdict": {{"property": "p", "rule": "r.two", "kind": "at rest", "finding": "it's so", \
"details": ["a", "b"]}}
}}
"""


def refusal(content: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(TraceError) as caught:
        trace_in(content, "f.json")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_trace_is_written_with_one_step_in_a_line() -> None:
    assert written(TRACE) == WHOLE


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"subject": OfScenario("a b.toml", '"\\\ud800 \u2026 \'\'\' """\n')},
        {"subject": OfFile("my.py", "M", pmap({"n": -(10**30)}))},
        {"seed": 7},
        {"steps": ()},
        {"verdict": None},
        {"steps": (evolve(STEP, event=Duplication("a", "b", 1, "", ZERO)),)},
        {"steps": (evolve(STEP, event=Loss("a", "b", 1, "", ZERO)),)},
    ],
)
def test_what_was_written_is_read_back(change: dict[str, Any]) -> None:
    trace = evolve(TRACE, **change)
    assert trace_in(written(trace).encode(), "f.json") == trace


def test_a_trace_that_was_cut_anywhere_is_refused() -> None:
    content = WHOLE.encode()
    for end in range(len(content)):
        refusal(content[:end])


def test_a_file_is_written_whole_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    save(TRACE, file)
    assert file.read_bytes() == WHOLE.encode()
    assert read(str(file)) == TRACE
    assert list(tmp_path.iterdir()) == [file]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    save(TRACE, file)
    with file.open(encoding="ascii") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert read(STDIN) == TRACE


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "f.json: it is cut off; expected a line end as the last character"),
        (b"{}\n", 'f.json: it is no trace; expected an object with "format": "treadle-trace"'),
        (b"[]\n", "f.json: it is []; expected an object"),
        (b"{'a': 1}\n", "f.json:1:2: JSON syntax error: Expecting property name enclosed in "),
        (b'{"a":\n\xff}\n', "f.json:2: the byte 0xff is not UTF-8 here; expected a trace that "),
        (b'{"a": 1, "a": 2}\n', 'f.json: an object has the key "a" twice; expected each key once'),
        (b"[NaN]\n", "f.json: the number NaN; expected whole numbers"),
        (b"[-Infinity]\n", "f.json: the number -Infinity; expected whole numbers"),
        (b"[1e9]\n", "f.json: the number 1e9; expected whole numbers"),
        (b"1" * (MAX_DIGITS + 1) + b"\n", f"f.json: the number {'1' * 80}…; expected at most "),
        (b"[" * 100_000 + b"\n", "f.json: its lists and objects nest too deep; expected a trace"),
        (
            WHOLE.replace('"version": 1', '"version": 2').encode(),
            "f.json: version 2 of the format; expected version 1, as this version of Treadle ",
        ),
    ],
)
def test_what_is_no_trace_is_refused(content: bytes, complaint: str) -> None:
    assert refusal(content).startswith(complaint)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("seed",), "9", 'seed: it is "9"; expected a whole number'),
        (("seed",), True, "seed: it is true; expected a whole number"),
        (("treadle",), 1, "treadle: it is 1; expected a text"),
        (("more",), 1, 'the key "more"; expected the keys that the format has'),
        (("start",), "F" * 64, f'start: it is "{"F" * 64}"; expected 64 hexadecimal digits'),
        (("subject", "kind"), "thing", 'subject: its "kind" is "thing"; expected "model" or '),
        (("subject", "kind"), [], 'subject: its "kind" is []; expected "model" or "scenario"'),
        (("subject", "parameters"), [], "subject.parameters: it is []; expected an object"),
        (("subject", "parameters", "number"), None, "subject.parameters: it is null; expected "),
        (("steps",), {}, "steps: it is {}; expected a list"),
        (("steps", 1), None, "steps[1]: it is null; expected an object"),
        (("steps", 0, "rules"), "ab", 'steps[0].rules: it is "ab"; expected a list'),
        (("steps", 0, "rules", 0), 1, "steps[0].rules[0]: it is 1; expected a text"),
        (("steps", 1, "event", "due"), "3", 'steps[1].event.due: it is "3"; expected a whole '),
        (("verdict", "kind"), "never", 'verdict.kind: it is "never"; expected "always" or "at r'),
    ],
)
def test_what_does_not_belong_there_is_refused_with_its_place(
    path: tuple[str | int, ...], value: object, complaint: str
) -> None:
    values: Any = json.loads(WHOLE)
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert refusal(f"{json.dumps(values)}\n".encode()).startswith(f"f.json: {complaint}")


def test_what_is_missing_is_named() -> None:
    values = json.loads(WHOLE)
    del values["steps"][0]["event"]["body"]
    complaint = 'f.json: steps[0].event.body: there is no "body"; expected it'
    assert refusal(f"{json.dumps(values)}\n".encode()) == complaint


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for file, what in (
        (str(tmp_path / "no"), "there is no such file"),
        (str(tmp_path), "it cannot be read: Is a directory"),
        ("a\0b", "it cannot be read: embedded null byte"),
    ):
        with pytest.raises(TraceError, match=what):
            read(file)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths to everything in a value."""
    found = [at] if at else []
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            found += places(value[key], (*at, key))
    return found


PLACES = places(json.loads(WHOLE))


@given(st.sampled_from(PLACES), JSON)
def test_a_changed_trace_is_refused_or_read_as_what_it_says(
    path: tuple[str | int, ...], value: object
) -> None:
    values: Any = json.loads(WHOLE)
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    try:
        trace = trace_in(f"{json.dumps(values)}\n".encode(), "f.json")
    except TraceError:
        return
    assert json.loads(written(trace)) == values


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3))
def test_changed_bytes_are_refused_or_read_as_what_they_say(place: int, junk: bytes) -> None:
    content = WHOLE.encode()
    changed = content[:place] + junk + content[place + len(junk) :]
    try:
        trace = trace_in(changed, "f.json")
    except TraceError:
        return
    assert json.loads(written(trace)) == json.loads(changed)
