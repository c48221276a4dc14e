"""Tasks in fresh processes."""

import os

import pytest
from attrs import evolve
from pyrsistent import pmap

from models.bench import worker
from models.bench.process import BenchError, perform_alone
from models.bench.task import Run, Task, Tool
from models.model import Value

VALUES: dict[str, Value] = {"resource_managers": 4, "delivery": "fifo"}
TASK = Task(Tool.SEARCH, "two-phase-commit", pmap(VALUES))


def test_a_task_and_what_it_took_come_through_as_they_are() -> None:
    run = Run(1, None, 3, complete=True, seconds=0.5, bytes=7)
    assert worker.decoded(worker.encoded(TASK)) == TASK
    assert worker.heard(worker.told(run)) == run


def test_what_runs_alone_counts_as_it_does_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the packages of the project are called in which it is run."""
    monkeypatch.setenv("PYTHONPATH", os.devnull)
    there = perform_alone(Task(Tool.SEARCH, "two-phase-commit"))
    assert evolve(there, seconds=0, bytes=0) == Run(
        288, 761, 384, complete=True, seconds=0, bytes=0
    )


def test_its_memory_is_its_own() -> None:
    """This process takes far more than what is measured there."""
    block = bytearray(b"x") * (1 << 28)
    five: dict[str, Value] = {"resource_managers": 5}
    taken = perform_alone(Task(Tool.SEARCH, "two-phase-commit", pmap(five))).bytes
    assert 1 << 18 < taken < 1 << 25
    assert len(block) == 1 << 28


def test_a_run_that_fails_is_named_in_one_line() -> None:
    with pytest.raises(BenchError) as error:
        perform_alone(Task(Tool.SEARCH, "nothing"))
    assert str(error.value) == "nothing: search: LookupError: no such model: nothing"
