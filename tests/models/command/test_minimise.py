"""`treadle minimise`: traces and scenarios become smaller, and break the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.traces.codec import read, save
from models.traces.document import OfScenario, Trace
from models.traces.record import recorded
from models.traces.replay import replay, world_for
from models.traces.subject import named
from spec.formalism.event import Event

Run = Callable[..., tuple[int, str, str]]

POOR = """\
system = "anoma"
[genesis]
alice = 1
[[transaction]]
name = "pay"
writes = ["alice", "bob"]
program = '''
write("alice", -1)
write("bob", 2)
'''
[[transaction]]
name = "look"
reads = ["alice"]
[[expect]]
always = "alice >= 0"
[[expect]]
at_rest = "bob == 0"
"""

SMALL = """\
system = "anoma"

[genesis]
alice = 1

[[transaction]]
name = "pay"
writes = ["alice"]
program = "write('alice', -1)\\n"

[[expect]]
always = "alice >= 0"
"""

END = "nothing more can be left out, as far as the searches show\n"


@pytest.fixture
def poor(here: Path) -> Path:
    """A scenario that breaks what is expected of it."""
    file = here / "poor.toml"
    file.write_text(POOR, encoding="utf-8")
    return file


@pytest.fixture
def trace(treadle: Run, poor: Path, here: Path) -> Path:
    """The trace of a run of it, which was found at random."""
    assert treadle("check", poor.name, "--random", "1", "--seed", "3", "--artifacts", ".")[0] == 12
    return here / "poor-toml" / "alice-0.trace.json"


def steps(text: str | Path) -> int:
    """How many steps a trace in a file has."""
    return len(read(str(text)).steps)


def test_a_scenario_keeps_what_breaks_the_same(treadle: Run, poor: Path) -> None:
    assert treadle("minimise", poor.name) == (0, SMALL, f"poor.toml: 17 -> 12 lines; {END}")


def test_a_scenario_is_written_to_a_file(treadle: Run, poor: Path, here: Path) -> None:
    arguments = ("--property", "bob == 0", "--random", "3", "--seed", "7", "-o", "small.toml")
    code, out, _ = treadle("minimise", poor.name, *arguments)
    assert (code, out) == (0, "")
    text = (here / "small.toml").read_text(encoding="utf-8")
    assert 'at_rest = "bob == 0"' in text
    assert "alice" not in text
    assert treadle("minimise", "small.toml") == (
        0,
        text,
        "small.toml: nothing smaller was found that breaks the same\n",
    )


def test_a_trace_gets_a_smaller_scenario_and_a_shorter_run(
    treadle: Run, trace: Path, here: Path
) -> None:
    code, out, err = treadle("minimise", str(trace), "-o", "small.json")
    assert (code, out) == (0, "")
    length = f"{steps(trace)} -> {steps(here / 'small.json')} steps"
    assert err.endswith(f"alice-0.trace.json: {length}; 17 -> 12 lines; {END}")
    small = read(str(here / "small.json"))
    assert small.subject == OfScenario("poor.toml", SMALL)
    assert replay(small, world_for(small, "f")).as_recorded


def test_only_the_run_is_shortened_if_that_is_asked_for(treadle: Run, here: Path) -> None:
    long = padded(here)
    code, out, err = treadle("minimise", str(long), "--run-only", "-o", "small.json")
    assert (code, out) == (0, "")
    assert err.endswith(f"long.json: {steps(long)} -> {steps('small.json')} steps\n")
    assert steps("small.json") < steps(long)
    small, before = read("small.json"), read(str(long))
    assert (small.subject, small.seed) == (before.subject, before.seed)
    assert small.verdict == before.verdict


def test_a_trace_told_in_itf_becomes_as_small(treadle: Run, trace: Path) -> None:
    code, small, _ = treadle("minimise", str(trace), "--run-only")
    assert code == 0
    assert treadle("draw", str(trace), "-o", "run.itf.json") == (0, "", "")
    assert treadle("minimise", "run.itf.json", "--run-only")[:2] == (0, small)


def padded(here: Path) -> Path:
    """A trace with steps that its violation does not need."""
    (here / "poor.toml").write_text(POOR, encoding="utf-8")
    found = named("poor.toml")
    world, state = found.world, found.world.state
    events: list[Event] = []
    while enabled := world.system.enabled(state):
        events.append(enabled[-1])
        state, _ = world.system.step(state, enabled[-1])
    whole = replay(recorded(found.subject, world, events), world)
    about = next(each for each in whole.broken if each.property.name == "alice >= 0")
    save(
        recorded(found.subject, world, events, (about.property, about.evidence), 5),
        here / "long.json",
    )
    return here / "long.json"


def test_it_ends_after_so_many_tries(treadle: Run, poor: Path) -> None:
    code, out, err = treadle("minimise", poor.name, "--tries", "3")
    assert code == 0
    assert len(SMALL) < len(out) < len(POOR)
    assert err.endswith(" lines; stopped after trying 3\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["poor.toml", "--run-only"], "--run-only: expected a trace, not poor.toml"),
        (["poor.toml", "--property", "x"], "--property x: poor.toml is not judged on it"),
        (
            ["poor.toml", "--property", "marks never fall"],
            'poor.toml: the search finds not that "marks never fall" is broken',
        ),
        (["sound.toml"], "sound.toml: the search finds nothing that is broken"),
        (["no.toml"], "no.toml: there is no such file; expected a TOML file"),
        (["run.json", "--random", "3"], "--random: expected a scenario, not run.json"),
        (["run.json", "--seed", "0"], "--seed: expected a scenario, not run.json"),
        (
            ["run.json"],
            "run.json: nothing was recorded as broken; expected a trace of a violation",
        ),
    ],
)
def test_what_breaks_nothing_is_refused(
    treadle: Run, poor: Path, here: Path, arguments: list[str], line: str
) -> None:
    sound = poor.read_text(encoding="utf-8").partition("[[expect]]")[0]
    (here / "sound.toml").write_text(sound, encoding="utf-8")
    save(plain(), here / "run.json")
    assert treadle("minimise", *arguments) == (2, "", f"treadle: error: {line}\n")


def plain() -> Trace:
    """A trace that shows nothing."""
    found = named("voting")
    return recorded(found.subject, found.world, ())
