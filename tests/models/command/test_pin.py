"""`treadle pin`: writes a test, or refuses in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.traces.codec import save
from models.traces.document import Trace
from models.traces.pin import pinned
from models.traces.record import recorded
from models.traces.subject import named

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def trace(here: Path) -> Trace:
    """A trace of one step, which lies in a file."""
    found = named("voting")
    trace = recorded(found.subject, found.world, found.world.system.enabled(found.world.state)[:1])
    save(trace, here / "run.json")
    return trace


def test_a_test_is_printed(treadle: Run, trace: Trace) -> None:
    assert treadle("pin", "run.json") == (0, pinned(trace), "")


def test_a_test_is_written(treadle: Run, trace: Trace, here: Path) -> None:
    assert treadle("pin", "run.json", "-o", "test_run.py", "--as-recorded") == (0, "", "")
    text = (here / "test_run.py").read_text(encoding="utf-8")
    assert text == pinned(trace, as_recorded=True)


def test_a_place_that_cannot_be_written_is_refused(treadle: Run, trace: Trace) -> None:
    assert trace.steps
    assert treadle("pin", "run.json", "-o", "no/test.py") == (
        2,
        "",
        "treadle: error: no/test.py: it cannot be written: No such file or directory\n",
    )


def test_a_trace_that_is_not_there_is_refused(treadle: Run, here: Path) -> None:
    code, out, err = treadle("pin", str(here.name))
    assert (code, out) == (2, "")
    assert "there is no such file; expected a trace that `treadle` has written" in err
