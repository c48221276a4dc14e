"""`treadle draw`: exports of runs and state graphs, what is refused, and runs that come back from ITF."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.draw.forms import GRAPH_FORMS, RUN_FORMS
from models.draw.graphs import graph_of
from models.draw.run import Run as DrawnRun
from models.draw.run import run_of, taken_run
from models.traces.codec import read, save, written
from models.traces.record import recorded
from models.traces.replay import replay
from models.traces.subject import named
from spec.formalism.event import Event

Run = Callable[..., tuple[int, str, str]]


def chain() -> DrawnRun:
    """A run of a small model, with a trace."""
    small = named("soma-chain", {"limit": 1})
    state, events = small.world.state, list[Event]()
    for _ in range(12):
        events.append(small.world.system.enabled(state)[-1])
        state, _ = small.world.system.step(state, events[-1])
    return run_of(replay(recorded(small.subject, small.world, events), small.world))


@pytest.fixture(scope="module")
def run() -> DrawnRun:
    """A run of a small model, with a trace."""
    return chain()


@pytest.fixture
def trace(run: DrawnRun, here: Path) -> str:
    """The same, in a file."""
    assert run.trace is not None
    save(run.trace, here / "run.trace.json")
    return "run.trace.json"


@pytest.mark.parametrize("form", RUN_FORMS, ids=[each.name for each in RUN_FORMS])
def test_a_run_is_drawn_in_the_form_that_is_named_or_that_the_file_ends_in(
    treadle: Run, trace: str, run: DrawnRun, form: Any
) -> None:
    drawing = form.of_run(run)
    assert treadle("draw", trace, "--as", form.name) == (0, drawing, "")
    file = f"drawing{form.suffixes[0]}"
    assert treadle("draw", trace, "-o", file) == (0, "", "")
    assert Path(file).read_text(encoding="utf-8") == drawing


@pytest.mark.parametrize("form", GRAPH_FORMS, ids=[each.name for each in GRAPH_FORMS])
def test_a_model_is_drawn_as_the_graph_of_its_states(treadle: Run, form: Any) -> None:
    world = named("soma-never", {"delivery": "fifo"}).world
    drawing = form.of_graph(graph_of("soma-never (delivery=fifo)", world))
    done = treadle("draw", "soma-never", "-p", "delivery=fifo", "--as", form.name)
    assert done == (0, drawing, "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ("soma-never", "--max-states", "51"),
            "soma-never: it has more than 51 states; expected no more, or --max-states with",
        ),
        (
            ("soma-never", "--as", "itf"),
            "--as itf: a state graph cannot be drawn so; expected --as",
        ),
        (("soma-never", "-o", "x.shiviz"), "-o x.shiviz: its name does not say how a state graph"),
        (("soma-never", "-p", "limit=x"), "-p limit=x: expected an integer from 1"),
        (("soma-never", "-p", "x=1"), "-p x: no such parameter"),
        (("nothing",), "nothing: no such model or file"),
        (("nothing.json",), "nothing.json: there is no such file"),
        (("run.trace.json", "-p", "limit=1"), "run.trace.json: its parameters are fixed"),
        (("soma-never", "-o", "no/x.svg"), "no/x.svg: it cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(
    treadle: Run, trace: str, arguments: tuple[str, ...], complaint: str
) -> None:
    code, out, err = treadle("draw", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"treadle: error: {complaint}")
    assert sorted(path.name for path in Path().iterdir()) == [trace]


@pytest.mark.parametrize("number", ["0", "-1", "x", ""])
def test_a_number_of_states_is_from_1_up(treadle: Run, number: str) -> None:
    code, out, err = treadle("draw", "soma-never", "--max-states", number)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_a_run_comes_back_from_itf_for_every_verb_that_takes_a_trace(
    treadle: Run, trace: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert treadle("draw", trace, "-o", "run.itf.json") == (0, "", "")
    assert treadle("replay", "run.itf.json") == treadle("replay", trace)
    assert treadle("pin", "run.itf.json") == treadle("pin", trace)
    assert treadle("draw", "run.itf.json", "--as", "dot") == treadle("draw", trace, "--as", "dot")
    assert treadle("draw", "run.itf.json", "--as", "itf")[1] == (here / "run.itf.json").read_text()
    replies = []
    for file in ("run.itf.json", trace):
        (here / "words").write_text("forward\nquit\n", encoding="utf-8")
        with (here / "words").open(encoding="utf-8") as words:
            monkeypatch.setattr("sys.stdin", words)
            replies.append(treadle("step", file)[:1])
    assert replies == [(0,), (0,)]


def test_a_run_in_itf_may_be_of_another_model(treadle: Run, here: Path) -> None:
    small = named("voting")
    state = small.world.state
    for line in (taken_run("voting", small.world, small.world.system.enabled(state)[:1]),):
        (form,) = (each for each in RUN_FORMS if each.name == "itf")
        (here / "bare.itf.json").write_text(form.of_run(line), encoding="ascii")
    code, out, err = treadle("replay", "bare.itf.json")
    assert (code, out) == (2, "")
    assert err == (
        "treadle: error: bare.itf.json: it does not say what was run; expected a name after --model\n"
    )
    assert treadle("replay", "bare.itf.json", "--model", "voting")[0] == 0
    code, out, err = treadle("replay", "bare.itf.json", "--model", "counter")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "bare.itf.json: states[0]: the model does not start there; expected client" in err
    code, out, err = treadle("replay", "bare.itf.json", "--model", "nothing")
    assert (code, out) == (2, "")
    assert err.startswith("treadle: error: nothing: no such model")


def test_a_file_of_itf_that_was_cut_or_changed_is_refused_in_one_line(
    treadle: Run, trace: str, here: Path
) -> None:
    treadle("draw", trace, "-o", "run.itf.json")
    content = (here / "run.itf.json").read_bytes()
    for length in (0, 1, 40, len(content) // 2, len(content) - 2, len(content) - 1):
        (here / "cut.itf.json").write_bytes(content[:length])
        code, out, err = treadle("replay", "cut.itf.json")
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith("treadle: error: cut.itf.json:")
    values = json.loads(content)
    values["states"][5]["manager"]["value"]["time"] = {"#bigint": "7"}
    (here / "changed.itf.json").write_text(json.dumps(values), encoding="ascii")
    code, out, err = treadle("replay", "changed.itf.json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("treadle: error: changed.itf.json: states[5]: no event leads to it;")
    assert "manager.time to be 0, not 7" in err


def test_what_is_found_again_is_the_trace(treadle: Run, trace: str, here: Path) -> None:
    treadle("draw", trace, "-o", "run.itf.json")
    code, out, _ = treadle("pin", "run.itf.json", "-o", "test_run.py")
    assert (code, out) == (0, "")
    assert written(read(trace)) in (here / "test_run.py").read_text(encoding="utf-8")


def digests() -> list[str]:
    """The digests of all drawings of a run and of a state graph."""
    graph = graph_of("g", named("soma-never").world)
    texts = [form.of_run(chain()) for form in RUN_FORMS]
    texts += [form.of_graph(graph) for form in GRAPH_FORMS]
    return [hashlib.sha256(text.encode()).hexdigest() for text in texts]


def test_drawings_are_the_same_in_every_process() -> None:
    environment = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    code = "import runpy, sys; print(runpy.run_path(sys.argv[1])['digests']())"
    done = subprocess.run(  # noqa: S603  # text of our own
        (sys.executable, "-c", code, __file__),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{digests()}\n"
