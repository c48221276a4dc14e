"""A trace is pinned as a test that pytest runs and ruff accepts."""

import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve

from models.traces.codec import trace_in
from models.traces.document import OfFile, OfModel, OfScenario, OfTwin, Subject, Trace
from models.traces.pin import pinned
from models.traces.record import recorded
from models.traces.subject import named

ROOT = Path(__file__).parents[3]


def tool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of Python's in a folder."""
    return subprocess.run(  # noqa: S603  # our own tools
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def outcome(text: str, folder: Path) -> tuple[int, str]:
    """What pytest says of a test in a folder of its own."""
    (folder / "test_pinned.py").write_text(text, encoding="utf-8")
    done = tool(
        folder, "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", "."
    )
    return done.returncode, done.stdout


@pytest.mark.slow
def test_a_violation_fails_until_it_is_mended(violation: Trace, tmp_path: Path) -> None:
    code, output = outcome(pinned(violation), tmp_path)
    assert code == 1, output
    assert "test_each_read_is_answered_once" in output


@pytest.mark.slow
def test_a_violation_passes_as_recorded(violation: Trace, small: Trace, tmp_path: Path) -> None:
    code, output = outcome(pinned(violation, as_recorded=True), tmp_path)
    assert code == 0, output
    changed = evolve(violation, start=small.start)
    code, output = outcome(pinned(changed, as_recorded=True), tmp_path)
    assert code == 1, output


@pytest.mark.slow
def test_a_run_without_verdict_passes_as_recorded(small: Trace, tmp_path: Path) -> None:
    code, output = outcome(pinned(small), tmp_path)
    assert code == 0, output


@pytest.mark.parametrize(
    "subject",
    [
        OfModel("voting"),
        OfScenario('a "b" \\ \u00e4\n.toml', "\"\"\"\n'''\\"),
        OfFile("a/" * 60 + "m.py", "M"),
        OfTwin("x"),
    ],
)
def test_the_test_is_formatted_and_stays_as_it_is(
    violation: Trace, subject: Subject, tmp_path: Path
) -> None:
    pytest.importorskip("ruff")
    text = pinned(evolve(violation, subject=subject))
    assert pinned(evolve(violation, subject=subject)) == text
    (tmp_path / "test_pinned.py").write_text(text, encoding="utf-8")
    for command in (("check",), ("format", "--check")):
        done = tool(tmp_path, "ruff", *command, "--isolated", "--no-cache", ".")
        assert done.returncode == 0, done.stdout


def test_a_scenario_with_any_text_is_in_the_test_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    file.write_text(
        "system = \"anoma\"\n[[transaction]]\nname = \"it's\"\nprogram = '''\n'''\n# \"\"\" \\",
        encoding="utf-8",
    )
    found = named(str(file))
    trace = recorded(found.subject, found.world, ())
    namespace: dict[str, str] = {}
    text = pinned(trace).replace("import treadle", "")
    exec(text, namespace)  # noqa: S102  # it is our own
    assert trace_in(namespace["TRACE"].lstrip().encode(), "f") == trace
