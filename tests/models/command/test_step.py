"""`treadle step`: commands over a pipe, exit codes, and the seam to `treadle replay`."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.stepper.opening import open_session
from models.traces.codec import save

Run = Callable[..., tuple[int, str, str]]
Typed = Callable[[str], None]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Let these lines come in."""

    def come_in(text: str) -> None:
        stream = io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogateescape")))
        monkeypatch.setattr(sys, "stdin", stream)

    return come_in


@pytest.fixture
def trace(here: Path) -> str:
    """The trace of a run of four steps."""
    session = open_session("counter")
    session.random(4)
    save(session.trace(), here / "run.json")
    return "run.json"


def test_each_line_is_repeated_and_answered(treadle: Run, typed: Typed) -> None:
    typed("random 3 seed 1\nundo\n")
    code, out, err = treadle("step", "two-phase-commit")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:3] == ["two-phase-commit: step 0 on main", "the start", "next:"]
    first, second = (lines.index(f"> {each}") for each in ("random 3 seed 1", "undo"))
    assert lines[first + 1] == "3 steps: 3 taken"
    assert lines[second + 1 :] == lines[1:first]


def test_what_stands_after_quit_is_not_done(treadle: Run, typed: Typed, here: Path) -> None:
    typed("quit\nsave never.json\nnonsense\n")
    code, out, err = treadle("step", "voting")
    assert (code, err, out.splitlines()[-1]) == (0, "", "> quit")
    assert list(here.iterdir()) == []


def test_a_bad_command_over_a_pipe_ends_it(treadle: Run, typed: Typed, here: Path) -> None:
    typed("1\n\nnonsense\nsave never.json\n")
    code, out, err = treadle("step", "voting")
    assert (code, out.splitlines()[-1]) == (2, "> nonsense")
    assert err.startswith("treadle: error: line 3: no command 'nonsense'; expected a number, ")
    assert err.count("\n") == 1
    assert list(here.iterdir()) == []


def test_bytes_that_are_no_text_are_told_as_such(treadle: Run, typed: Typed) -> None:
    typed("\udcff\x1b[31m")
    code, out, err = treadle("step", "voting")
    assert (code, "\x1b" in out + err) == (2, False)
    assert err.startswith("treadle: error: line 1: no command '\\\\xff\\x1b[31m'; ")


def test_an_input_that_is_closed_has_no_lines(
    treadle: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    code, out, _ = treadle("step", "voting")
    assert (code, out.splitlines()[0]) == (0, "voting: step 0 on main")


def test_somebody_at_a_terminal_is_told_what_is_wrong_and_goes_on(
    treadle: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = iter(["nonsense", "1"])

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def read_line(prompt: str) -> str:
        assert prompt == "> "
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", read_line)
    code, out, err = treadle("step", "voting", "--plain")
    assert (code, err) == (0, "")
    assert "error: no command 'nonsense'; " in out
    assert "\n  1 election-1 takes " in out


def test_a_trace_is_stepped_through_from_its_start(treadle: Run, typed: Typed, trace: str) -> None:
    typed("forward 9\n")
    code, out, _ = treadle("step", trace)
    assert code == 0
    assert out.startswith("run.json: step 0 of 4 on main\nthe start\n")
    assert "> forward 9\n  4 " in out


def test_a_replayed_run_goes_on_by_hand_from_its_end(
    treadle: Run, typed: Typed, trace: str
) -> None:
    typed("1\n")
    code, out, err = treadle("replay", trace, "--then", "step")
    assert (code, err) == (0, "")
    assert "All 4 steps are as recorded.\nrun.json: step 4 on main\n" in out
    assert "> 1\n  5 " in out
    typed("nonsense\n")
    assert treadle("replay", trace, "--then", "step")[0] == 2
    code, _, err = treadle("replay", trace, "--then", "step", "--json")
    assert (code, err) == (2, "treadle: error: --json and --then step: expected one of them\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "nothing: no such model or file; "),
        (("counter", "-p", "shards=99"), "-p shards=99: expected an integer from 1 to 8"),
        (("none.json",), "none.json: there is no such file; expected a trace "),
    ],
)
def test_what_cannot_be_opened_is_refused(
    treadle: Run, here: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = treadle("step", *arguments)
    assert (code, out, err.count("\n"), list(here.iterdir())) == (2, "", 1, [])
    assert err.startswith(f"treadle: error: {said}")


OWN = """
from attrs import evolve
from models.catalogue.voting import VOTING
from properties.property import Evidence, Kind, MonitorProperty


def observe(memory, record):
    return memory + 1 if memory < 1 else 1 // 0


def world(options):
    broken = MonitorProperty("touchy", "x.y", Kind.ALWAYS, 0, observe, lambda memory: None)
    return evolve(VOTING.build(options), properties=(broken,))


MINE = evolve(VOTING, name="mine", build=world)
"""


def test_what_a_model_of_the_users_raises_is_told_in_one_line(
    treadle: Run, typed: Typed, here: Path
) -> None:
    (here / "mine.py").write_text(OWN, encoding="utf-8")
    typed("1\n1\n")
    code, out, err = treadle("step", "mine.py:MINE")
    assert (code, out.splitlines()[-1]) == (2, "> 1")
    complaint = "the model raised ZeroDivisionError('integer division or modulo by zero')"
    assert err == f"treadle: error: line 2: mine.py:MINE: {complaint}\n"


def test_a_trace_that_was_cut_is_refused(treadle: Run, trace: str) -> None:
    content = Path(trace).read_bytes()
    Path(trace).write_bytes(content[:-5])
    code, out, err = treadle("step", trace)
    assert (code, out) == (2, "")
    assert (
        err
        == "treadle: error: run.json: it is cut off; expected a line end as the last character\n"
    )
