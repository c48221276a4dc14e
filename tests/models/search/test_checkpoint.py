"""A search that goes on from a file finds what one finds that was never stopped."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from models.catalogue import model_named
from models.model import World
from models.search import checkpoint
from models.search.bounds import Bounds, Stop
from models.search.checkpoint import CheckpointError
from models.search.exhaustive import explore
from models.search.keeper import Keeping
from models.search.result import SearchResult

ROOT = Path(__file__).parents[3]

MODELS = ("collecting", "pool-fifo", "soma-chain", "soma-crash", "two-phase-commit", "voting")
"""Models that have something of all that a search keeps: spawns, timers, faults, sets, memories."""


def default_world(name: str) -> World:
    model = model_named(name)
    assert model is not None
    return model.build({each.name: each.default for each in model.parameters})


def comparable(result: SearchResult) -> tuple[Any, ...]:
    return (
        (result.stop, result.states, result.transitions, result.stutters, result.depth),
        (result.nodes, result.coverage, result.odds),
        [(each.property.name, each.status, each.events) for each in result.properties],
        tuple(result.resting),
    )


@pytest.mark.parametrize("name", MODELS)
def test_a_search_in_pieces_finds_what_one_in_one_piece_finds(name: str, tmp_path: Path) -> None:
    file, depth = tmp_path / "search", 4
    result = explore(default_world(name), Bounds(max_depth=depth), keeping=Keeping(file))
    while result.stop is Stop.DEPTH:
        depth += 4
        keeping = Keeping(file, resume=file)
        result = explore(default_world(name), Bounds(max_depth=depth), keeping=keeping)
    assert comparable(result) == comparable(explore(default_world(name)))
    assert list(tmp_path.iterdir()) == []


def test_a_search_that_was_killed_goes_on_in_another_process(tmp_path: Path) -> None:
    file = tmp_path / "search"
    program = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from models.catalogue import model_named
        from models.search import vectorised, exhaustive
        from models.search.bounds import Bounds
        from models.search.keeper import Keeping
        model = model_named("counter")
        world = model.build({{each.name: each.default for each in model.parameters}})
        file = Path({str(file)!r})
        times = []

        def killed(progress):
            times.append(progress)
            if len(times) == 12:
                os.kill(os.getpid(), signal.SIGKILL)

        exhaustive.explore(world, listener=killed, keeping=Keeping(file, every=0))
    """)
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603  # our own
    assert run.returncode == -signal.SIGKILL
    assert [each.name for each in tmp_path.iterdir()] == ["search"]
    result = explore(default_world("counter"), keeping=Keeping(resume=file))
    assert comparable(result) == comparable(explore(default_world("counter")))


def kept(file: Path) -> Path:
    explore(default_world("counter"), Bounds(max_depth=5), keeping=Keeping(file))
    return file


def refusal(file: Path, name: str = "counter") -> str:
    with pytest.raises(CheckpointError) as caught:
        explore(default_world(name), keeping=Keeping(resume=file))
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(str(file))


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = kept(tmp_path / "search").read_bytes()
    cut = tmp_path / "cut"
    for end in (0, 1, 30, whole.index(b"\n"), len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:end])
        assert "expected a" in refusal(cut)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    file = kept(tmp_path / "search")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert refusal(file) == ": damaged or cut short; expected a whole checkpoint"


def test_the_file_of_another_model_is_refused(tmp_path: Path) -> None:
    file = kept(tmp_path / "search")
    assert refusal(file, "voting") == ":1: the checkpoint of another model, or of other parameters"


def test_the_file_of_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = kept(tmp_path / "search")
    monkeypatch.setattr(checkpoint, "VERSION", "99")
    assert refusal(file).endswith("not 99")


def test_what_cannot_be_read_or_written_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == ": cannot be read: No such file or directory"
    with pytest.raises(CheckpointError, match=": cannot be written: "):
        kept(tmp_path / "none" / "search")


def test_what_pickle_cannot_write_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "search"
    with pytest.raises(CheckpointError, match=": this model cannot be kept: "):
        checkpoint.write(file, lambda: None, default_world("counter"), {})
    assert list(tmp_path.iterdir()) == []
