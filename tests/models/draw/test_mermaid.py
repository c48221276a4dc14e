"""Mermaid diagrams of runs, as Mermaid's own parser reads them."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from models.draw.folding import folds
from models.draw.lanes import Act, Diagram, Lane, What, diagram_of
from models.draw.mermaid import PLAIN, WIDE, _Sequence, escaped, mermaid
from models.draw.run import Run, Shown
from models.draw.text import shortened
from models.model import World
from models.traces.subject import named
from properties.property import Kind

LastRun = Callable[[str, World, int], Run]

TOOLS = Path(__file__).parents[2] / "tools"
NODE = shutil.which("node")
BAD = "</script> end\n\u202e;#59; %% \" ' <br/> -->> x: y {z} end"

its_parser = pytest.mark.skipif(
    NODE is None or not (TOOLS / "node_modules" / "mermaid").is_dir(),
    reason="Mermaid is not installed: it needs node, and `make browser-tools`",
)


def parsed(*texts: str) -> list[Any]:
    """What Mermaid makes of diagrams."""
    command = (NODE or "node", str(TOOLS / "parse_mermaid.mjs"))
    done = subprocess.run(  # noqa: S603  # a program that was looked up, and text of our own
        command,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: list[Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def run(last_run: LastRun) -> Run:
    """A short run in which an engine is created."""
    return last_run("soma-chain", named("soma-chain").world, 6)


@pytest.fixture(scope="module")
def ended(last_run: LastRun) -> Run:
    """A longer one, in which engines end."""
    return last_run("soma-chain", named("soma-chain").world, 60)


def test_a_run_reads_as_a_sequence_of_what_is_taken(run: Run) -> None:
    assert mermaid(run) == EXPECTED


EXPECTED = """\
sequenceDiagram
    accTitle: soma-chain
    participant l0 as source.1
    participant l1 as manager
    participant l2 as driver
    participant l4 as authority
    l0->>l1: 1 Enqueue(c)
    l0->>l1: 2 Enqueue(b) (sent 0)
    l0->>l1: 3 Enqueue(a) (sent 0)
    l1->>l2: 4 Ready(1, a)
    create participant l3 as task.1
    l2-->>l3: creates
    Note over l3: 5 scheduled elapses
    l3->>l4: 6 LoadEpochStore
    l4--xl3: EpochStore(0) (sent 6, never taken)
"""


def test_an_engine_is_created_once_and_destroyed_with_its_last_message(ended: Run) -> None:
    lines = [line.strip() for line in mermaid(ended).splitlines()]
    tasks = [place for place, lane in enumerate(diagram_of(ended).lanes) if lane.birth]
    for task in tasks:
        created = lines.index(f"create participant l{task} as task.{tasks.index(task) + 1}")
        assert lines[created + 1].endswith(f"-->>l{task}: creates")
        destroyed = lines.index(f"destroy l{task}")
        assert f"l{task}" in lines[destroyed + 1].partition(":")[0]
        rest = " ".join(line.partition(":")[0] for line in lines[destroyed + 2 :])
        assert f"l{task}" not in rest


def test_what_is_broken_stands_behind_the_step_that_shows_it(run: Run) -> None:
    shown = Shown(2, "nothing is wrong", "r", Kind.ALWAYS, "it is", ("see",))
    lines = mermaid(evolve(run, shown=(shown,))).splitlines()
    [note] = [at for at, line in enumerate(lines) if "broken" in line]
    assert "broken#58; nothing is wrong<br/>it is<br/>see" in lines[note]
    assert ": 2 " in lines[note - 1] or "creates" in lines[note - 1]


def test_a_long_run_is_folded(last_run: LastRun) -> None:
    world = named("two-phase-commit", {"resource_managers": 2}).world
    text = mermaid(last_run("long", world, 300))
    assert [line for line in text.splitlines() if "folded" in line] == [
        f"    Note over l0,l2: {escaped(str(folds(300)[0]))}"
    ]
    assert len(text) < 20_000


@given(st.text())
def test_nothing_that_means_something_to_mermaid_is_left(text: str) -> None:
    written = escaped(text)
    plain = [each for each in written if each in PLAIN or each in "#;" or each.isalnum()]
    assert "".join(plain) == written
    assert "end" not in written.lower().replace("#", " ").split()


@its_parser
def test_mermaid_reads_the_names_and_messages_that_were_written(
    ended: Run, hostile: Run, last_run: LastRun
) -> None:
    shown = Shown(5, BAD, "r", Kind.ALWAYS, BAD, (BAD,))
    bad = evolve(hostile, name=BAD, shown=(shown,), notes=(BAD,))
    world = named("two-phase-commit", {"resource_managers": 2}).world
    runs = (ended, last_run("long", world, 300), bad)
    *found, refused = parsed(*map(mermaid, runs), "sequenceDiagram\n  a b c")
    assert "Parse error" in refused["wrong"]
    for run, read in zip(runs, found, strict=True):
        diagram = diagram_of(run)
        assert read["kind"] == "sequence"
        assert sorted(read["actors"]) == sorted(each.name for each in diagram.lanes)
        taken = [message for message in read["messages"] if message[0].isdecimal()]
        hidden = {at for each in folds(len(run.steps)) for at in range(each.first, each.last + 1)}
        steps = [act.step for act in diagram.acts if act.step not in hidden]
        numbers = [int(each.split()[0].replace(",", "")) for each in taken if "folded" not in each]
        assert numbers == steps
    line = shortened(diagram_of(bad).notes[0], WIDE)
    assert found[-1]["messages"][-1] == line
    assert f"<br/>{line}<br/>{line}" in " ".join(found[-1]["messages"])


def test_an_engine_of_which_only_the_birth_is_drawn_is_not_destroyed() -> None:
    length, birth = 300, 20
    acts = tuple(
        Act(step, 0, What.ELAPSES, "t", "t", (), (), refused=False) for step in range(1, length + 1)
    )
    lanes = (Lane("a", "f", 0, None, None), Lane("b", "f", birth, 0, birth + 40))
    lines = list(_Sequence(Diagram("d", lanes, acts, (), (), ())).lines())
    assert "create participant l1 as b" in lines
    assert [line for line in lines if line.startswith("destroy")] == []
