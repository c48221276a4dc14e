"""ITF files: written in one way, accepted by another program, read strictly or refused in one line."""

import json
from collections.abc import Callable
from typing import Any

import itf_py
import pytest
from attrs import evolve

from models.model import World
from models.traces.codec import written as trace_text
from models.traces.document import Trace
from models.traces.errors import TraceError
from models.traces.itf.document import DESCRIPTION, is_itf, told_in
from models.traces.itf.following import Saying
from models.traces.stepping import steps_taken
from models.traces.subject import Named, named
from spec import VERSION
from spec.formalism.event import Event

RandomRun = Callable[[World, int, int], list[Event]]
Itf = Callable[[Trace | None, World, list[Event]], str]


def refusal(content: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(TraceError) as caught:
        told_in(content, "f.itf.json")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def changed(text: str, **values: Any) -> bytes:
    """A file in which something else stands under some keys."""
    values = {key.replace("meta", "#meta"): value for key, value in values.items()}
    return json.dumps(json.loads(text) | values).encode()


def test_a_file_tells_what_was_run_and_every_state(
    in_itf: str, small: Trace, voting: Named, run: RandomRun
) -> None:
    told = told_in(in_itf.encode(), "f")
    steps = tuple(
        steps_taken(voting.world.system, voting.world.state, tuple(run(voting.world, 1, 3)))
    )
    saying = Saying(told.variables)
    states = (voting.world.state, *(step.state for step in steps))
    assert told.header == evolve(small, steps=())
    assert told.states == tuple(saying.of(state) for state in states)
    assert set(told.variables.names) == set(states[-1].engines)
    assert [event is None for event in told.events] == [True, False, False, False]


def test_the_file_is_text_of_the_format(in_itf: str, small: Trace) -> None:
    values = json.loads(in_itf)
    assert list(values) == ["#meta", "vars", "states"]
    meta = values["#meta"]
    assert (meta["format"], meta["format-description"]) == ("ITF", DESCRIPTION)
    assert (meta["source"], meta["description"]) == ("it", f"written by treadle {VERSION}")
    assert all(isinstance(each, str) for each in meta.values())
    assert [state["#meta"]["index"] for state in values["states"]] == [0, 1, 2, 3]
    rules = [state["#meta"].get("rules") for state in values["states"]]
    assert rules == [None, *(", ".join(step.rules) for step in small.steps)]
    assert all(sorted(state) == sorted(["#meta", *values["vars"]]) for state in values["states"])
    assert in_itf.isascii()


@pytest.mark.parametrize("name", ["voting", "counter", "soma-chain", "two-phase-commit", "nock"])
def test_another_program_reads_the_file_and_what_it_writes_tells_the_same(
    name: str, run: RandomRun, itf: Itf
) -> None:
    world = named(name).world
    events = run(world, 2, 12)
    text = itf(None, world, events)
    read = itf_py.trace_from_json(json.loads(text))
    assert (len(read.states), read.loop) == (len(events) + 1, None)
    again = json.dumps(itf_py.trace_to_json(read)).encode()
    assert told_in(again, "f") == told_in(text.encode(), "f")


def test_a_file_that_was_cut_anywhere_is_refused(in_itf: str) -> None:
    content = in_itf.encode()
    told_in(content, "f")
    for length in range(len(content)):
        if length % 37 == 0 or length < 300 or length > len(content) - 300:
            refusal(content[:length])


def test_files_of_the_format_are_told_from_traces(in_itf: str, small: Trace) -> None:
    assert is_itf(in_itf.encode())
    assert is_itf(b' \n{ "vars": []')
    assert not is_itf(trace_text(small).encode())
    assert not is_itf(b"[]")
    assert not is_itf(b"")


STATE = {"#meta": {}, "mailboxes": {"#map": []}, "faults": "none"}


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"states": []}, "#meta: there are no states; expected"),
        ({"states": 3}, "#meta: there are no states; expected"),
        ({"loop": 0}, "#meta: the run has a loop; expected one that ends"),
        ({"params": ["N"]}, "#meta: the run has parameters; expected none but"),
        ({"meta": []}, "#meta: there are no metadata; expected"),
        ({"meta": {"engines": "{}", "treadle": 3}}, '#meta: its "treadle" is no text; expected'),
        ({"meta": {"engines": "{}", "treadle": "{}"}}, "#meta: treadle: it is no trace; expected"),
        (
            {"meta": {"engines": "{}", "treadle": "\ud800"}},
            "#meta: 1:1: JSON syntax error: Expecting",
        ),
        ({"meta": {}}, '#meta: its "engines" is no table; expected the node and the name'),
        ({"meta": {"engines": "{"}}, "#meta: engines: JSON syntax error: Expecting property name"),
        ({"meta": {"engines": '{"a": ["b"]}'}}, '#meta: its "engines" is no table'),
        ({"meta": {"engines": '{"a": ["b", 1]}'}}, '#meta: its "engines" is no table'),
        ({"vars": 3}, '#meta: the variables are 3; expected ["mailboxes", "faults"]'),
        ({"vars": ["faults"]}, '#meta: the variables are ["faults"]; expected'),
        ({"states": [3]}, "states[0]: it is 3; expected an object"),
        ({"states": [{}]}, 'states[0]: "faults" is missing; expected a value of each variable'),
        (
            {"states": [STATE, STATE | {"é\n": 1}]},
            'states[1]: "\\u00e9\\n" is no variable; expected',
        ),
        ({"states": [STATE | {"faults": 1}]}, "states[0].faults: it is 1; expected a value of ITF"),
    ],
)
def test_what_does_not_belong_into_a_file_is_refused(
    values: dict[str, Any], complaint: str
) -> None:
    whole = {
        "#meta": {"engines": "{}"},
        "vars": ["faults", "mailboxes"],
        "states": [STATE],
        "loop": None,
    }
    told_in(json.dumps(whole).encode(), "f")
    assert refusal(changed(json.dumps(whole), **values)).startswith(f"f.itf.json: {complaint}")


def test_a_value_that_nests_too_deep_is_refused(in_itf: str) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert "nest too deep" in refusal(in_itf.replace('"index": 0', f'"index": {deep}').encode())
    for depth in (200, 400, 600, 800, 940):
        nested: Any = "x"
        for _ in range(depth):
            nested = [nested]
        content = changed(in_itf, states=[json.loads(in_itf)["states"][0] | {"faults": nested}])
        try:
            told_in(content, "f")
        except TraceError as error:
            assert "nest too deep" in str(error)  # noqa: PT017  # either is right
