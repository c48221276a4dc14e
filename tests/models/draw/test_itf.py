"""Runs in ITF: what is exported is read by another program, and found again by the command."""

import json

import itf_py

from models.draw.itf import itf
from models.draw.run import Run, run_of
from models.traces.itf.document import told_in
from models.traces.record import recorded
from models.traces.replay import replay
from models.traces.subject import named


def test_a_drawn_run_says_of_which_trace_it_is() -> None:
    small = named("voting")
    trace = recorded(small.subject, small.world, small.world.system.enabled(small.world.state)[:1])
    told = told_in(itf(run_of(replay(trace, small.world))).encode(), "f")
    assert told.header is not None
    assert (told.header.subject, told.header.start) == (trace.subject, trace.start)
    assert len(told.states) == 2


def test_hostile_names_are_escaped_and_stay_what_they_are(hostile: Run, hostile_name: str) -> None:
    text = itf(hostile)
    read = itf_py.trace_from_json(json.loads(text))
    assert read.meta["source"] == hostile_name
    assert all(name.isidentifier() for name in read.vars)
    assert len(read.states) == len(hostile.states)
    told = told_in(text.encode(), "f")
    assert told.header is None
    assert f"client.{hostile_name}" in {str(each) for each in told.variables.names}
    assert itf(hostile) == text
