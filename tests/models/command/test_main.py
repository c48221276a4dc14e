"""The command itself: usage, interruption, and output that nobody reads."""

import argparse
import io
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from models.command import main as command
from models.command.main import Verb, main

ROOT = Path(__file__).parents[3]


def interrupt(_options: argparse.Namespace) -> int:
    raise KeyboardInterrupt


def wants_song(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("song")


def wants_nothing(_parser: argparse.ArgumentParser) -> None:
    pass


def sing(options: argparse.Namespace) -> int:
    sys.stdout.write(options.song)
    return 12


@pytest.fixture
def verbs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two verbs: `sing SONG`, which returns 12, and `wait`, which is interrupted."""
    singing = ModuleType("models.command.sing")
    vars(singing).update(add=wants_song, run=sing)
    waiting = ModuleType("models.command.wait")
    vars(waiting).update(add=wants_nothing, run=interrupt)
    monkeypatch.setitem(sys.modules, "models.command.sing", singing)
    monkeypatch.setitem(sys.modules, "models.command.wait", waiting)
    monkeypatch.setattr(command, "VERBS", (Verb("sing", "Sing."), Verb("wait", "Wait.")))


@pytest.mark.usefixtures("verbs")
def test_a_verb_gets_its_arguments_and_gives_the_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["sing", "la"]) == 12
    assert capsys.readouterr() == ("la", "")


@pytest.mark.usefixtures("verbs")
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "the following arguments are required: VERB (see treadle --help)"),
        (["sing"], "the following arguments are required: song (see treadle sing --help)"),
        (["sing", "la", "--lo\nud"], "unrecognized arguments: --lo ud (see treadle sing --help)"),
        (["sing", "la", "\x1b"], "unrecognized arguments: \\x1b (see treadle sing --help)"),
    ],
)
def test_wrong_usage_is_refused_in_one_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", f"treadle: error: {line}\n")


@pytest.mark.usefixtures("verbs")
def test_what_the_output_cannot_encode_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii"))
    assert main(["sing", "l\xe4"]) == 12
    assert printed.getvalue() == b"l\\xe4"


@pytest.mark.usefixtures("verbs")
def test_an_unknown_verb_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["dance"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("treadle: error: argument VERB: invalid choice: 'dance'")
    assert "sing" in err
    assert err.endswith("(see treadle --help)\n")
    assert err.count("\n") == 1


@pytest.mark.usefixtures("verbs")
def test_an_interrupted_verb_says_so_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wait"]) == 130
    assert capsys.readouterr() == ("", "treadle: interrupted\n")


@pytest.mark.usefixtures("verbs")
def test_the_help_of_a_verb_is_asked_for_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sing", "--help"]) == 0
    assert capsys.readouterr().out.startswith("usage: treadle sing [-h] song\n\nSing.\n")


@pytest.mark.parametrize("verb", command.VERBS)
def test_every_verb_is_a_module_that_declares_arguments_and_runs(verb: Verb) -> None:
    needed = {verb: ["a.json"] for verb in ("replay", "pin", "minimise", "draw", "step")}
    needed["rule"] = ["engine.react"]
    arguments = [verb.name, *needed.get(verb.name, [])]
    parsed = command.parsed(arguments)
    assert parsed.run.__module__ == f"models.command.{verb.name}"


def test_output_that_nobody_reads_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(  # noqa: S603  # constant
        [sys.executable, "-E", str(ROOT / "treadle.py"), "--help"],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_where_the_output_is_closed_the_exit_code_is_left() -> None:
    launcher = f"exec {sys.executable} {ROOT / 'treadle.py'} models >&- 2>&-"
    done = subprocess.run(["/bin/sh", "-c", launcher], check=False)  # noqa: S603  # constant
    assert done.returncode == 0


def test_options_may_stand_between_the_names_of_models() -> None:
    arguments = ("check", "one", "--max-states", "3", "two")
    assert command.parsed(arguments).models == ["one", "two"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_output_that_cannot_be_written_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603  # constant
            [sys.executable, "-E", str(ROOT / "treadle.py"), "models", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == (
        "treadle: error: the output cannot be written: No space left on device\n"
    )
