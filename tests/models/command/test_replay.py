"""`treadle replay`: exit codes, what is printed, going on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from models.search.bounds import Bounds
from models.search.exhaustive import explore
from models.traces.codec import read, save
from models.traces.document import OfTwin
from models.traces.record import recorded
from models.traces.subject import named

Run = Callable[..., tuple[int, str, str]]

TWIN = "shards-compared-by-name"
BREAKS = "each read is answered once"
UNFINISHED = "executor-id-without-node"


@pytest.fixture
def fallen(here: Path) -> Path:
    """The trace of a run that breaks an `always`."""
    return trace_of(TWIN, BREAKS, here / "fallen.json")


def trace_of(twin: str, breaks: str, file: Path) -> Path:
    """Write the trace of the shortest run of a twin that breaks a property."""
    world = named(twin).world
    result = explore(world, Bounds(max_states=20_000), frozenset({breaks}))
    found = next(each for each in result.properties if each.property.name == breaks)
    assert found.evidence is not None
    save(recorded(OfTwin(twin), world, found.events, (found.property, found.evidence)), file)
    return file


@pytest.fixture
def sound(here: Path) -> Path:
    """The trace of a run of two steps that breaks nothing."""
    found = named("voting")
    state, events = found.world.state, []
    for _ in range(2):
        events.append(found.world.system.enabled(state)[0])
        state, _ = found.world.system.step(state, events[-1])
    file = here / "sound.json"
    save(recorded(found.subject, found.world, events), file)
    return file


def test_a_run_that_goes_as_recorded_and_breaks_nothing(treadle: Run, sound: Path) -> None:
    code, out, err = treadle("replay", str(sound))
    assert (code, err) == (0, "")
    assert out.startswith("  1 election-1 takes Vote(red) from voter.1\n")
    assert out.endswith("\nAll 2 steps are as recorded.\n")


def test_a_violation_that_shows_again(treadle: Run, fallen: Path) -> None:
    code, out, err = treadle("replay", str(fallen))
    assert (code, err) == (12, "")
    assert "\nAll 7 steps are as recorded.\n" in out
    assert "\nBroken: each read is answered once (always, rule shard.answer-read), " in out


def test_a_violation_at_rest_that_shows_again(treadle: Run, here: Path) -> None:
    file = trace_of(UNFINISHED, "every transaction finished", here / "rest.json")
    code, out, _ = treadle("replay", str(file))
    assert code == 11
    assert "Broken: every transaction finished (at rest, " in out


def test_paths_that_part(treadle: Run, sound: Path) -> None:
    trace = read(str(sound))
    save(evolve(trace, steps=(trace.steps[0], trace.steps[0])), sound)
    code, out, _ = treadle("replay", str(sound))
    assert code == 20
    rules = ", ".join(trace.steps[0].rules)
    assert f"The paths part at step 2 ({rules}): what happened then cannot happen now." in " ".join(
        out.split()
    )
    assert "\n1 of 2 steps could be followed.\n" in out


def test_a_violation_that_is_mended(treadle: Run, fallen: Path) -> None:
    trace = read(str(fallen))
    save(evolve(trace, steps=trace.steps[:5]), fallen)
    code, out, _ = treadle("replay", str(fallen))
    assert code == 20
    assert 'The run does not show again: "each read is answered once": the read of x' in out


def test_a_report_as_json(treadle: Run, fallen: Path) -> None:
    code, out, _ = treadle("replay", str(fallen), "--json")
    report = json.loads(out)
    assert code == 12
    assert (report["recorded"], report["followed"], report["as_recorded"]) == (7, 7, True)
    assert (report["parted"], report["then"], len(report["trace"])) == (None, None, 7)
    assert report["broken"][-1] == {
        "name": BREAKS,
        "rule": "shard.answer-read",
        "kind": "always",
        "step": 7,
        "evidence": {"finding": "the read of x by T1 is answered again", "details": []},
    }


def test_parted_paths_as_json(treadle: Run, sound: Path) -> None:
    trace = read(str(sound))
    changed = evolve(trace.steps[1], rules=("gone",), changes=("x: 1",))
    save(evolve(trace, steps=(trace.steps[0], changed)), sound)
    code, out, _ = treadle("replay", str(sound), "--json")
    parted = json.loads(out)["parted"]
    assert code == 20
    assert (parted["step"], parted["rules"][0]) == (2, "gone")
    assert "-x: 1" in parted["lines"]


@pytest.mark.parametrize(
    ("then", "search"), [(["exhaustive"], "exhaustive"), (["random", "3"], "3 walks")]
)
def test_it_goes_on_from_there(treadle: Run, sound: Path, then: list[str], search: str) -> None:
    code, out, _ = treadle("replay", str(sound), "--json", "--then", *then)
    report = json.loads(out)["then"]
    assert (code, report["verdict"], report["search"]) == (0, "holds", search)
    _, out, _ = treadle("replay", str(sound), "--then", *then)
    assert "From there on (steps count from 1 again, after the 2 above):" in out


def test_what_is_broken_later_counts_too(treadle: Run, fallen: Path) -> None:
    trace = read(str(fallen))
    save(evolve(trace, steps=trace.steps[:1], verdict=None), fallen)
    assert treadle("replay", str(fallen))[0] == 0
    assert treadle("replay", str(fallen), "--then", "exhaustive")[0] == 12


def test_another_model_may_be_named(treadle: Run, sound: Path) -> None:
    code, out, _ = treadle("replay", str(sound), "--model", "counter")
    assert code == 20
    assert "The paths part at the start: the state at the start has another digest." in out
    assert "0 of 2 steps could be followed.\n    step 1 by voting." in out


@pytest.mark.parametrize(
    "then", [["random"], ["random", "0"], ["random", "x"], ["random", "9" * 5000], ["once", "1"]]
)
def test_words_that_do_not_say_how_to_go_on_are_refused(
    treadle: Run, sound: Path, then: list[str]
) -> None:
    code, out, err = treadle("replay", str(sound), "--then", *then)
    assert (code, out) == (2, "")
    assert err == (
        f"treadle: error: --then {' '.join(then)}: expected exhaustive, random N, or step\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"version": 1', '"version": 2', "version 2 of the format; expected version 1, as this"),
        ('"voting"', '"vot\\ning"', "subject: there is no built-in model 'vot\\ning'; expected"),
        (
            '"discipline": "unordered"',
            '"discipline": "fifo"',
            "network: it is fifo, 0 duplicates, 0 losses; ex",
        ),
        ("}\n", "}", "it is cut off; expected a line end as the last character"),
    ],
)
def test_what_is_no_trace_of_it_is_refused_in_one_line(
    treadle: Run, sound: Path, old: str, new: str, complaint: str
) -> None:
    text = sound.read_text(encoding="ascii")
    head, _, tail = text.rpartition(old) if old == "}\n" else text.partition(old)
    sound.write_text(f"{head}{new}{tail}", encoding="ascii")
    for verb in ("replay", "pin"):
        code, out, err = treadle(verb, "sound.json")
        assert (code, out) == (2, "")
        assert err.startswith(f"treadle: error: sound.json: {complaint}")
        assert err.count("\n") == 1


def test_a_model_that_means_nothing_is_refused(treadle: Run, sound: Path) -> None:
    code, _, err = treadle("replay", str(sound), "--model", "nothing")
    assert (code, err.count("\n")) == (2, 1)
    assert "nothing: no such model or file" in err
