"""Processes that help: they are found and left nowhere, and one that is killed is not missed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

import psutil
import pytest
from attrs import evolve

from models.catalogue import model_named
from models.model import World
from models.search.exhaustive import explore
from models.search.parallel.assisted import assisted
from models.search.parallel.crew import Gone, Name
from models.search.parallel.helper import Answer
from models.search.parallel.processes import (
    Processes,
    explore_parallel,
    processes,
    walk_parallel,
)
from models.search.result import SearchResult
from models.search.walks import Plan, walk

LONGEST = 60.0


def ordering() -> World:
    model = model_named("ordering")
    assert model is not None
    return model.build({each.name: each.default for each in model.parameters} | {"keys": 1})


def told(result: SearchResult) -> SearchResult:
    return evolve(result, seconds=0.0, resting=tuple(result.resting))


def until(done: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    end = time.monotonic() + LONGEST
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


class Watched:
    """Processes, and what they say."""

    def __init__(self, there: Processes) -> None:
        self._there = there
        self.said: list[object] = []
        until(lambda: len(there.helpers()) == len(there.pids()))
        self.helpers, self.send, self.taken = there.helpers, there.send, there.taken

    def receive(self, *, wait: bool) -> tuple[Name, object] | None:
        heard = self._there.receive(wait=wait)
        if heard is not None:
            self.said.append(heard[1])
        return heard

    def answers(self) -> int:
        return sum(isinstance(each, Answer) for each in self.said)


class Murdered(Watched):
    """Processes, one of which is killed when it has begun to help."""

    def receive(self, *, wait: bool) -> tuple[Name, object] | None:
        if self.answers() == 3 and not any(isinstance(each, Gone) for each in self.said):
            os.kill(self._there.pids()[0], signal.SIGKILL)
        return super().receive(wait=wait)


@pytest.mark.usefixtures("small_parts")
def test_processes_change_nothing() -> None:
    world = ordering()
    with processes(2) as there:
        watched = Watched(there)
        assert told(assisted(world, lambda: nullcontext(watched))) == told(explore(world))
    assert watched.answers() > 10


@pytest.mark.usefixtures("small_parts")
def test_a_process_that_is_killed_is_not_missed(caplog: pytest.LogCaptureFixture) -> None:
    world = ordering()
    with processes(2) as there:
        murdered = Murdered(there)
        assert told(assisted(world, lambda: nullcontext(murdered))) == told(explore(world))
    assert Gone("signal 9") in murdered.said
    assert "is gone (signal 9)" in caplog.text


@pytest.mark.usefixtures("small_parts")
def test_a_process_that_is_killed_is_replaced_a_few_times() -> None:
    with processes(1) as there:
        for _ in range(4):
            until(lambda: bool(there.helpers()))
            os.kill(there.pids()[0], signal.SIGKILL)
            heard = there.receive(wait=True)
            assert heard is not None
            assert heard[1] == Gone("signal 9")
        assert (there.helpers(), there.pids()) == ((), ())
        assert there.receive(wait=True) is None


def test_processes_take_the_walks_that_one_takes() -> None:
    model = model_named("counter")
    assert model is not None
    how = partial(model.build, {each.name: each.default for each in model.parameters})
    shared, alone = walk_parallel(how, 2, Plan(40, seed=3)), walk(how(), Plan(40, seed=3))
    assert shared.states == alone.states
    assert (shared.transitions, shared.depth) == (alone.transitions, alone.depth)
    assert shared.coverage == alone.coverage
    assert shared.resting == tuple(alone.resting)


def test_nothing_is_left_of_processes() -> None:
    me = psutil.Process()
    before = me.num_fds()
    with processes(2) as there:
        there.helpers()
        pids = there.pids()
        assert len(pids) == 2
    assert not any(psutil.pid_exists(each) for each in pids)
    assert me.num_fds() == before


def test_a_small_search_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.search.parallel.processes.Line", None)
    world = ordering()
    assert told(explore_parallel(world, 2)) == told(explore(world))


# Whoever runs the tests in the background may have them ignore interrupts, and their children too.
SEARCH = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from models.catalogue import model_named
from models.search.bounds import Bounds
from models.search.parallel.processes import explore_parallel
model = model_named("two-phase-commit")
world = model.build({"resource_managers": 9, "delivery": "set"})
result = explore_parallel(world, 2, Bounds(10**9), None, lambda progress: None)
print(result.stop.value)
"""


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_when_the_search_is_ended(sent: signal.Signals) -> None:
    searching: subprocess.Popen[Any] = subprocess.Popen(  # noqa: S603  # constant
        [sys.executable, "-c", SEARCH], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with searching:
        me = psutil.Process(searching.pid)
        until(lambda: len(me.children()) == 2)
        helpers = me.children()
        until(lambda: all(each.memory_info().rss > 80 << 20 for each in helpers))
        searching.send_signal(sent)
        said, complaint = searching.communicate(timeout=LONGEST)
    assert said == (b"interrupted\n" if sent is signal.SIGINT else b"")
    assert complaint == b""
    until(lambda: not any(each.is_running() for each in helpers))
